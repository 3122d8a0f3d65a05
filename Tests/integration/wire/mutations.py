"""Requests whose framing is damaged in ways that servers have read differently, from a seed.

Each probe is a POST to /1 that is damaged, and two good requests behind it, to /2 and /3: a body that is read as
too long swallows some of them, and one that is read as too short leaves something before them. The last
closes the connection, so a server that has read everything says so by ending it.
"""

from __future__ import annotations

import random

BEHIND = (
    b"GET /2 HTTP/1.1\r\nHost: a\r\n\r\n"  # 28 bytes: lengths and sizes below know it
    b"GET /3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
)

LINE_ENDS = [
    b"\n",
    b"\r",
    b"\r\r\n",
    b"\n\r",
    b"",
    b"\r\n\r\n",
    b"\n\n",
    b"\x0b",
    b"\x85",
    b" \r\n",
    b"\t\r\n",
    b"\r\n ",
]
SPACES = [b" ", b"\t", b"\x0b", b"\x0c", b"\x00", b"\xa0", b"\r", b"\n", b"  ", b"\r\n ", b"\r\n\t", b"\x1f", b"\x7f"]
LENGTHS = [
    b"0",
    b"3",
    b"4",
    b"5",
    b"6",
    b"15",
    b"33",
    b"43",
    b"00",
    b"05",
    b"+5",
    b"-5",
    b"0x5",
    b"5.0",
    b"1_0",
    b"5 5",
]
MORE_LENGTHS = [b"5,5", b"5, 0", b"5;", b"", b'"5"', b"4294967301", b"18446744073709551621", b"\xb2", b"5\x00", b"5e0"]
CODINGS = [b"chunked", b"Chunked", b"identity", b"x", b"chunked, chunked", b"chunked, identity", b"identity, chunked"]
MORE_CODINGS = [b"gzip, chunked", b",chunked", b"chunked,", b'"chunked"', b"chunked;q=1", b"xchunked", b"", b"chunkedx"]
NAMES = [
    b"Content-Length",
    b"content-length",
    b"Content_Length",
    b"Content-Length ",
    b" Content-Length",
    b"Content Length",
]
MORE_NAMES = [
    b"Transfer-Encoding",
    b"transfer-encoding",
    b"Transfer_Encoding",
    b"Transfer-Encoding ",
    b"\tTransfer-Encoding",
]
SIZES = [
    b"0",
    b"5",
    b"05",
    b"005",
    b"4",
    b"6",
    b"0x5",
    b"+5",
    b"-5",
    b" 5",
    b"5 ",
    b"5\t",
    b"5;a",
    b"5;",
    b"5 ;a=b",
    b"a",
]
MORE_SIZES = [
    b"10000000000000005",
    b"00000000000000005",
    b"g",
    b"",
    b"5;a\n",
    b'5;a="\r\n',
    b"5\r",
    b"1f",
    b"20",
    b"5_",
]
FIELDS = [
    b"X: y",
    b"X : y",
    b"X",
    b": y",
    b" folded",
    b"\tfolded",
    b"X: \x00",
    b"Connection: close",
    b"TE: chunked",
    b"X:\ry",
]
MORE_FIELDS = [b"Expect: 100-continue", b"Connection: Content-Length", b"Trailer: Content-Length", b"Upgrade: h2c"]

WHITE = [*SPACES, b""]
ALL_LENGTHS = [*LENGTHS, *MORE_LENGTHS]
ALL_CODINGS = [*CODINGS, *MORE_CODINGS]
ALL_NAMES = [*NAMES, *MORE_NAMES]
ALL_SIZES = [*SIZES, *MORE_SIZES]
ALL_FIELDS = [*FIELDS, *MORE_FIELDS]

CRLF = b"\r\n"


