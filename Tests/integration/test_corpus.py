"""Each entry of the corpus gets its verdict, however the network cuts its bytes.

Played whole, byte by byte, and cut in two at every boundary. On the primary interpreter in the embedded shape
only: the bytes are parsed before Python has any part in it, so no other combination could differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from corpus import ENTRIES, FOLLOW_UP, FOLLOW_UP_SEEN, Entry
from wire.peers import martlet
from wire.playing import Play, play
from wire.verdicts import Seen, Verdict, read

# Longer entries are cut at this many boundaries, and come in this many pieces instead of bytes.
EVERY_BOUNDARY = 300
SPREAD = 60


@dataclass(frozen=True)
class Way:
    """One way to send an entry."""

    entry: Entry
    name: str
    pieces: tuple[bytes, ...]

    @property
    def played(self) -> Play:
        if self.entry.end == "cut":
            return Play(self.pieces, half_close=True)
        # Whole, with the follow-up in one packet; in pieces, as a piece of its own.
        if len(self.pieces) == 1:
            return Play([self.pieces[0] + FOLLOW_UP])
        return Play([*self.pieces, FOLLOW_UP])


def ways(entry: Entry) -> Iterator[Way]:
    sent, length = entry.sent, len(entry.sent)
    yield Way(entry, "whole", (sent,))
    size = 1 if length <= EVERY_BOUNDARY else length // SPREAD
    yield Way(entry, f"in pieces of {size}", tuple(sent[at : at + size] for at in range(0, length, size)) or (b"",))
    for at in range(1, length) if length <= EVERY_BOUNDARY else cuts_of_a_long_one(length):
        yield Way(entry, f"cut at {at}", (sent[:at], sent[at:]))


def cuts_of_a_long_one(length: int) -> list[int]:
    """A spread, with all of both ends, where the line ends and the next request's beginning are."""
    ends = [*range(1, 80), *range(length - 80, length)]
    return sorted({*ends, *range(80, length - 80, max(1, length // SPREAD))})


def complaint(entry: Entry, verdict: Verdict) -> str | None:
    """What is wrong with the verdict; None if nothing is."""
    expected = (*entry.answers, *([FOLLOW_UP_SEEN] if entry.end == "open" else []))
    right = len(verdict.answers) == len(expected) and all(
        wanted.matches(answer) for wanted, answer in zip(expected, verdict.answers)
    )
    if not right:
        return f"answered {verdict.answers}"
    if verdict.end != "closed":
        return verdict.end
    if entry.end != "cut" and not verdict.says_close:
        return "the last answer does not say that the connection is closed (RFC 9112, 9.6)"
    if set(verdict.interim) - {100} or (verdict.interim and b"Expect:" not in entry.sent):
        return f"interim answers {verdict.interim}"
    return None


@pytest.fixture(scope="module")
def complaints(request, tmp_path_factory) -> dict[Entry, list[str]]:
    """What is wrong, entry by entry. All are played together, since they need not wait for one another."""
    chosen = {
        item.callspec.params["entry"]
        for item in request.session.items
        if hasattr(item, "callspec") and "entry" in item.callspec.params
    }
    plan = sorted((way for entry in ENTRIES if entry in chosen for way in ways(entry)), key=lambda way: len(way.pieces))
    found: dict[Entry, list[str]] = {entry: [] for entry in chosen}
    with martlet(tmp_path_factory.mktemp("corpus")) as server:
        for way, received in zip(plan, play(server.path, (way.played for way in plan))):
            wrong = complaint(way.entry, read(received))
            if wrong is not None:
                found[way.entry].append(f"{way.name}: {wrong}")
    return found


@pytest.mark.parametrize("entry", ENTRIES, ids=str)
def test_the_verdict_is_right_however_the_bytes_are_cut(entry: Entry, complaints):
    wrong = complaints[entry]
    shown = "\n  ".join(wrong[:5])
    assert not wrong, (
        f"\n{entry.why}\nsent {entry.sent[:1000]!r}\nexpected {entry.answers}, {entry.end}\n"
        f"{len(wrong)} ways to send it came out wrong:\n  {shown}"
    )


def test_the_corpus_has_every_kind_of_entry():
    assert len(ENTRIES) >= 260
    assert {entry.end for entry in ENTRIES} == {"open", "closed", "cut"}
    assert all(entry.why for entry in ENTRIES)
    assert any(isinstance(answer, Seen) and answer.fields for entry in ENTRIES for answer in entry.answers)


def test_a_connection_that_stays_silent_is_noticed(tmp_path: Path):
    """The tests rest on it: a server that waits must not look like one that has closed."""
    with martlet(tmp_path) as server:
        (received,) = play(server.path, [Play([b"GET / HTTP/1.1\r\n"])], timeout=0.5)
        assert read(received).end == "silent"
