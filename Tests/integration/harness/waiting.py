"""Waiting for what must come about, and is announced by nothing."""

from __future__ import annotations

import time
from collections.abc import Callable

from harness.server import Server


def wait_until(condition: Callable[[], bool], seconds: float) -> None:
    """Return once the condition holds; fail when that takes longer."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s"
        time.sleep(0.1)


def let_the_loop_see(server: Server) -> None:
    """Return when the event loop has handled what was sent before, whatever Python is doing."""
    for _ in range(2):
        # This one is answered without Python.
        assert server.get("*", method="CONNECT").status == 400
