"""Make the virtual environments that the tests use: `environments.py [all | primary | 3.9 ...]`."""

from __future__ import annotations

import sys

from harness.interpreters import real, select


def main() -> int:
    chosen = select(",".join(sys.argv[1:]) or "all")
    for environment in [*chosen, real(chosen)]:
        print(f"    {environment.parent.name}/{environment.name}: ", end="", flush=True)
        environment.ensure()
        print("ready", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
