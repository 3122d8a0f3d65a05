"""What a run has measured: a value for each work, peer, figure and round."""

from __future__ import annotations

from dataclasses import dataclass, field

from . import spread
from .spread import Summary


@dataclass
class PeerResult:
    """The rounds of one peer at one work; a round that failed is empty and `failures` says why."""

    peer: str
    rounds: list[dict[str, float]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def values(self, figure: str) -> list[float | None]:
        """One value for each round, None where there is none."""
        return [values.get(figure) for values in self.rounds]

    def summary(self, figure: str) -> Summary | None:
        """Over the rounds that have the figure; None without any."""
        values = [value for value in self.values(figure) if value is not None]
        return spread.summarise(values) if values else None


@dataclass
class WorkResult:
    """The peers of one work, in the order of the table; `excluded` says of others why they are not among them."""

    name: str
    title: str
    figures: tuple[str, ...]
    peers: list[PeerResult] = field(default_factory=list)
    excluded: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    def ratio(self, peer: PeerResult, base: str) -> Summary | None:
        """How many times the first figure of `base` this peer's is; None if one of them has none."""
        reference = next((result for result in self.peers if result.peer == base), None)
        if reference is None or reference is peer:
            return None
        return spread.ratio(peer.values(self.figures[0]), reference.values(self.figures[0]))


@dataclass
class Report:
    """A whole run: what it was made on and with, and what came out."""

    machine: dict[str, str]
    versions: dict[str, str]
    settings: dict[str, float]
    left_out: dict[str, str]
    works: list[WorkResult] = field(default_factory=list)

    def add(self, work: WorkResult) -> None:
        """Keep it, in the place of an earlier result of that work if there is one."""
        for place, known in enumerate(self.works):
            if known.name == work.name:
                self.works[place] = work
                return
        self.works.append(work)

    def continued(self, later: Report) -> Report:
        """This one with what a later run on the same machine knows more, so that works can be added."""
        first, last = self.machine["date"].split(" to ")[0], later.machine["date"].split(" to ")[-1]
        return Report(
            self.machine | {"date": first if first == last else f"{first} to {last}"},
            self.versions | later.versions,
            self.settings | {"bound": later.settings["bound"]},
            {peer: reason for peer, reason in self.left_out.items() if peer not in later.versions} | later.left_out,
            list(self.works),
        )

    def differs_from(self, other: Report) -> str | None:
        """Why figures of the two must not stand in one table, or None."""
        pairs = [("machine", self.machine, other.machine), ("version", self.versions, other.versions)]
        for kind, own, others in pairs:
            for key in own.keys() & others.keys() - {"date"}:
                if own[key] != others[key]:
                    return f"another {kind}: {key} is {own[key]}, and was {others[key]}"
        own_time, other_time = self.settings.get("seconds"), other.settings.get("seconds")
        if own_time != other_time:
            return f"another time for each measurement: {own_time} s, and was {other_time} s"
        return None
