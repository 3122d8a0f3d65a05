"""Connections that come from another address than 127.0.0.1."""

from __future__ import annotations

import socket
from dataclasses import dataclass

from harness.address import Address


@dataclass(frozen=True)
class From(Address):
    """A server's address for a client that has an address of its own in the loopback network."""

    source: str = "127.0.0.2"

    def connect(self, timeout: float, receive_buffer: int | None = None) -> socket.socket:
        connected = socket.create_connection((self.host, self.port), timeout, source_address=(self.source, 0))
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connected


def seen_from(source: str, address: Address) -> Address:
    return From(address.host, address.port, source=source)
