"""Works of a server's life: how soon it answers, and what memory it takes, idle, connected and after work."""

from __future__ import annotations

from dataclasses import dataclass

from .. import processes
from ..clients import h2load
from ..clients.http import ask
from ..clients.idle import IdleConnections, allow_descriptors
from ..clients.wrk import Request
from ..peers.peer import Can, Peer
from .expectations import Expectation, body, json_with
from .work import Bench, WrongAnswer

HELLO = body(b"Hello, World!")
ITEM = json_with("name", "alpine swift")
LOAD_LIMIT = 120.0
"""Seconds that the requests of `memory` may take at most."""


def _check(bench: Bench, peer: Peer, application: str = "hello", expect: Expectation = HELLO) -> None:
    with bench.serve(peer, application) as served:
        if wrong := expect(ask(Request(), served.port), bench.content):
            raise WrongAnswer(wrong)


@dataclass(frozen=True)
class StartWork:
    """From exec to the first answer, with the time that taskset takes (about 1 ms).

    Of the peer that only imports the application, to its end.
    """

    name: str = "start"
    title: str = "From exec to the first answer, Flask"
    needs: frozenset[Can] = frozenset({Can.IMPORT})
    figures: tuple[str, ...] = ("start",)
    peers: tuple[str, ...] = ("martlet", "peregrine", "granian", "gunicorn-sync", "import")
    is_extra: bool = False

    def duration(self, seconds: float) -> float:
        """Start and stop, in seconds; there is no load."""
        return 0.3

    def check(self, bench: Bench, peer: Peer) -> None:
        """It answers, or imports."""
        if Can.WSGI in peer.can:
            _check(bench, peer, "flask_json", ITEM)
        else:
            bench.seconds_to_end(peer, "flask_json")

    def measure(self, bench: Bench, peer: Peer) -> dict[str, float]:
        """One start."""
        if Can.WSGI not in peer.can:
            return {"start": 1e3 * bench.seconds_to_end(peer, "flask_json")}
        with bench.serve(peer, "flask_json", measure_start=True) as served:
            return {"start": 1e3 * served.first_answer}


@dataclass(frozen=True)
class IdleMemoryWork:
    """Memory of a server that has answered once, and rests."""

    name: str = "memory-idle"
    title: str = "Memory after the start, Flask"
    needs: frozenset[Can] = frozenset({Can.WSGI})
    figures: tuple[str, ...] = ("idle",)
    peers: tuple[str, ...] = ("martlet", "peregrine", "granian", "gunicorn-sync")
    is_extra: bool = False

    def duration(self, seconds: float) -> float:
        """Start and stop, in seconds; there is no load."""
        return 0.3

    def check(self, bench: Bench, peer: Peer) -> None:
        """It answers."""
        _check(bench, peer, "flask_json", ITEM)

    def measure(self, bench: Bench, peer: Peer) -> dict[str, float]:
        """One start."""
        with bench.serve(peer, "flask_json") as served:
            processes.wait_until_quiet(served.roots)
            return {"idle": processes.proportional_memory(served.roots) / 2**20}


@dataclass(frozen=True)
class MemoryWork:
    """Memory after the first answer and after so many requests."""

    name: str = "memory"
    title: str = "Memory after 100,000 requests, raw WSGI"
    needs: frozenset[Can] = frozenset({Can.WSGI})
    figures: tuple[str, ...] = ("after", "idle")
    requests: int = 100_000
    connections: int = 16
    peers: tuple[str, ...] = ("martlet", "peregrine", "granian", "bjoern")
    is_extra: bool = False

    def duration(self, seconds: float) -> float:
        """By the number of requests, not by the time asked for."""
        return 2.7

    def check(self, bench: Bench, peer: Peer) -> None:
        """It answers."""
        _check(bench, peer)

    def measure(self, bench: Bench, peer: Peer) -> dict[str, float]:
        """One start, and one load of exactly so many requests."""
        with bench.serve(peer, "hello") as served:
            processes.wait_until_quiet(served.roots)
            idle = processes.proportional_memory(served.roots)
            answered = h2load.run(self.requests, self.connections, served.port, bench.cores.client, LOAD_LIMIT)
            if answered < self.requests:
                raise WrongAnswer(f"{answered:,} of {self.requests:,} requests were answered")
            processes.wait_until_quiet(served.roots)
            after = processes.proportional_memory(served.roots)
        return {"idle": idle / 2**20, "after": after / 2**20}


@dataclass(frozen=True)
class IdleWork:
    """Memory of the processes for each of many connections that have asked once and are kept open.

    What the kernel needs for its sockets is not in it.
    """

    name: str = "idle-connections"
    title: str = "10,000 idle connections, raw WSGI"
    needs: frozenset[Can] = frozenset({Can.MANY_IDLE})
    figures: tuple[str, ...] = ("connection", "memory")
    connections: int = 10_000
    peers: tuple[str, ...] = ("martlet", "peregrine", "bjoern", "nginx")
    is_extra: bool = False

    def duration(self, seconds: float) -> float:
        """By the number of connections, not by the time asked for."""
        return 2.0

    def check(self, bench: Bench, peer: Peer) -> None:
        """It answers, and takes so many connections and keeps them: the first round is tried."""
        self.measure(bench, peer)

    def measure(self, bench: Bench, peer: Peer) -> dict[str, float]:
        """One start, and one filling up."""
        allow_descriptors(self.connections + 5000)
        with bench.serve(peer, "hello") as served:
            with IdleConnections(served.port, 100):
                pass
            processes.wait_until_quiet(served.roots)
            before = processes.proportional_memory(served.roots)
            try:
                with IdleConnections(served.port, self.connections) as connections:
                    processes.wait_until_quiet(served.roots)
                    after = processes.proportional_memory(served.roots)
                    kept = connections.ask_again()
            except ConnectionError as error:
                raise WrongAnswer(str(error))
            if kept < self.connections:
                raise WrongAnswer(f"about {kept:,} of {self.connections:,} connections were kept")
        return {"connection": (after - before) / 1024 / self.connections, "memory": after / 2**20}


LIFE = (StartWork(), IdleMemoryWork(), MemoryWork(), IdleWork())
