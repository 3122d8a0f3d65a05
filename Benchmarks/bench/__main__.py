"""python -m bench: see Benchmarks/README.md."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
from pathlib import Path

from . import arguments, charts, content, environment, json_report, machine, publishing, runner, tables
from .machine import Cores
from .peers import PEERS
from .peers.peer import Tools
from .results import Report
from .works import WORKS
from .works.work import Bench, Work

TOP = Path(__file__).resolve().parents[1]
OURS = PEERS[0].name


def main() -> int:
    """Do what the command line asks for; returns the exit code."""
    options = arguments.parse(sys.argv[1:])
    if options.list:
        works, peers, named = options.works or WORKS, options.peers or list(PEERS), options.peers is not None
        print(arguments.listing(works, peers, named, options.rounds, options.seconds))
        return 0
    report = load(options.report) if options.report else run(options)
    print(tables.render(report, OURS))
    if options.charts:
        charts.write(report, options.charts, OURS)
    if options.publish:
        for path in publishing.publish(report, TOP.parent, OURS):
            print(f"written: {path}")
    return 0 if any(result.peers for result in report.works) else 1


def load(path: Path) -> Report:
    """The report of an earlier run."""
    try:
        return json_report.parse(path.read_text())
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SystemExit(f"bench: {path} has no report of this benchmark: {error!r}")


def run(options: argparse.Namespace) -> Report:
    """Measure what is asked for, on two cores."""
    tools = Tools(options.environment.resolve(), options.build.absolute(), TOP / "launchers")
    if not (tools.build / "martlet").exists():
        raise SystemExit(f"bench: no martlet in {options.build}: build it with scripts/build, or say where by --build")
    earlier = load(options.json) if options.resume and options.json.exists() else None
    done = {work.name for work in earlier.works} if earlier else set()
    works = options.works or [work for work in WORKS if not work.is_extra and work.name not in done]
    # SIGTERM has to stop the servers too, as Ctrl-C does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    environment.compile_floor(TOP / "floor" / "floor.c", tools)
    cores = Cores.choose()
    os.sched_setaffinity(0, {cores.client})
    with tempfile.TemporaryDirectory(prefix="bench-content-") as folder:
        bench = Bench(tools, TOP / "apps", content.make(Path(folder)), cores, options.seconds)
        return measure(options, bench, works, earlier)


def measure(options: argparse.Namespace, bench: Bench, works: list[Work], earlier: Report | None) -> Report:
    """The works one by one, each of them saved as soon as it is done."""
    named = options.peers is not None
    wanted = {peer.name for work in works for peer in arguments.peers_of(work, options.peers or list(PEERS), named)}
    runner.say("Looking for the peers")
    peers, left_out = runner.usable([peer for peer in PEERS if peer.name in wanted], bench)
    report = Report(machine.describe(), environment.versions(peers, bench.tools), _settings(options), left_out)
    if earlier is not None:
        if difference := report.differs_from(earlier):
            raise SystemExit(f"bench: {options.json} can't be resumed: {difference}")
        report = earlier.continued(report)
    chosen = [(work, arguments.peers_of(work, peers, named)) for work in works]
    left = sum(arguments.minutes(work, len(own), options.rounds, options.seconds) for work, own in chosen)
    places = {work.name: place for place, work in enumerate(WORKS)}
    for number, (work, own) in enumerate(chosen, 1):
        runner.say(f"[{number}/{len(works)}] {work.title} ({work.name}); about {left:.0f} minutes are left")
        left -= arguments.minutes(work, len(own), options.rounds, options.seconds)
        report.add(runner.run(work, own, bench, options.rounds))
        report.works.sort(key=lambda result: places.get(result.name, len(places)))
        if options.json:
            json_report.save(report, OURS, options.json)
    return report


def _settings(options: argparse.Namespace) -> dict[str, float]:
    return {"rounds": options.rounds, "seconds": options.seconds, "bound": options.bound}


if __name__ == "__main__":
    sys.exit(main())
