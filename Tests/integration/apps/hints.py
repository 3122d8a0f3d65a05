"""Applications that send early hints, and others that get the details of PEP 3333 wrong or use them oddly."""

import json
import sys

from contract import Blocks, query, wait_at_gate

PLAIN = [("Content-Type", "text/plain")]
STYLE = ("Link", "</style.css>; rel=preload; as=style")
SCRIPT = ("Link", "</script.js>; rel=preload; as=script")
ROUTES = {}

_kept = []


def route(path):
    def register(function):
        ROUTES[path] = function
        return function

    return register


def application(environ, start_response):
    return ROUTES[environ["PATH_INFO"]](environ, start_response, environ["wsgi.early_hints"])


def outcome(function, *arguments, **keywords):
    try:
        return repr(function(*arguments, **keywords))
    except Exception as error:
        return type(error).__name__


@route("/plain")
def plain(environ, start_response, hints):
    start_response("200 OK", PLAIN)
    return [b"plain\n"]


@route("/once")
def once(environ, start_response, hints):
    hints([STYLE])
    if query(environ, "gate"):
        wait_at_gate(environ)
    start_response("200 OK", [*PLAIN, STYLE])
    return [b"once\n"]


@route("/twice")
def twice(environ, start_response, hints):
    hints([STYLE, SCRIPT])
    hints([("X-Second", "yes")])
    start_response("200 OK", PLAIN)
    return Blocks("hints", [b"twice\n"])


@route("/between")
def between(environ, start_response, hints):
    """After start_response, and as long as no block has been made."""
    start_response("200 OK", PLAIN)
    hints([STYLE])

    def blocks():
        hints([SCRIPT])
        yield b""
        hints([("X-Third", "yes")])
        yield b"between\n"

    return blocks()


@route("/after")
def after(environ, start_response, hints):
    write = start_response("200 OK", PLAIN) if query(environ, "way") == "write" else None
    if write is not None:
        write(b"first\n")
        said = outcome(hints, [STYLE])
        return [said.encode()]

    def blocks():
        start_response("200 OK", PLAIN)
        yield b"first\n"
        yield outcome(hints, [STYLE]).encode()

    return blocks()


@route("/late")
def late(environ, start_response, hints):
    """The function of the request before this one, called in this one."""
    said = outcome(_kept.pop(), [STYLE]) if _kept else ""
    _kept.append(hints)
    start_response("200 OK", PLAIN)
    return [said.encode()]


@route("/fail")
def fail(environ, start_response, hints):
    hints([STYLE])
    raise RuntimeError("after the hints")


_sent = [0]


@route("/endless")
def endless(environ, start_response, hints):
    """Hints for as long as there is somebody to get them."""
    while not environ["martlet.disconnected"]():
        hints([("Link", "x" * 1000)])
        _sent[0] += 1
    environ["wsgi.errors"].write("endless: over\n")
    start_response("200 OK", PLAIN)
    return [b"for nobody\n"]


@route("/sent")
def sent(environ, start_response, hints):
    start_response("200 OK", PLAIN)
    return [str(_sent[0]).encode()]


@route("/calls")
def calls(environ, start_response, hints):
    said = {
        "none": outcome(hints),
        "two": outcome(hints, [], []),
        "keyword": outcome(hints, headers=[]),
        "both": outcome(hints, [], headers=[]),
        "not a list": outcome(hints, None),
        "a number": outcome(hints, 7),
        "text": outcome(hints, "ab"),
        "strings": outcome(hints, ["Link: x"]),
        "single": outcome(hints, [("Link",)]),
        "triple": outcome(hints, [("Link", "a", "b")]),
        "bytes name": outcome(hints, [(b"Link", "a")]),
        "bytes value": outcome(hints, [("Link", b"a")]),
        "beyond latin-1": outcome(hints, [("Link", "\u2713")]),
        "line feed": outcome(hints, [("Link", "a\nX-Injected: 1")]),
        "carriage return": outcome(hints, [("Link", "a\r\nX-Injected: 1")]),
        "nul": outcome(hints, [("Link", "a\0")]),
        "space in a name": outcome(hints, [("Li nk", "a")]),
        "empty name": outcome(hints, [("", "a")]),
        "connection": outcome(hints, [("Connection", "close")]),
        "transfer-encoding": outcome(hints, [("Transfer-Encoding", "chunked")]),
        "good and bad": outcome(hints, [STYLE, ("Bad Name", "a")]),
    }
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(said).encode()]


@route("/length")
def length(environ, start_response, hints):
    """A length belongs to the final response only."""
    hints([("Content-Length", "5"), STYLE])
    start_response("200 OK", PLAIN)
    return [b"length\n"]


# exc_info


def of_an_exception():
    try:
        raise ValueError("on purpose")
    except ValueError:
        return sys.exc_info()


EXC_INFO = {
    "real": of_an_exception,
    "without traceback": lambda: (ValueError, ValueError("on purpose"), None),
    "cleared": lambda: (None, None, None),
    "list": lambda: list(of_an_exception()),
    "true": lambda: True,
    "number": lambda: 1,
    "text": lambda: "abc",
    "exception": lambda: ValueError("on purpose"),
    "type": lambda: ValueError,
    "pair": lambda: of_an_exception()[:2],
    "four": lambda: (*of_an_exception(), None),
    "instance of nothing": lambda: (ValueError, "on purpose", None),
    "no type": lambda: ("a", "b", "c"),
    "class for instance": lambda: (ValueError, ValueError, None),
    "empty": lambda: (),
    "zero": lambda: 0,
}


@route("/exc-info")
def exc_info(environ, start_response, hints):
    """Change the answer before anything of it has been sent."""
    start_response("200 OK", PLAIN)
    said = outcome(start_response, "503 Service Unavailable", PLAIN, EXC_INFO[query(environ, "kind")]())
    # What it returns is write().
    return [b"returned" if "built-in" in said else said.encode()]


@route("/exc-info-late")
def exc_info_late(environ, start_response, hints):
    """When the head has gone, the exception itself is raised again."""
    write = start_response("200 OK", PLAIN)
    write(b"first ")
    write(outcome(start_response, "503 Service Unavailable", PLAIN, EXC_INFO[query(environ, "kind")]()).encode())
    return []


# wsgi.errors


@route("/errors")
def errors(environ, start_response, hints):
    stream = environ["wsgi.errors"]
    mark = query(environ, "mark")
    stream.write("before " + mark + "\n")
    if query(environ, "way") == "with":
        with stream:
            pass
    else:
        stream.close()
        stream.close()
    stream.write("after " + mark + "\n")
    print("printed", mark, file=stream, flush=True)
    start_response("200 OK", PLAIN)
    return [repr(stream.closed).encode()]
