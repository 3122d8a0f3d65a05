"""One route per behaviour that PEP 3333 asks for, allows or forbids.

Tests reach a route by its path, give it parameters in the query, and read at `/state` what the application
saw: counts of `close()` calls and the errors that the server raised into it.
"""

import gc
import io
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections import Counter, deque
from urllib.parse import parse_qs

ROUTES = {}
PLAIN = [("Content-Type", "text/plain; charset=utf-8")]

counts = Counter()
raised = deque(maxlen=100)  # a long run leaves it as it is


def route(path):
    def register(function):
        ROUTES[path] = function
        return function

    return register


def query(environ, name, default=None):
    return parse_qs(environ["QUERY_STRING"], keep_blank_values=True).get(name, [default])[0]


def wait_at_gate(environ, name="gate"):
    """Block until the test opens its end of the named pipe."""
    with open(query(environ, name), "rb") as gate:
        gate.read()


def answer_json(start_response, value):
    body = json.dumps(value).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


def application(environ, start_response):
    path = environ["PATH_INFO"]
    function = ROUTES.get("/environ" if path.startswith("/environ/") or path == "*" else path)
    if function is None:
        start_response("404 Not Found", PLAIN)
        return [b"no such route\n"]
    return function(environ, start_response)


class Blocks:
    """An iterable that counts its `close()` calls; a block that is callable is called for its value."""

    def __init__(self, name, blocks):
        self.name = name
        self.blocks = iter(blocks)

    def __iter__(self):
        return self

    def __next__(self):
        block = next(self.blocks)
        return block() if callable(block) else block

    def close(self):
        counts["close:" + self.name] += 1


# What the application sees


@route("/environ")
def show_environ(environ, start_response):
    return answer_json(
        start_response,
        {
            "values": {key: value for key, value in environ.items() if type(value) in (str, bool, int)},
            "types": {str(key): type(value).__name__ for key, value in environ.items()},
            "key_types": sorted({type(key).__name__ for key in environ}),
            "exact_dict": type(environ) is dict,
            "version": list(environ["wsgi.version"]),
            "version_type": type(environ["wsgi.version"]).__name__,
        },
    )


@route("/mutate-environ")
def mutate_environ(environ, start_response):
    """What one request leaves behind in its environ is not seen by the next."""
    before = "test.left" in environ or environ.get("SERVER_SOFTWARE") == "spoiled"
    environ["test.left"] = object()
    environ["SERVER_SOFTWARE"] = "spoiled"
    return answer_json(start_response, before)


@route("/state")
def show_state(environ, start_response):
    return answer_json(start_response, {"counts": counts, "raised": list(raised)})


@route("/reset")
def reset_state(environ, start_response):
    counts.clear()
    raised.clear()
    return answer_json(start_response, True)


@route("/process")
def show_process(environ, start_response):
    gc.collect()
    return answer_json(
        start_response,
        {
            "pid": os.getpid(),
            "executable": sys.executable,
            "prefix": sys.prefix,
            "version": list(sys.version_info[:3]),
            "path": sys.path,
            "argv": sys.argv,
            "cwd": os.getcwd(),
            "thread": threading.current_thread().name,
            "thread_class": type(threading.current_thread()).__name__,
            "main_thread": threading.current_thread() is threading.main_thread(),
            "threads": threading.active_count(),
            "objects": len(gc.get_objects()),
            "references": sys.gettotalrefcount() if hasattr(sys, "gettotalrefcount") else None,
            "variables": {key: os.environ[key] for key in os.environ if key.startswith("TEST_")},
        },
    )


_local = threading.local()


@route("/thread-local")
def thread_local(environ, start_response):
    """How many requests this thread has served: thread-local state lives as long as the thread."""
    _local.served = getattr(_local, "served", 0) + 1
    return answer_json(start_response, {"thread": threading.get_ident(), "served": _local.served})


@route("/errors")
def write_errors(environ, start_response):
    errors = environ["wsgi.errors"]
    errors.write("first line\n")
    errors.writelines(["second ", "line\n"])
    errors.write("caf\u00e9 \u2713\n")
    errors.flush()
    print("printed to it", file=errors)
    return answer_json(start_response, True)


