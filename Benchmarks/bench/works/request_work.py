"""Works that are a load of requests: what each costs, how many there are, and how long they take."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace

from .. import machine, processes
from ..clients import wrk
from ..clients.http import Answer, answers_in_one_go, ask
from ..clients.wrk import Load, Outcome, Request
from ..content import Content
from ..peers.peer import Can, Peer
from ..serving import Served
from .expectations import Expectation
from .work import Bench, WrongAnswer, warm_up

USUAL = ("cpu", "rate", "p50", "p99", "p999", "memory", "client", "errors", "other")
MOST_UNCOUNTED = 0.02
"""Share of a measurement's requests that may be under way at its end and so be paid for without being counted."""


@dataclass(frozen=True)
class RequestWork:
    """A load on a peer, with another one beside it or not.

    `threads` and `mounted` are as in Site. `load.request.body` is taken from the bodies of the content by its name.
    `conditional` asks once for the file and then only whether it has changed. `ideal` is how many requests per second
    could be served at best. With `both_cores` the server is pinned to the client's core as well: for works in which
    what waits matters.
    """

    name: str
    title: str
    load: Load
    expect: Expectation
    application: str = "hello"
    needs: frozenset[Can] = frozenset({Can.WSGI})
    figures: tuple[str, ...] = USUAL
    threads: int = 1
    beside: Load | None = None
    precompressed: bool = False
    conditional: bool = False
    ideal: float | None = None
    both_cores: bool = False
    mounted: bool = False
    beside_alone: bool = False
    """In each round, the load beside is driven alone first, to see what is left of it."""
    wanted_errors: bool = False
    """The right answer is one that the client counts as an error."""
    stretch: float = 1.0
    """How many times as long as others it is measured: where few requests fit in."""
    peers: tuple[str, ...] = ()
    is_extra: bool = False
    also: tuple[tuple[str, Expectation], ...] = field(default=())
    """Other paths that the load asks for, and what they must answer."""

    def duration(self, seconds: float) -> float:
        """Start, warm-up, measurement and stop, in seconds."""
        length = self.stretch * seconds
        return (2 if self.beside_alone else 1) * length + warm_up(length) + 0.45

    def check(self, bench: Bench, peer: Peer) -> None:
        """One request of each kind has the right answer."""
        with self._serve(bench, peer) as served:
            self._prepare(bench.content, served)
            if self.load.depth > 1:
                answers = answers_in_one_go(self.load.request.path, served.port, self.load.depth)
                if answers < self.load.depth:
                    raise WrongAnswer(f"{answers} answers to {self.load.depth} requests in one write: no pipelining")
            for path, expect in self.also:
                if wrong := expect(ask(Request(path), served.port), bench.content):
                    raise WrongAnswer(f"{path}: {wrong}")

    def measure(self, bench: Bench, peer: Peer) -> dict[str, float]:
        """One round."""
        with self._serve(bench, peer) as served:
            load = self._prepare(bench.content, served)
            seconds = self.stretch * bench.seconds
            wrk.run(load, served.port, bench.cores.client, warm_up(seconds))
            processes.wait_until_quiet(served.roots)
            alone = wrk.run(self.beside, served.port, bench.cores.client, seconds) if self.beside_alone else None
            figures = self._figures(bench, served, load, seconds)
            if alone is not None:
                figures["alone_rate"] = alone.requests / alone.duration
                figures["kept"] = 100 * figures["other_rate"] / figures["alone_rate"]
            return figures

    def _serve(self, bench: Bench, peer: Peer):
        return bench.serve(
            peer, self.application, self.threads, self.precompressed, self.mounted, both_cores=self.both_cores
        )

    def _prepare(self, content: Content, served: Served) -> Load:
        """The load as it is for this peer, after one request with the right answer."""
        request = self.load.request
        headers, body = request.headers, request.body
        if body is not None:
            body = content.body(body.name)
            headers += (("Content-Type", "application/json" if body.suffix == ".json" else "application/octet-stream"),)
        if self.conditional:
            headers += _validators(ask(request, served.port).headers)
        request = Request(request.path, request.method, headers, body)
        answer = ask(request, served.port)
        if wrong := self.expect(answer, content) or _undelimited(answer):
            raise WrongAnswer(f"{request.path}: {wrong}")
        return replace(self.load, request=request)

    def _figures(self, bench: Bench, served: Served, load: Load, seconds: float) -> dict[str, float]:
        loads = [load] if self.beside is None else [load, self.beside]
        runs = []
        busy_before, cpu_before, began = machine.busy_seconds(), processes.cpu_time(served.roots), time.monotonic()
        try:
            for each in loads:
                runs.append(wrk.Run(each, served.port, bench.cores.client, seconds))
            time.sleep(seconds)
            outcomes = [run.finish() for run in runs]
        finally:
            for run in runs:
                run.kill()
        cpu = (processes.cpu_time(served.roots) - cpu_before) / 1e9
        elapsed = time.monotonic() - began
        client_cpu = sum(outcome.client_cpu for outcome in outcomes)
        others = machine.busy_seconds() - busy_before - cpu - client_cpu
        figures = self._of_load(outcomes[0], load)
        figures["memory"] = processes.proportional_memory(served.roots) / 2**20
        figures["client"] = 100 * client_cpu / elapsed
        figures["other"] = max(0.0, 100 * others / elapsed)
        requests = sum(outcome.requests for outcome in outcomes)
        in_flight = sum(each.in_flight for each in loads)
        if len(outcomes) == 1 and in_flight <= MOST_UNCOUNTED * requests:
            figures["cpu"] = 1e6 * cpu / requests
        if len(outcomes) > 1:
            figures["other_rate"] = outcomes[1].requests / outcomes[1].duration
        return figures

    def _of_load(self, outcome: Outcome, load: Load) -> dict[str, float]:
        if outcome.requests == 0:
            raise WrongAnswer(f"not one of {load.connections} connections was answered")
        rate = outcome.requests / outcome.duration
        errors = outcome.errors - (outcome.status_errors if self.wanted_errors else 0)
        figures = {"rate": rate, "errors": 100 * errors / outcome.requests}
        latencies = {"p50": outcome.p50, "p99": outcome.p99, "p999": outcome.p999}
        # wrk says 0 where it has too few samples, and what it says of a pipeline counts batches as requests.
        if load.depth == 1:
            figures |= {key: 1e3 * latency for key, latency in latencies.items() if latency > 0}
        if self.ideal is not None:
            figures["ideal"] = 100 * rate / self.ideal
        return figures


def _undelimited(answer: Answer) -> str | None:
    """What is wrong with a body that ends with its connection: wrk doesn't count it as an answer."""
    if answer.status == 304 or not {"content-length", "transfer-encoding"}.isdisjoint(answer.headers):
        return None
    return "neither Content-Length nor chunks: only the end of the connection says that the body is whole"


def _validators(headers: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """What a browser asks with that has the file."""
    pairs = (("If-None-Match", "etag"), ("If-Modified-Since", "last-modified"))
    found = tuple((name, headers[source]) for name, source in pairs if source in headers)
    if not found:
        raise WrongAnswer("neither ETag nor Last-Modified: it can't be asked whether a file has changed")
    return found
