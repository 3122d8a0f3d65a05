"""Requests that compute for `ms` milliseconds, and what the switch interval is, in microseconds."""

import os
import sys
import time

from contract import PLAIN, query

if "OWN_INTERVAL" in os.environ:
    sys.setswitchinterval(float(os.environ["OWN_INTERVAL"]))


def application(environ, start_response):
    until = time.thread_time() + float(query(environ, "ms", "0")) / 1000
    while time.thread_time() < until:
        sum(range(200))
    start_response("200 OK", PLAIN)
    return [b"%d" % round(sys.getswitchinterval() * 1e6)]
