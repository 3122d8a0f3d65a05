"""Reports made by hand."""

from bench.results import PeerResult, Report, WorkResult

STEADY = (1.0, 1.01, 0.99, 1.0, 1.02, 0.98, 1.0)
"""Rounds that hardly differ, as factors."""


def rounds(value, figure="cpu", factors=STEADY, **more):
    """Rounds around a value of one figure, with others as they are."""
    return [{figure: value * factor, **more} for factor in factors]


def work(name="hello", figures=("cpu",), **peers):
    """A work with the rounds of each peer."""
    results = [PeerResult(peer.replace("_", "-"), list(values)) for peer, values in peers.items()]
    return WorkResult(name, f"Title of {name}", figures, results)


def report(*works):
    """A report with these works."""
    machine = {"date": "2026-01-01", "CPU": "a CPU", "kernel": "Linux", "system": "Debian"}
    return Report(machine, {"Python": "3.11.2 (main)"}, {"rounds": 7, "seconds": 1.5, "bound": 0.1}, {}, list(works))
