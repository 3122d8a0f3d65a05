"""What the kernel tells about a running process, read from /proc."""

from __future__ import annotations

import os
from pathlib import Path


def status_field(pid: int, name: str) -> str:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        key, _, value = line.partition(":")
        if key == name:
            return value.strip()
    raise KeyError(name)


def resident_kib(pid: int) -> int:
    return int(status_field(pid, "VmRSS").split()[0])


def proportional_kib(pid: int) -> int:
    """Resident memory, a page that n processes share counting 1/n."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    raise KeyError("Pss")


def thread_count(pid: int) -> int:
    return int(status_field(pid, "Threads"))


def descriptor_count(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))


def descriptors(pid: int) -> dict[int, str]:
    """Each open descriptor and what it points at."""
    found = {}
    for name in os.listdir(f"/proc/{pid}/fd"):
        try:
            found[int(name)] = os.readlink(f"/proc/{pid}/fd/{name}")
        except OSError:
            continue
    return found


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def mapped_files(pid: int) -> set[str]:
    """Paths of the files mapped into the process: which libpython it really runs."""
    lines = Path(f"/proc/{pid}/maps").read_text().splitlines()
    return {parts[5] for line in lines if len(parts := line.split(maxsplit=5)) == 6}
