"""An application that keeps Python busy: `/` computes for 20 ms of CPU time with the GIL held."""

import time


def application(environ, start_response):
    end = time.thread_time() + 0.020
    value = 0
    while time.thread_time() < end:
        for number in range(500):
            value = (value * 31 + number) % 1_000_003
    body = b"%d\n" % value
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
