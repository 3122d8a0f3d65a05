"""The command line of the benchmark."""

from __future__ import annotations

import argparse
from pathlib import Path

from .peers import PEERS
from .peers.peer import Peer
from .works import WORKS
from .works.work import Work

FEWEST_SECONDS = 0.3


def parse(arguments: list[str]) -> argparse.Namespace:
    """`works`, `peers`, `rounds`, `seconds`, `bound`, `json`, `charts`, `build`, `environment` and `list`."""
    parser = argparse.ArgumentParser(
        prog="scripts/bench", description="Measure Martlet beside other servers.", allow_abbrev=False
    )
    parser.add_argument("works", nargs="*", metavar="WORK", help="what to measure (all); see --list")
    parser.add_argument("--peers", nargs="+", metavar="PEER", help="servers to measure (all); see --list")
    parser.add_argument("--rounds", type=_positive(int), default=7, help="measurements of each peer (7)")
    parser.add_argument("--seconds", type=_positive(float), default=3.0, help="length of a measurement (3)")
    parser.add_argument(
        "--bound", type=_positive(float), default=0.10, help="widest spread of a relation that is printed (0.10)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every value there")
    parser.add_argument("--charts", type=Path, metavar="DIR", help="draw an SVG for each work there")
    parser.add_argument("--build", type=Path, default=Path(".build/release"), metavar="DIR", help="our release build")
    parser.add_argument("--environment", type=Path, required=True, metavar="DIR", help=argparse.SUPPRESS)
    parser.add_argument("--list", action="store_true", help="list works and peers, and how long they take")
    options = parser.parse_args(arguments)
    if options.seconds < FEWEST_SECONDS:
        parser.error(f"--seconds must be at least {FEWEST_SECONDS}")
    options.works = _chosen(parser, "work", options.works, WORKS)
    options.peers = _chosen(parser, "peer", options.peers, PEERS)
    return options


def listing(works: list[Work], peers: list[Peer], rounds: int, seconds: float) -> str:
    """Works and peers, and roughly how long all rounds of a work take."""
    lines = ["Works, with the minutes that they take with these rounds, seconds and peers:"]
    total = 0.0
    for work in works:
        number = sum(work.needs <= peer.can for peer in peers)
        minutes = number * rounds * work.duration(seconds) / 60
        total += minutes
        lines.append(f"    {work.name:24} {minutes:5.0f}  {work.title}")
    lines += [f"    {'together':24} {total:5.0f}", "", "Peers:"]
    lines += [f"    {peer.name}" for peer in peers]
    return "\n".join(lines)


def _chosen(parser: argparse.ArgumentParser, kind: str, names: list[str] | None, known: tuple) -> list:
    by_name = {each.name: each for each in known}
    for name in names or ():
        if name not in by_name:
            parser.error(f"unknown {kind} '{name}': see --list")
    return [each for each in known if not names or each.name in names]


def _positive(kind: type):
    def convert(text: str):
        value = kind(text)
        if value <= 0:
            raise argparse.ArgumentTypeError("must be greater than 0")
        return value

    return convert
