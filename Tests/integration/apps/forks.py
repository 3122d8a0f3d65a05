"""Applications that fork in a request. The child leaves the application in the way that the path names."""

import os
import signal
import sys

PLAIN = [("Content-Type", "text/plain")]


def application(environ, start_response):
    way = environ["PATH_INFO"].strip("/")
    if way in WAYS:
        child = os.fork()
        if child == 0:
            return WAYS[way](start_response)
        _, status = os.waitpid(child, 0)
        body = str(os.waitstatus_to_exitcode(status)).encode()
    elif way == "in-next":
        start_response("200 OK", PLAIN)
        return fork_in_next()
    elif way == "in-close":
        start_response("200 OK", PLAIN)
        return ForkInClose()
    elif way == "seen":
        body = str(seen).encode()
    elif way == "daemon":
        body = str(start_daemon()).encode()
    else:
        body = b"alive\n"
    start_response("200 OK", PLAIN)
    return [body]


seen = []


def wait_for(child):
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def fork_in_next():
    """The child comes out of the generator at its end, and once more with a block."""
    for ends in (True, False):
        child = os.fork()
        if child == 0:
            if ends:
                return
            yield b"from the child"
        yield b"%d " % wait_for(child)


class ForkInClose:
    def __iter__(self):
        return iter([b"closing"])

    def close(self):
        child = os.fork()
        if child != 0:
            seen.append(wait_for(child))


def answers(start_response):
    start_response("200 OK", PLAIN)
    return [b"from the child\n"]


def generates(start_response):
    return (block for block in [b"from ", b"the ", b"child"])


def exits_with(status):
    def leave(start_response):
        sys.exit(status)

    return leave


def raises(start_response):
    raise ValueError("raised in the child")


WAYS = {
    "returns-nothing": lambda start_response: [],
    "generates": generates,
    "answers": answers,
    "exits": exits_with(None),
    "exits-7": exits_with(7),
    "exits-with-text": exits_with("a last word"),
    "raises": raises,
}


def start_daemon():
    """A process that goes on until the test ends it."""
    receiver, sender = os.pipe()
    child = os.fork()
    if child == 0:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for standard in (1, 2):
            os.dup2(nowhere, standard)
        os.write(sender, b"!")
        while True:
            signal.pause()
    os.read(receiver, 1)
    os.close(receiver)
    os.close(sender)
    return child
