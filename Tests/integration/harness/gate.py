"""A place where an application waits until the test lets it go on.

A named pipe does it in both directions and between processes, with no polling: the application opens it for
reading, which blocks (outside the GIL) until the test opens it for writing, and that in turn blocks until
the application is there.
"""

from __future__ import annotations

import os
from pathlib import Path


class Gate:
    def __init__(self, folder: Path, name: str = "gate") -> None:
        self.path = folder / name
        os.mkfifo(self.path)
        self._writer: int | None = None

    def wait_until_reached(self) -> None:
        """Return once the application stands at the gate; it stays there."""
        self._writer = os.open(self.path, os.O_WRONLY)

    def open(self) -> None:
        """Let the application go on (and wait for it to be there, if it is not yet)."""
        if self._writer is None:
            self.wait_until_reached()
        assert self._writer is not None
        os.close(self._writer)
        self._writer = None
