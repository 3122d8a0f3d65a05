"""Lines that a process writes, collected as they come, so that a test can wait for one."""

from __future__ import annotations

import re
import threading
import time
from typing import BinaryIO


class Log:
    def __init__(self, stream: BinaryIO) -> None:
        self._lines: list[str] = []
        self._ended = False
        self._changed = threading.Condition()
        self._reader = threading.Thread(target=self._read, args=(stream,), daemon=True)
        self._reader.start()

    def _read(self, stream: BinaryIO) -> None:
        with stream:
            for line in stream:
                with self._changed:
                    self._lines.append(line.decode("utf-8", "backslashreplace").rstrip("\n"))
                    self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    @property
    def lines(self) -> list[str]:
        with self._changed:
            return list(self._lines)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def mark(self) -> int:
        """A position to search from: what is already there is then not found."""
        with self._changed:
            return len(self._lines)

    def wait_for(self, pattern: str, count: int = 1, after: int = 0, timeout: float = 20.0) -> list[re.Match[str]]:
        """The first `count` lines that match from `after` on; fails when the log ends or time runs out."""
        expression = re.compile(pattern)
        deadline = time.monotonic() + timeout
        with self._changed:
            while True:
                found = [match for line in self._lines[after:] if (match := expression.search(line))]
                if len(found) >= count:
                    return found[:count]
                remaining = deadline - time.monotonic()
                if self._ended or remaining <= 0:
                    why = "the log ended" if self._ended else f"{timeout} s passed"
                    shown = "\n  ".join(self._lines[after:])
                    raise AssertionError(f"{why} without {count} of {pattern!r}; the log:\n  {shown}")
                self._changed.wait(remaining)

    def join(self, timeout: float = 10.0) -> None:
        """Wait for the end of the stream."""
        self._reader.join(timeout)
