"""A raw HTTP/1 client that accepts only what RFC 9112 allows a server to send.

It repairs nothing: a bare LF, a missing chunk terminator or two framings at once is a failure of the
test, with the bytes in its message. Tests that send malformed requests write the bytes themselves.
"""

from __future__ import annotations

import re
import socket
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field

from harness.address import Address

_STATUS_LINE = re.compile(rb"HTTP/(1\.[01]) ([1-5][0-9]{2}) ([\t \x21-\x7e\x80-\xff]*)")
_FIELD_LINE = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[\t ]*([\t \x21-\x7e\x80-\xff]*?)[\t ]*")
_CHUNK_SIZE = re.compile(rb"[0-9A-Fa-f]{1,16}")


class ProtocolViolation(AssertionError):
    """The server sent something that HTTP/1.1 forbids."""


class Truncated(AssertionError):
    """The connection ended inside a response: `partial` is what had come of it."""

    def __init__(self, message: str, partial: Response | None, raw: bytes = b"") -> None:
        super().__init__(f"{message}; partial: {partial!r}; rest: {raw[:200]!r}")
        self.partial = partial


@dataclass
class Response:
    version: str
    status: int
    reason: str
    headers: list[tuple[str, str]]
    body: bytes = b""
    chunks: list[bytes] = field(default_factory=list)
    interim: list[int] = field(default_factory=list)

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def header(self, name: str) -> str | None:
        """The one value of a field, or None; two of them fail."""
        values = self.all(name)
        if len(values) > 1:
            raise AssertionError(f"{name} came {len(values)} times: {values}")
        return values[0] if values else None

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")

    @property
    def chunked(self) -> bool:
        return self.header("Transfer-Encoding") == "chunked"

    def __repr__(self) -> str:
        shown = self.body if len(self.body) <= 400 else self.body[:400] + b"..."
        return f"<{self.status} {self.reason} {self.headers} {len(self.body)} bytes {shown!r}>"


