"""An application that replaces names of the standard library which the server itself needs."""

import select
import threading
import time


class Unusable:
    def __init__(self, *arguments, **keywords):
        raise RuntimeError("the application's own")


threading.Thread = Unusable
threading.Timer = Unusable
select.poll = Unusable
time.monotonic = Unusable
time.sleep = Unusable


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"alive\n"]
