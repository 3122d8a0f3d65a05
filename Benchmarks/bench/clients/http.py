"""One request at a time, for checks: what came back, whole."""

from __future__ import annotations

import http.client
import socket
from dataclasses import dataclass

from .wrk import Request


@dataclass(frozen=True)
class Answer:
    """A response; the names of header fields are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


def ask(request: Request, port: int, timeout: float = 15) -> Answer:
    """Make the request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        body = None if request.body is None else request.body.read_bytes()
        connection.request(request.method, request.path, body=body, headers=dict(request.headers))
        response = connection.getresponse()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, headers, response.read())
    finally:
        connection.close()


def answers_in_one_go(path: str, port: int, depth: int, timeout: float = 5) -> int:
    """Write so many requests at once to one connection; returns how many 200s come back on it."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode() * depth)
        try:
            while received.count(b"HTTP/1.1 200 ") < depth:
                block = connection.recv(65536)
                if not block:
                    break
                received += block
        except OSError:
            pass
    return received.count(b"HTTP/1.1 200 ")
