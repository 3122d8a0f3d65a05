"""Says which interpreter runs it, so that no two servers are compared on different ones."""

import sys


def application(environ, start_response):
    body = f"{sys.version}\n{sys.prefix}".encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
