"""The style of figures that are readable from the back of a classroom."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import combinations
from pathlib import Path
from typing import Any

from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from course.plotting.style import STYLE
from tools.slides.lesson_run import Drawing, LessonRun

# The room for a figure on a slide, in pixels: between the margins, and below the title and a line.
# Where there are more words, tests/slides/test_legible.py finds letters that have become too small.
WIDTH, HEIGHT = 1168, 480
HEIGHTS = {
    "around": 409, "clothes": 330, "clothes_mistakes": 434, "dense": 377, "dot_product_rest": 420,
    "edge_filter": 330, "four_corners": 330, "knob_arithmetic": 226, "learning_rates": 432,
    "million": 284, "norm": 434, "pulled_apart": 542, "receptive_fields": 284, "ring": 542,
    "road": 438, "stack": 268, "two_are_one": 284,
}  # fmt: skip
ROUNDS = 200  # of pushing labels apart; ten labels need some twenty
FRAME = 7.0  # pixels of a label's frame around its words
SMALLEST = 24.3  # pixels of a letter's size; the test asks for 24
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


def legible(figure: Figure, name: str) -> None:
    """Enlarge every letter that would be smaller than SMALLEST on the slide."""
    width, height = 72 * figure.get_size_inches()
    least = SMALLEST / min(WIDTH / width, HEIGHTS.get(name, HEIGHT) / height)  # points
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            labels = axis.get_ticklabels()
            if labels and float(labels[0].get_fontsize()) < least:
                axis.set_tick_params(which="both", labelsize=least)
    for text in figure.findobj(Text):
        if float(text.get_fontsize()) < least:
            text.set_fontsize(least)


def save(figure: Figure, file: Path) -> None:
    """Write an SVG, with the same bytes for the same figure."""
    figure.savefig(file, format="svg", metadata={"Date": None})
    plt.close(figure)


def legend_below(figure: Figure, columns: int) -> None:
    """Move the legends of all axes below the figure, where they hide nothing; equal words once.

    With "right" for "of the test pictures": the slide says of which.
    """
    entries: dict[str, Any] = {}
    for axes in figure.axes:
        legend = axes.get_legend()
        if legend is not None:
            for handle, text in zip(legend.legend_handles, legend.get_texts(), strict=True):
                words = text.get_text().replace("of the test pictures", "right")
                entries.setdefault(words, handle)
            legend.remove()
    figure.legend(entries.values(), entries.keys(), loc="outside lower center", ncols=columns,
                  frameon=False)  # fmt: skip


def name_lines_at_their_end(axes: Axes) -> None:
    """Move the words on horizontal lines to the right of the axes, where no curve passes."""
    for text in axes.texts:
        text.set(transform=axes.get_yaxis_transform(), x=1.01, ha="left", va="center")


def push_apart(axes: Axes) -> None:
    """Move the framed labels of axes up and down until none touches another."""
    figure = axes.get_figure(root=True)
    assert figure is not None
    figure.canvas.draw()  # lays the figure out
    for _ in range(ROUNDS):
        boxes = [(text, text.get_window_extent().padded(FRAME)) for text in axes.texts]
        boxes.sort(key=lambda pair: (pair[1].y0, pair[0].get_text()))
        touching = [
            (low, high, a.y1 - b.y0)
            for (low, a), (high, b) in combinations(boxes, 2)
            if a.overlaps(b)
        ]
        if not touching:
            return
        for low, high, by in touching:
            _shift(axes, low, -by / 2 - 1)
            _shift(axes, high, by / 2 + 1)


def _shift(axes: Axes, text: Text, pixels: float) -> None:
    """Move a text up by so many pixels."""
    x, y = axes.transData.transform(text.get_position())
    text.set_position(tuple(axes.transData.inverted().transform((x, y + pixels))))


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
