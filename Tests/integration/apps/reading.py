"""Reads request bodies in every way, before and while it answers. What a read raised is written to the server log."""

import hashlib
import io

from contract import PLAIN, answer_json, query, wait_at_gate

ROUTES = {}


def route(path):
    def register(function):
        ROUTES[path] = function
        return function

    return register


def application(environ, start_response):
    return ROUTES[environ["PATH_INFO"]](environ, start_response)


def say(environ, what):
    """One line in the log, which a test waits for; `name` tells requests apart."""
    environ["wsgi.errors"].write("{}: {}\n".format(query(environ, "name", "request"), what))


def next_or_none(iterator):
    return next(iterator, None)


def readinto(stream, size):
    buffer = bytearray(size)
    count = stream.readinto(buffer)
    return bytes(buffer[:count])


# Each takes a stream and gives all that its calls gave, in their order.
WAYS = {
    "read": lambda s: [s.read(), s.read(), s.read(1)],
    "read-none": lambda s: [s.read(None), s.read(None)],
    "read-minus": lambda s: [s.read(-1), s.read(-1)],
    "read-0": lambda s: [s.read(0), s.read(0), s.read()],
    "read-1": lambda s: [*iter(lambda: s.read(1), b""), s.read(1), s.read()],
    "read-5": lambda s: [*iter(lambda: s.read(5), b""), s.read(5)],
    "read-exactly": lambda s: [s.read(len(BODY)), s.read(1), s.read(), s.readline()],
    "read-beyond": lambda s: [s.read(10**9), s.read(10), s.read()],
    "readinto": lambda s: [readinto(s, 7), readinto(s, 1000), readinto(s, 3)],
    "readline": lambda s: [*iter(s.readline, b""), s.readline(), s.read()],
    "readline-0": lambda s: [s.readline(0), s.readline()],
    "readline-1": lambda s: [*iter(lambda: s.readline(1), b"")],
    "readline-3": lambda s: [*iter(lambda: s.readline(3), b""), s.readline(3)],
    "readline-minus": lambda s: [*iter(lambda: s.readline(-1), b"")],
    "readlines": lambda s: [*s.readlines(), *s.readlines(), s.read()],
    "readlines-0": lambda s: [*s.readlines(0)],
    "readlines-1": lambda s: [*s.readlines(1), b"|", *s.readlines(1), b"|", s.read()],
    # A hint at the end of a line would be no test: CPython's own streams differ in whether it is reached there.
    "readlines-6": lambda s: [*s.readlines(6), b"|", *s.readlines(6), b"|", s.read()],
    "readlines-1000": lambda s: [*s.readlines(1000), *s.readlines(1000)],
    "iterate": lambda s: [*s, *s, s.read()],
    "next": lambda s: [next_or_none(s) or b"", s.read(2), next_or_none(s) or b"", s.read(), next_or_none(s) or b"end"],
    "mixed": lambda s: [s.read(2), s.readline(), s.readline(2), next(iter(s)), s.read(1), s.read()],
}

BODY = b"abc\ndefghij\n\n\xff\x00\r\nlast"


def expected(way):
    """What a way gives on the stream that everybody knows."""
    return [part.decode("latin-1") for part in WAYS[way](io.BytesIO(BODY))]


class Index:
    """A number that is no int."""

    def __init__(self, number):
        self.number = number

    def __index__(self):
        return self.number


def failure(function):
    try:
        return function()
    except Exception as error:
        return type(error).__name__.encode()


# The same with a body that is larger than all buffers, which a stream may pass on without reading ahead.
LARGE_WAYS = {
    "all": lambda s: [s.read(10**9), s.read(10)],
    "blocks": lambda s: [*iter(lambda: s.read(65536), b"")],
    "odd-blocks": lambda s: [*iter(lambda: s.read(50_001), b"")],
    "one-read": lambda s: [s.read(len(LARGE)), s.read(1)],
    "line-first": lambda s: [s.readline(), s.read(100_000), s.readline(), s.read(50_000), s.read()],
    "line-between": lambda s: [s.read(10_000), s.readline(), s.read(10_000), s.readline(), s.read(200_000), s.read()],
    "little-between": lambda s: [s.read(10_000), s.read(3), s.read(10_000), s.read()],
    "into": lambda s: [s.read(10_000), readinto(s, 20_000), s.read(10_000), s.read()],
    "lines-after": lambda s: [s.read(100_000), *s],
    "index": lambda s: [s.read(Index(10_000)), s.read(Index(5)), s.read()],
    "float": lambda s: [failure(lambda: s.read(10_000.0)), s.read(10_000)],
    "too-large": lambda s: [failure(lambda: s.read(2**70)), s.read(10_000)],
    "closed": lambda s: [s.read(10_000), b"", failure(lambda: (s.close(), s.read(10_000))[1])],
}

