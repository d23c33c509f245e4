"""The figures of the eighth deck: a table of strokes, a row that is picked, looks, and a stack."""

from __future__ import annotations

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.patches import FancyBboxPatch, Rectangle

from course.plotting.attention import looks_from, who_looks
from course.plotting.charts import CENTRED
from course.plotting.diagrams import PAPER, sheet
from course.plotting.style import COLOURS
from tools.slides.figures.style import from_the_lesson, name_lines_at_their_end
from tools.slides.lesson_run import Drawing, LessonRun

FIGURES = (
    "bigrams", "row_picked", "by_hand", "root", "mask", "stack", "around", "norm", "training",
    "by_place", "sizes", "heads", "where_it_looks",
)  # fmt: skip
BLUE, ORANGE = COLOURS[:2]
WARM = "#FDF1E4"


def bigrams(lesson: LessonRun) -> Drawing:
    """Which of the commonest letters follows which."""
    count = 14
    rows = np.sort(np.argsort(-lesson.bigram.sum(1), kind="stable")[:count])
    counts = lesson.bigram[np.ix_(rows, rows)]
    figure, axes = plt.subplots(figsize=(5.6, 5.2))
    who_looks(axes, lesson.book.spelt(rows), counts / counts.sum(1, keepdims=True))
    axes.tick_params(labelsize=17)
    axes.set_ylabel("after this letter")
    return Drawing(figure, lesson.figures["bigrams"].alt)


def row_picked(lesson: LessonRun) -> Drawing:
    """A list with a single 1 times a table: one row is left."""
    table = np.array([[0.2, -1.1, 0.7], [1.5, 0.3, -0.4], [-0.8, 0.9, 0.1], [0.6, 0.0, -1.3]])
    figure, axes = sheet(11.4, 4.7)
    for i, single in enumerate((0, 0, 1, 0)):
        axes.text(0.7 + 0.7 * i, 2.35, f"{single}", fontsize=30, **CENTRED,
                  color=ORANGE if single else "black")  # fmt: skip
    axes.text(3.6, 2.35, "·", fontsize=40, **CENTRED)
    for i, (letter, row) in enumerate(zip("abcd", table, strict=True)):
        y, picked = 3.95 - 1.05 * i, letter == "c"
        axes.text(4.3, y, letter, fontsize=28, **CENTRED, color=ORANGE if picked else "black")
        axes.add_patch(
            Rectangle((4.65, y - 0.45), 3.3, 0.9, facecolor=WARM if picked else "white",
                      edgecolor="0.6", linewidth=1.5)
        )  # fmt: skip
        for j, value in enumerate(row):
            axes.text(5.2 + 1.1 * j, y, f"{value:g}".replace("-", "−"), fontsize=25, **CENTRED)
    axes.text(8.4, 2.35, "=", fontsize=34, **CENTRED)
    for j, value in enumerate(table[2]):
        axes.text(9.2 + 0.95 * j, 2.35, f"{value:g}".replace("-", "−"), fontsize=25, color=BLUE,
                  **CENTRED)  # fmt: skip
    return Drawing(figure, "A list 0 0 1 0 for the letter c, times a table with a row of three "
                   "numbers for each of a, b, c and d: the third row, −0.8, 0.9, 0.1, is what is "
                   "left.")  # fmt: skip


def by_hand(lesson: LessonRun) -> Drawing:
    """The word of four letters, as in the lesson."""
    return from_the_lesson(lesson, "by_hand", None, 1.3)


def root(lesson: LessonRun) -> Drawing:
    """The largest share by the length of the lists, as in the lesson."""
    return from_the_lesson(lesson, "root", (10, 4.4), 1.3)


def mask(lesson: LessonRun) -> Drawing:
    """Shares without a mask and with it, as in the lesson."""
    return from_the_lesson(lesson, "mask", (10.4, 4.9), 1.25)


