"""The files that are served and sent: made once for a run, the same bytes every time."""

from __future__ import annotations

import gzip
import json
import random
from dataclasses import dataclass
from pathlib import Path

WORDS = ("swift", "martin", "swallow", "nest", "eave", "cliff", "wing", "flight", "summer", "insect")


@dataclass(frozen=True)
class Content:
    """Directories of the files to serve (`files`) and of the bodies to send (`bodies`)."""

    files: Path
    bodies: Path

    def file(self, name: str) -> bytes:
        """What is in a file to serve."""
        return (self.files / name).read_bytes()

    def body(self, name: str) -> Path:
        """A body to send."""
        return self.bodies / name


def make(folder: Path) -> Content:
    """Write all of them beneath `folder`."""
    content = Content(folder / "files", folder / "bodies")
    content.files.mkdir()
    content.bodies.mkdir()
    chance = random.Random(7)
    for name, size in (("1k.css", 1000), ("100k.css", 100_000)):
        text = _text(chance, size)
        (content.files / name).write_bytes(text)
    (content.files / "1m.bin").write_bytes(chance.randbytes(1_000_000))
    (content.files / "10m.bin").write_bytes(chance.randbytes(10_000_000))
    compressed = gzip.compress((content.files / "100k.css").read_bytes(), mtime=0)
    (content.files / "100k.css.gz").write_bytes(compressed)
    content.body("order.json").write_text(_order())
    content.body("10m.bin").write_bytes(bytes(10_000_000))
    return content


def _text(chance: random.Random, size: int) -> bytes:
    words = []
    length = 0
    while length < size:
        words.append(chance.choice(WORDS))
        length += len(words[-1]) + 1
    return " ".join(words).encode()[:size].ljust(size)


def _order() -> str:
    """A JSON object of 1,000 bytes with 16 items."""
    items = [{"number": number, "name": f"item {number}", "price": number * 1.25} for number in range(16)]
    order = {"items": items, "note": ""}
    order["note"] = "x" * (1000 - len(json.dumps(order)))
    return json.dumps(order)
