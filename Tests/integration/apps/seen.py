"""Answers every request with what the application saw of it, in one field: the same for every method and server."""

import hashlib
import json

SHOWN = 600


def show(body):
    """A body as text, one character for each byte; a long one as its digest."""
    if len(body) <= SHOWN:
        return body.decode("latin-1")
    return f"{len(body)} bytes, sha256 {hashlib.sha256(body).hexdigest()}"


def application(environ, start_response):
    query = environ.get("QUERY_STRING", "")
    seen = {
        "method": environ["REQUEST_METHOD"],
        "target": environ["PATH_INFO"] + ("?" + query if query else ""),
        "body": show(environ["wsgi.input"].read()),
        "fields": {key[5:]: value for key, value in environ.items() if key.startswith("HTTP_")},
    }
    start_response("200 OK", [("X-Seen", json.dumps(seen)), ("Content-Length", "0")])
    return []
