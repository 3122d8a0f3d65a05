"""What a server's processes have cost: CPU time and memory, summed over the whole tree.

CPU time is user and system time in nanoseconds. Of a living process it is read from the kernel's clock of that
process, the account of which /proc/PID/stat shows a copy rounded to ticks of 10 ms; it includes threads that have
ended. Of children that have ended and been waited for it is `cutime` and `cstime` of /proc/PID/stat.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path

PROC = Path("/proc")
NANOSECONDS_PER_TICK = 1_000_000_000 // os.sysconf("SC_CLK_TCK")

# Places in /proc/PID/stat, counted from the field after the command's name (proc(5): field 3).
PARENT, ENDED_CHILDREN_USER, ENDED_CHILDREN_SYSTEM = 1, 13, 14

GONE = (FileNotFoundError, ProcessLookupError)


def stat_fields(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the command's name, which may itself contain blanks and parentheses."""
    return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()


def cpu_clock(pid: int) -> int:
    """The number of the clock that counts the CPU time of a process, as clock_getcpuclockid(3) makes it."""
    return (~pid << 3) | 2


def tree(roots: Iterable[int]) -> list[int]:
    """The living processes among `roots` and all their living descendants."""
    children: dict[int, list[int]] = {}
    for entry in PROC.iterdir():
        if entry.name.isdecimal():
            try:
                fields = stat_fields(int(entry.name))
            except GONE:
                continue
            children.setdefault(int(fields[PARENT]), []).append(int(entry.name))
    found, waiting = [], list(roots)
    while waiting:
        pid = waiting.pop()
        if (PROC / str(pid)).exists():
            found.append(pid)
            waiting += children.get(pid, ())
    return found


def cpu_time(roots: Iterable[int]) -> int:
    """CPU time in nanoseconds that the trees have used so far, with descendants that have been waited for."""
    total = 0
    for pid in tree(roots):
        try:
            fields = stat_fields(pid)
            total += time.clock_gettime_ns(cpu_clock(pid))
        except (*GONE, OSError):
            continue
        ended = int(fields[ENDED_CHILDREN_USER]) + int(fields[ENDED_CHILDREN_SYSTEM])
        total += ended * NANOSECONDS_PER_TICK
    return total


def proportional_memory(roots: Iterable[int]) -> int:
    """Resident memory in bytes, a page shared by n processes counted as 1/n for each (PSS)."""
    total = 0
    for pid in tree(roots):
        try:
            rollup = (PROC / str(pid) / "smaps_rollup").read_text()
        except GONE:
            continue
        line = next((line for line in rollup.splitlines() if line.startswith("Pss:")), None)
        if line is not None:
            total += int(line.split()[1]) * 1024
    return total


def wait_until_quiet(roots: Iterable[int], limit: float = 2.0) -> None:
    """Return when the trees use less than a hundredth of a core, or after `limit` seconds."""
    roots = list(roots)
    step = 0.03
    deadline = time.monotonic() + limit
    before = cpu_time(roots)
    while time.monotonic() < deadline:
        time.sleep(step)
        after = cpu_time(roots)
        if after - before < step * 1e9 / 100:
            return
        before = after
