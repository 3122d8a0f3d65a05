"""Where figures are kept in the repository: charts, a page, and a section of the README between two marks."""

from __future__ import annotations

from pathlib import Path

from . import charts, markdown
from .results import Report

BEGIN = "<!-- figures: written by scripts/bench --report FILE --publish -->"
END = "<!-- end of figures -->"


def publish(report: Report, top: Path, ours: str) -> list[Path]:
    """Write all of it beneath the repository's top; returns the files."""
    folder, page, readme = top / "docs" / "charts", top / "docs" / "benchmarks.md", top / "README.md"
    # First, so that a README without the marks is told of before anything is written.
    text = between_marks(readme.read_text(), markdown.summary(report, ours, "docs/charts", "docs/benchmarks.md"))
    drawn = charts.write(report, folder, ours)
    page.write_text(markdown.page(report, ours, "charts"))
    readme.write_text(text)
    return [readme, page, *(folder / f"{name}.svg" for name in drawn)]


def between_marks(text: str, section: str) -> str:
    """The text with the section in the place of what was between the marks."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"bench: README.md has no lines '{BEGIN}' and '{END}' to write figures between")
    return f"{before}{BEGIN}\n{section}\n{END}{after}"
