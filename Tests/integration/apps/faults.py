"""What applications do wrong, or do that a server could trip over: one route each.

What the server raised into the application, and which `close()` it called, is read at `/state`.
"""

import io
import multiprocessing
import os
import subprocess
import sys
import threading
from collections import Counter

from contract import PLAIN, answer_json, query, wait_at_gate

# Tells a test that the module has been imported: a file, or a named pipe that the test reads.
if "TEST_IMPORT_MARKER" in os.environ:
    with open(os.environ["TEST_IMPORT_MARKER"], "w") as marker:
        marker.write("imported\n")

ROUTES = {}

counts = Counter()
raised = []


def route(path):
    def register(function):
        ROUTES[path] = function
        return function

    return register


def application(environ, start_response):
    function = ROUTES.get(environ["PATH_INFO"])
    if function is None:
        start_response("404 Not Found", PLAIN)
        return [b"no such route\n"]
    return function(environ, start_response)


def returns_bytes(environ, start_response):
    """The mistake that everybody makes once: iterating bytes gives integers."""
    start_response("200 OK", PLAIN)
    return b"not in a list\n"


@route("/")
def alive(environ, start_response):
    start_response("200 OK", PLAIN)
    return [b"alive\n"]


@route("/state")
def show_state(environ, start_response):
    return answer_json(start_response, {"counts": counts, "raised": raised})


@route("/upload")
def upload(environ, start_response):
    return answer_json(start_response, len(environ["wsgi.input"].read()))


# exc_info that holds no exception

EXC_INFOS = {
    "strings": ("a", "b", "c"),
    "nones": (None, None, None),
    "class": (ValueError, ValueError, None),
    "short": (ValueError,),
    "number": 5,
}


@route("/exc-info")
def exc_info(environ, start_response):
    value = EXC_INFOS[query(environ, "kind")]
    if query(environ, "output") == "begun":
        start_response("200 OK", PLAIN)(b"begun\n")
    try:
        start_response("500 X", [], value)
    except Exception as error:
        raised.append(type(error).__name__)
        raise
    return [b"answered\n"]


# Responses that cannot be what they say


@route("/detached-file")
def detached_file(environ, start_response):
    """A file_wrapper whose file can neither be read nor asked for its descriptor any more."""
    file = open(__file__, "rb")
    raw = file.detach()

    def close():
        counts["close:detached-file"] += 1
        raw.close()

    wrapper = environ["wsgi.file_wrapper"](file)
    wrapper.close = close
    start_response("200 OK", PLAIN)
    return wrapper


@route("/short-list")
def short_list(environ, start_response):
    start_response("200 OK", [*PLAIN, ("Content-Length", "10")])
    return [b"abc", b"def"]


@route("/endless-beyond-its-length")
def endless_beyond_its_length(environ, start_response):
    def blocks():
        try:
            while True:
                yield b"x" * 7
        finally:
            counts["close:endless"] += 1

    start_response("200 OK", [*PLAIN, ("Content-Length", "10")])
    return blocks()


@route("/take-errors-away")
def take_errors_away(environ, start_response):
    """All that could keep others from writing to the log."""
    errors = environ["wsgi.errors"]
    outcomes = []
    for attempt in (errors.close, errors.buffer.close, errors.detach, errors.truncate, errors.buffer.truncate):
        try:
            attempt()
            outcomes.append("allowed")
        except OSError as error:
            outcomes.append(type(error).__name__)
    io.TextIOWrapper(errors.buffer).close()
    errors.write("still there\n")
    return answer_json(start_response, outcomes)


kept = []


@route("/keep-disconnected")
def keep_disconnected(environ, start_response):
    kept.append(environ["martlet.disconnected"])
    return answer_json(start_response, [function() for function in kept])


# Processes and threads of the application's own


def spawn_inheriting():
    """A child that keeps every descriptor it can get; the test ends it."""
    return subprocess.Popen(["sleep", "60"], close_fds=False)


_children = []


@route("/spawn")
def spawn(environ, start_response):
    child = spawn_inheriting()
    _children.append(child)
    return answer_json(start_response, child.pid)


@route("/spawn-and-fail")
def spawn_and_fail(environ, start_response):
    """The child's pid is the first block; once the gate is open, the response comes to a bad end."""
    start_response("200 OK", PLAIN)
    child = spawn_inheriting()
    _children.append(child)
    yield b"%d\n" % child.pid
    wait_at_gate(environ)
    raise RuntimeError("after the first block")


@route("/system")
def system(environ, start_response):
    """The descriptors of a shell's child, as it sees them itself."""
    status = os.system("ls -l /proc/self/fd > '{}'".format(query(environ, "to")))
    return answer_json(start_response, status)


def say_ready_and_stay(ready):
    ready.send(os.getpid())
    threading.Event().wait()


@route("/fork")
def fork(environ, start_response):
    """Start a forked worker, end it with `terminate()`, and tell how it ended."""
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    worker = context.Process(target=say_ready_and_stay, args=(sender,))
    worker.start()
    receiver.recv()
    worker.terminate()
    worker.join(5)
    code = worker.exitcode
    if code is None:
        worker.kill()
        worker.join()
    return answer_json(start_response, code)


@route("/background")
def background(environ, start_response):
    """Work that a request leaves to a thread; it waits for the gate."""

    def work():
        wait_at_gate(environ)
        print("the work is done", flush=True)
        sys.stderr.write("its last words\n")

    threading.Thread(target=work, name="background-work").start()
    return answer_json(start_response, threading.current_thread().name)


@route("/endless-thread")
def endless_thread(environ, start_response):
    """A thread that the interpreter waits for at its end, and that never comes to its own."""
    threading.Thread(target=threading.Event().wait, name="endless", daemon=False).start()
    return answer_json(start_response, threading.active_count())
