"""The table of targets, as rows of words: for a terminal, and for a page."""

from __future__ import annotations

import math

from ..figures import FIGURES
from ..results import Report
from .target import Form, Target
from .verdicts import State, Verdict

HEADER = ("work", "figure", "compared with", "target", "measured", "")


def rows(verdicts: list[Verdict], report: Report) -> list[tuple[str, ...]]:
    """A row for each target, in the order of HEADER."""
    titles = {work.name: work.title for work in report.works}
    return [
        (
            titles.get(verdict.target.work, verdict.target.work),
            FIGURES[verdict.target.figure].title,
            _compared(verdict),
            _limit(verdict.target),
            _measured(verdict),
            f"{verdict.state.value}: {verdict.reason}" if verdict.reason else verdict.state.value,
        )
        for verdict in verdicts
    ]


def count(verdicts: list[Verdict]) -> str:
    """How many there are in each state."""
    numbers = {state: sum(verdict.state is state for verdict in verdicts) for state in State}
    return ", ".join(f"{number} {state.value.lower()}" for state, number in numbers.items() if number)


def _compared(verdict: Verdict) -> str:
    target = verdict.target
    if target.form is Form.VALUE:
        return ""
    if len(target.against) == 1:
        return target.against[0]
    group = ", ".join(target.against) or "all"
    return f"{verdict.other} (best of {group})" if verdict.other else f"best of {group}"


def _limit(target: Target) -> str:
    sign = "≤" if target.is_most else "≥"
    return f"{sign} {_value(target, target.limit)}"


def _measured(verdict: Verdict) -> str:
    # What can't be compared is not shown either: it would be read all the same.
    if verdict.value is None or verdict.state is State.UNSURE:
        return "-"
    value = verdict.value
    text = _value(verdict.target, value.median)
    return text if math.isinf(value.spread) else f"{text} ±{_half_width(verdict)}"


def _half_width(verdict: Verdict) -> str:
    if verdict.target.form is Form.DIFFERENCE:
        return _value(verdict.target, verdict.value.middle_half).lstrip("+")
    return f"{verdict.value.spread:.0%}"


def _value(target: Target, value: float) -> str:
    if target.form is Form.RATIO:
        return f"{value:.2f}"
    figure = FIGURES[target.figure]
    text = f"{figure.format(value)} {figure.unit}" if figure.unit != "1/s" else f"{figure.format(value)}/s"
    return f"+{text}" if target.form is Form.DIFFERENCE and value >= 0 else text
