"""Responses of every shape, for `--compress`. The query gives fields (`h=Name:value`), the status and the size."""

import os
import tempfile
from urllib.parse import parse_qs

LINE = b"%06d: a line of text that says much the same as the others\n"


def text(size):
    return b"".join(LINE % number for number in range(size // len(LINE % 0) + 1))[:size]


def application(environ, start_response):
    query = parse_qs(environ["QUERY_STRING"], keep_blank_values=True)
    size = int(query.get("size", ["50000"])[0])
    status = query.get("status", ["200 OK"])[0]
    headers = [tuple(field.split(":", 1)) for field in query.get("h", [])]
    if "type" in query or not status.startswith("304"):
        headers.append(("Content-Type", query.get("type", ["text/plain; charset=utf-8"])[0]))
    return ROUTES[environ["PATH_INFO"]](environ, start_response, status, headers, text(size), query)


def whole(environ, start_response, status, headers, body, query):
    start_response(status, headers)
    return [body]


def empty(environ, start_response, status, headers, body, query):
    start_response(status, headers)
    return []


def noise(environ, start_response, status, headers, body, query):
    start_response(status, headers)
    return [os.urandom(len(body))]


def several(environ, start_response, status, headers, body, query):
    start_response(status, headers)
    return [body[:10], b"", body[10:30000], body[30000:]]


def stream(environ, start_response, status, headers, body, query):
    start_response(status, headers)
    return (body[start : start + 1000] for start in range(0, len(body), 1000))


def gated(environ, start_response, status, headers, body, query):
    """Blocks with a gate before each but the first: the next is made when the test lets it."""
    start_response(status, headers)
    yield b"data: first\n\n"
    for number, gate in enumerate(query["gate"]):
        with open(gate, "rb") as opened:
            opened.read()
        yield b"data: %d\n\n" % number


def broken(environ, start_response, status, headers, body, query):
    start_response(status, headers)
    yield body
    raise RuntimeError("midway")


def pushed(environ, start_response, status, headers, body, query):
    write = start_response(status, headers)
    write(body[:1000])
    write(b"")
    return [body[1000:]]


def file(environ, start_response, status, headers, body, query):
    opened = tempfile.TemporaryFile()
    opened.write(body)
    opened.seek(int(query.get("seek", ["0"])[0]))
    start_response(status, headers)
    return environ["wsgi.file_wrapper"](opened)


ROUTES = {
    "/whole": whole,
    "/empty": empty,
    "/noise": noise,
    "/several": several,
    "/stream": stream,
    "/gated": gated,
    "/broken": broken,
    "/pushed": pushed,
    "/file": file,
}
