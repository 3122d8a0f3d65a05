"""What the kernel tells about a running process, read from /proc."""

from __future__ import annotations

import os
import socket
import sys
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


def waiting_bytes(sender: tuple[str, int], receiver: tuple[str, int]) -> int:
    """What a program has sent on a TCP connection (IPv4) and the one at the other end has not read: it waits in the
    kernel, on either side."""

    def address(end: tuple[str, int]) -> str:
        return f"{int.from_bytes(socket.inet_aton(end[0]), sys.byteorder):08X}:{end[1]:04X}"

    waiting, ends = 0, (address(sender), address(receiver))
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        local, remote, _, queues = line.split()[1:5]
        to_send, to_read = (int(number, 16) for number in queues.split(":"))
        if (local, remote) == ends:
            waiting += to_send
        elif (remote, local) == ends:
            waiting += to_read
    return waiting


def mapped_files(pid: int) -> set[str]:
    """Paths of the files mapped into the process: which libpython it really runs."""
    lines = Path(f"/proc/{pid}/maps").read_text().splitlines()
    return {parts[5] for line in lines if len(parts := line.split(maxsplit=5)) == 6}
