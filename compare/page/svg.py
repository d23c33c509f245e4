"""Convert a matplotlib figure to inline SVG, whose lines can be hidden and follow the theme.

matplotlib's SVG is meant to be a file of its own. In a page its ids would clash with those of the
next drawing, its fonts would not be the page's, and its colours are fixed. So figures use
placeholder colours, and each becomes a variable of the style sheet.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from io import StringIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TEXT, GRID, BUDGET = "#010101", "#010102", "#010103"
PLACEHOLDERS = {TEXT: "currentColor", GRID: "var(--grid)", BUDGET: "var(--over)"}

WIDTH, HEIGHT = 4.5, 3.2  # inches of 72 units: at 400 px one unit is a little over a pixel
PROBE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "font.size": 11,
    "figure.constrained_layout.use": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.edgecolor": TEXT,
    "axes.labelcolor": TEXT,
    "text.color": TEXT,
    "xtick.color": TEXT,
    "ytick.color": TEXT,
    "grid.color": GRID,
    "axes.xmargin": 0.02,
    "path.simplify": False,  # the curves are thinned already, and keep their extremes
}


def placeholder(index: int) -> str:
    """The placeholder colour of the backend with this number, which the style sheet replaces."""
    return f"#02{index:02x}02"


def inline(figure: Figure, name: str, alt: str, colours: Mapping[str, str]) -> str:
    """The figure as one <svg role="img">; a group with the gid `backend:torch` can be hidden.

    name: unique on the page; alt: text for screen readers; colours: placeholder → CSS colour.
    """
    import matplotlib

    target = StringIO()
    with matplotlib.rc_context({"svg.hashsalt": name, "svg.fonttype": "none"}):
        figure.savefig(target, format="svg", transparent=True, metadata={"Date": None})
    drawn = target.getvalue()
    text = drawn[drawn.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r"<!--.*?-->\n?", "", text, flags=re.DOTALL)
    text = re.sub(r'<style type="text/css">.*?</style>', "", text, flags=re.DOTALL)
    text = re.sub(r'<g id="backend:([\w-]+)">', r'<g data-backend="\1">', text)
    text = _without_idle_ids(text)
    for colour, variable in {**PLACEHOLDERS, **colours}.items():
        text = text.replace(colour, variable)
    text = re.sub(r"font: ([\d.]+)px [^;\"]*", r"font-size: \1px", text)
    text = re.sub(r"font-family: [^;\"]*;?", "", text)
    text = re.sub(r'(?<= d=")[^"]+', _shorter, text)
    box = re.search(r'viewBox="[^"]+"', text)
    assert box is not None
    head = f'<svg class="chart" role="img" aria-label="{escape(alt)}" {box[0]}>'
    return re.sub(r"\n\s*", "\n", head + text[text.index(">") + 1 :].replace("xlink:href", "href"))


def _without_idle_ids(text: str) -> str:
    """Keep only the ids that are referenced; they contain a hash and are unique on the page."""
    used = set(re.findall(r'(?:url\(#|xlink:href="#)([\w-]+)', text))
    return re.sub(r' id="([^"]+)"', lambda m: m[0] if m[1] in used else "", text)


def _shorter(path: re.Match[str]) -> str:
    """Round to a hundredth of a unit, a fiftieth of a pixel: more digits only enlarge the page."""
    rounded = re.sub(r"-?\d+\.\d+", lambda n: f"{float(n[0]):.2f}".rstrip("0").rstrip("."), path[0])
    return re.sub(r"\s+", " ", rounded).strip()
