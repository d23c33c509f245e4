"""How figures are made to be read from the back of a classroom."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from matplotlib.text import Text

from course.plotting.style import STYLE
from docs.slides.played import Drawing, Played

# A slide gives a figure about 1170 × 500 pixels, so that a point is about one and a half of them.
WIDE = (11.0, 4.7)  # inches
PROJECTED: dict[Any, Any] = {
    "figure.figsize": WIDE,
    "font.size": 17,
    "axes.titlesize": 18,
    "lines.linewidth": 3.5,
    "lines.markersize": 10,
    "svg.hashsalt": "triptych",  # otherwise the names inside the file are random
    "savefig.dpi": 160,  # of photographs; everything else has no resolution
}


@contextmanager
def projected() -> Iterator[None]:
    """Draw in the look of a slide, and close what was drawn."""
    with plt.rc_context(PROJECTED):
        yield


def save(figure: Figure, file: Path) -> None:
    """Write an SVG: the same bytes whenever it is the same figure."""
    figure.savefig(file, format="svg", metadata={"Date": None})
    plt.close(figure)


def from_the_lesson(
    played: Played, name: str, size: tuple[float, float] | None = (9.2, 4.0), larger: float = 1.25
) -> Drawing:
    """A figure of the lesson's own, on a smaller sheet with larger letters; None: as it is."""
    drawing = played.figures[name]
    figure = drawing.figure
    if size is not None:
        figure.set_size_inches(*size)
    for text in figure.findobj(Text):
        text.set_fontsize(float(text.get_fontsize()) * larger)
    for axes in figure.axes:  # last, as these are texts too, and others will be made
        axes.tick_params(labelsize=float(STYLE["font.size"]) * larger)
    return drawing