LARGE = b"".join(b"%d," % n * (n % 23) + b"\n" for n in range(8000))


def digests(way, stream):
    return [[len(part), hashlib.md5(part).hexdigest()] for part in LARGE_WAYS[way](stream)]


def expected_digests(way):
    return digests(way, io.BufferedReader(io.BytesIO(LARGE)))


@route("/alive")
def alive(environ, start_response):
    start_response("200 OK", PLAIN)
    return [b"alive\n"]


@route("/reads")
def reads(environ, start_response):
    parts = WAYS[query(environ, "way")](environ["wsgi.input"])
    return answer_json(start_response, [part.decode("latin-1") for part in parts])


@route("/reads-large")
def reads_large(environ, start_response):
    return answer_json(start_response, digests(query(environ, "way"), environ["wsgi.input"]))


@route("/answer-then-read")
def answer_then_read(environ, start_response):
    """All of the answer goes out before the body is read."""
    start_response("200 OK", [*PLAIN, ("Content-Length", "9")])
    yield b"accepted\n"
    say(environ, f"read {len(environ['wsgi.input'].read())}")


@route("/environ")
def show_environ(environ, start_response):
    """What is said of the body before it is read, and the body."""
    names = ("CONTENT_LENGTH", "HTTP_TRANSFER_ENCODING", "wsgi.input_terminated", "HTTP_EXPECT")
    said = {name: environ[name] for name in names if name in environ}
    return answer_json(start_response, {**said, "body": environ["wsgi.input"].read().decode("latin-1")})


@route("/digest")
def digest(environ, start_response):
    """Size and checksum of the body, once the gate has been opened, if there is one."""
    if query(environ, "gate"):
        wait_at_gate(environ)
    size, value = 0, hashlib.sha256()
    for piece in iter(lambda: environ["wsgi.input"].read(int(query(environ, "piece", "65536"))), b""):
        size += len(piece)
        value.update(piece)
    return answer_json(start_response, [size, value.hexdigest()])


@route("/ignore")
def ignore(environ, start_response):
    """Answers without a look at the body."""
    start_response("200 OK", PLAIN)
    return [b"ignored\n"]


@route("/first-line")
def first_line(environ, start_response):
    """Reads one line, and leaves the rest."""
    line = environ["wsgi.input"].readline()
    start_response("200 OK", PLAIN)
    return [line]


@route("/first-line-late")
def first_line_late(environ, start_response):
    """The same as a stream, whose head is out before the body has been read."""
    start_response("200 OK", PLAIN)
    yield b"begun\n"
    yield environ["wsgi.input"].readline()


@route("/conversation")
def conversation(environ, start_response):
    """Answers each line when it comes."""
    start_response("200 OK", PLAIN)
    for line in iter(environ["wsgi.input"].readline, b""):
        yield line.upper()


@route("/echo")
def echo(environ, start_response):
    """Sends each piece back before it reads the next."""
    size = int(query(environ, "piece", "16384"))
    start_response("200 OK", [("Content-Type", "application/octet-stream")])
    return iter(lambda: environ["wsgi.input"].read(size), b"")


@route("/watch")
def watch(environ, start_response):
    """Reads the body piece by piece, and says how that began and ended. `begun` has the answer begin before it."""
    write = start_response("200 OK", PLAIN)
    if query(environ, "begun"):
        write(b"begun\n")
    say(environ, "started")
    if query(environ, "gate"):
        wait_at_gate(environ)
    count, outcomes = 0, []
    for _ in range(2):
        try:
            for piece in iter(lambda: environ["wsgi.input"].read(4), b""):
                if not count:
                    say(environ, "reading")
                count += len(piece)
            outcomes.append("end")
        except OSError as error:
            outcomes.append(type(error).__name__)
    say(environ, "{} after {}".format(" ".join(outcomes), count))
    return [b"%d\n" % count]


@route("/propagate")
def propagate(environ, start_response):
    """An application that does not expect that a read can fail."""
    say(environ, "started")
    start_response("200 OK", PLAIN)
    return [environ["wsgi.input"].read()]


_kept = []


@route("/keep")
def keep(environ, start_response):
    """Keeps its input for `/use-kept`, and reads nothing of it."""
    _kept.append(environ["wsgi.input"])
    start_response("200 OK", PLAIN)
    return [b"kept\n"]


@route("/use-kept")
def use_kept(environ, start_response):
    try:
        outcome = _kept.pop().read().decode("latin-1")
    except Exception as error:
        outcome = type(error).__name__
    return answer_json(start_response, [outcome, environ["wsgi.input"].read().decode("latin-1")])


@route("/close-input")
def close_input(environ, start_response):
    """Closing the input is the application's right, and nobody else's business."""
    environ["wsgi.input"].read(2)
    environ["wsgi.input"].close()
    start_response("200 OK", PLAIN)
    return [b"closed\n"]
