"""Bytes on their way to a server, cut exactly where a test wants them cut.

The connections are those of a unix socket. There the kernel tells the sender whether the receiver has taken
everything (`SIOCOUTQ` is 0), so a piece can be sent when the one before it has been read: no sleep, and no
chance that the two arrive as one. Connections go in waves: all of a wave send a piece, then all wait.
"""

from __future__ import annotations

import array
import fcntl
import os
import select
import socket
import termios
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

WAVE = 128
TIMEOUT = 20.0


@dataclass(frozen=True)
class Play:
    """What one connection sends: pieces, each read by the server before the next; then perhaps its FIN."""

    pieces: Sequence[bytes]
    half_close: bool = False


def play(path: str, plays: Iterable[Play], timeout: float = TIMEOUT) -> Iterator[bytes]:
    """All that came back on each connection up to its end, in the order of the plays.

    It ends with SILENCE where the server has left the connection open for `timeout` after the wave was sent.
    """
    plays = iter(plays)
    while wave := list(islice(plays, WAVE)):
        sockets = [_connect(path) for _ in wave]
        try:
            for step in range(max(len(one.pieces) for one in wave)):
                if step > 0:
                    _wait_until_taken(sockets)
                for connection, one in zip(sockets, wave):
                    if step < len(one.pieces):
                        _send(connection, one.pieces[step])
            for connection, one in zip(sockets, wave):
                if one.half_close:
                    with suppress(OSError):
                        connection.shutdown(socket.SHUT_WR)
            yield from _read_to_the_ends(sockets, time.monotonic() + timeout)
        finally:
            for connection in sockets:
                connection.close()


def _connect(path: str) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(TIMEOUT)
    connection.connect(path)
    return connection


def _send(connection: socket.socket, piece: bytes) -> None:
    # A server that has refused the request need not take the rest of it.
    with suppress(OSError):
        connection.sendall(piece)


def _wait_until_taken(sockets: Iterable[socket.socket]) -> None:
    deadline = time.monotonic() + TIMEOUT
    count = array.array("i", [0])
    for connection in sockets:
        while True:
            fcntl.ioctl(connection, termios.TIOCOUTQ, count)
            if count[0] == 0:
                break
            if time.monotonic() > deadline:
                raise AssertionError(f"the server leaves bytes unread for {TIMEOUT} s")
            os.sched_yield()


def _read_to_the_ends(sockets: list[socket.socket], deadline: float) -> list[bytes]:
    """What came on each until it ended or the time did.

    A connection is closed as soon as it has ended: Gunicorn does nothing else for two seconds until it is.
    """
    received = [b""] * len(sockets)
    waiting = {connection.fileno(): index for index, connection in enumerate(sockets)}
    poll = select.poll()
    for number in waiting:
        poll.register(number, select.POLLIN)
    while waiting:
        ready = poll.poll(max(0.0, deadline - time.monotonic()) * 1000)
        if not ready:
            break
        for number, _ in ready:
            index = waiting[number]
            try:
                piece = sockets[index].recv(262_144)
            except ConnectionResetError:
                piece = b""
            received[index] += piece
            if not piece:
                poll.unregister(number)
                del waiting[number]
                sockets[index].close()
    for index in waiting.values():
        received[index] += SILENCE
    return received


# Stands behind what a server sent before it fell silent with the connection open.
SILENCE = b"\x00silence"
