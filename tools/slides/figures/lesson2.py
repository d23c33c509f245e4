"""The figures of the second deck: knobs turned at random, a bit more or less, and by the slope."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from adapters.contract import Array
from course.plotting.diagrams import journey, landscape, sheet
from course.plotting.style import COLOURS
from tools.slides.figures.style import from_the_lesson, legend_below
from tools.slides.lesson_run import Drawing, LessonRun

FIGURES = (
    "one_knob", "million", "random_search", "plus_minus", "searches", "slopes", "error_and_input",
    "downhill", "one_knob_rates", "ski_slope", "learning_rates", "closed_form", "knob_arithmetic",
)  # fmt: skip
BLUE, ORANGE, GREEN = COLOURS[:3]
START = (-0.6, -0.6)
KNOBS = ("knob: bathrooms", "knob: living area")


def one_knob(lesson: LessonRun) -> Drawing:
    """The valley of one knob, as in the lesson."""
    drawing = from_the_lesson(lesson, "one_knob", (9.4, 4.5), 1.25)
    drawing.figure.axes[0].set_title("")
    return drawing


def million(lesson: LessonRun) -> Drawing:
    """How the number of settings grows with the number of knobs."""
    figure, axes = plt.subplots(figsize=(9.4, 3.1))
    knobs = [1, 2, 3, 6]
    axes.barh(range(4), [2 * k for k in knobs], color=BLUE)
    names = ("100", "10,000", "1,000,000", "1,000,000,000,000")
    for y, (k, name) in enumerate(zip(knobs, names, strict=True)):
        axes.text(2 * k + 0.2, y, name, va="center", fontsize=19)
    axes.set_yticks(range(4), [f"{k} knob{'s' * (k > 1)}" for k in knobs])
    axes.set(xlim=(0, 17), xticks=[], xlabel="settings to try (each mark is ten times as many)")
    axes.invert_yaxis()
    axes.grid(visible=False)
    axes.set_xticks(range(13))
    axes.set_xticklabels([])
    return Drawing(figure, "Bars for the number of settings, at a hundred for each knob: 100 with "
                   "one knob, 10,000 with two, a million with three, a million million with "
                   "six.")  # fmt: skip


def _map(axes: Axes, lesson: LessonRun) -> None:
    """The loss over two knobs as a map."""
    grid = np.linspace(-1.1, 1.6, 55)
    surface = [[lesson.loss(lesson.x2, lesson.y, [across, up]) for across in grid] for up in grid]
    landscape(axes, grid, grid, surface)
    best = np.linalg.lstsq(lesson.x2, lesson.y)[0]
    axes.plot(*best, "*", color="black", markersize=24, label="the bottom")
    axes.set(xlabel=KNOBS[0], ylabel=KNOBS[1], xticks=[-1, 0, 1], yticks=[-1, 0, 1])


def _map_and_words(lesson: LessonRun) -> tuple[Figure, Axes, Axes]:
    """A map on the left, and a sheet for words on the right."""
    figure, (axes, words) = plt.subplots(1, 2, figsize=(11, 4.9), width_ratios=(1, 1))
    _map(axes, lesson)
    words.axis("off")
    words.set(xlim=(0, 1), ylim=(0, 1))
    return figure, axes, words


def random_search(lesson: LessonRun) -> list[Drawing]:
    """Ten, then forty settings anywhere, the best so far ringed."""
    rng = np.random.default_rng(3)
    tries = rng.uniform(-1, 1, (40, 2))
    losses = np.array([lesson.loss(lesson.x2, lesson.y, w) for w in tries])
    steps = []
    for count in (10, 40):
        figure, axes, words = _map_and_words(lesson)
        axes.plot(*tries[:count].T, "o", color=ORANGE, markersize=7)
        best = int(losses[:count].argmin())
        axes.plot(*tries[best], "o", fillstyle="none", color=BLUE, markersize=24,
                  markeredgewidth=5)  # fmt: skip
        words.text(0, 0.7, f"after {count} tries", fontsize=26)
        words.text(0, 0.5, f"best loss {losses[best]:.3f}", fontsize=26, color=BLUE)
        words.text(0, 0.3, "nothing learned from\nall the other tries", fontsize=21)
        steps.append(Drawing(figure, f"A map of the loss over two knobs with {count} points "
                             "anywhere on it; the best of them is ringed, with loss "
                             f"{losses[best]:.3f}."))  # fmt: skip
    return steps


def _walk(lesson: LessonRun, moves: int) -> list[tuple[Array, float, bool, str]]:
    """A ± search from START: each trial, its loss, whether it is kept, and what was done."""
    w, move = np.array(START), 0.8
    best = lesson.loss(lesson.x2, lesson.y, w)
    done: list[tuple[Array, float, bool, str]] = []
    while len(done) < moves:
        before = best
        for k, name in enumerate(("bathrooms", "living area")):
            for sign in (1, -1):
                trial = w + sign * move * np.eye(2)[k]
                heard = lesson.loss(lesson.x2, lesson.y, trial)
                better = bool(heard < best)
                done.append((trial, heard, better, f"{name} {'+' if sign > 0 else '−'} {move:g}"))
                if better:
                    w, best = trial, heard
                    break
        if best == before:
            move /= 2
    return done[:moves]


def plus_minus(lesson: LessonRun) -> list[Drawing]:
    """A ± search, one trial after the other, and at the end many."""
    drawings = []
    trials = _walk(lesson, 14)
    start = lesson.loss(lesson.x2, lesson.y, np.array(START))
    for shown in (1, 2, 4, 7, 14):
        figure, axes, words = _map_and_words(lesson)
        w = np.array(START)
        axes.plot(*w, "s", color="black", markersize=13)
        best = start
        for trial, heard, better, _ in trials[:shown]:
            style: dict[str, Any] = {"color": BLUE, "linewidth": 4} if better else {
                "color": ORANGE, "linestyle": ":", "linewidth": 3}  # fmt: skip
            axes.plot(*zip(w, trial, strict=True), **style)
            if better:
                axes.plot(*trial, "o", color=BLUE, markersize=11)
                w, best = trial, heard
            else:
                axes.plot(*trial, "x", color=ORANGE, markersize=13, markeredgewidth=4)
        _, heard, better, what = trials[shown - 1]
        words.text(0, 0.8, f"trial {shown}: {what}", fontsize=21)
        answer = "better: keep it" if better else "not better: back"
        words.text(0, 0.62, f"loss {heard:.3f}: {answer}", fontsize=21,
                   color=BLUE if better else ORANGE, fontweight="bold")  # fmt: skip
        words.text(0, 0.44, f"best so far {best:.3f}", fontsize=21)
        words.text(0, 0.2, "dots: kept · crosses: taken back", fontsize=17, color="0.3")
        drawings.append(Drawing(figure, f"A map of the loss over two knobs and the first {shown} "
                                f"trials of the ± search. Trial {shown}, {what}, has loss "
                                f"{heard:.3f}: {answer}."))  # fmt: skip
    return drawings


def searches(lesson: LessonRun) -> Drawing:
    """What the three ways cost, as in the lesson."""
    drawing = from_the_lesson(lesson, "searches", (11.6, 4.7), 1.25)
    for axes in drawing.figure.axes:
        for text in axes.texts[1:]:  # the same words on the same line, once for each search
            text.remove()
    return drawing


def slopes(lesson: LessonRun) -> Drawing:
    """The gradient at zero: a number for each of six knobs."""
    figure, axes = plt.subplots(figsize=(10, 4.0))
    values = lesson.gradient(lesson.x6, lesson.y, np.zeros(6))
    axes.barh(range(6), values, color=[BLUE if value < 0 else ORANGE for value in values])
    for y, value in enumerate(values):
        text = f" {value:+.2f} ".replace("-", "−")
        axes.text(value, y, text, va="center", ha="right" if value < 0 else "left")
    axes.set_yticks(range(6), [name.replace("_", " ") for name in lesson.SIX])
    axes.axvline(0, color="black")
    axes.set(xlabel="slope of the loss with all knobs at 0", xlim=(-1.7, 0.9))
    axes.text(0.06, 2.2, "all slopes here are negative:\nturn up lowers the loss", fontsize=16)
    axes.invert_yaxis()
    shown = ", ".join(f"{n} {v:+.2f}" for n, v in zip(lesson.SIX, values, strict=True))
    return Drawing(figure, f"Bars for the slope of the loss at each of six knobs: {shown}.")


def error_and_input(lesson: LessonRun) -> Drawing:
    """The slope of a knob: twice the error times the input, averaged."""
    figure, axes = sheet(11, 3.4)
    for x, word, colour in (
        (0.9, "2 ×", "black"),
        (3.0, "error", ORANGE),
        (4.8, "×", "black"),
        (6.6, "input", BLUE),
        (9.7, "mean over\nthe houses", "black"),
    ):
        weight = "normal" if colour == "black" else "bold"
        axes.text(x, 2.4, word, ha="center", va="center", fontsize=30 if x < 9 else 21,
                  color=colour, fontweight=weight)  # fmt: skip
    axes.text(3.0, 1.2, "how much too high\nwas the guess?", ha="center", va="center", fontsize=19)
    axes.text(6.6, 1.2, "did this knob\nhave a part in it?", ha="center", va="center", fontsize=19)
    axes.plot([8.35, 8.35], [0.7, 3.0], color="0.6", linewidth=3)
    return Drawing(figure, "The slope of a knob in words: two times the error, how much too high "
                   "the guess was, times the input, whether this knob had a part in it, averaged "
                   "over the houses.")  # fmt: skip


def downhill(lesson: LessonRun) -> Drawing:
    """Gradient descent on the map."""
    figure, axes, words = _map_and_words(lesson)
    path = lesson.descend(lesson.x2, lesson.y, 0.2 * lesson.limit, 12, START)
    journey(axes, *path.T)
    losses = [lesson.loss(lesson.x2, lesson.y, w) for w in path]
    for i, heard in enumerate(losses[:6]):
        words.text(0, 0.86 - 0.13 * i, f"step {i}: loss {heard:.3f}", fontsize=21)
    words.text(0, 0.02, "long steps where it is steep,\nshort ones where it is flat", fontsize=19,
               color=BLUE)  # fmt: skip
    return Drawing(figure, "Gradient descent on the map of two knobs: long steps where it is "
                   f"steep, short ones near the bottom; the loss falls from {losses[0]:.3f} to "
                   f"{losses[5]:.3f} in five steps.")  # fmt: skip


def one_knob_rates(lesson: LessonRun) -> Drawing:
    """Three learning rates in one valley, as in the lesson."""
    drawing = from_the_lesson(lesson, "one_knob_rates", (11.4, 4.5), 1.3)
    for axes in drawing.figure.axes:
        axes.set_title(axes.get_title().removeprefix("learning rate "))
    return drawing


def ski_slope(lesson: LessonRun) -> Drawing:
    """Three learning rates on the ski slope, as in the lesson."""
    drawing = from_the_lesson(lesson, "ski_slope", (11.6, 5.35), 1.15)
    for axes in drawing.figure.axes:
        axes.set_title(axes.get_title().replace("jumps over, and out", "jumps out"))
        legend = axes.get_legend()
        assert legend is not None
        for text in legend.get_texts():
            if text.get_text().endswith("steps later"):
                text.set_text("where it ends")
    legend_below(drawing.figure, 3)
    return drawing


def learning_rates(lesson: LessonRun) -> Drawing:
    """Just below the limit and just above, as in the lesson."""
    drawing = from_the_lesson(lesson, "learning_rates", (10, 4.4), 1.25)
    drawing.figure.axes[0].set_title("")
    return drawing


def closed_form(lesson: LessonRun) -> Drawing:
    """The same weights, two ways, as in the lesson."""
    return from_the_lesson(lesson, "houses", (11.6, 4.6), 1.2)


def knob_arithmetic(lesson: LessonRun) -> Drawing:
    """One knob, one slope, one step."""
    figure, axes = plt.subplots(figsize=(7.6, 2.3))
    turns = np.linspace(-0.2, 2.4, 200)
    axes.plot(turns, (turns - 0.5) ** 2, color=BLUE)
    ends = np.array([1.55, 2.35])
    axes.plot(ends, 2.25 + 3 * (ends - 2), color=ORANGE, linestyle="--")
    axes.plot(2, 2.25, "s", color="black", markersize=13)
    axes.text(1.9, 2.5, "here: 2, slope +3", ha="right", fontsize=18)
    axes.set(xlabel="the knob", ylabel="loss", yticks=[])
    return Drawing(figure, "A valley over one knob. The knob stands at 2, right of the lowest "
                   "point, where the slope is plus 3.")  # fmt: skip
