"""What is measured: a work starts one peer, sees whether it answers rightly, and returns figures."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ..content import Content
from ..machine import Cores
from ..peers.peer import Can, Peer, Site, Tools
from ..serving import Served, free_port, seconds_to_end


class WrongAnswer(Exception):
    """A peer does not do what the work asks for; says what it answered instead."""


def warm_up(seconds: float) -> float:
    """Seconds of load before a measurement of so many; not less than wrk may need to start."""
    return max(0.3, min(1.0, seconds / 3))


@dataclass(frozen=True)
class Bench:
    """All that a work needs to run: programs, applications, content, cores, and for how many seconds to measure."""

    tools: Tools
    applications: Path
    content: Content
    cores: Cores
    seconds: float

    @contextmanager
    def serve(
        self,
        peer: Peer,
        application: str,
        threads: int = 1,
        precompressed: bool = False,
        mounted: bool = False,
        both_cores: bool = False,
        measure_start: bool = False,
    ) -> Iterator[Served]:
        """A peer started for the time of the context, with a free port and an empty folder."""
        cores = self.cores.both if both_cores else str(self.cores.server)
        with (
            self._site(application, threads, precompressed, mounted) as site,
            Served(peer, site, self.tools, cores, measure_start) as served,
        ):
            yield served

    def seconds_to_end(self, peer: Peer, application: str) -> float:
        """How long a peer takes that does not serve the application."""
        with self._site(application) as site:
            return seconds_to_end(peer, site, self.tools, str(self.cores.server))

    @contextmanager
    def _site(
        self, application: str, threads: int = 1, precompressed: bool = False, mounted: bool = False
    ) -> Iterator[Site]:
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            yield Site(
                port=free_port(),
                applications=self.applications,
                application=application,
                threads=threads,
                files=self.content.files,
                precompressed=precompressed,
                mounted=mounted,
                folder=Path(folder),
            )


class Work(Protocol):
    """One kind of work.

    `figures` are keys of FIGURES in the order of the table, the first of them the one that peers are compared by and
    that is drawn. `peers` are the names of those that are measured unless others are asked for: the ones that the
    targets name, and the best of the rest. A work that `is_extra` is measured when it is named only.
    """

    name: str
    title: str
    needs: frozenset[Can]
    figures: tuple[str, ...]
    peers: tuple[str, ...]
    is_extra: bool

    def check(self, bench: Bench, peer: Peer) -> None:
        """Raises WrongAnswer or StartError if the peer can't be measured."""

    def measure(self, bench: Bench, peer: Peer) -> dict[str, float]:
        """One round: a value for each figure."""

    def duration(self, seconds: float) -> float:
        """Roughly how long a round takes for one peer, in seconds."""
