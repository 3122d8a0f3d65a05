"""Works of an application: frameworks, bodies, streams, files that it returns, and how its clients are connected."""

from __future__ import annotations

from pathlib import Path

from ..clients.wrk import Load, Request
from ..peers.peer import Can
from .expectations import body, file, json_with, page
from .request_work import RequestWork

HELLO = body(b"Hello, World!")

FRAMEWORKS = (
    RequestWork("hello", "Raw WSGI, 13 bytes", Load(), HELLO),
    RequestWork("flask-json", "Flask, a small JSON", Load(), json_with("name", "alpine swift"), "flask_json"),
    RequestWork(
        "flask-template",
        "Flask, a Jinja template of 20 KB",
        Load(),
        page(b"<!doctype html>", b"</table>", 18_000, 24_000),
        "flask_template",
    ),
    RequestWork("django", "Django, a view with JSON", Load(), json_with("name", "alpine swift"), "django_view"),
)

BODIES = (
    RequestWork(
        "post",
        "POST of 1 KB JSON",
        Load(Request(method="POST", body=Path("order.json"))),
        json_with("items", 16),
        "post_json",
    ),
    RequestWork(
        "upload",
        "Upload of 10 MB",
        Load(Request(method="POST", body=Path("10m.bin")), connections=4),
        body(b"10000000"),
        "upload",
    ),
    RequestWork(
        "stream",
        "Stream of 100 blocks of 1 KB",
        Load(connections=16),
        body((b"x" * 999 + b"\n") * 100),
        "stream",
    ),
    RequestWork(
        "file-wrapper",
        "wsgi.file_wrapper, 1 MB",
        Load(connections=16),
        file("1m.bin"),
        "file_wrapper",
    ),
)

CONNECTIONS = (
    *(
        RequestWork(
            f"connections-{number}",
            f"Raw WSGI, {number:,} kept-alive connection{'s' * (number > 1)}",
            Load(connections=number),
            HELLO,
        )
        for number in (1, 4, 16, 64, 1000)
    ),
    RequestWork(
        "new-connections",
        "Raw WSGI, a new connection for each request",
        Load(Request(headers=(("Connection", "close"),)), connections=16),
        HELLO,
    ),
    RequestWork(
        "pipelined",
        "Raw WSGI, 16 requests at once on each connection",
        Load(depth=16),
        HELLO,
        figures=("cpu", "rate", "memory", "client", "errors", "other"),
    ),
)

STATIC_SHARE = ("/static/1k.css",) * 4 + ("/",)

MIXED = (
    RequestWork(
        "mixed",
        "80 % files of 1 KB, 20 % Flask",
        Load(cycle=STATIC_SHARE),
        json_with("name", "alpine swift"),
        "flask_json",
        needs=frozenset({Can.SITE}),
        also=(("/static/1k.css", file("1k.css")),),
    ),
)
