"""Compares what each work costs with its ceiling. `scripts/ceilings --help` says how to call it."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from .counting import Count, Failure, count, missing
from .works import WORKS

CEILINGS = Path(__file__).with_name("ceilings.json")
APPLICATIONS = Path(__file__).parents[1] / "apps"


def main() -> int:
    arguments = argparse.ArgumentParser(prog="scripts/ceilings", description=__doc__)
    arguments.add_argument(
        "works", nargs="*", metavar="WORK", help=f"{', '.join(w.name for w in WORKS)} (default: all)"
    )
    arguments.add_argument("--build", type=Path, required=True, help="where martlet is")
    arguments.add_argument("--python", required=True, help="the interpreter to serve with")
    arguments.add_argument("--write", action="store_true", help="make what is counted the new ceilings")
    options = arguments.parse_args()
    if unknown := set(options.works) - {work.name for work in WORKS}:
        arguments.error(f"no such work: {', '.join(sorted(unknown))}")
    if programs := missing():
        arguments.error(f"not installed: {', '.join(programs)}")

    ceilings = json.loads(CEILINGS.read_text())
    tolerance = ceilings["tolerance"]
    exceeded = 0
    print(f"{'work':12} {'instructions':>14} {'ceiling':>10} {'allocations':>13} {'ceiling':>9}   per request")
    for work in WORKS:
        if options.works and work.name not in options.works:
            continue
        with tempfile.TemporaryDirectory() as folder:
            try:
                counted = count(work, options.build, options.python, APPLICATIONS, Path(folder))
            except Failure as failure:
                print(f"{work.name}: {failure}")
                return 1
        allowed = ceilings["works"].get(work.name, {"instructions": 0, "allocations": 0})
        is_over = not options.write and exceeds(counted, allowed, tolerance)
        exceeded += is_over
        print(
            f"{work.name:12} {counted.instructions:14,.0f} {allowed['instructions']:10,.0f} "
            f"{counted.allocations:13.1f} {allowed['allocations']:9.1f}   {'OVER' if is_over else 'ok'}"
        )
        ceilings["works"][work.name] = {
            "instructions": round(counted.instructions),
            "allocations": round(counted.allocations, 1),
        }
    if options.write:
        CEILINGS.write_text(json.dumps(ceilings, indent=2) + "\n")
        print(f"written: {CEILINGS.name}. The commit says why a ceiling rises.")
        return 0
    if exceeded:
        print(
            f"\n{exceeded} over their ceiling by more than {tolerance:.0%}. Where that is worth it: "
            "scripts/ceilings --write, and say why in the commit."
        )
    return 1 if exceeded else 0


def exceeds(counted: Count, allowed: dict[str, float], tolerance: float) -> bool:
    return (
        counted.instructions > allowed["instructions"] * (1 + tolerance)
        or counted.allocations > allowed["allocations"] * (1 + tolerance) + 0.5
    )


if __name__ == "__main__":
    sys.exit(main())
