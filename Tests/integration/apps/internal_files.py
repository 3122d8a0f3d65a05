"""Has a file sent in its place: which one, how, and what else it says, is in the query.

`/state` tells how often the iterables were closed and what start_response has raised.
"""

import io
import json
from urllib.parse import parse_qs

from contract import Counter

counts = Counter()
raised = []


class Closed:
    """An iterable that counts its `close()` calls."""

    def __init__(self, blocks):
        self.blocks = iter(blocks)

    def __iter__(self):
        return self

    def __next__(self):
        return next(self.blocks)

    def close(self):
        counts["closed"] += 1


def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/state":
        body = json.dumps({"counts": counts, "raised": raised}).encode()
        counts.clear()
        raised.clear()
        start_response("200 OK", [("Content-Type", "application/json")])
        return [body]
    if path not in ("/send", "/send-unread"):
        start_response("404 Not Found", [("Content-Type", "text/plain")])
        return [b"the application's own 404\n"]
    if path == "/send":
        environ["wsgi.input"].read()
    # By PEP 3333 a character stands for a byte; frameworks write the name as it is.
    encoding = "utf-8" if "as-text" in environ["QUERY_STRING"] else "latin-1"
    given = parse_qs(environ["QUERY_STRING"], keep_blank_values=True, encoding=encoding, errors="surrogateescape")
    headers = [tuple(field.split(":", 1)) for field in given.get("field", [])]
    status = given.get("status", ["200 OK"])[0]
    try:
        write = start_response(status, headers)
    except Exception as error:
        raised.append(type(error).__name__)
        raise
    return WAYS[given.get("how", ["list"])[0]](environ, write)


def written(environ, write):
    write(b"never seen\n")
    write(b"nor this\n")
    return Closed([b"nor that\n"])


def written_then_failed(environ, write):
    write(b"never seen\n")
    raise RuntimeError("too late to matter")


def generated(environ, write):
    try:
        yield b""
        yield b"never seen\n"
        counts["asked for more"] += 1
        yield b"nor this\n"
    finally:
        counts["closed"] += 1


class CountedFile(io.BytesIO):
    def close(self):
        counts["closed"] += 1
        super().close()


class ClosingFile(io.FileIO):
    def close(self):
        if not self.closed:
            counts["closed"] += 1
        super().close()


WAYS = {
    "list": lambda environ, write: [b"never seen\n"],
    "empty list": lambda environ, write: [],
    "iterable": lambda environ, write: Closed([b"never seen\n", b"nor this\n"]),
    "empty iterable": lambda environ, write: Closed([]),
    "generator": generated,
    "write": written,
    "write and fail": written_then_failed,
    "wrapper": lambda environ, write: environ["wsgi.file_wrapper"](CountedFile(b"never seen\n" * 10000)),
    "wrapper of a file": lambda environ, write: environ["wsgi.file_wrapper"](ClosingFile(__file__, "rb")),
}
