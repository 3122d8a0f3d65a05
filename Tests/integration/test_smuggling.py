"""No bytes are two requests to Martlet and one to a server that it may stand beside, or the other way round.

Damaged framing (`wire.mutations`) goes to Martlet, nginx, Gunicorn and waitress. One may refuse what another
accepts. But as long as both accept, request by request, they must have read the same: a difference there is
what request smuggling needs. `MUTATIONS=50000` is the full run; `MUTATIONS_SEED` makes others.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from pathlib import Path

import pytest
from wire.mutations import probe
from wire.peers import Peer, martlet, peers
from wire.playing import Play, play
from wire.verdicts import Refused, Seen, Verdict, read

MUTATIONS = int(os.environ.get("MUTATIONS", "3000"))
SEED = int(os.environ.get("MUTATIONS_SEED", "20261122"))
BATCH = 1024
# How long a server that has fallen silent is given, and given when a conflict depends on it.
SILENT = 0.3
SURELY_SILENT = 2.0

# Theirs, not ours, by (peer, what is in the bytes). RFC 9110, 2.5 wants a higher minor version understood as the
# highest known one: waitress ignores the chunked coding in any but HTTP/1.1. RFC 9112, 6.3 gives a request without
# framing no body: waitress forgets one with an expectation, and joins its fields with the next request's.
KNOWN = {("waitress", b" HTTP/1.2\r\n"), ("waitress", b"Expect: 100-continue")}


def read_differently(left: Verdict, right: Verdict) -> bool:
    """Whether a request that both accept is not the same request."""
    return any(one != other for one, other in zip(left.accepted, right.accepted))


def reads_on(left: Verdict, right: Verdict) -> bool:
    """Whether one waits for more of a request where the other has found a further one."""
    shorter, longer = sorted((left, right), key=lambda verdict: len(verdict.accepted))
    return len(shorter.accepted) < len(longer.accepted) and shorter.end == "silent"


def verdicts(servers: Sequence[Peer], plays: Sequence[Play], timeout: float = 20.0) -> list[list[Verdict]]:
    """For each play, the verdict of each server; they work at the same time."""

    def all_of(server: Peer) -> list[Verdict]:
        return [read(received) for received in play(server.path, plays, timeout=timeout)]

    with ThreadPoolExecutor(len(servers)) as pool:
        return [list(row) for row in zip(*pool.map(all_of, servers))]


def read_apart(pair: Sequence[Peer], probes: Sequence[bytes]) -> list[tuple[bytes, list[Verdict]]]:
    """Of probes that one of the two stopped at earlier, those where it has not refused but waits for more.

    There is no FIN here that ends the waiting.
    """
    silent = [
        sent
        for sent, both in zip(probes, verdicts(pair, [Play([sent]) for sent in probes], SILENT))
        if read_differently(*both) or reads_on(*both)
    ]
    found = verdicts(pair, [Play([sent]) for sent in silent], SURELY_SILENT)
    return [(sent, both) for sent, both in zip(silent, found) if read_differently(*both) or reads_on(*both)]


def is_known(peer: Peer, sent: bytes) -> bool:
    return any(name == peer.name and mark in sent for name, mark in KNOWN)


def conflicts(pair: Sequence[Peer], probes: Sequence[bytes], found: Sequence[Sequence[Verdict]]) -> list[str]:
    """Where the two have read the same bytes as different requests."""
    different = [(sent, both) for sent, both in zip(probes, found) if read_differently(*both)]
    suspects = [sent for sent, (one, other) in zip(probes, found) if len(one.accepted) != len(other.accepted)]
    # Whoever stopped earlier has refused, or was only told by the FIN that there is no more to wait for.
    different += read_apart(pair, suspects)
    names = [server.name for server in pair]
    return [
        f"{sent!r}\n" + "\n".join(f"  {name}: {verdict}" for name, verdict in zip(names, both))
        for sent, both in different
        if not is_known(pair[1], sent)
    ]


@pytest.mark.timeout(60 + MUTATIONS // 20)
def test_no_damage_makes_two_servers_see_different_requests(tmp_path: Path):
    seen: Counter[str] = Counter()
    wrong: list[str] = []
    with martlet(tmp_path) as ours, peers(tmp_path) as theirs:
        servers = [ours, *theirs]
        for first in range(0, MUTATIONS, BATCH):
            probes = [probe(SEED, number) for number in range(first, min(first + BATCH, MUTATIONS))]
            found = verdicts(servers, [Play([sent], half_close=True) for sent in probes])
            for row in found:
                seen.update(server.name for server, verdict in zip(servers, row) if verdict.accepted)
                silent = [server.name for server, verdict in zip(servers, row) if verdict.end == "silent"]
                assert "martlet" not in silent, "the connection stays open behind the client's FIN"
            for index, peer in enumerate(theirs, start=1):
                wrong += conflicts([ours, peer], probes, [(row[0], row[index]) for row in found])
            # What the peers make of one another's input shows that the damage is of the kind that matters.
            for one, other in combinations(range(1, len(servers)), 2):
                apart = sum(read_differently(row[one], row[other]) for row in found)
                seen[f"{servers[one].name} and {servers[other].name} apart"] += apart
            assert len(wrong) < 20, "\n".join(wrong)
    print(f"{MUTATIONS} mutations, seed {SEED}; accepted by {dict(seen)}; conflicts with martlet: {len(wrong)}")
    assert not wrong, "\n".join(wrong)
    assert 0.02 < seen["martlet"] / MUTATIONS < 0.9, "the damage is too much, or too little"


def test_a_difference_is_noticed():
    """The test above rests on it."""
    short, long = Seen("POST", "/1", "hello"), Seen("POST", "/1", "hello0")
    second = Seen("GET", "/2")
    assert read_differently(Verdict((short, second)), Verdict((long,)))
    assert not read_differently(Verdict((short, second)), Verdict((short, Refused(400))))
    assert not read_differently(Verdict((short, second)), Verdict((Refused(400),)))
    assert reads_on(Verdict((short, second)), Verdict((), "silent"))
    assert reads_on(Verdict((short,), "silent"), Verdict((short, second)))
    assert not reads_on(Verdict((short, second)), Verdict((short, Refused(400))))
    assert not reads_on(Verdict((), "silent"), Verdict((), "silent"))
