"""What the answer to a request must be for a peer to be measured: each returns what is wrong, or None."""

from __future__ import annotations

import json
from collections.abc import Callable

from ..clients.http import Answer
from ..content import Content

Expectation = Callable[[Answer, Content], "str | None"]


def _status(answer: Answer, wanted: int) -> str | None:
    return None if answer.status == wanted else f"status {answer.status} instead of {wanted}"


def body(wanted: bytes) -> Expectation:
    """200 with exactly this body."""

    def check(answer: Answer, _: Content) -> str | None:
        return _status(answer, 200) or (None if answer.body == wanted else f"another body: {answer.body[:60]!r}")

    return check


def missing(answer: Answer, _: Content) -> str | None:
    """404."""
    return _status(answer, 404)


def json_with(key: str, value: object) -> Expectation:
    """200 with a JSON object that has this member."""

    def check(answer: Answer, _: Content) -> str | None:
        if wrong := _status(answer, 200):
            return wrong
        try:
            found = json.loads(answer.body).get(key)
        except ValueError:
            return f"a body that is no JSON: {answer.body[:60]!r}"
        return None if found == value else f"{key} is {found!r} instead of {value!r}"

    return check


def page(first: bytes, last: bytes, least: int, most: int) -> Expectation:
    """200 with a body of a size between two bounds that begins and ends as given."""

    def check(answer: Answer, _: Content) -> str | None:
        if wrong := _status(answer, 200):
            return wrong
        if not least <= len(answer.body) <= most:
            return f"a body of {len(answer.body)} bytes instead of {least} to {most}"
        right = answer.body.startswith(first) and answer.body.rstrip().endswith(last)
        return None if right else "another page"

    return check


def file(name: str, start: int = 0, stop: int | None = None) -> Expectation:
    """200 with the whole file and no coding, or 206 with the bytes from `start` up to `stop`."""

    def check(answer: Answer, content: Content) -> str | None:
        if wrong := _status(answer, 200 if stop is None else 206):
            return wrong
        if coding := answer.headers.get("content-encoding"):
            return f"Content-Encoding {coding} without having been asked"
        wanted = content.file(name)[start:stop]
        return None if answer.body == wanted else f"{len(answer.body)} bytes that differ from the file's {len(wanted)}"

    return check


def compressed(name: str) -> Expectation:
    """200 with the file's `.gz` beside it, byte for byte."""

    def check(answer: Answer, content: Content) -> str | None:
        if wrong := _status(answer, 200):
            return wrong
        if answer.headers.get("content-encoding") != "gzip":
            return f"Content-Encoding {answer.headers.get('content-encoding')} instead of gzip: no precompressed files"
        return None if answer.body == content.file(f"{name}.gz") else "compressed anew instead of the file at hand"

    return check


def not_modified(answer: Answer, _: Content) -> str | None:
    """304 without a body."""
    return _status(answer, 304) or (None if not answer.body else "a body with 304")
