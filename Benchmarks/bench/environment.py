"""The programs at hand: which peers can be started here, their versions, and whether they run the same Python."""

from __future__ import annotations

import importlib.metadata
import shutil
import subprocess
from pathlib import Path

from .clients.http import ask
from .clients.wrk import Request
from .peers.peer import Can, Peer, Tools
from .serving import StartError
from .works.work import Bench

LEFT_OUT = "left-out.txt"
"""In the environment: a line for each package that could not be installed, its name and the reason, by a tab."""


def compile_floor(source: Path, tools: Tools) -> None:
    """Make the program of the kernel's floor, unless it is there and newer than its source."""
    if not tools.floor.exists() or tools.floor.stat().st_mtime < source.stat().st_mtime:
        subprocess.run(["gcc", "-O2", "-Wall", "-Wextra", "-o", tools.floor, source], check=True)


def missing(peer: Peer, tools: Tools) -> str | None:
    """Why a peer can't be started here, or None."""
    reasons = left_out_packages(tools)
    for package in peer.packages:
        try:
            importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            return f"{package} is not installed: {reasons.get(package, 'see Benchmarks/requirements.txt')}"
    for program in peer.programs:
        if shutil.which(program) is None:
            return f"{program} is not installed"
    return None


def left_out_packages(tools: Tools) -> dict[str, str]:
    """The packages that could not be installed, and why."""
    path = tools.environment / LEFT_OUT
    lines = path.read_text().splitlines() if path.exists() else []
    return dict(line.split("\t", 1) for line in lines if "\t" in line)


def version(peer: Peer, tools: Tools) -> str:
    """The versions of all that a peer consists of."""
    parts = [f"{package} {importlib.metadata.version(package)}" for package in peer.packages]
    if peer.version is not None:
        finished = subprocess.run(peer.version(tools), capture_output=True, text=True, check=True)
        parts.append((finished.stdout + finished.stderr).strip())
    return ", ".join(parts)


def versions(peers: list[Peer], tools: Tools) -> dict[str, str]:
    """The versions of everything that is measured, and is measured with."""
    found = tool_versions(tools)
    for peer in peers:
        if text := version(peer, tools):
            found[peer.name] = text
    return found


def tool_versions(tools: Tools) -> dict[str, str]:
    """The versions of what all peers share: Python, frameworks, and the clients."""
    python = subprocess.run(
        [tools.python, "-c", "import sys; print(sys.version)"], capture_output=True, text=True, check=True
    )
    versions = {"Python": " ".join(python.stdout.split())}
    versions |= {name: importlib.metadata.version(name) for name in ("Flask", "Jinja2", "Werkzeug", "Django")}
    for name, arguments in (("wrk", ["wrk", "--version"]), ("h2load", ["h2load", "--version"])):
        finished = subprocess.run(arguments, capture_output=True, text=True)
        versions[name] = (finished.stdout + finished.stderr).splitlines()[0].split(" [")[0]
    return versions


def other_python(peer: Peer, bench: Bench) -> str | None:
    """What is wrong if a peer runs applications on another Python than the environment's, or None."""
    if Can.WSGI not in peer.can:
        return None
    script = "import sys; print(sys.version); print(sys.prefix)"
    wanted = subprocess.run([bench.tools.python, "-c", script], capture_output=True, text=True, check=True)
    try:
        with bench.serve(peer, "interpreter") as served:
            found = ask(Request(), served.port).body.decode()
    except (StartError, OSError) as error:
        return str(error)
    if found.strip() == wanted.stdout.strip():
        return None
    return f"it runs another Python: {' '.join(found.split())}"