@route("/mark")
def mark(environ, start_response):
    """Leave a trace at `/state`, for requests that must never reach the application."""
    counts["mark:" + query(environ, "name", "")] += 1
    start_response("200 OK", PLAIN)
    return [b"marked\n"]


@route("/subprocess")
def run_subprocess(environ, start_response):
    """Children of the application's own are its own to wait for."""
    done = subprocess.run([sys.executable, "-c", "print(6 * 7)"], stdout=subprocess.PIPE)
    return answer_json(start_response, [done.returncode, done.stdout.decode().strip()])


@route("/orphan")
def orphan(environ, start_response):
    """Leave a grandchild behind whose parent is gone, and come back once it has ended too."""
    reading, writing = os.pipe()
    code = "import os, sys; os.fork() or (os.read(0, 1), os._exit(7))"
    child = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=writing)
    os.close(writing)
    child.wait()
    child.stdin.close()
    # The end of the pipe comes when the last process that holds it, the orphan, is gone.
    with os.fdopen(reading, "rb") as pipe:
        pipe.read()
    return answer_json(start_response, True)


# Shapes of a response


@route("/list")
def a_list(environ, start_response):
    start_response("200 OK", PLAIN)
    return [b"hello\n"]


@route("/blocks")
def many_blocks(environ, start_response):
    start_response("200 OK", PLAIN)
    return [b"one\n", b"", b"two\n", b"three\n"]


@route("/tuple")
def a_tuple(environ, start_response):
    start_response("200 OK", PLAIN)
    return (b"one\n", b"two\n")


@route("/empty")
def empty(environ, start_response):
    start_response("200 OK", PLAIN)
    return []


@route("/only-empty-blocks")
def only_empty_blocks(environ, start_response):
    start_response("200 OK", PLAIN)
    return Blocks("only-empty-blocks", [b"", b"", b""])


@route("/generator")
def generator(environ, start_response):
    start_response("200 OK", PLAIN)
    for number in range(int(query(environ, "n", "3"))):
        yield b"block %d\n" % number


@route("/lazy")
def lazy(environ, start_response):
    """A generator function: start_response is called by the first `next()`, not by the call."""
    start_response("201 Created", [*PLAIN, ("X-Lazy", "yes")])
    yield b"lazy\n"


@route("/sequence-protocol")
def sequence_protocol(environ, start_response):
    class Old:
        def __getitem__(self, index):
            return [b"old ", b"protocol\n"][index]

    start_response("200 OK", PLAIN)
    return Old()


@route("/list-subclass")
def list_subclass(environ, start_response):
    class Noisy(list):
        def __iter__(self):
            return iter([b"from __iter__\n"])

        def close(self):
            counts["close:list-subclass"] += 1

    start_response("200 OK", PLAIN)
    return Noisy([b"from the list\n"])


@route("/write")
def write(environ, start_response):
    writer = start_response("200 OK", PLAIN)
    writer(b"written ")
    writer(b"")
    writer(b"twice, ")
    return [b"then returned\n"]


@route("/write-with-length")
def write_with_length(environ, start_response):
    writer = start_response("200 OK", [*PLAIN, ("Content-Length", "12")])
    writer(b"written ")
    return [b"end\n"]


@route("/write-at-gate")
def write_at_gate(environ, start_response):
    """What write() was given is on its way before write() returns."""
    writer = start_response("200 OK", PLAIN)
    writer(b"early\n")
    wait_at_gate(environ)
    writer(b"late\n")
    return []


@route("/write-not-bytes")
def write_not_bytes(environ, start_response):
    writer = start_response("200 OK", PLAIN)
    try:
        writer("text")
    except (TypeError, AssertionError) as error:
        raised.append(type(error).__name__)
        writer(b"refused\n")
    return []


@route("/stream-at-gate")
def stream_at_gate(environ, start_response):
    """Each block is sent before the next one is asked for."""
    start_response("200 OK", PLAIN)

    def blocks():
        yield b"early\n"
        wait_at_gate(environ)
        yield b"late\n"

    return blocks()


