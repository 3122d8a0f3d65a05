"""Where nginx answers a case otherwise, and why: `scripts/compare-static` prints it."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from static_cases import SECTIONS, playing, tree


def main() -> int:
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="compare-static-") as name:
        base = Path(name)
        base.chmod(0o755)
        tree.make(base)
        with playing.martlet(base) as ours, playing.nginx(base) as theirs:
            tags = playing.tag_of(ours), playing.tag_of(theirs)
            counts = [0, 0]
            for section in SECTIONS:
                print(f"\n{section.__name__.rpartition('.')[2]}")
                for one in section.CASES:
                    here, _ = playing.complaints(ours, tags[0], one)
                    there, status = playing.complaints(theirs, tags[1], one)
                    counts[0] += 1
                    counts[1] += bool(there)
                    if here:
                        wrong += 1
                        print(f"  {one.name}: MARTLET {here} ({one.why})")
                    if there or one.nginx is not None:
                        stale = "" if there else "  NO DIFFERENCE"
                        unexplained = "" if one.nginx is not None else "  UNEXPLAINED"
                        if isinstance(one.nginx, int) and there and status != one.nginx:
                            stale = f"  NO: {status}"
                        wrong += bool(stale or unexplained)
                        print(
                            f"  {one.name}: {one.why}\n      nginx: {one.nginx or '; '.join(there)}{stale}{unexplained}"
                        )
    print(f"\n{counts[0]} cases, of which nginx answers {counts[1]} otherwise; to be looked at: {wrong}")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
