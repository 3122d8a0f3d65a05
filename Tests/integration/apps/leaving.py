"""Works for clients that may go away meanwhile, and writes into the server log what it learns of that."""

import threading

from contract import PLAIN, query, wait_at_gate

ROUTES = {}
BLOCK = b"b" * 1024


def route(path):
    def register(function):
        ROUTES[path] = function
        return function

    return register


def application(environ, start_response):
    return ROUTES[environ["PATH_INFO"]](environ, start_response)


def say(environ, what):
    environ["wsgi.errors"].write("{}: {}\n".format(query(environ, "name", "request"), what))


def soon():
    """Some work; other threads have their turn."""
    threading.Event().wait(0.002)


# Turns of `soon()` after which a loop gives up, so that a failed test ends.
PATIENCE = 10_000


@route("/alive")
def alive(environ, start_response):
    start_response("200 OK", PLAIN)
    return [b"alive\n"]


@route("/work")
def work(environ, start_response):
    """Works, without sending anything, until it is told that nobody waits."""
    disconnected = environ["martlet.disconnected"]
    say(environ, f"at work, {disconnected()}")
    for _ in range(PATIENCE):
        if disconnected():
            break
        soon()
    say(environ, f"disconnected {disconnected()!r}")
    start_response("200 OK", PLAIN)
    return [b"for nobody\n"]


@route("/gate")
def at_gate(environ, start_response):
    """Answers, once the gate is open, what it is told then."""
    wait_at_gate(environ)
    answer = repr(environ["martlet.disconnected"]())
    say(environ, f"disconnected {answer}")
    start_response("200 OK", PLAIN)
    return [answer.encode()]


@route("/generator")
def generator(environ, start_response):
    """Streams for ever. `length` declares one; what ends the generator is told in the log."""
    length = query(environ, "length")
    start_response("200 OK", [*PLAIN, ("Content-Length", length)] if length else PLAIN)

    def blocks():
        sent = 0
        try:
            for _ in range(PATIENCE):
                sent += 1
                yield BLOCK
                soon()
            say(environ, "never told")
        except BaseException as error:
            say(environ, "ended by {}, disconnected {}".format(type(error).__name__, environ["martlet.disconnected"]()))
            raise
        finally:
            say(environ, "finally")

    return blocks()


@route("/generator-at-gate")
def generator_at_gate(environ, start_response):
    """Stands at a gate between two blocks, and says how many were asked for."""
    start_response("200 OK", PLAIN)
    asked = 0
    try:
        asked = 1
        yield BLOCK
        wait_at_gate(environ)
        for asked in range(2, 100):
            yield BLOCK
    finally:
        say(environ, f"asked for {asked}")


class Blocks:
    """An iterator of its own kind, with a `close()` that counts."""

    def __init__(self, environ):
        self.environ = environ
        self.closed = 0

    def __iter__(self):
        return self

    def __next__(self):
        soon()
        return BLOCK

    def close(self):
        self.closed += 1
        say(self.environ, f"closed {self.closed}")


@route("/iterator")
def iterator(environ, start_response):
    start_response("200 OK", PLAIN)
    return Blocks(environ)


@route("/write")
def write(environ, start_response):
    """Writes until that raises, then once more."""
    writer = start_response("200 OK", PLAIN)
    outcomes = []
    try:
        for _ in range(PATIENCE):
            writer(BLOCK)
            soon()
    except Exception as error:
        outcomes.append(error)
    try:
        writer(BLOCK)
    except Exception as error:
        outcomes.append(error)
    say(environ, "write raised {}".format(" ".join(type(error).__name__ for error in outcomes)))
    if query(environ, "then") == "raise":
        raise outcomes[0]
    return []


@route("/write-large")
def write_large(environ, start_response):
    """More at once than the client takes: the thread waits for it inside of `write()`."""
    writer = start_response("200 OK", PLAIN)
    say(environ, "writing")
    try:
        for _ in range(10):
            writer(b"l" * (16 << 20))
        say(environ, "written")
    except Exception as error:
        say(environ, f"write raised {type(error).__name__}")
    return []


@route("/fail-after")
def fail_after(environ, start_response):
    """A fault of the application's own, after its client has gone."""
    say(environ, "at work")
    while not environ["martlet.disconnected"]():
        soon()
    raise KeyError("a fault of its own")


@route("/read")
def read(environ, start_response):
    """Reads nothing of a body that fills the server's buffers, and works on."""
    return work(environ, start_response)


_kept = []


@route("/keep")
def keep(environ, start_response):
    _kept.append(environ["martlet.disconnected"])
    start_response("200 OK", PLAIN)
    return [b"kept\n"]


@route("/use-kept")
def use_kept(environ, start_response):
    start_response("200 OK", PLAIN)
    return [repr(_kept[-1]()).encode()]


@route("/bad-call")
def bad_call(environ, start_response):
    """What it gives to its own clients for good is True or False; it takes nothing."""
    start_response("200 OK", PLAIN)
    return [type(environ["martlet.disconnected"]()).__name__.encode()]