class Connection:
    """One TCP or unix connection; a context manager that closes it."""

    def __init__(self, address: Address, timeout: float = 20.0, receive_buffer: int | None = None) -> None:
        self.address = address
        self.socket = address.connect(timeout, receive_buffer)
        self.was_reset = False
        self._buffer = bytearray()

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Sending

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def request(
        self,
        target: str = "/",
        method: str = "GET",
        headers: Iterable[tuple[str, str]] = (),
        body: bytes | None = None,
        version: str = "1.1",
        host: bool = True,
    ) -> None:
        """Send one well-formed request; a body gets a Content-Length."""
        lines = [f"{method} {target} HTTP/{version}"]
        if host:
            lines.append(f"Host: {self.address.authority}")
        lines.extend(f"{name}: {value}" for name, value in headers)
        if body is not None:
            lines.append(f"Content-Length: {len(body)}")
        head = "\r\n".join(lines) + "\r\n\r\n"
        self.send(head.encode("latin-1") + (body or b""))

    def get(self, target: str = "/", **options: object) -> Response:
        self.request(target, **options)  # type: ignore[arg-type]
        return self.read_response(str(options.get("method", "GET")))

    # Receiving

    def read_response(self, method: str = "GET", skip_interim: bool = True) -> Response:
        """The next final response; 1xx ones before it are listed in `interim`."""
        interim: list[int] = []
        while True:
            response = self.read_head()
            if 100 <= response.status < 200 and skip_interim:
                interim.append(response.status)
                continue
            response.interim = interim
            self._read_body(response, method)
            return response

    def read_head(self) -> Response:
        head = self._take_until(b"\r\n\r\n")
        lines = head[:-4].split(b"\r\n")
        match = _STATUS_LINE.fullmatch(lines[0])
        if match is None:
            raise ProtocolViolation(f"not a status line: {lines[0]!r}")
        headers = []
        for line in lines[1:]:
            pair = _FIELD_LINE.fullmatch(line)
            if pair is None:
                raise ProtocolViolation(f"not a field line: {line!r}")
            headers.append((pair[1].decode("latin-1"), pair[2].decode("latin-1")))
        response = Response(match[1].decode(), int(match[2]), match[3].decode("latin-1"), headers)
        self._check_framing(response)
        return response

    def read_chunk(self) -> bytes:
        """One chunk of a chunked body (b"" for the last, with its trailer section consumed)."""
        size = int(self._chunk_size(), 16)
        if size == 0:
            if self._take_until(b"\r\n") != b"\r\n":
                raise ProtocolViolation("a trailer field that no test asked for")
            return b""
        data = self._take(size)
        if self._take(2) != b"\r\n":
            raise ProtocolViolation("no CRLF after chunk data")
        return data

    def read_exactly(self, count: int) -> bytes:
        return self._take(count)

    def read_until_closed(self) -> bytes:
        """All bytes up to the end of the connection; a reset counts as its end."""
        while self._fill():
            pass
        rest = bytes(self._buffer)
        self._buffer.clear()
        return rest

    def expect_closed(self) -> None:
        """Fail unless the server ends the connection without sending anything more."""
        rest = self.read_until_closed()
        if rest:
            raise AssertionError(f"more came before the end: {rest[:400]!r}")

    # Ending

    def half_close(self) -> None:
        self.socket.shutdown(socket.SHUT_WR)

    def reset(self) -> None:
        """End with RST, as a crashed or impatient client does."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def close(self) -> None:
        self.socket.close()

    # Parts

    def _check_framing(self, response: Response) -> None:
        codings, lengths = response.all("Transfer-Encoding"), response.all("Content-Length")
        if codings and lengths:
            raise ProtocolViolation(f"both framings at once (RFC 9112, 6.1): {response!r}")
        if len(codings) > 1 or (codings and codings[0].lower() != "chunked"):
            raise ProtocolViolation(f"transfer codings {codings}")
        if len(lengths) > 1 or (lengths and not re.fullmatch(r"[0-9]+", lengths[0])):
            raise ProtocolViolation(f"lengths {lengths}")
        if (response.status < 200 or response.status == 204) and (codings or lengths):
            raise ProtocolViolation(f"framing on a {response.status} (RFC 9110, 8.6): {response!r}")

    def _read_body(self, response: Response, method: str) -> None:
        if method == "HEAD" or response.status in (204, 304) or response.status < 200:
            return
        try:
            if response.all("Transfer-Encoding"):
                while chunk := self.read_chunk():
                    response.chunks.append(chunk)
                response.body = b"".join(response.chunks)
            elif response.all("Content-Length"):
                response.body = self._take(int(response.all("Content-Length")[0]))
            else:
                response.body = self.read_until_closed()
        except Truncated as cut:
            response.body = b"".join(response.chunks) + bytes(self._buffer)
            raise Truncated("the connection ended inside a body", response) from cut

    def _chunk_size(self) -> bytes:
        line = self._take_until(b"\r\n")[:-2]
        if _CHUNK_SIZE.fullmatch(line) is None:
            raise ProtocolViolation(f"not a chunk size: {line!r}")
        return line

    def _take(self, count: int) -> bytes:
        while len(self._buffer) < count:
            if not self._fill():
                raise Truncated(f"{count} bytes expected", None, bytes(self._buffer))
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        return taken

    def _take_until(self, mark: bytes) -> bytes:
        while (end := self._buffer.find(mark)) < 0:
            if not self._fill():
                raise Truncated(f"{mark!r} expected", None, bytes(self._buffer))
        return self._take(end + len(mark))

    def _fill(self) -> bool:
        try:
            received = self.socket.recv(262_144)
        except ConnectionResetError:
            self.was_reset = True
            return False
        self._buffer += received
        return bool(received)


def fetch(address: Address, target: str = "/", **options: object) -> Response:
    """One request on a connection of its own."""
    with Connection(address) as connection:
        return connection.get(target, **options)
