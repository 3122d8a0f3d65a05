"""The figures that a work may have: what each is called, its unit, and how it is printed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measured quantity, in `unit`."""

    key: str
    title: str
    unit: str
    decimals: int
    less_is_better: bool = True

    def format(self, value: float) -> str:
        """The value without its unit, with thousands divided."""
        return f"{value:,.{self.decimals}f}"


FIGURES = {
    figure.key: figure
    for figure in (
        Figure("cpu", "CPU time per request", "µs", 2),
        Figure("rate", "requests per second", "1/s", 0, less_is_better=False),
        Figure("p50", "latency p50", "ms", 2),
        Figure("p99", "latency p99", "ms", 2),
        Figure("p999", "latency p99.9", "ms", 2),
        Figure("memory", "memory (PSS)", "MiB", 1),
        Figure("ideal", "share of the ideal rate", "%", 1, less_is_better=False),
        Figure("other_rate", "requests per second beside it", "1/s", 1, less_is_better=False),
        Figure("alone_rate", "requests per second of that alone", "1/s", 1, less_is_better=False),
        Figure("kept", "share of that", "%", 1, less_is_better=False),
        Figure("connection", "memory per idle connection", "KiB", 2),
        Figure("start", "time to the first answer", "ms", 1),
        Figure("idle", "memory before any load (PSS)", "MiB", 1),
        Figure("after", "memory after 100,000 requests (PSS)", "MiB", 1),
        Figure("client", "client busy", "%", 0),
        Figure("errors", "failed requests", "%", 2),
        Figure("other", "CPU used by others", "%", 1),
    )
}
