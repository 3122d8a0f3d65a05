"""Runs of the command that end by themselves: `--help`, `--version` and start-up errors."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from harness.runtime import APPS, Runtime


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        return self.out + self.err


def run(
    runtime: Runtime,
    *arguments: str,
    folder: Path = APPS,
    variables: dict[str, str] | None = None,
    command: list[str] | None = None,
    timeout: float = 60.0,
) -> Outcome:
    """Run `martlet ARGUMENTS...` to its end. `command` replaces all of it."""
    done = subprocess.run(
        command or runtime.command(list(arguments)),
        cwd=folder,
        env={**runtime.variables(), **(variables or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=timeout,
    )
    return Outcome(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))
