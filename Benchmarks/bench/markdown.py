"""The report as Markdown: a short section for the README, and a whole page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from . import tables
from .figures import FIGURES
from .results import PeerResult, Report, WorkResult
from .targets.rows import HEADER, count, rows
from .targets.table import TARGETS
from .targets.verdicts import NO_OTHERS, judge

DRAWN = ("hello", "flask-json", "static-1k", "static-while-computing")
"""The works whose charts stand in the README."""

INTRODUCTION = """\
# Benchmarks

Made by `scripts/bench`, which anyone can run: [how it is measured](../Benchmarks/README.md). One worker process, pinned
to one core, and the client on another; every server runs the same Python. Figures are medians of interleaved rounds,
with the width of their middle half behind `±`. A relation whose rounds spread by more than {bound:.0%} is not printed.
"""


def summary(report: Report, ours: str, charts: str, page: str) -> str:
    """The README's section: some charts, and each work's first figure beside the best of the others."""
    names = {work.name for work in report.works}
    drawings = [f"![{work.title}]({charts}/{work.name}.svg)" for work in report.works if work.name in DRAWN]
    body = [row for work in report.works if (row := _against_best(work, ours, report.settings["bound"])) is not None]
    return "\n".join(
        (
            "## How fast it is",
            "",
            *(drawings if names else ()),
            "",
            *table(("work", "", "Martlet", "best other", "", "Martlet ÷ other"), body),
            "",
            f"{_made(report)} [All figures]({page}), and [how to have them again](Benchmarks/README.md).",
        )
    )


def page(report: Report, ours: str, charts: str) -> str:
    """Everything: machine, versions, targets, and each work with its chart."""
    verdicts = judge(TARGETS, report, ours)
    parts = [
        INTRODUCTION.format(bound=report.settings["bound"]),
        _made(report),
        "\n".join(table(("what", ""), [*report.machine.items(), *report.versions.items()])),
        f"## Targets\n\n{count(verdicts)}.",
        "\n".join(table(HEADER, rows(verdicts, report))),
        *(f"Left out: {peer}: {reason}" for peer, reason in report.left_out.items()),
    ]
    for work in report.works:
        header, lines, notes = tables.parts(work, ours, report.settings["bound"])
        parts.append(f"## {work.title}")
        if any(result.summary(work.figures[0]) for result in work.peers):
            parts.append(f"![{work.title}]({charts}/{work.name}.svg)")
        parts.append("\n".join(table(header, lines)))
        parts += [f"- {note}" for note in notes]
    return "\n\n".join(parts) + "\n"


def table(header: Sequence[str], lines: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a Markdown table."""
    return [_line(header), "|" + "---|" * len(header), *(_line(cells) for cells in lines)]


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _made(report: Report) -> str:
    machine, settings = report.machine, report.settings
    python = report.versions.get("Python", "").split(" ")[0]
    return (
        f"Made on {machine['date']} by `scripts/bench --rounds {settings['rounds']:.0f} --seconds"
        f" {settings['seconds']:g}`: {machine['CPU']}, {machine['kernel']}, {machine['system']}, CPython {python}."
    )


def _against_best(work: WorkResult, ours: str, bound: float) -> tuple[str, ...] | None:
    figure = FIGURES[work.figures[0]]
    own = next((result for result in work.peers if result.peer == ours), None)
    others = [
        result
        for result in work.peers
        if result is not own and result.peer not in NO_OTHERS and result.summary(figure.key) is not None
    ]
    if own is None or own.summary(figure.key) is None or not others:
        return None
    sign = 1 if figure.less_is_better else -1
    other = min(others, key=lambda result: sign * result.summary(figure.key).median)
    relation = work.ratio(own, other.peer)
    sure = relation is not None and relation.spread <= bound
    relation_text = f"{relation.median:.2f}" if sure else tables.WITHHELD
    title = f"{figure.title}, {figure.unit}"
    return work.title, title, _median(own, figure.key), _median(other, figure.key), other.peer, relation_text


def _median(result: PeerResult, key: str) -> str:
    return FIGURES[key].format(result.summary(key).median)
