"""Write what the fuzzers begin with: `seeds.py FOLDER` makes FOLDER/TARGET/NAME for each target.

Most of it is the corpus of the integration tests. The first byte of an input is the fuzzer's choice of how to try
it: "@" is all defaults, "A" has tight limits.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Tests" / "integration"))

from corpus import ENTRIES

LONGEST = 1500

RANGES = [
    "",
    "0-",
    "0-0",
    "5-2",
    "-1",
    "-0",
    "-",
    "2-99",
    "0-0,5-",
    "99-",
    "9223372036854775807-",
    "-9223372036854775808",
]
CONDITIONS = ['"a"', 'W/"a", "b,c",, *', "*", '"', '"a" "b"']
DATES = ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"]
PATHS = [
    "/",
    "/a/b",
    "/a//b/./c/../d/",
    "/%2e%2e/x",
    "/static../x",
    "//evil.example/..",
    "/%00",
    "/a%2Fb",
    "/.git",
    "/",
]
FIELDS = [
    "Content-Type: text/plain",
    "Content-Length: 5\nX: y",
    "Set-Cookie: a=1\nSet-Cookie: b=2",
    "Date: x\nServer: y\nConnection: close",
    "X: a\r\nY: b",
]
ADDRESSES = ["192.0.2.1", "::ffff:192.0.2.1/96", "10.0.0.0/8", "2001:db8::/32", "::1", "1.2.3.4/33"]
PROXY_HEADERS = [
    b"PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n",
    b"PROXY TCP6 2001:db8::1 ::1 65535 443\r\nGET",
    b"PROXY UNKNOWN\r\n",
    b"\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x0c\xc0\x00\x02\x01\xc0\x00\x02\x02\x00\x01\x00\x02",
    b"\r\n\r\n\x00\r\nQUIT\n\x20\x00\x00\x00",
]


def requests() -> Iterator[tuple[str, bytes]]:
    for entry in ENTRIES:
        if len(entry.sent) <= LONGEST:
            yield entry.name, entry.sent


def heads() -> Iterator[tuple[str, bytes]]:
    for name, sent in requests():
        yield name, b"@" + sent
        yield name + "-tight", b"A" + sent


def bodies() -> Iterator[tuple[str, bytes]]:
    for name, sent in requests():
        head, end, body = sent.partition(b"\r\n\r\n")
        if end and b"chunked" in head and body:
            yield name, b"@" + body
            yield name + "-tight", b"A" + body


def connections() -> Iterator[tuple[str, bytes]]:
    for name, sent in requests():
        yield name, b"@" + sent
        yield name + "-cut", b"H" + sent
    for kind in "eslnxfpbi045dq":
        request = f"POST /{kind} HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc".encode()
        yield f"way-{kind}", b"@" + request + request
        yield f"way-{kind}-head", b"P" + request.replace(b"POST", b"HEAD") + request
        head = f"POST /{kind} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        yield f"way-{kind}-chunked", b"X" + head + b"3\r\nabc\r\n0\r\n\r\n" + request.replace(b"1.1", b"1.0")
    for index, header in enumerate(PROXY_HEADERS):
        yield f"proxied-{index}", b"B" + header + b"GET /e HTTP/1.1\r\nHost: a\r\n\r\n"


def files() -> Iterator[tuple[str, bytes]]:
    for index, path in enumerate(PATHS):
        yield f"path-{index}", b"@" + path.encode("latin-1")
    values = [*(f"bytes={text}" for text in RANGES), *CONDITIONS, *DATES]
    for index, value in enumerate(values):
        for choice in "ABC":
            yield f"value-{index}-{choice}", (choice + value).encode()
    conditions = f'If-Match: "a"\r\nIf-Range: {DATES[0]}\r\nRange: bytes=1-\r\n\r\n'
    yield "head", b"CGET / HTTP/1.1\r\nHost: a\r\n" + conditions.encode()


def fields() -> Iterator[tuple[str, bytes]]:
    for index, lines in enumerate(FIELDS):
        yield f"response-{index}", b"@" + lines.encode()
        yield f"response-{index}-head", b"D" + lines.encode()
    for index, header in enumerate(PROXY_HEADERS):
        yield f"proxy-{index}", b"A" + header
    for index, text in enumerate(ADDRESSES):
        yield f"address-{index}", b"B" + text.encode()


TARGETS = {"Head": heads, "Body": bodies, "Connection": connections, "Files": files, "Fields": fields}


def main() -> None:
    for target, seeds in TARGETS.items():
        folder = Path(sys.argv[1]) / target
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in seeds():
            (folder / name).write_bytes(content)


if __name__ == "__main__":
    main()
