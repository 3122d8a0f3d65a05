"""Works of files that the server answers itself."""

from __future__ import annotations

from ..clients.wrk import Load, Request
from ..peers.peer import Can
from .expectations import Expectation, compressed, file, not_modified
from .request_work import RequestWork

PEERS = ("martlet", "peregrine", "nginx", "nginx-file-cache")


def _static(name: str, title: str, request: Request, expect: Expectation, connections: int = 64, **more: bool):
    load = Load(request, connections)
    return RequestWork(name, title, load, expect, needs=frozenset({Can.FILES}), peers=PEERS, **more)


SMALL = Request("/static/1k.css")
MIDDLE = Request("/static/100k.css")
LARGE = Request("/static/10m.bin")
RANGE = Request(MIDDLE.path, headers=(("Range", "bytes=50000-50999"),))
GZIP = Request(MIDDLE.path, headers=(("Accept-Encoding", "gzip"),))

STATIC = (
    _static("static-1k", "File of 1 KB", SMALL, file("1k.css")),
    _static("static-100k", "File of 100 KB", MIDDLE, file("100k.css")),
    _static("static-10m", "File of 10 MB", LARGE, file("10m.bin"), connections=4),
    _static("static-304", "File of 1 KB, not modified", SMALL, not_modified, conditional=True),
    _static("static-range", "1 KB out of a file of 100 KB", RANGE, file("100k.css", 50_000, 51_000)),
    _static("static-gzip", "File of 100 KB, compressed beforehand", GZIP, compressed("100k.css"), precompressed=True),
)
