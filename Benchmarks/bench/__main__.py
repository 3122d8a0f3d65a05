"""python -m bench: see Benchmarks/README.md."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from pathlib import Path

from . import arguments, charts, content, environment, json_report, machine, runner, tables
from .machine import Cores
from .peers import PEERS
from .peers.peer import Tools
from .results import Report
from .works.work import Bench

TOP = Path(__file__).resolve().parents[1]
OURS = PEERS[0].name


def main() -> int:
    """Measure what the command line asks for; returns the exit code."""
    options = arguments.parse(sys.argv[1:])
    if options.list:
        print(arguments.listing(options.works, options.peers, options.rounds, options.seconds))
        return 0
    tools = Tools(options.environment.absolute(), options.build.absolute(), TOP / "launchers")
    if not (tools.build / "martlet").exists():
        raise SystemExit(f"bench: no martlet in {options.build}: build it with scripts/build, or say where by --build")
    # SIGTERM has to stop the servers too, as Ctrl-C does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    cores = Cores.choose()
    os.sched_setaffinity(0, {cores.client})
    with tempfile.TemporaryDirectory(prefix="bench-content-") as folder:
        bench = Bench(tools, TOP / "apps", content.make(Path(folder)), cores, options.seconds)
        report = measure(options, bench)
    print(tables.render(report, OURS))
    if options.json:
        options.json.write_text(json_report.render(report, OURS) + "\n")
    if options.charts:
        write_charts(report, options.charts)
    return 0 if any(result.peers for result in report.works) else 1


def measure(options, bench: Bench) -> Report:
    """Everything that was asked for, work by work."""
    runner.say("Looking for the peers")
    peers, left_out = runner.usable(options.peers, bench)
    versions = environment.tool_versions(bench.tools)
    versions |= {peer.name: environment.version(peer, bench.tools) for peer in peers}
    settings = {"rounds": options.rounds, "seconds": options.seconds, "bound": options.bound}
    report = Report(machine.describe(), versions, settings, left_out)
    for number, work in enumerate(options.works, 1):
        runner.say(f"[{number}/{len(options.works)}] {work.title} ({work.name})")
        report.works.append(runner.run(work, peers, bench, options.rounds))
    return report


def write_charts(report: Report, folder: Path) -> None:
    """A file for each work that something was measured of."""
    folder.mkdir(parents=True, exist_ok=True)
    for work in report.works:
        drawing = charts.draw(work, OURS)
        if drawing is not None:
            (folder / f"{work.name}.svg").write_text(drawing)


if __name__ == "__main__":
    sys.exit(main())
