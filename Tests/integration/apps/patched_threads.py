"""What monkey patching for green threads does to `threading`, without the packages that do it."""

import threading


def green_start(function, arguments):
    """Never runs it: its loop has no turn on a thread that is not its own."""
    return 1


for name in ("_start_new_thread", "_start_joinable_thread"):
    if hasattr(threading, name):
        setattr(threading, name, green_start)


def application(environ, start_response):
    start_response("200 OK", [])
    return []
