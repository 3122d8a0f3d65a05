"""Answers every request with what the application saw of it, in one field: the same for every method and server."""

import hashlib
import json

SHOWN = 600


def show(value):
    """Bytes as text, one character for each; many as their digest."""
    if len(value) <= SHOWN:
        return value.decode("latin-1")
    return f"{len(value)} bytes, sha256 {hashlib.sha256(value).hexdigest()}"


def application(environ, start_response):
    query = environ.get("QUERY_STRING", "")
    seen = {
        "method": environ["REQUEST_METHOD"],
        "target": environ["PATH_INFO"] + ("?" + query if query else ""),
        "body": show(environ["wsgi.input"].read()),
        "fields": {key[5:]: show(value.encode("latin-1")) for key, value in environ.items() if key[:5] == "HTTP_"},
    }
    start_response("200 OK", [("X-Seen", json.dumps(seen)), ("Content-Length", "0")])
    return []