@route("/stream")
def stream(environ, start_response):
    """`n` blocks of `size` bytes, counting how many were asked for."""
    size, number = int(query(environ, "size", "65536")), int(query(environ, "n", "16"))
    start_response("200 OK", PLAIN)

    def block():
        counts["stream:blocks"] += 1
        return b"x" * size

    return Blocks("stream", [block] * number)


@route("/big")
def big(environ, start_response):
    size = int(query(environ, "size", "1048576"))
    start_response("200 OK", [*PLAIN, ("Content-Length", str(size))])
    return [b"0123456789abcdef" * (size // 16)]


@route("/gate")
def at_gate(environ, start_response):
    wait_at_gate(environ)
    start_response("200 OK", PLAIN)
    return [b"opened\n"]


@route("/status")
def any_status(environ, start_response):
    """The status line given in the query, with a body that 1xx, 204 and 304 must not carry."""
    headers = list(PLAIN)
    if query(environ, "length") is not None:
        headers.append(("Content-Length", query(environ, "length")))
    start_response(query(environ, "line"), headers)
    return Blocks("status", [b"body\n"])


@route("/header")
def any_header(environ, start_response):
    start_response("200 OK", [*PLAIN, (query(environ, "name"), query(environ, "value"))])
    return [b"body\n"]


@route("/many-headers")
def many_headers(environ, start_response):
    cookies = [("Set-Cookie", f"c{number}={number}") for number in range(50)]
    start_response("200 OK", PLAIN + cookies)
    return [b"body\n"]


@route("/own-date-and-server")
def own_date(environ, start_response):
    start_response("200 OK", [*PLAIN, ("Date", "Thu, 01 Jan 1970 00:00:00 GMT"), ("Server", "mine")])
    return [b"body\n"]


@route("/length")
def length(environ, start_response):
    """A declared Content-Length beside what is really produced, in one or more blocks."""
    start_response("200 OK", [*PLAIN, ("Content-Length", query(environ, "declared"))])
    blocks = [part.encode() for part in query(environ, "blocks", "").split(",") if part]
    return Blocks("length", blocks)


# start_response and exc_info


@route("/never-start")
def never_start(environ, start_response):
    return Blocks("never-start", [b"body\n"])


@route("/start-late")
def start_late(environ, start_response):
    """start_response is called only when the second block is asked for: too late."""

    def blocks():
        yield b"too early\n"
        start_response("200 OK", PLAIN)
        yield b"too late\n"

    return Blocks("start-late", blocks())


@route("/start-after-empty-block")
def start_after_empty_block(environ, start_response):
    def blocks():
        yield b""
        start_response("200 OK", PLAIN)
        yield b"body\n"

    return blocks()


@route("/start-twice")
def start_twice(environ, start_response):
    start_response("200 OK", PLAIN)
    try:
        start_response("200 OK", PLAIN)
    except Exception as error:
        raised.append(type(error).__name__)
        raise
    return [b"body\n"]


@route("/replace-with-exc-info")
def replace_with_exc_info(environ, start_response):
    start_response("200 OK", [*PLAIN, ("X-First", "1")])
    try:
        raise ValueError("before anything was sent")
    except ValueError:
        start_response("502 Bad Gateway", [*PLAIN, ("X-Second", "2")], sys.exc_info())
    return [b"replaced\n"]


@route("/exc-info-first")
def exc_info_first(environ, start_response):
    try:
        raise ValueError("at once")
    except ValueError:
        start_response("503 Service Unavailable", PLAIN, sys.exc_info())
    return [b"first call\n"]


@route("/exc-info-none")
def exc_info_none(environ, start_response):
    start_response("200 OK", PLAIN, None)
    return [b"None is no exc_info\n"]


@route("/exc-info-too-late")
def exc_info_too_late(environ, start_response):
    """Once a block is out, start_response must raise the error that it is given."""
    start_response("200 OK", PLAIN)

    def blocks():
        yield b"x" * int(query(environ, "size", "10"))
        try:
            raise ValueError("the original")
        except ValueError:
            try:
                start_response("500 Oops", PLAIN, sys.exc_info())
            except ValueError as error:
                raised.append(str(error))
                raise
        yield b"never\n"

    return Blocks("exc-info-too-late", blocks())


@route("/exc-info-after-write")
def exc_info_after_write(environ, start_response):
    writer = start_response("200 OK", PLAIN)
    writer(b"out\n")
    try:
        raise ValueError("after write")
    except ValueError:
        try:
            start_response("500 Oops", PLAIN, sys.exc_info())
        except ValueError as error:
            raised.append(str(error))
            raise
    return [b"never\n"]


BAD_CALLS = {
    "status-bytes": (b"200 OK", PLAIN),
    "status-int": (200, PLAIN),
    "status-none": (None, PLAIN),
    "status-empty": ("", PLAIN),
    "status-words": ("OK", PLAIN),
    "status-two-digits": ("99 Low", PLAIN),
    "status-four-digits": ("1000 High", PLAIN),
    "status-signed": ("+20 OK", PLAIN),
    "status-crlf": ("200 OK\r\nX-Injected: 1", PLAIN),
    "status-lf": ("200 OK\nX-Injected: 1", PLAIN),
    "status-control": ("200 O\x00K", PLAIN),
    "status-unicode": ("200 \u2713", PLAIN),
    "status-interim": ("100 Continue", PLAIN),
    "headers-none": ("200 OK", None),
    "headers-dict": ("200 OK", {"Content-Type": "text/plain"}),
    "header-string": ("200 OK", ["Content-Type: text/plain"]),
    "header-single": ("200 OK", [("Content-Type",)]),
    "header-triple": ("200 OK", [("Content-Type", "text/plain", "x")]),
    "name-bytes": ("200 OK", [(b"X-Name", "value")]),
    "name-int": ("200 OK", [(1, "value")]),
    "name-empty": ("200 OK", [("", "value")]),
    "name-space": ("200 OK", [("X Name", "value")]),
    "name-trailing-space": ("200 OK", [("X-Name ", "value")]),
    "name-colon": ("200 OK", [("X:Name", "value")]),
    "name-crlf": ("200 OK", [("X-Name\r\nX-Injected", "value")]),
    "name-unicode": ("200 OK", [("X-N\u00e4me", "value")]),
    "value-bytes": ("200 OK", [("X-Name", b"value")]),
    "value-int": ("200 OK", [("X-Name", 1)]),
    "value-none": ("200 OK", [("X-Name", None)]),
    "value-crlf": ("200 OK", [("X-Name", "value\r\nX-Injected: 1")]),
    "value-lf": ("200 OK", [("X-Name", "value\nX-Injected: 1")]),
    "value-cr": ("200 OK", [("X-Name", "value\rX-Injected: 1")]),
    "value-fold": ("200 OK", [("X-Name", "value\r\n folded")]),
    "value-nul": ("200 OK", [("X-Name", "val\x00ue")]),
    "value-control": ("200 OK", [("X-Name", "val\x07ue")]),
    "value-beyond-latin1": ("200 OK", [("X-Name", "\u2713")]),
    "length-negative": ("200 OK", [("Content-Length", "-1")]),
    "length-words": ("200 OK", [("Content-Length", "five")]),
    "length-signed": ("200 OK", [("Content-Length", "+5")]),
    "length-huge": ("200 OK", [("Content-Length", "9" * 30)]),
    "length-twice": ("200 OK", [("Content-Length", "5"), ("Content-Length", "6")]),
}

HOP_BY_HOP = {
    "transfer-encoding": [("Transfer-Encoding", "chunked")],
    "connection": [("Connection", "X-Secret")],
    "keep-alive": [("Keep-Alive", "timeout=5")],
    "upgrade": [("Upgrade", "h2c")],
    "trailer": [("Trailer", "X-Later")],
    "te": [("TE", "trailers")],
}


@route("/hop-by-hop")
def hop_by_hop(environ, start_response):
    """PEP 3333 forbids these to applications: the connection is the server's."""
    start_response("200 OK", PLAIN + HOP_BY_HOP[query(environ, "kind")])
    return [b"hello"]


@route("/bad-call")
def bad_call(environ, start_response):
    """A start_response call that no server should accept; what it raises, if anything, is noted."""
    status, headers = BAD_CALLS[query(environ, "kind")]
    try:
        start_response(status, headers)
    except Exception as error:
        raised.append(type(error).__name__)
        raise
    return Blocks("bad-call", [b"hello"])


@route("/bad-arguments")
def bad_arguments(environ, start_response):
    outcomes = []
    for arguments, keywords in [
        ((), {}),
        (("200 OK",), {}),
        (("200 OK", [], None, 1), {}),
        (("200 OK", []), {"unknown": 1}),
    ]:
        try:
            start_response(*arguments, **keywords)
            outcomes.append("accepted")
        except TypeError:
            outcomes.append("TypeError")
        except Exception as error:
            outcomes.append(type(error).__name__)
    return answer_json(start_response, outcomes)


@route("/keyword-exc-info")
def keyword_exc_info(environ, start_response):
    """Positional is what PEP 3333 says; the keyword works everywhere and is used by some."""
    try:
        start_response("200 OK", PLAIN, exc_info=None)
    except TypeError:
        start_response("200 OK", PLAIN)
    return [b"ok\n"]


# Wrong results

RESULTS = {
    "none": lambda: None,
    "int": lambda: 1,
    "str": lambda: "text",
    "list-of-str": lambda: ["text"],
    "list-of-none": lambda: [None],
    "list-of-int": lambda: [1, 2],
    "object": lambda: object(),
    "str-blocks": lambda: Blocks("wrong-result", ["text"]),
    "none-blocks": lambda: Blocks("wrong-result", [None]),
}


@route("/wrong-result")
def wrong_result(environ, start_response):
    start_response("200 OK", PLAIN)
    return RESULTS[query(environ, "kind")]()


@route("/wrong-second-block")
def wrong_second_block(environ, start_response):
    start_response("200 OK", PLAIN)
    return Blocks("wrong-second-block", [b"good\n", "text"])


# Errors at each stage


class OddError(BaseException):
    """Not an Exception: servers that catch only those lose a thread to it."""


def fail(environ):
    kind = query(environ, "kind", "exception")
    if kind == "exit":
        raise SystemExit(3)
    if kind == "sys.exit":
        sys.exit("leaving")
    if kind == "keyboard":
        raise KeyboardInterrupt
    if kind == "base":
        raise OddError("odd")
    if kind == "generator-exit":
        raise GeneratorExit
    if kind == "stop-iteration":
        raise StopIteration
    if kind == "recursion":
        return fail(environ)
    if kind == "surrogate":
        raise RuntimeError("lone \udc80 surrogate")
    if kind == "unprintable":

        class Unprintable(Exception):
            def __str__(self):
                raise ValueError("no text")

        raise Unprintable
    raise RuntimeError("secret detail of " + environ["PATH_INFO"])


@route("/fail-in-call")
def fail_in_call(environ, start_response):
    return fail(environ)


@route("/fail-after-start")
def fail_after_start(environ, start_response):
    start_response("200 OK", PLAIN)
    return fail(environ)


@route("/fail-in-iter")
def fail_in_iter(environ, start_response):
    class Failing:
        def __iter__(self):
            return fail(environ)

        def close(self):
            counts["close:fail-in-iter"] += 1

    start_response("200 OK", PLAIN)
    return Failing()


@route("/fail-in-first-block")
def fail_in_first_block(environ, start_response):
    start_response("200 OK", PLAIN)
    return Blocks("fail-in-first-block", [lambda: fail(environ)])


@route("/fail-midway")
def fail_midway(environ, start_response):
    headers = list(PLAIN)
    if query(environ, "length") is not None:
        headers.append(("Content-Length", query(environ, "length")))
    start_response("200 OK", headers)
    return Blocks("fail-midway", [b"partial\n", lambda: fail(environ)])


@route("/fail-after-write")
def fail_after_write(environ, start_response):
    start_response("200 OK", PLAIN)(b"partial\n")
    return fail(environ)


@route("/fail-in-close")
def fail_in_close(environ, start_response):
    class Failing(Blocks):
        def close(self):
            super().close()
            fail(environ)

    start_response("200 OK", [*PLAIN, ("Content-Length", "5")])
    return Failing("fail-in-close", [b"body\n"])


# close()


@route("/close")
def closing(environ, start_response):
    start_response("200 OK", PLAIN)
    return Blocks("close", [b"one\n", b"two\n"])


@route("/close-empty")
def close_empty(environ, start_response):
    start_response("200 OK", PLAIN)
    return Blocks("close-empty", [])


@route("/close-single")
def close_single(environ, start_response):
    """A list's close() does not exist; that of an iterable with a known length does."""

    class Sized(Blocks):
        def __len__(self):
            return 1

    start_response("200 OK", PLAIN)
    return Sized("close-single", [b"one\n"])


@route("/generator-close")
def generator_close(environ, start_response):
    """A generator that is left early runs its `finally`."""
    start_response("200 OK", PLAIN)

    def blocks():
        try:
            for _ in range(int(query(environ, "n", "3"))):
                yield b"x" * int(query(environ, "size", "4"))
            counts["generator:finished"] += 1
        finally:
            counts["generator:finally"] += 1

    return blocks()


@route("/notify-on-close")
def notify_on_close(environ, start_response):
    """An endless stream whose close() opens a named pipe: the test waits for that."""
    path = query(environ, "gate")

    class Endless:
        def __iter__(self):
            return self

        def __next__(self):
            return b"x" * 65536

        def close(self):
            counts["close:notify"] += 1
            with open(path, "wb") as gate:
                gate.write(b"closed\n")

    start_response("200 OK", PLAIN)
    return Endless()


# wsgi.file_wrapper


def wrap(environ, start_response, file, *block, size=None):
    headers = list(PLAIN)
    if size is not None:
        headers.append(("Content-Length", str(size)))
    start_response("200 OK", headers)
    return environ["wsgi.file_wrapper"](file, *block)


class CountedFile:
    """A file-like object that is no real file, and counts its `close()` calls."""

    def __init__(self, file, name):
        self.file, self.name = file, name

    def read(self, size=-1):
        return self.file.read(size)

    def close(self):
        counts["close:" + self.name] += 1
        self.file.close()


def temporary(size):
    file = tempfile.TemporaryFile()
    for start in range(0, size, 65536):
        file.write((b"%08d" % start) * 8192)
    file.truncate(size)
    file.seek(0)
    return file


@route("/file")
def real_file(environ, start_response):
    """A real file: from `offset`, with a declared `length`, in blocks of `block`."""
    file = temporary(int(query(environ, "size", "200000")))
    file.seek(int(query(environ, "offset", "0")))
    block = [int(query(environ, "block"))] if query(environ, "block") else []
    return wrap(environ, start_response, file, *block, size=query(environ, "length"))


@route("/file-partly-read")
def file_partly_read(environ, start_response):
    """What a buffered read has taken is not sent again: the logical position counts."""
    file = temporary(200000)
    file.read(10)
    return wrap(environ, start_response, file)


@route("/file-counted")
def counted_file(environ, start_response):
    return wrap(environ, start_response, CountedFile(temporary(200000), "file-counted"), 4096)


class ClosingFile(io.FileIO):
    def close(self):
        if not self.closed:
            counts["close:file-real"] += 1
        super().close()


@route("/file-close")
def file_close(environ, start_response):
    return wrap(environ, start_response, ClosingFile(__file__, "rb"))


@route("/file-bytesio")
def bytes_io(environ, start_response):
    return wrap(environ, start_response, io.BytesIO(b"in memory\n" * 1000), 100)


@route("/file-text")
def text_file(environ, start_response):
    return wrap(environ, start_response, io.StringIO("text\n"))


@route("/file-no-close")
def file_no_close(environ, start_response):
    class Bare:
        def __init__(self):
            self.blocks = [b"one\n", b"two\n"]

        def read(self, size):
            return self.blocks.pop(0) if self.blocks else b""

    return wrap(environ, start_response, Bare())


@route("/file-pipe")
def file_pipe(environ, start_response):
    """A descriptor that sendfile cannot take."""
    reading, writing = os.pipe()
    os.write(writing, b"through a pipe\n")
    os.close(writing)
    return wrap(environ, start_response, os.fdopen(reading, "rb"))


@route("/file-iterated")
def file_iterated(environ, start_response):
    """Middleware that iterates the wrapper itself must work too."""
    wrapper = environ["wsgi.file_wrapper"](io.BytesIO(b"0123456789"), 4)
    start_response("200 OK", PLAIN)
    return [b"|".join(wrapper)]


@route("/file-write-first")
def file_write_first(environ, start_response):
    start_response("200 OK", PLAIN)(b"before the file\n")
    return environ["wsgi.file_wrapper"](io.BytesIO(b"the file\n"))


# wsgi.input


@route("/echo")
def echo(environ, start_response):
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "application/octet-stream"), ("Content-Length", str(len(body)))])
    return [body]


