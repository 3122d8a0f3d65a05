"""The trailer section: RFC 9112, 7.1.2; RFC 9110, 6.5."""

from __future__ import annotations

from corpus.entry import HELLO, accept, chunked, refuse, saw

DROPPED = "RFC 9110, 6.5.1: a trailer is not merged into the head"
FIELD = "RFC 9112, 7.1.2 and 5: trailers are field lines"
LINE_ENDS = "RFC 9112, 2.2: CRLF ends a line"
BOUND = "a bound on what is read for nothing"


def trailed(name, sent, *, why=DROPPED, **fields):
    body = chunked(b"5\r\nhello\r\n0\r\n" + sent + b"\r\n")
    return accept("trailer-" + name, body, saw("POST", "/t", "hello", **fields), why=why)


def refused(name, sent, status=400, *, why=FIELD):
    return refuse("trailer-" + name, chunked(b"5\r\nhello\r\n0\r\n" + sent), status, why=why)


ENTRIES = [
    trailed("one", b"X-A: b\r\n", X_A=None),
    trailed("two", b"X-A: b\r\nX-B:\r\n", X_A=None, X_B=None),
    trailed("same-name-twice", b"X-A: b\r\nX-A: c\r\n", X_A=None),
    trailed("no-space", b"X-A:b\r\n", X_A=None),
    trailed("obs-text", b"X-A: \xe4\r\n", X_A=None),
    trailed("of-content-length", b"Content-Length: 100\r\n"),
    trailed("of-transfer-encoding", b"Transfer-Encoding: chunked\r\n"),
    trailed("of-host", b"Host: b\r\n", HOST="a"),
    trailed("of-authorization", b"Authorization: Basic eDp5\r\n", AUTHORIZATION=None),
    trailed("of-connection", b"Connection: close\r\n", CONNECTION=None),
    trailed("of-forwarded", b"X-Forwarded-For: 127.0.0.1\r\n", X_FORWARDED_FOR=None),
    trailed("of-cookie", b"Cookie: a=b\r\n", COOKIE=None),
    trailed("8190-bytes", b"X: " + b"y" * 8185 + b"\r\n", why=BOUND),
    accept(
        "trailer-announced",
        b"POST /t HTTP/1.1\r\nHost: a\r\nTrailer: X-A\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-A: b\r\n\r\n",
        saw("POST", "/t", X_A=None),
        why="RFC 9110, 6.6.2",
    ),
    refused("8191-bytes", b"X: " + b"y" * 8186 + b"\r\n\r\n", 431, why=BOUND),
    refused("many", b"a: b\r\n" * 2000 + b"\r\n", 431, why=BOUND),
    refused("no-colon", b"X-A\r\n\r\n"),
    refused("request-line", b"GET /2 HTTP/1.1\r\nHost: a\r\n\r\n"),
    refused("space-before-colon", b"X-A : b\r\n\r\n"),
    refused("empty-name", b": b\r\n\r\n"),
    refused("name-not-token", b"X(A): b\r\n\r\n"),
    refused("name-obs-text", b"X-\xe4: b\r\n\r\n"),
    refused("name-nul", b"X\x00: b\r\n\r\n"),
    refused("leading-space", b" X-A: b\r\n\r\n"),
    refused("folded", b"X-A: b\r\n c\r\n\r\n"),
    refused("value-nul", b"X-A: \x00\r\n\r\n"),
    refused("value-control", b"X-A: \x1b\r\n\r\n"),
    refused("value-delete", b"X-A: \x7f\r\n\r\n"),
    refused("value-cr", b"X-A: b\rc\r\n\r\n", why=LINE_ENDS),
    refused("lf", b"X-A: b\nX-B: c\r\n\r\n", why=LINE_ENDS),
    refused("lf-lf", b"X-A: b\n\n", why=LINE_ENDS),
    refused("cr-cr-lf", b"X-A: b\r\r\n\r\n", why=LINE_ENDS),
    refused("end-lf", b"X-A: b\r\n\n", why=LINE_ENDS),
    refused("end-cr", b"X-A: b\r\n\rG", why=LINE_ENDS),
    accept(
        "trailer-and-next",
        chunked(b"5\r\nhello\r\n0\r\nX: y\r\n\r\n") + b"GET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
        HELLO,
        saw("GET", "/2", X=None),
        why=DROPPED,
    ),
]
