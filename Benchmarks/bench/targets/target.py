"""One target: a figure of ours, alone or beside that of others, and a limit for it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from ..figures import FIGURES


class Form(Enum):
    """What the limit is for."""

    VALUE = "the figure itself"
    RATIO = "the figure in relation to another peer's, round by round"
    DIFFERENCE = "the figure less another peer's, round by round"


@dataclass(frozen=True)
class Target:
    """A limit for a figure of a work.

    `against` are the peers that ours is compared with, by the best of them; without names it is the best of all that
    the work has measured. It is of no meaning for a value.
    """

    work: str
    figure: str
    form: Form
    limit: float
    is_most: bool = True
    """The limit is the greatest that meets the target, else the least."""
    against: tuple[str, ...] = ()

    def is_met_by(self, value: float) -> bool:
        """Compared as printed: what reads 1.00 is not more than 1.00."""
        rounded = round(value, 2 if self.form is Form.RATIO else FIGURES[self.figure].decimals)
        return rounded <= self.limit if self.is_most else rounded >= self.limit


def ratio(work: str, limit: float, *against: str, figure: str = "cpu", is_most: bool = True) -> Target:
    """Our figure in relation to the best of some peers, or of all."""
    return Target(work, figure, Form.RATIO, limit, is_most, against)


def more_than(work: str, limit: float, against: str, figure: str) -> Target:
    """At most so much more than that of another peer."""
    return Target(work, figure, Form.DIFFERENCE, limit, against=(against,))


def most(work: str, figure: str, limit: float) -> Target:
    """At most so much."""
    return Target(work, figure, Form.VALUE, limit)


def least(work: str, figure: str, limit: float) -> Target:
    """At least so much."""
    return Target(work, figure, Form.VALUE, limit, is_most=False)
