"""Client programs that a test drives: their environment is clean, so that nothing of the machine's has a say."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

_KEPT = ("PATH", "TMPDIR", "LD_LIBRARY_PATH")


def run(command: list[str], folder: Path, variables: dict[str, str] | None = None, code: int = 0) -> str:
    """What the program printed. It must end with this exit code; `folder` is its home, too."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    done = subprocess.run(
        command,
        cwd=folder,
        env={**kept, "HOME": str(folder), "LC_ALL": "C.UTF-8", **(variables or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=120,
    )
    printed = done.stdout.decode("utf-8", "backslashreplace")
    assert done.returncode == code, f"{' '.join(command)}\nended with {done.returncode}, not {code}:\n{printed}"
    return printed
