"""One case: a request, what Martlet answers, why, and where nginx does otherwise.

    case("range-first", "/files/digits.txt", 206, Range="bytes=0-4", body=b"01234",
         fields={"Content-Range": "bytes 0-4/100"}, why="RFC 9110, 14.2")

The keywords are fields of the request, with dashes for underscores. `fields` are those that the answer must have:
a text for exactly that, a compiled pattern for a value that matches, None for "not there". `body` is the answer's.

`nginx` is what nginx answers where it is something else: a status, or words on what differs in a field or the body.
Without it both must agree on the status, on the body of a file, and on all that `fields` names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from harness.client import Response


@dataclass(frozen=True)
class Case:
    name: str
    request: bytes
    method: str
    status: int
    fields: dict[str, str | re.Pattern[str] | None]
    body: bytes | None
    # A section of an RFC, a fault of somebody's, or "ours: " and a decision of docs/static-files.md
    why: str
    # What nginx does otherwise; None where it does the same
    nginx: int | str | None = None

    def __str__(self) -> str:
        return self.name

    def complaints(self, response: Response) -> list[str]:
        """What of an answer is not as it must be."""
        found = []
        if response.status != self.status:
            found.append(f"status {response.status} instead of {self.status}")
        if self.body is not None and response.body != self.body:
            found.append(f"body {response.body[:80]!r} instead of {self.body[:80]!r}")
        for name, wanted in self.fields.items():
            values = response.all(name)
            if wanted is None:
                right = not values
            elif isinstance(wanted, str):
                right = values == [wanted]
            else:
                right = len(values) == 1 and wanted.fullmatch(values[0]) is not None
            if not right:
                shown = wanted.pattern if isinstance(wanted, re.Pattern) else wanted
                found.append(f"{name} {values} instead of {shown!r}")
        return found


def case(
    name: str,
    target: str,
    status: int,
    *,
    why: str,
    method: str = "GET",
    fields: dict[str, str | re.Pattern[str] | None] | None = None,
    body: bytes | None = None,
    nginx: int | str | None = None,
    sent: list[tuple[str, str]] | None = None,
    **headers: str,
) -> Case:
    """`sent` are fields that no keyword can name, or that come twice."""
    lines = [f"{method} {target} HTTP/1.1", "Host: files", "Connection: close"]
    lines += [f"{key.replace('_', '-')}: {value}" for key, value in headers.items()]
    lines += [f"{key}: {value}" for key, value in sent or []]
    request = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"
    return Case(name, request, method, status, fields or {}, body, why, nginx)