@route("/input")
def read_input(environ, start_response):
    """Read the body in one way, and say what each call gave."""
    stream = environ["wsgi.input"]
    ways = {
        "read": lambda: [stream.read()],
        "read-none": lambda: [stream.read(None)],
        "read-minus": lambda: [stream.read(-1)],
        "read-zero": lambda: [stream.read(0), stream.read()],
        "read-five": lambda: list(iter(lambda: stream.read(5), b"")),
        "read-beyond": lambda: [stream.read(10**9), stream.read(10), stream.read()],
        "readline": lambda: list(iter(stream.readline, b"")),
        "readline-three": lambda: list(iter(lambda: stream.readline(3), b"")),
        "readline-minus": lambda: list(iter(lambda: stream.readline(-1), b"")),
        "readlines": lambda: stream.readlines(),
        "readlines-hint": lambda: [stream.readlines(4), stream.readlines()],
        "iterate": lambda: list(stream),
        "mixed": lambda: [stream.read(2), stream.readline(), next(iter(stream)), stream.read()],
        "nothing": list,
    }
    return answer_json(start_response, _text(ways[query(environ, "way")]()))


def _text(value):
    return [_text(item) for item in value] if isinstance(value, list) else value.decode("latin-1")


@route("/input-size")
def input_size(environ, start_response):
    """The body's size and a checksum of it, read in small pieces: nothing big stays in Python."""
    import hashlib

    digest, total = hashlib.sha256(), 0
    for block in iter(lambda: environ["wsgi.input"].read(65536), b""):
        total += len(block)
        digest.update(block)
    return answer_json(
        start_response,
        {
            "size": total,
            "sha256": digest.hexdigest(),
            "length": environ.get("CONTENT_LENGTH"),
            "coding": environ.get("HTTP_TRANSFER_ENCODING"),
            "terminated": environ.get("wsgi.input_terminated"),
        },
    )


