"""Requests with random damage: the server answers or closes, and lives. A trap would end every connection."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path

from harness import Connection, Server

SEEDS = [
    b"GET /list?a=%20b HTTP/1.1\r\nHost: example\r\nCookie: a=1\r\nX-Long: " + b"v" * 300 + b"\r\n\r\n",
    b"HEAD /blocks HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    b"POST /input?way=readline HTTP/1.1\r\nHost: example\r\nContent-Length: 11\r\n\r\nline\nline\nx",
    b"POST /echo HTTP/1.1\r\nHost: example\r\nTransfer-Encoding: chunked\r\n\r\n"
    b'5;ext="quoted"\r\nhello\r\nA\r\n0123456789\r\n0\r\nX-Trailer: t\r\n\r\n',
    b"POST /echo HTTP/1.1\r\nHost: example\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello",
    b"GET http://example:8080/environ/%C3%A9?q HTTP/1.1\r\nHost: example\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: [::1]:8080\r\nConnection: close, te\r\n\r\n",
    b'GET /static/sub/../digits.txt HTTP/1.1\r\nHost: example\r\nRange: bytes=5-9,20-,-3\r\nIf-Range: "x"\r\n\r\n',
    b"GET /static/digits.txt HTTP/1.1\r\nHost: example\r\nRange: bytes=-9223372036854775807\r\n\r\n",
    b'GET /static/digits.txt HTTP/1.1\r\nHost: example\r\nIf-None-Match: W/"a", "b,c", *\r\n'
    b"If-Modified-Since: Sun, 22 Nov 2026 20:00:00 GMT\r\n\r\n",
    b"GET /static/%2e%2e/%00/a HTTP/1.1\r\nHost: example\r\nIf-Modified-Since: Sunday, 22-Nov-26 20:00:00 GMT\r\n\r\n",
]

MARKS = [b"\r\n", b"\n", b"\r", b"\x00", b" ", b"\t", b":", b",", b";", b"=", b"-", b"%", b"%00", b"%zz", b"/"]
NUMBERS = [b"18446744073709551616", b"9223372036854775807", b"-1", b"0x10", b"9" * 23, b"0", b"\xc3\xa9"]
FIELDS = [b"Content-Length: 3\r\n", b"Transfer-Encoding: chunked\r\n", b"Range: bytes=9-1\r\n", b"Host: b\r\n"]
WORDS = [b"..", b"\xff", b'"', b"\\", b"W/", b"#", b"?", b"HTTP/1.1", b"bytes=", b"\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n"]
FLOODS = [b"a" * 5000, b"x: y\r\n" * 120]
PIECES = [*MARKS, *NUMBERS, *FIELDS, *WORDS, *FLOODS]


def damaged(source: random.Random) -> bytes:
    request = bytearray(source.choice(SEEDS))
    for _ in range(source.randint(1, 4)):
        at = source.randrange(len(request) + 1)
        way = source.randrange(6)
        if way == 0:
            request[at:at] = source.choice(PIECES)
        elif way == 1:
            del request[at : at + source.randint(1, 8)]
        elif way == 2 and at < len(request):
            request[at] = source.randrange(256)
        elif way == 3:
            end = min(len(request), at + source.randint(1, 20))
            request[at:at] = request[at:end]
        elif way == 4:
            digits = [index for index, byte in enumerate(request) if 48 <= byte <= 57]
            if digits:
                index = source.choice(digits)
                request[index : index + 1] = source.choice(NUMBERS)
        else:
            del request[at:]
    return bytes(request)


def test_no_damage_to_a_request_ends_the_server(runtime, tmp_path: Path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "digits.txt").write_bytes(b"0123456789" * 10)
    source = random.Random(20261122)
    with Server(runtime, "contract:application", "--threads", "2", "--static", f"/static={tmp_path}") as server:
        for number in range(2_000):
            request = damaged(source)
            with Connection(server.address) as connection:
                with suppress(BrokenPipeError, ConnectionResetError):
                    connection.send(request)
                with suppress(OSError):
                    connection.half_close()
                answer = connection.read_until_closed()
            assert answer == b"" or answer.startswith(b"HTTP/1."), (number, request, answer[:200])
            assert server.process.poll() is None, f"the server died of number {number}: {request!r}\n{server.log.text}"
        assert server.get("/list").body == b"hello\n"
