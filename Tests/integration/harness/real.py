"""Serving the real applications in `apps/real`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from harness.browser import Browser
from harness.runtime import APPS, Runtime
from harness.server import Server

REAL = APPS / "real"


@contextmanager
def serving(
    runtime: Runtime, app: str, *options: str, variables: dict[str, object], listener: int | None = None
) -> Iterator[Browser]:
    """A browser at the application, on four Python threads. At the end nothing may have gone wrong in its log."""
    given = {name: str(value) for name, value in variables.items()}
    place = {} if listener is None else {"binds": [f"fd://{listener}"], "inherit": [listener]}
    with Server(runtime, app, "--threads", "4", *options, folder=REAL, variables=given, **place) as server:
        yield Browser(server)
        faults = ("Traceback", "[ERROR]", "[WARNING]")
        assert not [line for line in server.log.lines if any(fault in line for fault in faults)], server.log.text