@route("/keep-input")
def keep_input(environ, start_response):
    """An application that keeps wsgi.input and reads it when the request is long over."""
    global _kept
    previous, _kept = _kept, environ["wsgi.input"]
    try:
        outcome = "none" if previous is None else previous.read().decode()
    except Exception as error:
        outcome = type(error).__name__
    return answer_json(start_response, outcome)


_kept = None


@route("/keep-write")
def keep_write(environ, start_response):
    """An application that keeps write() and start_response and calls them after its request."""
    global _kept_write
    outcome = []
    if _kept_write is not None:
        kept_start, writer = _kept_write
        for call in (lambda: writer(b"late"), lambda: kept_start("200 OK", [])):
            try:
                call()
                outcome.append("accepted")
            except Exception as error:
                outcome.append(type(error).__name__)
    _kept_write = (start_response, start_response("200 OK", [("Content-Type", "application/json")]))
    return [json.dumps(outcome).encode()]


_kept_write = None


def create(name="factory", number=0, *, flag=False):
    """A factory, for `contract:create("x", 1, flag=True)`."""

    def made(environ, start_response):
        return answer_json(start_response, {"name": name, "number": number, "flag": flag})

    return made


not_callable = 42


def failing_factory():
    raise RuntimeError("the factory failed on purpose")


def none_factory():
    return None


app = application
