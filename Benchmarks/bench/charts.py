"""Bar charts of a work's first figure, as SVG that can stand in a README on a light or a dark page."""

from __future__ import annotations

from html import escape
from pathlib import Path

from .figures import FIGURES
from .results import PeerResult, Report, WorkResult
from .targets.verdicts import NO_OTHERS

WIDTH, LABEL, VALUE = 720, 190, 130
TOP, ROW, BAR, BOTTOM = 46, 26, 16, 12

# An SVG in an <img> follows the reader's colour scheme by its own style only. The background stays transparent.
STYLE = """\
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.title { font-size: 15px; font-weight: 600 }
.unit { fill: #59636e; font-size: 12px }
.bar { fill: #8c959f }
.ours { fill: #0969da }
.beside { fill: #d1d9e0 }
.range { stroke: #1f2328; stroke-width: 1.2 }
@media (prefers-color-scheme: dark) {
text { fill: #f0f6fc }
.unit { fill: #9198a1 }
.bar { fill: #656c76 }
.ours { fill: #4493f8 }
.beside { fill: #3d444d }
.range { stroke: #f0f6fc }
}"""


def write(report: Report, folder: Path, ours: str) -> list[str]:
    """A file for each work that something was measured of; returns the names of those works."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = []
    for work in report.works:
        drawing = draw(work, ours)
        if drawing is not None:
            (folder / f"{work.name}.svg").write_text(drawing)
            drawn.append(work.name)
    return drawn


def draw(work: WorkResult, ours: str) -> str | None:
    """The chart, best peer first, with a line from the least to the greatest round; None if nothing was measured."""
    figure = FIGURES[work.figures[0]]
    measured = [result for result in work.peers if result.summary(figure.key) is not None]
    if not measured:
        return None
    measured.sort(key=lambda result: result.summary(figure.key).median, reverse=not figure.less_is_better)
    greatest = max(result.summary(figure.key).greatest for result in measured) or 1.0
    better = "less" if figure.less_is_better else "more"
    height = TOP + ROW * len(measured) + BOTTOM
    title = f"{work.title}: {figure.title}"
    quantity = figure.title if figure.unit == "1/s" else f"{figure.title} in {figure.unit}"
    unit = f"{quantity}: {better} is better"
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
            f' role="img" aria-label="{escape(title)}">',
            f"<style>\n{STYLE}\n</style>",
            f'<text class="title" x="0" y="16">{escape(work.title)}</text>',
            f'<text class="unit" x="0" y="34">{escape(unit)}</text>',
            *(_bar(place, result, figure.key, greatest, ours) for place, result in enumerate(measured)),
            "</svg>\n",
        )
    )


def _bar(place: int, result: PeerResult, key: str, greatest: float, ours: str) -> str:
    summary = result.summary(key)
    scale = (WIDTH - LABEL - VALUE) / greatest
    top = TOP + ROW * place
    middle = top + BAR / 2
    ends = [LABEL + value * scale for value in (summary.least, summary.greatest)]
    # The label of the value stands right of whichever reaches further, the bar or the line.
    value_at = max(LABEL + summary.median * scale, ends[1]) + 8
    kind = "bar ours" if result.peer == ours else "bar beside" if result.peer in NO_OTHERS else "bar"
    return "\n".join(
        (
            f'<text x="{LABEL - 10}" y="{middle + 4.5:.1f}" text-anchor="end">{escape(result.peer)}</text>',
            f'<rect class="{kind}" x="{LABEL}" y="{top}" width="{max(1.0, summary.median * scale):.1f}" height="{BAR}"'
            ' rx="2"/>',
            f'<line class="range" x1="{ends[0]:.1f}" x2="{ends[1]:.1f}" y1="{middle:.1f}" y2="{middle:.1f}"/>',
            f'<text x="{value_at:.1f}" y="{middle + 4.5:.1f}">{FIGURES[key].format(summary.median)}</text>',
        )
    )
