"""What a run says of a target."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from .. import spread
from ..figures import FIGURES
from ..results import PeerResult, Report, WorkResult
from ..spread import FEWEST_ROUNDS, Summary
from .target import Form, Target

NO_OTHERS = ("floor", "import", "martlet-streamed")
"""They are measured beside others, and can't be the best of them: no servers, or ours in another way."""

MOST_ERRORS = 1.0
"""Percent of requests that may fail where the cost of a request is to mean something."""


class State(Enum):
    """Whether a target is met, or why that can't be said."""

    MET = "met"
    MISSED = "MISSED"
    UNSURE = "not comparable"
    UNMEASURED = "not measured"


@dataclass(frozen=True)
class Verdict:
    """`value` is what the limit is for, `other` the peer that ours was compared with; `reason` says why it is open."""

    target: Target
    state: State
    value: Summary | None = None
    other: str | None = None
    reason: str = ""


def judge(targets: Sequence[Target], report: Report, ours: str) -> list[Verdict]:
    """A verdict on each target, in their order."""
    works = {work.name: work for work in report.works}
    return [_judge(target, works.get(target.work), ours, report.settings["bound"]) for target in targets]


def _judge(target: Target, work: WorkResult | None, ours: str, bound: float) -> Verdict:
    if work is None:
        return Verdict(target, State.UNMEASURED, reason="the work was not measured")
    own = next((result for result in work.peers if result.peer == ours), None)
    if own is None or not _has(own, target.figure):
        return Verdict(target, State.UNMEASURED, reason=work.excluded.get(ours, f"{ours} has no such figure"))
    if _fails(own):
        return Verdict(target, State.UNSURE, reason=f"more than {MOST_ERRORS:.0f} % of the requests failed")
    if target.form is Form.VALUE:
        value = own.summary(target.figure)
        return _decided(target, value, None, value.spread, bound)
    missing = [peer for peer in target.against if not _counts(work, peer, target.figure)]
    if missing and len(target.against) > 1:
        return Verdict(target, State.UNMEASURED, reason=f"no figure of {' and '.join(missing)}")
    other = best(work, target, ours)
    if other is None:
        return Verdict(target, State.UNMEASURED, reason=f"no figure of {' or '.join(target.against) or 'another peer'}")
    values, base = own.values(target.figure), other.values(target.figure)
    if target.form is Form.RATIO:
        value = spread.ratio(values, base)
        return _unmeasured(target) if value is None else _decided(target, value, other.peer, value.spread, bound)
    value = spread.difference(values, base)
    if value is None:
        return _unmeasured(target)
    # As a share of what is subtracted: the less the difference, the more of itself any error would be.
    share = value.middle_half / other.summary(target.figure).median if value.rounds >= FEWEST_ROUNDS else math.inf
    return _decided(target, value, other.peer, share, bound)


def best(work: WorkResult, target: Target, ours: str) -> PeerResult | None:
    """The peer that ours is compared with: of those that answer rightly, the one with the best median."""
    candidates = [
        result
        for result in work.peers
        if result.peer != ours
        and (result.peer in target.against if target.against else result.peer not in NO_OTHERS)
        and _has(result, target.figure)
        and not _fails(result)
    ]
    if not candidates:
        return None
    sign = 1 if FIGURES[target.figure].less_is_better else -1
    return min(candidates, key=lambda result: sign * result.summary(target.figure).median)


def _counts(work: WorkResult, peer: str, figure: str) -> bool:
    return any(result.peer == peer and _has(result, figure) and not _fails(result) for result in work.peers)


def _decided(target: Target, value: Summary, other: str | None, share: float, bound: float) -> Verdict:
    if value.rounds < FEWEST_ROUNDS:
        return Verdict(target, State.UNSURE, value, other, f"{value.rounds} of at least {FEWEST_ROUNDS} rounds")
    met = target.is_met_by(value.median)
    # A value whose rounds are all on one side of its limit may spread as it likes. Relations are held to the bound.
    one_side = target.is_met_by(value.least) == target.is_met_by(value.greatest)
    if share > bound and not (target.form is Form.VALUE and one_side):
        return Verdict(target, State.UNSURE, value, other, f"rounds spread by {share:.0%}")
    return Verdict(target, State.MET if met else State.MISSED, value, other)


def _unmeasured(target: Target) -> Verdict:
    return Verdict(target, State.UNMEASURED, reason="no round has both figures")


def _has(result: PeerResult, figure: str) -> bool:
    """More than half of the rounds have the figure."""
    return 2 * sum(value is not None for value in result.values(figure)) > len(result.rounds)


def _fails(result: PeerResult) -> bool:
    errors = result.summary("errors")
    return errors is not None and errors.median > MOST_ERRORS
