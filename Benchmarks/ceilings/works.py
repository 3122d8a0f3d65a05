"""The works that have ceilings: what is served, and what is asked for."""

from __future__ import annotations

from dataclasses import dataclass

FILE_SIZE = 1024
JSON = b'{"items": [' + b", ".join(b"%d" % number for number in range(240)) + b"]}"


@dataclass(frozen=True)
class Work:
    """
    name: as in ceilings.json and on the command line.
    application: in Benchmarks/apps.
    path: what is asked for.
    body: sent with POST, if there is one.
    """

    name: str
    application: str
    path: str
    body: bytes | None = None


WORKS = (
    Work("hello", "hello:application", "/"),
    Work("flask-json", "flask_json:application", "/"),
    Work("post", "post_json:application", "/", JSON),
    Work("static-1k", "hello:application", "/static/1k.css"),
)
