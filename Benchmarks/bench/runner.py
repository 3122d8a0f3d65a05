"""The order of a run: peers checked once, then taken in turn, round by round."""

from __future__ import annotations

import sys

from . import environment
from .peers.peer import Peer
from .results import PeerResult, WorkResult
from .serving import StartError
from .works.work import Bench, Work, WrongAnswer


def say(text: str) -> None:
    """A line of progress, on standard error."""
    print(text, file=sys.stderr, flush=True)


def usable(peers: list[Peer], bench: Bench) -> tuple[list[Peer], dict[str, str]]:
    """The peers that are here and run the same Python, and why the others are left out."""
    found, left_out = [], {}
    for peer in peers:
        reason = environment.missing(peer, bench.tools) or environment.other_python(peer, bench)
        if reason is None:
            found.append(peer)
        else:
            left_out[peer.name] = reason
            say(f"    left out: {peer.name}: {reason}")
    return found, left_out


def run(work: Work, peers: list[Peer], bench: Bench, rounds: int) -> WorkResult:
    """All rounds of one work.

    Each round starts with another peer, and each measurement with a new process: what drifts in the machine, or is
    drawn by lot in a process (addresses, hashes), shows in the spread and favours nobody. Whatever goes wrong with one
    peer is noted, and ends neither the others' rounds nor the run.
    """
    result = WorkResult(work.name, work.title, work.figures, seconds=bench.seconds)
    ready = []
    for peer in peers:
        try:
            work.check(bench, peer)
        except Exception as error:
            result.excluded[peer.name] = _reason(error)
            say(f"    excluded: {peer.name}: {result.excluded[peer.name]}")
        else:
            ready.append(peer)
            result.peers.append(PeerResult(peer.name))
    for number in range(rounds if ready else 0):
        say(f"    round {number + 1} of {rounds}")
        start = number % len(ready)
        for place in (*range(start, len(ready)), *range(start)):
            try:
                values = work.measure(bench, ready[place])
            except Exception as error:
                values = {}
                result.peers[place].failures.append(f"round {number + 1}: {_reason(error)}")
                say(f"    failed: {ready[place].name}: {_reason(error)}")
            result.peers[place].rounds.append(values)
    return result


def _reason(error: BaseException) -> str:
    known = isinstance(error, (WrongAnswer, StartError, OSError))
    return str(error) if known and str(error) else f"{type(error).__name__}: {error}"
