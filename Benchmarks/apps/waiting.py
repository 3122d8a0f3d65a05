"""`/sleep` waits 50 ms, as for a database; `/compute` uses 20 ms of its thread's CPU time; `/` does neither."""

import time

SLEEP = 0.050
COMPUTE = 0.020


def compute():
    end = time.thread_time() + COMPUTE
    while time.thread_time() < end:
        sum(range(2000))


def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/sleep":
        time.sleep(SLEEP)
    elif path == "/compute":
        compute()
    body = path.encode("latin-1")
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
