"""The machine: its cores, what it is, and what else it was doing."""

from __future__ import annotations

import os
import platform
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cores:
    """Which cores servers and clients are pinned to."""

    server: int
    client: int

    @property
    def both(self) -> str:
        """The list of both, as taskset reads it."""
        return f"{self.server},{self.client}"

    @staticmethod
    def choose() -> Cores:
        """The first and the last core that this process may use."""
        usable = sorted(os.sched_getaffinity(0))
        if len(usable) < 2:
            raise SystemExit("bench: two cores are needed: one for the server, one for the client")
        return Cores(server=usable[0], client=usable[-1])


def busy_seconds() -> float:
    """Seconds of all cores so far that went to anything: user, system, interrupts, and what the hypervisor took."""
    fields = [int(field) for field in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    user, nice, system, _idle, _waiting, interrupts, soft_interrupts, stolen = fields
    return (user + nice + system + interrupts + soft_interrupts + stolen) / os.sysconf("SC_CLK_TCK")


def describe() -> dict[str, str]:
    """What a figure's reader has to know of the machine."""
    release = Path("/etc/os-release").read_text()
    names = dict(line.split("=", 1) for line in release.splitlines() if "=" in line)
    memory = next(line for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal"))
    return {
        "date": time.strftime("%Y-%m-%d"),
        "CPU": f"{_cpu_model()}, {os.cpu_count()} cores",
        "memory": f"{int(memory.split()[1]) / 1024 / 1024:.0f} GiB",
        "kernel": f"{platform.system()} {platform.release()} {platform.machine()}",
        "system": names.get("PRETTY_NAME", "unknown").strip('"'),
    }


def _cpu_model() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()
