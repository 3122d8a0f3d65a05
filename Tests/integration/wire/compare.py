"""The corpus against other servers: `scripts/compare-http` prints where they differ from this one.

accepts 2          two requests reached the application, and the connection took another behind them
accepts 1, closes  one did, and the connection ended
refuses 400        none did
accepts 1, 400     one did, and what followed was refused
accepts 1*         ... but another one than the corpus says: its method, target or body differs
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from corpus import FOLLOW_UP, FOLLOW_UP_SEEN, SECTIONS, Entry

from wire.peers import NAMES, Peer, martlet, peers
from wire.playing import Play, play
from wire.verdicts import Refused, Seen, Verdict, read


def outcome(entry: Entry, verdict: Verdict) -> str:
    """The verdict in a few words."""
    accepted = list(verdict.accepted)
    is_open = FOLLOW_UP_SEEN in accepted
    if is_open:
        accepted.remove(FOLLOW_UP_SEEN)
    expected = [answer for answer in entry.answers if isinstance(answer, Seen)]
    others = "" if all(one in expected for one in accepted) or not expected else "*"
    refused = [str(answer.status) for answer in verdict.answers if isinstance(answer, Refused)]
    if verdict.end.startswith("garbled"):
        refused.append("garbled")
    if not accepted:
        return f"refuses {' '.join(refused)}" if refused else "takes nothing" if is_open else "closes"
    ending = f", {' '.join(refused)}" if refused else "" if is_open else ", closes"
    return f"accepts {len(accepted)}{others}{ending}"


def kind(words: str) -> str:
    """What counts as a difference: which status refuses it does not."""
    head = words.split(",")[0]
    return "refuses" if head.startswith("refuses") or head == "closes" else head


def outcomes(server: Peer, entries: list[Entry]) -> list[str]:
    # The client's FIN behind it all: a server that waits for more then says so at once.
    plays = [Play([entry.sent + (b"" if entry.end == "cut" else FOLLOW_UP)], half_close=True) for entry in entries]
    received = play(server.path, plays, timeout=5)
    return [outcome(entry, read(answer)) for entry, answer in zip(entries, received)]


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/compare-http", description="The corpus against other servers.")
    parser.add_argument("--all", action="store_true", help="every entry, not only the differences")
    parser.add_argument("--section", help="entries of one module of the corpus, such as chunks")
    options = parser.parse_args()
    entries = [
        (section.__name__.rpartition(".")[2], entry)
        for section in SECTIONS
        for entry in section.ENTRIES
        if options.section in (None, section.__name__.rpartition(".")[2])
    ]
    with tempfile.TemporaryDirectory(prefix="compare-") as name:
        folder = Path(name)
        with martlet(folder) as ours, peers(folder) as theirs:
            table = [outcomes(server, [entry for _, entry in entries]) for server in (ours, *theirs)]
    differing: Counter[str] = Counter()
    printed = ""
    for (section, entry), row in zip(entries, zip(*table)):
        different = [name for name, words in zip(NAMES, row[1:]) if kind(words) != kind(row[0])]
        differing.update(different)
        if not different and not options.all:
            continue
        if section != printed:
            print(f"\n{section:<44}{'martlet':<20}" + "".join(f"{name:<20}" for name in NAMES))
            printed = section
        print(f"  {entry.name:<42}" + "".join(f"{words:<20}" for words in row).rstrip())
    counts = ", ".join(f"{differing[name]} in {name}" for name in NAMES)
    print(f"\n{len(entries)} entries; read differently: {counts}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
