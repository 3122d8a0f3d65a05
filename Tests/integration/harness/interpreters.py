"""The CPythons of this machine and a virtual environment for each, made on demand."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

INTEGRATION = Path(__file__).resolve().parent.parent
REPOSITORY = INTEGRATION.parent.parent
ENVIRONMENTS = REPOSITORY / ".venv-tests"
REQUIREMENTS = INTEGRATION / "requirements.txt"
# Real applications are heavy: they have an environment of their own, on one interpreter.
REAL_ENVIRONMENTS = REPOSITORY / ".venv-real"
REAL_REQUIREMENTS = INTEGRATION / "requirements-real.txt"
REAL_OLDEST = (3, 10)
OLDEST = (3, 9)
NEWEST = (3, 15)

_PROBE = """
import json, platform, sys, sysconfig
print(json.dumps({
    "implementation": platform.python_implementation(),
    "version": list(sys.version_info[:3]),
    "include": sysconfig.get_path("include", vars={}),
    "venv": __import__("importlib.util").util.find_spec("ensurepip") is not None,
}))
"""


@dataclass(frozen=True)
class Environment:
    """One interpreter and its virtual environment."""

    name: str
    base: Path
    version: tuple[int, int, int]
    include: Path
    parent: Path = ENVIRONMENTS
    requirements: Path = REQUIREMENTS

    @property
    def folder(self) -> Path:
        return self.parent / self.name

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def minor(self) -> str:
        return f"{self.version[0]}.{self.version[1]}"

    def ensure(self) -> None:
        """Make the environment, or bring it up to the requirements; nothing to do is quick."""
        stamp = self.folder / "requirements.sha256"
        wanted = hashlib.sha256(self.requirements.read_bytes() + str(self.version).encode()).hexdigest()
        if stamp.is_file() and stamp.read_text() == wanted and self.python.exists():
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        _run([str(self.base), "-m", "venv", str(self.folder)])
        pip = [str(self.python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        _run([*pip, "--requirement", str(self.requirements)])
        stamp.write_text(wanted)


def _run(command: list[str]) -> None:
    clean = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(command, env=clean, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}")


def _candidates() -> list[tuple[str, Path]]:
    """Interpreters to look at: the system's own, then every one that pyenv has."""
    found = [("system", Path("/usr/bin/python3"))]
    if pyenv := shutil.which("pyenv"):
        root = subprocess.run([pyenv, "root"], capture_output=True, text=True).stdout.strip()
        listed = subprocess.run([pyenv, "versions", "--bare"], capture_output=True, text=True).stdout
        for name in listed.split():
            if "/" not in name:
                found.append((f"pyenv-{name}", Path(root) / "versions" / name / "bin" / "python3"))
    if not any(path.exists() for _, path in found) and (on_path := shutil.which("python3")):
        found.append(("path", Path(on_path)))
    return [(origin, path) for origin, path in found if path.exists()]


@cache
def environments() -> tuple[Environment, ...]:
    """Every usable interpreter, the primary one (the system's, when it will do) first."""
    found = []
    for origin, path in _candidates():
        probe = subprocess.run([str(path), "-I", "-c", _PROBE], capture_output=True, text=True)
        if probe.returncode != 0:
            continue
        facts = json.loads(probe.stdout)
        version = tuple(facts["version"])
        usable = facts["implementation"] == "CPython" and OLDEST <= version[:2] <= NEWEST and facts["venv"]
        if not usable:
            continue
        name = f"{'system' if origin == 'system' else 'pyenv'}-{'.'.join(map(str, version))}"
        found.append(Environment(name, path, version, Path(facts["include"])))
    return tuple(found)


def select(wanted: str) -> list[Environment]:
    """`all`, `primary`, or a comma-separated list of names or versions (`3.9,3.13`)."""
    known = list(environments())
    if not known:
        raise RuntimeError("no CPython from 3.9 up with ensurepip was found (Debian: apt-get install python3-venv)")
    if wanted == "all":
        return known
    if wanted == "primary":
        return known[:1]
    chosen = []
    for word in wanted.split(","):
        matching = [e for e in known if word in (e.name, e.minor, ".".join(map(str, e.version)))]
        if not matching:
            raise RuntimeError(f"no interpreter {word!r} here; there are {', '.join(e.name for e in known)}")
        chosen.extend(e for e in matching if e not in chosen)
    return chosen


def debug_build() -> Environment | None:
    """Debian's debug build of its CPython, which counts references; None where it is not installed."""
    path = Path("/usr/bin/python3-dbg")
    if not path.exists():
        return None
    facts = json.loads(
        subprocess.run([str(path), "-I", "-c", _PROBE], capture_output=True, text=True, check=True).stdout
    )
    version = tuple(facts["version"])
    name = f"debug-{'.'.join(map(str, version))}"
    return Environment(name, path, version, Path(facts["include"]), requirements=Path(os.devnull))


def real(chosen: list[Environment]) -> Environment:
    """Where the real applications run: on the first of the chosen interpreters that is new enough for them."""
    able = [e for e in [*chosen, *environments()] if e.version >= REAL_OLDEST]
    if not able:
        raise RuntimeError(f"no CPython from {REAL_OLDEST[0]}.{REAL_OLDEST[1]} up was found for the real applications")
    return replace(able[0], parent=REAL_ENVIRONMENTS, requirements=REAL_REQUIREMENTS)
