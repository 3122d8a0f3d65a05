"""What a server made of the bytes of one connection, read from what it sent back."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from harness.client import Connection, ProtocolViolation, Response, Truncated
from wire.playing import SILENCE


@dataclass(frozen=True)
class Seen:
    """A request as the application saw it. `fields` has those that an entry cares for; None is "not there"."""

    method: str
    target: str
    body: str = ""
    fields: dict[str, str | None] = field(default_factory=dict, compare=False)

    def matches(self, other: object) -> bool:
        return self == other and all(other.fields.get(name) == value for name, value in self.fields.items())


@dataclass(frozen=True)
class Refused:
    """An answer of the server's own."""

    status: int

    def matches(self, other: object) -> bool:
        return self == other


@dataclass(frozen=True)
class Verdict:
    """The final answers in order, and how the connection went on."""

    answers: tuple[Seen | Refused, ...]
    # "closed", "silent" (nothing more came, and it was left open), or what was wrong with the answers
    end: str = "closed"
    interim: tuple[int, ...] = ()
    says_close: bool = False

    @property
    def accepted(self) -> tuple[Seen, ...]:
        return tuple(answer for answer in self.answers if isinstance(answer, Seen))


class _Recording(Connection):
    """The strict client, reading what was recorded."""

    def __init__(self, received: bytes) -> None:
        self.was_reset = False
        self._buffer = bytearray(received)

    @property
    def is_empty(self) -> bool:
        return not self._buffer

    def _fill(self) -> bool:
        return False


def read(received: bytes) -> Verdict:
    """The verdict that these bytes are."""
    end = "closed"
    if received.endswith(SILENCE):
        received, end = received[: -len(SILENCE)], "silent"
    recording = _Recording(received)
    answers: list[Seen | Refused] = []
    interim: list[int] = []
    says_close = False
    while not recording.is_empty:
        try:
            response = recording.read_response()
        except (ProtocolViolation, Truncated) as fault:
            end = f"garbled: {fault}"
            break
        interim += response.interim
        says_close = [value.lower() for value in response.all("Connection")] == ["close"]
        answers.append(_answer(response))
    return Verdict(tuple(answers), end, tuple(interim), says_close)


def _answer(response: Response) -> Seen | Refused:
    shown = response.header("X-Seen")
    if response.status != 200 or shown is None:
        return Refused(response.status)
    return Seen(**json.loads(shown))
