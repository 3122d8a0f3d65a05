"""Requests that send nothing for a while, each in its own way, and what they learn of their time-out."""

import contextlib
import ctypes
import itertools
import math
import re
import threading
import time

from contract import PLAIN, query, wait_at_gate

from martlet import RequestTimeout

ROUTES = {}

# Unlike CDLL, it keeps the GIL while it calls.
GREEDY = ctypes.PyDLL(None)


def route(path):
    def register(function):
        ROUTES[path] = function
        return function

    return register


def application(environ, start_response):
    return ROUTES[environ["PATH_INFO"]](environ, start_response)


def say(environ, what):
    environ["wsgi.errors"].write("{}: {}\n".format(query(environ, "name", "request"), what))


def number(environ, name, default):
    return float(query(environ, name, default))


def plain(start_response, body):
    start_response("200 OK", PLAIN)
    return [body]


def turns(seconds):
    """Python code that goes round until the time is over."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        threading.Event().wait(0.005)


@route("/alive")
def alive(environ, start_response):
    return plain(start_response, b"alive\n")


@route("/thread")
def thread(environ, start_response):
    return plain(start_response, str(threading.get_ident()).encode())


@route("/wait")
def wait_in_python(environ, start_response):
    """Silent for `s` seconds; what interrupts it is told and goes on."""
    try:
        turns(number(environ, "s", 10))
    except BaseException as error:
        say(environ, type(error).__name__)
        raise
    return plain(start_response, b"waited\n")


@route("/compute")
def compute(environ, start_response):
    """The same with the CPU."""
    try:
        spin(number(environ, "s", 10))
    except RequestTimeout:
        say(environ, "RequestTimeout")
        raise
    return plain(start_response, b"computed\n")


def spin(seconds):
    end = time.monotonic() + seconds
    value = 0
    while time.monotonic() < end:
        value = (value * 31 + 7) % 1_000_003


@route("/caught")
def caught(environ, start_response):
    """Tidies up after the time-out, at leisure, and answers: too late."""
    try:
        turns(10)
    except RequestTimeout as error:
        turns(0.3)
        is_same = type(error) is __import__("martlet").RequestTimeout and isinstance(error, Exception)
        say(environ, "tidied up {} {}".format(is_same, environ["martlet.disconnected"]()))
    return plain(start_response, b"too late\n")


@route("/caught-and-written")
def caught_and_written(environ, start_response):
    writer = start_response("200 OK", PLAIN)
    try:
        turns(10)
    except RequestTimeout:
        try:
            writer(b"too late\n")
        except Exception as error:
            say(environ, f"write raised {type(error).__name__}")
    return []


@route("/other-exception")
def other_exception(environ, start_response):
    """The time-out becomes an exception of the application's own."""
    try:
        turns(10)
    except RequestTimeout:
        raise ValueError("made of a time-out")


@route("/finally")
def tidy(environ, start_response):
    with contextlib.ExitStack() as stack:
        stack.callback(say, environ, "cleaned")
        turns(10)


@route("/gate")
def at_gate(environ, start_response):
    """Does not come back before the test wants it to: nothing of Python's is heard inside of a system call."""
    say(environ, "stuck")
    try:
        wait_at_gate(environ)
        turns(0.1)
    finally:
        say(environ, "came back")
    return plain(start_response, b"came back\n")


@route("/sleep")
def sleep(environ, start_response):
    time.sleep(number(environ, "s", 60))
    return plain(start_response, b"slept\n")


_lock = threading.Lock()


@route("/deadlock")
def deadlock(environ, start_response):
    """Waits for a lock that nobody lets go of."""
    _lock.acquire(blocking=False)
    _lock.acquire()


@route("/hold")
def hold_the_gil(environ, start_response):
    """C code that keeps the GIL for about `s` seconds: no other Python thread runs, not even the main one."""
    count = int(1_000_000 * number(environ, "s", 4) / took(hold, 1_000_000))
    say(environ, "holding")
    hold(count)
    return plain(start_response, b"held\n")


def hold(count):
    return sum(itertools.repeat(0, count))


def took(function, *arguments):
    # Processor time: what others do meanwhile must not make it seem to take longer.
    began = time.thread_time()
    function(*arguments)
    return time.thread_time() - began


@route("/hold-in-sleep")
def hold_in_sleep(environ, start_response):
    """The same in a system call, which a signal may cut short."""
    say(environ, "holding")
    greedy_sleep(4)
    return plain(start_response, b"held\n")


def greedy_sleep(seconds):
    GREEDY.usleep(int(seconds * 1_000_000))


@route("/regex")
def regex(environ, start_response):
    """An expression that backtracks for some seconds: `re` keeps the GIL."""
    # Each further character doubles the time.
    count = 16 + math.ceil(math.log2(4 / took(backtrack, 16)))
    say(environ, "holding")
    backtrack(count)
    return plain(start_response, b"no match\n")


def backtrack(count):
    return re.match(r"(a+)+b", "a" * count)


# Streams


@route("/begun")
def begun(environ, start_response):
    """Falls silent after the first block."""
    start_response("200 OK", PLAIN)
    yield b"begun\n"
    try:
        turns(10)
    except BaseException as error:
        say(environ, type(error).__name__)
        raise
    yield b"never\n"


@route("/begun-length")
def begun_length(environ, start_response):
    start_response("200 OK", [*PLAIN, ("Content-Length", "12")])
    yield b"begun\n"
    turns(10)
    yield b"never\n"


@route("/close")
def slow_close(environ, start_response):
    """The response is over, its `close()` is not."""

    class Blocks:
        def __iter__(self):
            return iter([b"body\n"])

        def close(self):
            try:
                turns(number(environ, "s", 10))
                say(environ, "closed")
            except BaseException as error:
                say(environ, f"close: {type(error).__name__}")
                raise

    start_response("200 OK", PLAIN)
    return Blocks()


@route("/ticks")
def ticks(environ, start_response):
    """`n` blocks with `pause` seconds before each."""
    start_response("200 OK", PLAIN)
    for count in range(int(query(environ, "n", "10"))):
        turns(number(environ, "pause", 0.3))
        yield b"tick %d\n" % count


@route("/empty-ticks")
def empty_ticks(environ, start_response):
    """Blocks without a byte send nothing."""
    start_response("200 OK", PLAIN)
    for _ in range(100):
        turns(0.1)
        yield b""
    yield b"never\n"


@route("/writes")
def writes(environ, start_response):
    writer = start_response("200 OK", PLAIN)
    for count in range(10):
        turns(0.3)
        writer(b"tick %d\n" % count)
    return []


@route("/large")
def large(environ, start_response):
    """More than all buffers on the way hold, as fast as the client takes it."""
    start_response("200 OK", PLAIN)
    for _ in range(40):
        yield b"l" * (1 << 20)


@route("/read")
def read(environ, start_response):
    """Waits for its client's body."""
    return plain(start_response, b"%d\n" % len(environ["wsgi.input"].read()))


@route("/early-hints")
def early_hints(environ, start_response):
    for _ in range(10):
        turns(0.3)
        environ["wsgi.early_hints"]([("Link", "</style.css>; rel=preload")])
    return plain(start_response, b"hinted\n")
