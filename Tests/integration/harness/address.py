"""Where a server says that it listens."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass

_ANNOUNCED = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[0-9a-fA-F:.]+\]|[^\s:,/]+):(?P<port>\d+)|unix:(?P<path>[^\s,]+)"
)


@dataclass(frozen=True)
class Address:
    """One announced address: TCP when `path` is None, a unix socket otherwise."""

    host: str = ""
    port: int = 0
    path: str | None = None

    @classmethod
    def all_in(cls, line: str) -> list[Address]:
        """Every address in one line of a log, in its order."""
        found = []
        for match in _ANNOUNCED.finditer(line):
            if match["path"] is not None:
                found.append(cls(path=match["path"]))
            else:
                found.append(cls(host=match["host"].strip("[]"), port=int(match["port"])))
        return found

    @property
    def authority(self) -> str:
        """What belongs in a `Host` field."""
        if self.path is not None:
            return "localhost"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.authority}"

    def connect(self, timeout: float, receive_buffer: int | None = None) -> socket.socket:
        """A connected socket. A small receive buffer makes the server feel a slow reader sooner."""
        if self.path is not None:
            family, target = socket.AF_UNIX, self.path
        else:
            family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
            target = (self.host, self.port)
        connected = socket.socket(family, socket.SOCK_STREAM)
        if receive_buffer is not None:
            connected.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        connected.settimeout(timeout)
        try:
            connected.connect(target)
        except BaseException:
            connected.close()
            raise
        if family != socket.AF_UNIX:
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connected
