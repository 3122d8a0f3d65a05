"""One entry of the corpus: bytes, what must become of them, and why.

An entry is `accept`, `refuse` or `cut`:

    accept("name", BYTES, saw("POST", "/t", "body"), why="RFC 9112, 6.3")      the connection stays open
    accept("name", BYTES, saw("GET", "/t"), why="RFC 9112, 9.6", closes=True)  the server closes it
    refuse("name", BYTES, why="RFC 9112, 2.2")                                 400, and nothing after it is parsed
    refuse("name", BYTES, 431, after=[saw("GET", "/1")], why="RFC 6585, 5")    another status, behind a good request
    cut("name", BYTES, 400, why="RFC 9112, 8")                                 the client's FIN comes behind them

`saw` is a request as the application must see it; its keywords are fields (`HOST="a"`, None for "not there").
Behind every entry but a cut one comes FOLLOW_UP, which must be answered just if the connection stays open: so
"open" and "closed" need no waiting, and a request smuggled behind a refused one would show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wire.seen import show
from wire.verdicts import Refused, Seen

FOLLOW_UP = b"GET /follow-up HTTP/1.1\r\nHost: corpus\r\nConnection: close\r\n\r\n"
FOLLOW_UP_SEEN = Seen("GET", "/follow-up")


@dataclass(frozen=True)
class Entry:
    name: str
    sent: bytes
    answers: tuple[Seen | Refused, ...]
    # "open": another request may follow; "closed"; "cut": the client ends its side instead
    end: str
    # A section of RFC 9110, 9112, 3986 or 6585, or what went wrong elsewhere
    why: str

    def __str__(self) -> str:
        return self.name


def saw(method: str, target: str, body: str | bytes = "", **fields: str | None) -> Seen:
    return Seen(method, target, show(body if isinstance(body, bytes) else body.encode("latin-1")), fields)


def accept(name: str, sent: bytes, *answers: Seen | Refused, why: str, closes: bool = False) -> Entry:
    return Entry(name, sent, answers, "closed" if closes else "open", why)


def refuse(name: str, sent: bytes, status: int = 400, *, why: str, after: Sequence[Seen | Refused] = ()) -> Entry:
    return Entry(name, sent, (*after, Refused(status)), "closed", why)


def cut(name: str, sent: bytes, status: int | None = None, *, why: str, after: Sequence[Seen] = ()) -> Entry:
    return Entry(name, sent, (*after, *([] if status is None else [Refused(status)])), "cut", why)


# The usual requests, with the unusual part as the argument.


def line(request_line: bytes) -> bytes:
    """This request line, and a head that has nothing wrong with it."""
    return request_line + b"\r\nHost: a\r\n\r\n"


def get(*fields: bytes, version: bytes = b"1.1", host: bytes | None = b"a") -> bytes:
    """A GET with these field lines."""
    lines = [b"GET /t HTTP/" + version, *([] if host is None else [b"Host: " + host]), *fields]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def post(*fields: bytes, body: bytes = b"", version: bytes = b"1.1") -> bytes:
    """A POST with these field lines and this body, which bring its framing."""
    return b"\r\n".join([b"POST /t HTTP/" + version, b"Host: a", *fields]) + b"\r\n\r\n" + body


def chunked(body: bytes) -> bytes:
    """A POST in the chunked coding."""
    return post(b"Transfer-Encoding: chunked", body=body)


GOT = saw("GET", "/t")
POSTED = saw("POST", "/t")
HELLO = saw("POST", "/t", "hello")
