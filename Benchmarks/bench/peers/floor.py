"""No servers, but what a figure is seen beside: the kernel's part of a request, and an import without a server."""

from __future__ import annotations

from .peer import Can, Peer, Site, Tools

HELLO = """\
HTTP/1.1 200 OK\r
Date: Sun, 01 Nov 2026 00:00:00 GMT\r
Server: a floor\r
Content-Type: text/plain\r
Content-Length: 13\r
\r
Hello, World!"""

# As long as our own, byte for byte.
NOT_FOUND = """\
HTTP/1.1 404 Not Found\r
Date: Sun, 01 Nov 2026 00:00:00 GMT\r
Server: a floor\r
Content-Type: text/plain; charset=utf-8\r
Content-Length: 14\r
\r
404 Not Found
"""


def _floor(site: Site, tools: Tools) -> list[list[str]]:
    answer = site.folder / "answer"
    answer.write_text(NOT_FOUND if site.mounted else HELLO, newline="")
    return [[str(tools.floor), str(site.port), str(answer)]]


def _import(site: Site, tools: Tools) -> list[list[str]]:
    return [[tools.python, "-c", f"import {site.application}"]]


FLOOR = Peer(name="floor", commands=_floor, can=frozenset({Can.ANSWER, Can.MISS}))

IMPORT = Peer(name="import", commands=_import, can=frozenset({Can.IMPORT}))
