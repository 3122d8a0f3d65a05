"""What a server under test is: how it is started for a work, and what it can do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path


class Can(Enum):
    """What a work may need of a peer."""

    WSGI = "runs WSGI applications"
    FILES = "serves files itself"
    SITE = "serves files and an application at one address"
    THREADS = "runs an application on several threads"
    MANY_IDLE = "keeps ten thousand idle connections"
    ANSWER = "answers a small request, by an application or not"
    MISS = "answers 404 by itself where no application is"
    IMPORT = "imports an application, and serves it or not"


@dataclass(frozen=True)
class Site:
    """What a peer is to serve, and where.

    `application` is a module in `applications` with an attribute `application`, on `threads` threads; `files` is a
    directory to be served under `/static`. A peer takes of it what it can.
    """

    port: int
    applications: Path
    application: str
    threads: int
    files: Path
    precompressed: bool
    mounted: bool
    """The application is under `/application`, and there is nothing under `/`."""
    folder: Path
    """An empty directory for configuration files, sockets and logs."""


@dataclass(frozen=True)
class Tools:
    """The programs that peers are started with."""

    environment: Path
    """The virtual environment whose Python runs every application."""
    build: Path
    """The directory of our own release build."""
    launchers: Path

    @property
    def floor(self) -> Path:
        """The program of `floor/floor.c`, compiled for this machine."""
        return self.environment / "bin" / "floor"

    @property
    def python(self) -> str:
        return str(self.environment / "bin" / "python")

    def installed(self, command: str) -> str:
        """A command that came with a package of the environment."""
        return str(self.environment / "bin" / command)


Commands = Callable[[Site, Tools], "list[list[str]]"]


@dataclass(frozen=True)
class Peer:
    """A server, or two of them, one behind the other.

    `commands` has one command line for each process to be started, the one that listens on the port last; it may write
    configuration files into the site's folder. `packages` are those of the environment that it needs, `programs` those
    of the system. `version` is a command that prints it, where no package tells.
    """

    name: str
    commands: Commands
    can: frozenset[Can]
    packages: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    version: Callable[[Tools], list[str]] | None = field(default=None, repr=False)

    def is_able(self, needs: frozenset[Can]) -> bool:
        """Whether it can do all that a work needs."""
        served = frozenset({Can.ANSWER, Can.IMPORT}) if Can.WSGI in self.can else frozenset()
        return needs <= self.can | served
