"""Just as much as the limits allow, and one more: RFC 9112, 3; RFC 6585, 5; RFC 9110, 15.5.14 and 15.5.15."""

from __future__ import annotations

from corpus.entry import GOT, accept, get, line, refuse, saw

LINE = "RFC 9112, 3: too long a request line is 414"
FIELDS = "RFC 6585, 5: too large fields are 431"


def request_line(length: int) -> bytes:
    return b"GET /" + b"a" * (length - len(b"GET / HTTP/1.1")) + b" HTTP/1.1"


def field(length: int) -> bytes:
    return b"X-A: " + b"a" * (length - 5)


def fields(total: int) -> bytes:
    """A head whose field lines have this many bytes, their ends included."""
    lines, left = [], total - len(b"Host: a\r\n")
    while left > 0:
        size = min(left, 8192) if left >= 8192 + 10 or left <= 8192 else left - 100
        lines.append(field(size - 2))
        left -= size
    return get(*lines)


ENTRIES = [
    accept("limit-request-line-8190", line(request_line(8190)), saw("GET", "/" + "a" * 8176), why=LINE),
    refuse("limit-request-line-8191", line(request_line(8191)), 414, why=LINE),
    refuse("limit-request-line-endless", b"GET /" + b"a" * 20_000, 414, why=LINE),
    accept("limit-field-8190", get(field(8190)), GOT, why=FIELDS),
    refuse("limit-field-8191", get(field(8191)), 431, why=FIELDS),
    refuse("limit-field-name-8191", get(b"a" * 8190 + b":"), 431, why=FIELDS),
    refuse("limit-field-endless", get()[:-2] + b"X-A: " + b"a" * 20_000, 431, why=FIELDS),
    refuse("limit-field-of-spaces", get(b"X-A:" + b" " * 9000), 431, why=FIELDS),
    accept("limit-fields-100", get(*[b"X-A: b"] * 99), GOT, why=FIELDS),
    refuse("limit-fields-101", get(*[b"X-A: b"] * 100), 431, why=FIELDS),
    refuse("limit-fields-endless", get()[:-2] + b"a: b\r\n" * 5000, 431, why=FIELDS),
    accept("limit-all-fields-65536", fields(65_536), GOT, why=FIELDS),
    refuse("limit-all-fields-65537", fields(65_537), 431, why=FIELDS),
    refuse("limit-second-request", get() + line(request_line(8191)), 414, after=[GOT], why=LINE),
]
