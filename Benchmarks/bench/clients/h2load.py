"""h2load, in its HTTP/1.1 mode: an exact number of requests, for when the number is what counts."""

from __future__ import annotations

import re
import subprocess


def run(requests: int, connections: int, port: int, core: int, limit: float) -> int:
    """Make so many requests for `/`, in `limit` seconds at most; returns how many were answered with success."""
    command = ["taskset", "-c", str(core), "h2load", "--h1", f"-n{requests}", f"-c{connections}", "-t1"]
    finished = subprocess.run(
        [*command, f"http://127.0.0.1:{port}/"], capture_output=True, text=True, timeout=limit, check=True
    )
    return int(re.search(r"(\d+) succeeded", finished.stdout).group(1))
