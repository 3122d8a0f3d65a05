"""Counts what a server does for a request, by running it under callgrind."""

from __future__ import annotations

import contextlib
import re
import shutil
import signal
import subprocess
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from .works import FILE_SIZE, Work

REQUESTS = 3000
WARM_UP = 600
CONNECTIONS = 16
START_SECONDS = 120


@dataclass(frozen=True)
class Count:
    """
    instructions: of the whole process, its event loop and its Python threads, per request; the kernel's are not in it.
    allocations: calls of malloc, calloc, realloc and posix_memalign per request. CPython's own small objects come from
        its arenas and are not in it.
    """

    instructions: float
    allocations: float


class Failure(Exception):
    """What could not be counted, and why."""


def count(work: Work, build: Path, python: str, applications: Path, folder: Path) -> Count:
    """Serves the work's requests under callgrind and counts those after the first ones."""
    program = folder / "martlet"
    # valgrind gives up on the debugging information of a program this size.
    subprocess.run(["strip", "--strip-debug", "-o", str(program), str(build / "martlet")], check=True)
    files = folder / "files"
    files.mkdir(exist_ok=True)
    (files / "1k.css").write_bytes(b"x" * FILE_SIZE)
    with _serving(work, program, python, applications, files, folder) as (server, address):
        _load(work, address, folder, WARM_UP)
        # What is too young is not kept in memory yet: see docs/static-files.md.
        time.sleep(4)
        _load(work, address, folder, WARM_UP)
        _control("--instr=on", server)
        _load(work, address, folder, REQUESTS)
        _control("--instr=off", server)
        _control("--dump", server)
    return _read(max(folder.glob("callgrind.out*"), key=lambda file: file.stat().st_size))


@contextlib.contextmanager
def _serving(work: Work, program: Path, python: str, applications: Path, files: Path, folder: Path):
    for old in folder.glob("callgrind.out*"):
        old.unlink()
    log = folder / "server.log"
    command = ["valgrind", "--tool=callgrind", "--instr-atstart=no", f"--callgrind-out-file={folder}/callgrind.out"]
    command += [str(program), work.application, "--bind", "127.0.0.1:0", "--python", python]
    command += ["--pythonpath", str(applications), "--static", f"/static={files}", "--timeout", "0"]
    with log.open("w") as output:
        server = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
    try:
        yield server, _address(server, log)
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(60)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _address(server: subprocess.Popen, log: Path) -> str:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        if found := re.search(r"Listening at: (http://\S+)", log.read_text()):
            return found[1]
        time.sleep(0.1)
    raise Failure(f"the server did not start under valgrind:\n{log.read_text()[-2000:]}")


def _load(work: Work, address: str, folder: Path, requests: int) -> None:
    command = ["h2load", "--h1", f"--requests={requests}", f"--clients={CONNECTIONS}"]
    if work.body is not None:
        body = folder / "body"
        body.write_bytes(work.body)
        command += [f"--data={body}", "--header=content-type: application/json"]
    with urllib.request.urlopen(urllib.request.Request(address + work.path, data=work.body), timeout=60) as response:
        response.read()
    done = subprocess.run([*command, address + work.path], capture_output=True, text=True, check=True, timeout=300)
    if f" {requests} 2xx" not in done.stdout:
        raise Failure(f"{work.name}: not all requests were answered with 200:\n{done.stdout}")


def _control(option: str, server: subprocess.Popen) -> None:
    subprocess.run(["callgrind_control", option, str(server.pid)], check=True, capture_output=True, timeout=60)


_ALLOCATORS = ("malloc", "calloc", "realloc", "posix_memalign", "aligned_alloc")


def _read(output: Path) -> Count:
    """Reads callgrind's own format: names have numbers, given where they come first; a call is a line after `cfn=`."""
    names: dict[str, str] = {}
    allocations = 0
    instructions = 0
    callee = ""
    with output.open(errors="replace") as lines:
        for line in lines:
            if line.startswith(("fn=", "cfn=")):
                number, _, name = line.rstrip("\n").partition("=")[2].partition(" ")
                if name:
                    names[number] = name
                if line.startswith("cfn="):
                    callee = names.get(number, "")
            elif line.startswith("calls=") and callee in _ALLOCATORS:
                allocations += int(line[6:].split()[0])
            elif line.startswith(("totals:", "summary:")):
                instructions = int(line.split()[1])
    if not instructions:
        raise Failure("callgrind has counted nothing")
    return Count(instructions / REQUESTS, allocations / REQUESTS)


def missing() -> list[str]:
    """The programs that are not there."""
    return [name for name in ("valgrind", "callgrind_control", "h2load", "strip") if shutil.which(name) is None]