def stack(lesson: LessonRun) -> Drawing:
    """The network from the letters to the scores."""
    steps = ["letters", "lists,\nplaces", "look", "think", "look", "think", "norm", "scores"]
    figure, axes = sheet(13.2, 3.1)
    axes.set(ylim=(0.35, 3.45))
    for i, name in enumerate(steps):
        x, inner = 0.2 + 1.65 * i, name in ("look", "think")
        axes.add_patch(
            FancyBboxPatch((x, 1.3), 1.25, 1.5, edgecolor="black", linewidth=2.5,
                           facecolor=WARM if name == "look" else PAPER if inner else "white",
                           boxstyle="round,pad=0,rounding_size=0.1")
        )  # fmt: skip
        axes.text(x + 0.62, 2.05, name, fontsize=20, **CENTRED)
        if i:
            axes.annotate("", (x - 0.02, 2.05), (x - 0.42, 2.05),
                          arrowprops={"arrowstyle": "-|>", "lw": 2.5})  # fmt: skip
        if inner:
            axes.plot([x - 0.2, x - 0.2, x + 1.45, x + 1.45], [2.05, 3.2, 3.2, 2.15], color=ORANGE,
                      linewidth=3)  # fmt: skip
    for first in (2, 4):
        axes.text(0.2 + 1.65 * first + 1.45, 0.8, "a block", fontsize=22, **CENTRED)
    return Drawing(figure, "From left to right: letters; their lists, and the places; look, think, "
                   "look, think, each with a way around it; a norm; and the scores. Look and think "
                   "are a block.")  # fmt: skip


def around(lesson: LessonRun) -> Drawing:
    """The way around, as in the lesson."""
    return from_the_lesson(lesson, "around", None, 1.3)


def norm(lesson: LessonRun) -> Drawing:
    """A list before and after the norm, as in the lesson."""
    return from_the_lesson(lesson, "norm", (12, 4.2), 1.3)


def training(lesson: LessonRun) -> Drawing:
    """Both trainings beside the tables, as in the lesson."""
    drawing = from_the_lesson(lesson, "training", (10.4, 4.8), 1.3)
    name_lines_at_their_end(drawing.figure.axes[0])
    return drawing


def by_place(lesson: LessonRun) -> Drawing:
    """The loss by the letters behind, as in the lesson."""
    drawing = from_the_lesson(lesson, "by_place", (10.4, 4.8), 1.3)
    name_lines_at_their_end(drawing.figure.axes[0])
    return drawing


def sizes(lesson: LessonRun) -> Drawing:
    """The loss by the count of numbers, as in the lesson."""
    return from_the_lesson(lesson, "sizes", (10, 4.7), 1.3)


def heads(lesson: LessonRun) -> Drawing:
    """Who looks at whom in two heads, at the end of the line."""
    letters, last = lesson.book.spelt(lesson.line), 16
    shown = min(2, len(lesson.of_heads))
    figure, axes = plt.subplots(1, shown, figsize=(5.6 * shown, 5.3), squeeze=False)
    for i, panel in enumerate(axes[0]):
        who_looks(panel, letters[-last:], lesson.of_heads[i][-last:, -last:], f"head {i + 1}")
        panel.tick_params(labelsize=15)
    return Drawing(figure, "For two heads, which of the last sixteen letters of a line looks at "
                   "which: squares below a diagonal, dark where a letter looks. Above it "
                   "everything is empty.")  # fmt: skip


def where_it_looks(lesson: LessonRun) -> Drawing:
    """Where the last letter of the line looks, in two heads."""
    letters = lesson.book.spelt(lesson.line)
    shown = min(2, len(lesson.of_heads))
    figure, axes = plt.subplots(shown, 1, figsize=(12.4, 2.5 * shown), squeeze=False)
    for i, panel in enumerate(axes[:, 0]):
        looks_from(panel, letters, lesson.of_heads[i][-1], f"head {i + 1}")
    return Drawing(figure, "A bar over each letter of a line, for two heads: how much the last "
                   "letter looks at it. Some letters have most of the share.")  # fmt: skip
