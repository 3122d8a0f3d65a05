"""Connections that ask once, are answered, and then stay open and silent."""

from __future__ import annotations

import resource
import socket

REQUEST = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
ANSWER_SIZE = 65536
TIMEOUT = 10


def allow_descriptors(number: int) -> None:
    """Raise the limit of open files, for this process and those it starts; OSError if it can't be that high."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most != resource.RLIM_INFINITY and most < number:
        raise OSError(f"{number} open files are needed and {most} are allowed: see ulimit -Hn")
    resource.setrlimit(resource.RLIMIT_NOFILE, (number, most))


class IdleConnections:
    """So many kept-alive connections to a port. Closed on leaving the context."""

    def __init__(self, port: int, number: int) -> None:
        self._port = port
        self._number = number
        self._sockets: list[socket.socket] = []

    def __enter__(self) -> IdleConnections:
        try:
            for _ in range(self._number):
                self._sockets.append(socket.create_connection(("127.0.0.1", self._port), TIMEOUT))
                self._ask(self._sockets[-1])
        except OSError as error:
            opened = len(self._sockets)
            self.__exit__()
            raise ConnectionError(f"connection {opened} of {self._number}: {error}") from error
        return self

    def __exit__(self, *_: object) -> None:
        for connection in self._sockets:
            connection.close()
        self._sockets.clear()

    def ask_again(self) -> int:
        """Ask on each hundredth connection once more; returns how many of those are still served."""
        sample = self._sockets[::100]
        served = 0
        for connection in sample:
            try:
                self._ask(connection)
                served += 1
            except OSError:
                continue
        return served * len(self._sockets) // len(sample)

    @staticmethod
    def _ask(connection: socket.socket) -> None:
        connection.sendall(REQUEST)
        answer = connection.recv(ANSWER_SIZE)
        while answer and not answer.endswith(b"Hello, World!") and not answer.endswith(b"0\r\n\r\n"):
            more = connection.recv(ANSWER_SIZE)
            if not more:
                break
            answer += more
        if not answer.startswith(b"HTTP/1.1 200"):
            raise ConnectionError("closed by the server" if not answer else answer[:40].decode("latin-1"))
