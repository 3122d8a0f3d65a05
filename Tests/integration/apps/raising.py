"""Raises anything, anywhere: `kind` says what, the path says where."""

import builtins
import sys

from contract import PLAIN, answer_json, query

ROUTES = {}


def route(path):
    def register(function):
        ROUTES[path] = function
        return function

    return register


def application(environ, start_response):
    return ROUTES[environ["PATH_INFO"]](environ, start_response)


class Own(BaseException):
    """Not an Exception, and nobody's but the application's."""


class Unprintable(Exception):
    def __str__(self):
        raise RuntimeError("no text")


class Misnamed(Exception):
    def __repr__(self):
        return 5


def exit_with(value):
    sys.exit(value)


def recurse(depth=0):
    return recurse(depth + 1) + 1


def cause():
    try:
        {}["the cause"]
    except KeyError as error:
        raise ValueError("the effect") from error


def noted():
    error = ValueError("with a note")
    if hasattr(error, "add_note"):
        error.add_note("the note")
    raise error


def group():
    raise builtins.ExceptionGroup("several", [ValueError("one of them"), TypeError("another")])


def circle():
    """A context that leads back to itself."""
    first, second = ValueError("round"), ValueError("and round")
    first.__context__, second.__context__ = second, first
    raise first


def throw(error):
    raise error


KINDS = {
    "SystemExit": lambda: exit_with(3),
    "SystemExit-text": lambda: exit_with("bye"),
    "KeyboardInterrupt": lambda: throw(KeyboardInterrupt()),
    "MemoryError": lambda: throw(MemoryError("a test's")),
    "MemoryError-real": lambda: bytearray(1 << 62),
    "RecursionError": recurse,
    "GeneratorExit": lambda: throw(GeneratorExit("out of place")),
    "OSError": lambda: throw(OSError(28, "No space left on device")),
    "BrokenPipeError": lambda: throw(BrokenPipeError("another pipe")),
    "SyntaxError": lambda: compile("1 +", "given.py", "exec"),
    "UnicodeDecodeError": lambda: b"\xff".decode(),
    "Own": lambda: throw(Own("our own")),
    "cause": cause,
    "notes": noted,
    "group": group,
    "circle": circle,
    "surrogate": lambda: throw(ValueError("lone \udcff surrogate")),
    "surrogate-name": lambda: throw(FileNotFoundError(2, "No such file", "caf\udce9.txt")),
    "null": lambda: throw(ValueError("a \0 within")),
    "lines": lambda: throw(ValueError("one\nTraceback of nobody\n\x1b[31mred")),
    "long": lambda: throw(ValueError("x" * 300_000 + " the end")),
    "unicode": lambda: throw(ValueError("\u00e9\u2713\U0001f600")),
    "unprintable": lambda: throw(Unprintable()),
    "misnamed": lambda: throw(Misnamed("but printable")),
}


def fail(environ):
    KINDS[query(environ, "kind")]()


@route("/alive")
def alive(environ, start_response):
    start_response("200 OK", PLAIN)
    return [b"alive\n"]


@route("/call")
def in_the_call(environ, start_response):
    fail(environ)


@route("/started")
def after_start_response(environ, start_response):
    start_response("200 OK", PLAIN)
    fail(environ)


class Blocks:
    """`blocks`, then the fault; the calls of `close()` are counted."""

    closed = 0

    def __init__(self, environ, blocks, failing_close=False):
        self.environ = environ
        self.blocks = list(blocks)
        self.failing_close = failing_close

    def __iter__(self):
        return self

    def __next__(self):
        if self.blocks:
            return self.blocks.pop(0)
        if self.failing_close:
            raise StopIteration
        fail(self.environ)

    def close(self):
        Blocks.closed += 1
        if self.failing_close:
            fail(self.environ)


@route("/next")
def in_the_first_next(environ, start_response):
    start_response("200 OK", PLAIN)
    return Blocks(environ, [])


@route("/empty")
def after_an_empty_block(environ, start_response):
    start_response("200 OK", PLAIN)
    return Blocks(environ, [b"", b""])


@route("/later")
def in_a_later_next(environ, start_response):
    start_response("200 OK", PLAIN)
    return Blocks(environ, [b"a", b"b"])


@route("/close")
def in_close(environ, start_response):
    start_response("200 OK", PLAIN)
    return Blocks(environ, [b"whole\n"], failing_close=True)


@route("/iter")
def in_iter(environ, start_response):
    class Odd:
        def __iter__(self):
            fail(environ)

        def close(self):
            Blocks.closed += 1

    start_response("200 OK", PLAIN)
    return Odd()


@route("/close-of-file")
def in_close_of_a_file(environ, start_response):
    wrapper = environ["wsgi.file_wrapper"](open(__file__, "rb"))
    close = wrapper.close

    def failing():
        close()
        fail(environ)

    wrapper.close = failing
    start_response("200 OK", PLAIN)
    return wrapper


@route("/both")
def in_next_and_close(environ, start_response):
    """The second fault does not hide the first."""

    class Twice(Blocks):
        def close(self):
            Blocks.closed += 1
            raise LookupError("the second fault")

    start_response("200 OK", PLAIN)
    return Twice(environ, [b"a"])


@route("/write")
def after_write(environ, start_response):
    start_response("200 OK", PLAIN)(b"a")
    fail(environ)


@route("/write-length")
def after_a_written_part(environ, start_response):
    start_response("200 OK", [*PLAIN, ("Content-Length", "10")])(b"a")
    fail(environ)


@route("/satisfied")
def after_the_whole_length(environ, start_response):
    """All that was promised is out when the generator raises."""
    start_response("200 OK", [*PLAIN, ("Content-Length", "6")])
    return Blocks(environ, [b"who", b"le\n"])


@route("/closed")
def how_often_closed(environ, start_response):
    closed = Blocks.closed
    if query(environ, "keep", "") == "":
        Blocks.closed = 0
    return answer_json(start_response, closed)
