"""An application in front of which requests queue up; which of them it was given is told in the server log."""

import ctypes
import tempfile

from contract import PLAIN, query, wait_at_gate

# Unlike CDLL, it keeps the GIL while it calls.
GREEDY = ctypes.PyDLL(None)

_file = tempfile.TemporaryFile()
_file.truncate(32 << 20)


def application(environ, start_response):
    path = environ["PATH_INFO"]
    environ["wsgi.errors"].write("{} {}: begun\n".format(path, query(environ, "name", "request")))
    if path == "/gate":
        wait_at_gate(environ)
    elif path == "/greedy":
        GREEDY.usleep(int(float(query(environ, "s")) * 1_000_000))
    elif path == "/file":
        start_response("200 OK", PLAIN)
        return environ["wsgi.file_wrapper"](open(f"/proc/self/fd/{_file.fileno()}", "rb"))
    start_response("200 OK", PLAIN)
    return [b"answered\n"]
