"""How far the rounds of a figure lie apart, and when two of them may be set in relation."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

FEWEST_ROUNDS = 5
"""With fewer there is no saying how far rounds lie apart."""


@dataclass(frozen=True)
class Summary:
    """Median of the rounds, least and greatest, and the middle half's width."""

    median: float
    least: float
    greatest: float
    middle_half: float
    rounds: int

    @property
    def spread(self) -> float:
        """Width of the middle half as a share of the median; infinite with too few rounds to tell."""
        if self.rounds < FEWEST_ROUNDS:
            return math.inf
        if self.median == 0:
            return 0.0 if self.middle_half == 0 else math.inf
        return self.middle_half / abs(self.median)


def summarise(values: Sequence[float]) -> Summary:
    """Summary of one value for each round; there must be at least one."""
    first, third = values[0], values[0]
    if len(values) > 1:
        first, _, third = statistics.quantiles(values, n=4, method="inclusive")
    return Summary(statistics.median(values), min(values), max(values), third - first, len(values))


def ratio(values: Sequence[float | None], base: Sequence[float | None]) -> Summary | None:
    """The relation of two peers, round by round, so that what slows both down in a round cancels out.

    Rounds that one of them has no value for are left out; None if there is no round left.
    """
    pairs = [(value, reference) for value, reference in zip(values, base) if value is not None and reference]
    return summarise([value / reference for value, reference in pairs]) if pairs else None


def difference(values: Sequence[float | None], base: Sequence[float | None]) -> Summary | None:
    """How much more one peer has than another, round by round, in the way of `ratio`."""
    pairs = [pair for pair in zip(values, base) if None not in pair]
    return summarise([value - reference for value, reference in pairs]) if pairs else None
