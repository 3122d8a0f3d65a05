"""Works of an application: frameworks, bodies, streams, files that it returns, and how its clients are connected."""

from __future__ import annotations

from pathlib import Path

from ..clients.wrk import Load, Request
from ..peers.peer import Can
from .expectations import body, file, json_with, missing, page
from .request_work import RequestWork

HELLO = body(b"Hello, World!")

# The servers in C and Swift that come near: the best of them is another one from work to work.
FAST = ("martlet", "peregrine", "bjoern", "fastpysgi", "fastwsgi")

FRAMEWORKS = (
    RequestWork(
        "hello",
        "Raw WSGI, 13 bytes",
        Load(),
        HELLO,
        needs=frozenset({Can.ANSWER}),
        peers=(*FAST[:4], "granian", "gunicorn-gthread", "floor"),
    ),
    RequestWork(
        "handler",
        "404 without Python and files, beside the kernel's floor",
        Load(Request("/none")),
        missing,
        needs=frozenset({Can.MISS}),
        figures=("cpu", "rate", "p50", "p99", "p999", "memory", "client", "other"),
        mounted=True,
        wanted_errors=True,
        peers=("martlet", "floor"),
    ),
    RequestWork(
        "flask-json",
        "Flask, a small JSON",
        Load(),
        json_with("name", "alpine swift"),
        "flask_json",
        stretch=1.5,
        peers=(*FAST, "nginx+gunicorn-sync"),
    ),
    RequestWork(
        "flask-template",
        "Flask, a Jinja template of 20 KB",
        Load(),
        page(b"<!doctype html>", b"</table>", 18_000, 24_000),
        "flask_template",
        stretch=4,
        peers=FAST[:4],
    ),
    RequestWork(
        "django",
        "Django, a view with JSON",
        Load(),
        json_with("name", "alpine swift"),
        "django_view",
        peers=FAST,
    ),
)

BODIES = (
    RequestWork(
        "post",
        "POST of 1 KB JSON",
        Load(Request(method="POST", body=Path("order.json"))),
        json_with("items", 16),
        "post_json",
        peers=FAST,
    ),
    RequestWork(
        "upload",
        "Upload of 10 MB",
        Load(Request(method="POST", body=Path("10m.bin")), connections=4),
        body(b"10000000"),
        "upload",
        stretch=3,
        peers=("martlet", "martlet-streamed", "peregrine", "granian", "uwsgi"),
    ),
    RequestWork(
        "stream",
        "Stream of 100 blocks of 1 KB",
        Load(connections=16),
        body((b"x" * 999 + b"\n") * 100),
        "stream",
        peers=("martlet", "peregrine", "granian", "fastpysgi", "fastwsgi"),
    ),
    RequestWork(
        "file-wrapper",
        "wsgi.file_wrapper, 1 MB",
        Load(connections=16),
        file("1m.bin"),
        "file_wrapper",
        peers=("martlet", "peregrine", "granian", "fastpysgi", "gunicorn-gthread"),
    ),
)

CONNECTIONS = (
    *(
        RequestWork(
            f"connections-{number}",
            f"Raw WSGI, {number:,} kept-alive connection{'s' * (number > 1)}",
            Load(connections=number),
            HELLO,
            peers=FAST[:3],
        )
        for number in (1, 4, 16, 1000)
    ),
    RequestWork(
        "new-connections",
        "Raw WSGI, a new connection for each request",
        Load(Request(headers=(("Connection", "close"),)), connections=16),
        HELLO,
        peers=FAST[:3],
    ),
    RequestWork(
        "pipelined",
        "Raw WSGI, 16 requests at once on each connection",
        Load(depth=16),
        HELLO,
        figures=("cpu", "rate", "memory", "client", "errors", "other"),
        peers=("martlet", "peregrine", "granian", "fastpysgi"),
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
        peers=("martlet", "nginx+gunicorn-sync", "nginx+gunicorn-gthread"),
    ),
)
