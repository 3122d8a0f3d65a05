"""The report as JSON, there and back: every round's values, and beside them what the tables say of them."""

from __future__ import annotations

import json
import math
import os
from pathlib import Path

from .figures import FIGURES
from .results import PeerResult, Report, WorkResult
from .spread import Summary


def render(report: Report, base: str) -> str:
    """The whole report, as an indented object."""
    return json.dumps(
        {
            "machine": report.machine,
            "versions": report.versions,
            "settings": report.settings,
            "left_out": report.left_out,
            "figures": {
                key: {"title": figure.title, "unit": figure.unit, "less_is_better": figure.less_is_better}
                for key, figure in FIGURES.items()
            },
            "works": [_work(work, base, report.settings["bound"]) for work in report.works],
        },
        indent=1,
        ensure_ascii=False,
    )


def parse(text: str) -> Report:
    """A report out of what `render` has made of it; ValueError, KeyError or TypeError if it is none."""
    fields = json.loads(text)
    works = [
        WorkResult(
            work["name"],
            work["title"],
            tuple(work["figures"]),
            [PeerResult(peer["peer"], peer["rounds"], peer["failures"]) for peer in work["peers"]],
            work["excluded"],
            work["seconds"],
        )
        for work in fields["works"]
    ]
    return Report(fields["machine"], fields["versions"], fields["settings"], fields["left_out"], works)


def save(report: Report, base: str, path: Path) -> None:
    """Write it so that an interruption leaves the file as it was before, or whole."""
    new = path.with_name(f"{path.name}.new")
    new.write_text(render(report, base) + "\n")
    os.replace(new, path)


def _work(work: WorkResult, base: str, bound: float) -> dict:
    return {
        "name": work.name,
        "title": work.title,
        "figures": work.figures,
        "seconds": work.seconds,
        "peers": [_peer(work, result, base, bound) for result in work.peers],
        "excluded": work.excluded,
    }


def _peer(work: WorkResult, result: PeerResult, base: str, bound: float) -> dict:
    ratio = work.ratio(result, base)
    return {
        "peer": result.peer,
        "rounds": result.rounds,
        "failures": result.failures,
        "summary": {key: _summary(result.summary(key)) for key in FIGURES if result.summary(key) is not None},
        "relation": None if ratio is None or ratio.spread > bound else ratio.median,
        "relation_spread": None if ratio is None or math.isinf(ratio.spread) else ratio.spread,
    }


def _summary(summary: Summary) -> dict:
    return {
        "median": summary.median,
        "least": summary.least,
        "greatest": summary.greatest,
        "spread": None if math.isinf(summary.spread) else summary.spread,
    }
