"""The command line of the benchmark."""

from __future__ import annotations

import argparse
from pathlib import Path

from .peers import PEERS
from .peers.peer import Peer
from .works import WORKS
from .works.work import Work

FEWEST_SECONDS = 0.3
CHECK = 0.3
"""Seconds that it takes to see whether a peer answers rightly, once for each work."""


def parse(arguments: list[str]) -> argparse.Namespace:
    """What is asked for; `works` and `peers` are None if none were named."""
    parser = argparse.ArgumentParser(
        prog="scripts/bench", description="Measure Martlet beside other servers.", allow_abbrev=False
    )
    parser.add_argument("works", nargs="*", metavar="WORK", help="what to measure; see --list")
    parser.add_argument(
        "--peers", nargs="+", metavar="PEER", help="servers to measure, or `all` (those of each work); see --list"
    )
    parser.add_argument("--rounds", type=_positive(int), default=7, help="measurements of each peer (7)")
    parser.add_argument("--seconds", type=_positive(float), default=1.5, help="length of a measurement (1.5)")
    parser.add_argument(
        "--bound", type=_positive(float), default=0.10, help="widest spread of a relation that is printed (0.10)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every value there, after each work")
    parser.add_argument(
        "--resume", action="store_true", help="keep what --json FILE has: measure what is missing in it, or is named"
    )
    parser.add_argument("--report", type=Path, metavar="FILE", help="measure nothing: print what a JSON file has")
    parser.add_argument(
        "--publish", action="store_true", help="with --report: make docs/benchmarks.md, its charts, README's figures"
    )
    parser.add_argument("--charts", type=Path, metavar="DIR", help="draw an SVG for each work there")
    parser.add_argument("--build", type=Path, default=Path(".build/release"), metavar="DIR", help="our release build")
    parser.add_argument("--environment", type=Path, required=True, metavar="DIR", help=argparse.SUPPRESS)
    parser.add_argument("--list", action="store_true", help="list works and peers, and how long they take")
    options = parser.parse_args(arguments)
    if options.seconds < FEWEST_SECONDS:
        parser.error(f"--seconds must be at least {FEWEST_SECONDS}")
    if options.resume and options.json is None:
        parser.error("--resume needs --json FILE")
    if options.publish and options.report is None:
        parser.error("--publish needs --report FILE")
    options.works = _chosen(parser, "work", options.works, WORKS)
    if options.peers == ["all"]:
        options.peers = list(PEERS)
    else:
        options.peers = _chosen(parser, "peer", options.peers, PEERS)
    return options


def peers_of(work: Work, peers: list[Peer], named: bool) -> list[Peer]:
    """Which of the peers to measure at a work: its own, or, where they were named, all that are able to."""
    return [peer for peer in peers if peer.is_able(work.needs) and (named or peer.name in work.peers)]


def minutes(work: Work, number: int, rounds: int, seconds: float) -> float:
    """Roughly how long a work takes with so many peers."""
    return number * (CHECK + rounds * work.duration(seconds)) / 60


def listing(works: list[Work], peers: list[Peer], named: bool, rounds: int, seconds: float) -> str:
    """Works and peers, and roughly how long all rounds of a work take."""
    lines = ["Works, with the minutes that they take with these rounds, seconds and peers:"]
    total = 0.0
    for work in works:
        chosen = peers_of(work, peers, named)
        taken = minutes(work, len(chosen), rounds, seconds)
        total += 0 if work.is_extra else taken
        lines.append(f"    {work.name:24} {taken:5.1f}{'*' if work.is_extra else ' '} {work.title}")
        lines.append(f"    {'':24}        {' '.join(peer.name for peer in chosen)}")
    lines.append(f"    {'together':24} {total:5.1f}")
    if any(work.is_extra for work in works):
        lines.append("    * only where it is named, and not in the sum")
    return "\n".join([*lines, "", f"Peers: {' '.join(peer.name for peer in peers)}"])


def _chosen(parser: argparse.ArgumentParser, kind: str, names: list[str] | None, known: tuple) -> list | None:
    by_name = {each.name: each for each in known}
    for name in names or ():
        if name not in by_name:
            parser.error(f"unknown {kind} '{name}': see --list")
    return [each for each in known if each.name in names] if names else None


def _positive(kind: type):
    def convert(text: str):
        value = kind(text)
        if value <= 0:
            raise argparse.ArgumentTypeError("must be greater than 0")
        return value

    return convert
