"""The figures of the fifth deck: two cooks, three recipes, and the chain that numbers travel."""

from __future__ import annotations

import re

from matplotlib.patches import Ellipse, FancyBboxPatch

from course.plotting.charts import CENTRED
from course.plotting.diagrams import PAPER, sheet
from course.plotting.style import COLOURS
from tools.slides.figures.style import from_the_lesson, legend_below, name_lines_at_their_end
from tools.slides.lesson_run import Drawing, LessonRun

FIGURES = ("two_cooks", "three_recipes", "chain", "alignment", "worth", "cages", "batch_norm",
           "chain_compared")  # fmt: skip
BLUE, ORANGE = COLOURS[:2]
LINKS = ("data", "initial\nweights", "batch", "layer\noutput", "loss", "gradient", "memory",
         "update")  # fmt: skip


def two_cooks(lesson: LessonRun) -> Drawing:
    """One recipe, two cooks, pancakes and crêpes."""
    figure, axes = sheet(12.8, 4.6)
    axes.add_patch(
        FancyBboxPatch((0.4, 0.7), 3.2, 3.2, boxstyle="round,pad=0,rounding_size=0.1",
                       facecolor=PAPER, edgecolor="black", linewidth=2.5)
    )  # fmt: skip
    axes.text(2.0, 3.4, "the recipe", fontsize=18, fontweight="bold", **CENTRED)
    axes.text(2.0, 2.0, "flour\neggs\nmilk\nfry", fontsize=23, linespacing=1.5, **CENTRED)
    for y, cook, dish, count, thick in ((3.4, "a dash of milk", "pancakes", 3, 0.34),
                                        (1.2, "half a litre", "crêpes", 2, 0.14)):  # fmt: skip
        axes.annotate("", (5.0, y), (3.8, 2.3), arrowprops={"arrowstyle": "-|>", "lw": 3})
        axes.text(6.5, y, cook, fontsize=20, color=ORANGE, **CENTRED)
        axes.annotate("", (8.6, y), (8.0, y), arrowprops={"arrowstyle": "-|>", "lw": 3})
        for i in range(count):
            axes.add_patch(
                Ellipse((9.7, y - 0.25 + 0.8 * thick * i), 1.7, thick + 0.2, facecolor="#E69F00",
                        edgecolor="black", linewidth=2, zorder=2 + i)
            )  # fmt: skip
        axes.text(11.7, y, dish, fontsize=19, **CENTRED)
    return Drawing(figure, "A recipe says flour, eggs, milk, fry. One cook takes a dash of milk "
                   "and gets thick pancakes, the other takes half a litre and gets thin "
                   "crêpes.")  # fmt: skip


def three_recipes(lesson: LessonRun) -> Drawing:
    """Three recipes on one backend, as in the lesson."""
    drawing = from_the_lesson(lesson, "three_recipes", (12, 4.9), 1.15)
    repeated = drawing.figure.axes[1].get_legend()
    assert repeated is not None
    repeated.remove()  # the same colours and marks as on the left
    legend_below(drawing.figure, 3)
    return drawing


def _draw_chain(parts_at: int | None) -> Drawing:
    figure, axes = sheet(13, 3.6)
    for i, link in enumerate(LINKS):
        x = 0.15 + 1.61 * i
        differs = parts_at is not None and i >= parts_at
        axes.add_patch(
            FancyBboxPatch((x, 1.4), 1.3, 1.2, boxstyle="round,pad=0,rounding_size=0.12",
                           facecolor="#FDF1E4" if differs else PAPER, edgecolor="black",
                           linewidth=5 if i == parts_at else 2.5,
                           linestyle="--" if differs and i != parts_at else "-")
        )  # fmt: skip
        axes.text(x + 0.65, 2.0, link, fontsize=16, **CENTRED)
        if i:
            axes.annotate("", (x, 2.0), (x - 0.31, 2.0), arrowprops={"arrowstyle": "-|>", "lw": 2})
        if parts_at is not None:
            axes.text(x + 0.65, 0.9, "differs" if differs else "equal", fontsize=17,
                      color=ORANGE if differs else BLUE,
                      fontweight="bold" if i == parts_at else "normal", **CENTRED)  # fmt: skip
    words = ", ".join(link.replace("\n", " ") for link in LINKS)
    alt = f"A chain of links, each of which uses the ones before it: {words}."
    if parts_at is not None:
        x = 0.15 + 1.61 * parts_at + 0.65
        axes.annotate("the cause is here", (x, 2.65), (x, 3.35), ha="center", va="center",
                      fontsize=19, arrowprops={"arrowstyle": "-|>", "lw": 2.5})  # fmt: skip
        alt += " Up to the layer output all are equal; the loss is the first that differs, and " \
               "the cause is there; what follows differs because of it."  # fmt: skip
    return Drawing(figure, alt)


def chain(lesson: LessonRun) -> Drawing:
    """The road that the numbers take."""
    return _draw_chain(None)


def chain_compared(lesson: LessonRun) -> Drawing:
    """Compare the first number that differs."""
    return _draw_chain(4)


def alignment(lesson: LessonRun) -> Drawing:
    """One default after the other aligned, as in the lesson."""
    drawing = from_the_lesson(lesson, "alignment", (12, 5.1), 1.15)
    drawing.figure.axes[0].set_ylabel("distance of the loss")
    for axes in drawing.figure.axes:
        legend = axes.get_legend()
        assert legend is not None
        for text in legend.get_texts():
            text.set_text(re.sub(r"(\d) of \d", r"\1", text.get_text()))
    legend_below(drawing.figure, 3)
    return drawing


def worth(lesson: LessonRun) -> Drawing:
    """What each default was worth, as in the lesson."""
    drawing = from_the_lesson(lesson, "worth", (12, 5), 1.2)
    titles = ("loss curve moved by", "accuracy moved by (points)")
    for axes, title in zip(drawing.figure.axes, titles, strict=True):
        axes.set_title(title)
    return drawing


def cages(lesson: LessonRun) -> Drawing:
    """Eight cages with an animal in each, as in the lesson."""
    drawing = from_the_lesson(lesson, "cages", (12.4, 5.4), 1.2)
    legend_below(drawing.figure, 2)
    return drawing


def batch_norm(lesson: LessonRun) -> Drawing:
    """Two meanings of momentum, as in the lesson."""
    drawing = from_the_lesson(lesson, "batch_norm", (10, 4.6), 1.25)
    (axes,) = drawing.figure.axes
    axes.set_title("")
    name_lines_at_their_end(axes)
    legend_below(drawing.figure, 2)
    return drawing
