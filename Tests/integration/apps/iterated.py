"""What frameworks return: an iterator around the content, and not a list."""

import os

TEXT = b"a martlet never lands. " * 100
NOISE = os.urandom(2000)


def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/unchanged":
        start_response("304 Not Modified", [("ETag", '"v1"')])
        return iter([])
    body = NOISE if path == "/noise" else TEXT
    headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(body))), ("ETag", '"v1"')]
    start_response("200 OK", headers)
    if path == "/longer":
        return iter([body, b"more", b"and more"])
    return iter([] if environ["REQUEST_METHOD"] == "HEAD" else [body])