class _Message:
    """A POST in parts that can be damaged one by one."""

    def __init__(self, source: random.Random) -> None:
        self.source = source
        self.version = b"HTTP/1.1"
        # Lines of the head, and of a chunked body: [text, end]
        self.fields = [[b"Host: a", CRLF], [b"X-A: b", CRLF]]
        framing = source.choice(["length", "chunked", "chunked", "none", "both"])
        if framing in ("length", "both"):
            self.fields.append([b"Content-Length: " + (b"5" if framing == "length" else source.choice(LENGTHS)), CRLF])
        if framing in ("chunked", "both"):
            self.fields.insert(source.randrange(1, len(self.fields) + 1), [b"Transfer-Encoding: chunked", CRLF])
        self.end = CRLF
        self.body: list[list[bytes]] = []
        if framing == "length":
            self.body = [[b"hello", b""]]
        elif framing != "none":
            self.body = [[b"5", CRLF], [b"hello", CRLF], [b"0", CRLF], [b"", CRLF]]

    @property
    def lines(self) -> list[list[bytes]]:
        return [*self.fields, *self.body]

    def joined(self) -> bytes:
        head = b"POST /1 " + self.version + CRLF + b"".join(text + end for text, end in self.fields) + self.end
        return head + b"".join(text + end for text, end in self.body)

    # Kinds of damage

    def line_end(self) -> None:
        if self.source.random() < 0.2:
            self.end = self.source.choice(LINE_ENDS)
        else:
            self.source.choice(self.lines)[1] = self.source.choice(LINE_ENDS)

    def white_space(self) -> None:
        line = self.source.choice(self.lines)
        places = {
            0,
            len(line[0]),
            *(at + side for at in range(len(line[0])) if line[0][at] in b": ;,=" for side in (0, 1)),
        }
        at = self.source.choice(sorted(places))
        line[0] = line[0][:at] + self.source.choice(WHITE) + line[0][at:]

    def framing_value(self) -> None:
        for line in self.source.sample(self.fields, len(self.fields)):
            name = line[0].partition(b":")[0]
            if name.lower().startswith(b"content-l"):
                line[0] = name + b": " + self.source.choice(ALL_LENGTHS)
                return
            if name.lower().startswith(b"transfer"):
                line[0] = name + b": " + self.source.choice(ALL_CODINGS)
                return
        self.another_framing()

    def another_framing(self) -> None:
        name = self.source.choice(ALL_NAMES)
        value = self.source.choice(ALL_CODINGS if b"ransfer" in name else ALL_LENGTHS)
        self.fields.insert(self.source.randrange(len(self.fields) + 1), [name + b": " + value, CRLF])

    def duplicate(self) -> None:
        lines = self.source.choice([self.fields, self.body or self.fields])
        lines.insert(self.source.randrange(len(lines) + 1), list(self.source.choice(lines)))

    def remove(self) -> None:
        lines = self.source.choice([self.fields, self.body or self.fields])
        if len(lines) > 1:
            del lines[self.source.randrange(len(lines))]

    def field(self) -> None:
        self.fields.insert(self.source.randrange(len(self.fields) + 1), [self.source.choice(ALL_FIELDS), CRLF])

    def chunk_size(self) -> None:
        if self.body:
            self.source.choice(self.body)[0] = self.source.choice(ALL_SIZES)
        else:
            self.body = [[self.source.choice(ALL_SIZES), CRLF]]

    def chunk_data(self) -> None:
        if self.body:
            line = self.source.choice(self.body)
            line[0] = self.source.choice([b"hell", b"hello!", b"", b"0", b"\r\n", b"0\r\n\r\n", b"X: y", b"x" * 31])

    def old_version(self) -> None:
        self.version = self.source.choice(
            [b"HTTP/1.0", b"HTTP/1.0", b"HTTP/1.2", b"HTTP/0.9", b"HTTP/2.0", b"HTTP/1.1 "]
        )
        if self.source.random() < 0.7:
            self.fields.append([b"Connection: keep-alive", CRLF])

    def byte(self) -> None:
        line = self.source.choice(self.lines)
        if line[0]:
            at = self.source.randrange(len(line[0]))
            line[0] = line[0][:at] + bytes([self.source.randrange(256)]) + line[0][at + 1 :]


_DAMAGE = [
    *[_Message.line_end] * 3,
    *[_Message.white_space] * 3,
    *[_Message.framing_value] * 3,
    *[_Message.another_framing] * 3,
    *[_Message.chunk_size] * 3,
    *[_Message.chunk_data, _Message.duplicate, _Message.remove, _Message.field, _Message.old_version, _Message.byte],
]


def probe(seed: int, number: int) -> bytes:
    """The probe of this number: the same for the same seed, whichever others are made."""
    source = random.Random(f"{seed}/{number}")
    message = _Message(source)
    for _ in range(source.choice([1, 1, 1, 2, 2, 3])):
        source.choice(_DAMAGE)(message)
    return message.joined() + BEHIND
