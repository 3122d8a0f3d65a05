"""wrk: one thread with a number of connections, each with one request (or one batch) at a time."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

LUA = Path(__file__).resolve().parents[2] / "lua"
TIMEOUT = 20
"""Seconds after which wrk counts a request as an error."""


@dataclass(frozen=True)
class Request:
    """What is asked for; `body` is the path of a file."""

    path: str = "/"
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    body: Path | None = None


@dataclass(frozen=True)
class Load:
    """A request, over how many connections, and how many at once on each.

    `cycle` has paths to ask for in turn instead of the request's own.
    """

    request: Request = Request()
    connections: int = 64
    depth: int = 1
    cycle: tuple[str, ...] = ()

    @property
    def in_flight(self) -> int:
        """How many requests are under way at most."""
        return self.connections * self.depth


@dataclass(frozen=True)
class Outcome:
    """What wrk has counted; times in seconds. `client_cpu` is wrk's own CPU time.

    `status_errors`, answers of 400 and above, are among the `errors`.
    """

    requests: int
    duration: float
    p50: float
    p99: float
    p999: float
    errors: int
    status_errors: int
    client_cpu: float


class Run:
    """A running wrk. It is stopped by `finish`, and killed if the caller fails before."""

    def __init__(self, load: Load, port: int, core: int, longest: float) -> None:
        self._process = subprocess.Popen(
            _command(load, port, core, longest),
            env={**os.environ, **_environment(load)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def finish(self) -> Outcome:
        """Stop asking, and return what has been counted."""
        self._process.send_signal(signal.SIGINT)
        output = self._process.stdout.read()
        _, _, usage = os.wait4(self._process.pid, 0)
        self._process.returncode = 0
        self._process.stdout.close()
        line = next((line for line in output.splitlines() if line.startswith("RESULT ")), None)
        if line is None:
            raise RuntimeError(f"wrk failed: {output.strip() or 'no output'}")
        result = json.loads(line.removeprefix("RESULT "))
        return Outcome(
            requests=result["requests"],
            duration=result["duration"] / 1e6,
            p50=result["p50"] / 1e6,
            p99=result["p99"] / 1e6,
            p999=result["p999"] / 1e6,
            errors=sum(result[kind] for kind in ("status", "connect", "read", "write", "timeout")),
            status_errors=result["status"],
            client_cpu=usage.ru_utime + usage.ru_stime,
        )

    def kill(self) -> None:
        """End it at once, if it has not ended."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()


def run(load: Load, port: int, core: int, seconds: float) -> Outcome:
    """Drive a server for so many seconds."""
    client = Run(load, port, core, seconds)
    try:
        time.sleep(seconds)
        return client.finish()
    finally:
        client.kill()


def _command(load: Load, port: int, core: int, longest: float) -> list[str]:
    script = "cycle" if load.cycle else "pipeline" if load.depth > 1 else "plain"
    # wrk takes whole seconds only, so it is stopped by a signal; its own limit holds if that never comes.
    limit = math.ceil(longest) + 10
    command = ["taskset", "-c", str(core), "wrk", "-t1", f"-c{load.connections}", f"-d{limit}s"]
    command += ["--timeout", f"{TIMEOUT}s", "-s", str(LUA / f"{script}.lua")]
    for name, value in load.request.headers:
        command += ["-H", f"{name}: {value}"]
    return [*command, f"http://127.0.0.1:{port}{load.request.path}"]


def _environment(load: Load) -> dict[str, str]:
    environment = {"BENCH_LUA": str(LUA), "BENCH_METHOD": load.request.method, "BENCH_DEPTH": str(load.depth)}
    if load.request.body is not None:
        environment["BENCH_BODY"] = str(load.request.body)
    if load.cycle:
        environment["BENCH_PATHS"] = " ".join(load.cycle)
    return environment
