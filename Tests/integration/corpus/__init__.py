"""Requests as bytes, what must become of each, and why: see `corpus.entry` for how to read and write one.

Written for this project, from RFC 9110 and 9112 branch by branch and from what has gone wrong in other servers.
"""

from __future__ import annotations

from collections import Counter

from corpus import (
    chunks,
    codings,
    connections,
    extensions,
    fields,
    hosts,
    lengths,
    limits,
    other_protocols,
    pipelines,
    request_lines,
    targets,
    trailers,
)
from corpus.entry import FOLLOW_UP, FOLLOW_UP_SEEN, Entry

SECTIONS = (
    *(request_lines, targets, fields, hosts, lengths, codings, chunks, extensions, trailers),
    *(connections, pipelines, limits, other_protocols),
)
ENTRIES: tuple[Entry, ...] = tuple(entry for section in SECTIONS for entry in section.ENTRIES)

_TWICE = [name for name, count in Counter(entry.name for entry in ENTRIES).items() if count > 1]
if _TWICE:
    raise ValueError(f"names that are there twice: {_TWICE}")

__all__ = ["ENTRIES", "FOLLOW_UP", "FOLLOW_UP_SEEN", "Entry"]
