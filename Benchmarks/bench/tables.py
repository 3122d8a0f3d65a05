"""The report as text."""

from __future__ import annotations

import math

from .figures import FIGURES
from .results import PeerResult, Report, WorkResult
from .spread import FEWEST_ROUNDS, Summary
from .targets.rows import HEADER, count, rows
from .targets.table import TARGETS
from .targets.verdicts import judge
from .works.request_work import MOST_UNCOUNTED

MOST_DISTURBED = 5.0
"""Percent of a core that other processes may use during a round without being told of."""

MISSING, WITHHELD = "-", "unsure"

NOTES = """\
Every figure is the median of the rounds; ± is the width of their middle half as a share of it.
The last column is a peer's first figure in relation to ours, taken round by round. It is unsure, and withheld, where
its rounds lie further apart than {bound:.0%} of it or are fewer than {fewest}.
A CPU time is missing where more than {uncounted:.0%} of the requests may have been paid for without being counted.
Rates and latencies are those of clients without a pause between requests: the more a server can do, the more it has to.
* the client was busy for 95 % of the time or more: the rate is the client's.
"""


def render(report: Report, base: str) -> str:
    """All of it, for a terminal."""
    sections = ["\n".join(f"{key}: {value}" for key, value in (*report.machine.items(), *report.versions.items()))]
    sections += [f"left out: {peer}: {reason}" for peer, reason in report.left_out.items()]
    sections += [render_work(work, base, report.settings["bound"]) for work in report.works]
    notes = NOTES.format(bound=report.settings["bound"], fewest=FEWEST_ROUNDS, uncounted=MOST_UNCOUNTED)
    sections.append(notes)
    verdicts = judge(TARGETS, report, base)
    table = _aligned(list(HEADER), rows(verdicts, report), right=False)
    sections.append("\n".join((f"Targets: {count(verdicts)}", *table)))
    return "\n\n".join(sections)


def render_work(work: WorkResult, base: str, bound: float) -> str:
    """One work: a row for each peer, then what is to be said of some."""
    header, rows, notes = parts(work, base, bound)
    return "\n".join((f"{work.title} ({work.name})", *_aligned(header, rows), *(f"  {note}" for note in notes)))


def parts(work: WorkResult, base: str, bound: float) -> tuple[list[str], list[list[str]], list[str]]:
    """Header, rows and notes of one work's table."""
    figures = [FIGURES[key] for key in work.figures]
    header = ["", *(f"{figure.title}, {figure.unit}" for figure in figures), f"x {base}"]
    rows = [
        [result.peer, *(_cell(result, key) for key in work.figures), _ratio(work.ratio(result, base), bound)]
        for result in work.peers
    ]
    notes = [f"excluded: {peer}: {reason}" for peer, reason in work.excluded.items()]
    notes += [f"failed: {result.peer}: {failure}" for result in work.peers for failure in result.failures]
    disturbed = _disturbed(work)
    if disturbed:
        notes.append(f"disturbed: in {disturbed} other processes used more than {MOST_DISTURBED:.0f} % of a core")
    return _shortened(header), rows, notes


def _cell(result: PeerResult, key: str) -> str:
    summary = result.summary(key)
    if summary is None or 2 * summary.rounds < len(result.rounds):
        return MISSING
    text = FIGURES[key].format(summary.median)
    if key == "rate":
        client = result.summary("client")
        text += "*" if client is not None and client.median >= 95 else ""
    if key in ("client", "errors", "other"):
        return text
    return text if math.isinf(summary.spread) else f"{text} ±{summary.spread:.0%}"


def _ratio(summary: Summary | None, bound: float) -> str:
    if summary is None:
        return ""
    return f"{summary.median:.2f}" if summary.spread <= bound else WITHHELD


def _disturbed(work: WorkResult) -> str:
    values = [value for result in work.peers for value in result.values("other") if value is not None]
    number = sum(value > MOST_DISTURBED for value in values)
    return f"{number} of {len(values)} measurements" if number else ""


def _shortened(header: list[str]) -> list[str]:
    words = {"CPU time per request": "CPU", "requests per second": "rate", "memory (PSS)": "PSS", "latency ": ""}
    for long, short in words.items():
        header = [title.replace(long, short) for title in header]
    return header


def _aligned(header: list[str], rows: list, right: bool = True) -> list[str]:
    """Columns under each other, the first to the left, the others to the right or not."""
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]
    lines = []
    for row in (header, *rows):
        first, *others = zip(row, widths)
        cells = [cell.rjust(width) if right else cell.ljust(width) for cell, width in others]
        lines.append("  ".join(("", first[0].ljust(first[1]), *cells)).rstrip())
    return lines
