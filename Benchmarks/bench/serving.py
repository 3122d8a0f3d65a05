"""Starting a peer, waiting until it answers, and stopping all of it."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TextIO

from . import processes
from .peers.peer import Peer, Site, Tools

START_LIMIT = 20.0


class StartError(Exception):
    """A peer could not be started; says what its log ends with."""


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on, below those that the kernel gives to clients.

    It is drawn by lot, so that two runs at once hardly ever take the same.
    """
    lowest, _ = map(int, Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split())
    for port in random.sample(range(lowest // 2, lowest), 100):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise StartError("no free port")


class Served:
    """A running peer, its processes pinned to `cores`; stopped on leaving the context.

    `first_answer` is the time in seconds from the start of its first process to the first answer. That is looked for
    every 10 ms, or twice in a millisecond with `measure_start`.
    """

    def __init__(self, peer: Peer, site: Site, tools: Tools, cores: str, measure_start: bool = False) -> None:
        self.peer = peer
        self.port = site.port
        self.first_answer = 0.0
        self._site = site
        self._tools = tools
        self._cores = cores
        self._poll = 0.0005 if measure_start else 0.01
        self._log = tempfile.TemporaryFile("w+", errors="replace")
        self._processes: list[subprocess.Popen] = []

    @property
    def roots(self) -> list[int]:
        """The processes that were started; their descendants belong to the peer too."""
        return [process.pid for process in self._processes]

    def __enter__(self) -> Served:
        try:
            started = time.perf_counter()
            for command in self._peer_commands():
                self._processes.append(_launch(command, self._site, self._cores, self._log))
            self._wait_until_answering(started)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        everything = processes.tree(self.roots)
        # There is nothing left to be finished: an orderly stop would only take time, with some servers seconds.
        for process in reversed(self._processes):
            process.kill()
            process.wait()
        for pid in everything:
            if pid not in self.roots and _is_in_session(pid, self.roots):
                os.kill(pid, signal.SIGKILL)
        self._log.close()

    def _peer_commands(self) -> list[list[str]]:
        return self.peer.commands(self._site, self._tools)

    def _wait_until_answering(self, started: float) -> None:
        deadline = time.monotonic() + START_LIMIT
        while time.monotonic() < deadline:
            if any(process.poll() is not None for process in self._processes):
                raise StartError(f"it ended at its start: {self._last_words()}")
            if _answers(self.port):
                self.first_answer = time.perf_counter() - started
                return
            time.sleep(self._poll)
        raise StartError(f"no answer within {START_LIMIT:.0f} s: {self._last_words()}")

    def _last_words(self) -> str:
        self._log.seek(0)
        lines = [line.strip() for line in self._log.read().splitlines() if line.strip()]
        return " / ".join(lines[-2:]) or "it said nothing"


def seconds_to_end(peer: Peer, site: Site, tools: Tools, cores: str) -> float:
    """How long a peer that serves nothing takes from the start of its process to its end, which must be a success."""
    with tempfile.TemporaryFile("w+", errors="replace") as log:
        started = time.perf_counter()
        process = _launch(peer.commands(site, tools)[0], site, cores, log)
        status = process.wait(START_LIMIT)
        taken = time.perf_counter() - started
        log.seek(0)
        if status != 0:
            raise StartError(f"it ended with status {status}: {log.read().strip()[-200:]}")
    return taken


def _launch(command: list[str], site: Site, cores: str, log: TextIO) -> subprocess.Popen:
    environment = {
        **os.environ,
        "PYTHONPATH": str(site.applications),
        "PYTHONDONTWRITEBYTECODE": "1",
        "BENCH_FILES": str(site.files),
    }
    environment.pop("VIRTUAL_ENV", None)
    return subprocess.Popen(
        ["taskset", "-c", cores, *command],
        cwd=site.folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )


def _answers(port: int) -> bool:
    """Whether a request for `/` gets a status line that is no error of a gateway."""
    try:
        with socket.create_connection(("127.0.0.1", port), 5) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
            head = connection.recv(4096)
            return head.startswith(b"HTTP/1.") and head[9:12] not in (b"502", b"503", b"504")
    except OSError:
        return False


def _is_in_session(pid: int, sessions: list[int]) -> bool:
    """Whether a process is still there and belongs to one of the sessions, so that its number was not given anew."""
    try:
        return os.getsid(pid) in sessions
    except ProcessLookupError:
        return False
