"""In which shape, and on which interpreter, the server under test runs."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from harness.interpreters import INTEGRATION, REPOSITORY, Environment

APPS = INTEGRATION / "apps"


def build_folder() -> Path:
    """Where the products are: `MARTLET_BUILD`, or the release build."""
    return Path(os.environ.get("MARTLET_BUILD") or REPOSITORY / ".build" / "release").resolve()


@dataclass(frozen=True)
class Runtime:
    environment: Environment
    shape: str

    def __str__(self) -> str:
        return f"{self.environment.name}-{self.shape}"

    @property
    def embedded(self) -> bool:
        return self.shape == "embedded"

    def command(self, arguments: list[str]) -> list[str]:
        """What to run for `martlet ARGUMENTS...` in this shape; a `--python` among the arguments wins."""
        program = str(build_folder() / "martlet")
        if self.shape == "module":
            return [str(self.environment.python), "-m", "martlet", *arguments]
        return [program, f"--shape={self.shape}", "--python", str(self.environment.python), *arguments]

    def variables(self) -> dict[str, str]:
        """The process environment: this one's, less what would choose another Python."""
        unwanted = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "MARTLET_LIBRARY", "WEB_CONCURRENCY")
        clean = {key: value for key, value in os.environ.items() if key not in unwanted}
        if self.shape == "module":
            clean["PYTHONPATH"] = str(REPOSITORY / "python")
            clean["MARTLET_LIBRARY"] = str(build_folder() / "libMartletHost.so")
        return clean
