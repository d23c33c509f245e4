"""The style of figures that are readable from the back of a classroom."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from matplotlib.text import Text

from course.plotting.style import STYLE
from tools.slides.lesson_run import Drawing, LessonRun

# A figure has about 1170 × 500 pixels on a slide, so a point is about 1.5 pixels.
WIDE = (11.0, 4.7)  # inches
PROJECTED: dict[Any, Any] = {
    "figure.figsize": WIDE,
    "font.size": 17,
    "axes.titlesize": 18,
    "lines.linewidth": 3.5,
    "lines.markersize": 10,
    "svg.hashsalt": "triptych",  # otherwise the names inside the file are random
    "savefig.dpi": 160,  # of photographs; everything else is vector graphics
}


@contextmanager
def projected() -> Iterator[None]:
    """Use the style of slides."""
    with plt.rc_context(PROJECTED):
        yield


def save(figure: Figure, file: Path) -> None:
    """Write an SVG, with the same bytes for the same figure."""
    figure.savefig(file, format="svg", metadata={"Date": None})
    plt.close(figure)


def from_the_lesson(
    lesson: LessonRun,
    name: str,
    size: tuple[float, float] | None = (9.2, 4.0),
    larger: float = 1.25,
) -> Drawing:
    """A figure of the lesson itself, smaller and with larger letters. size None: as it is."""
    drawing = lesson.figures[name]
    figure = drawing.figure
    if size is not None:
        figure.set_size_inches(*size)
    for text in figure.findobj(Text):
        text.set_fontsize(float(text.get_fontsize()) * larger)
    for axes in figure.axes:  # last, since tick labels are texts too
        axes.tick_params(labelsize=float(STYLE["font.size"]) * larger)
    return drawing
