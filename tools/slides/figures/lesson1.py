"""The figures of the first deck: the radio, the neuron, the perceptron and what it cannot do."""

from __future__ import annotations

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import Circle, FancyBboxPatch

from course.plotting.diagrams import PAPER, boundary, sheet, two_kinds
from course.plotting.style import COLOURS
from tools.slides.figures.style import from_the_lesson, legend_below
from tools.slides.lesson_run import Drawing, LessonRun

FIGURES = (
    "magic_box", "radio", "neuron", "brain", "activations", "one_house", "houses", "one_push",
    "plane", "road", "clothes", "knows", "clothes_mistakes", "four_corners", "xor",
)  # fmt: skip
BLUE, ORANGE = COLOURS[:2]


def magic_box(lesson: LessonRun) -> Drawing:
    """The box with its knobs, as in the lesson."""
    return from_the_lesson(lesson, "magic_box", None, 1.15)


def radio(lesson: LessonRun) -> Drawing:
    """An old radio with two knobs, and an ear's judgement coming out of it."""
    figure, axes = sheet(11, 4.6)
    body = FancyBboxPatch(
        (1.2, 0.4), 6.6, 3.8, boxstyle="round,pad=0,rounding_size=0.35",
        facecolor=PAPER, edgecolor="black", linewidth=3,
    )  # fmt: skip
    axes.add_patch(body)
    axes.add_patch(Circle((2.9, 2.3), 1.25, facecolor="white", edgecolor="black", linewidth=3))
    for radius in (0.35, 0.65, 0.95):
        axes.add_patch(Circle((2.9, 2.3), radius, fill=False, edgecolor="0.5", linewidth=2))
    axes.plot([4.6, 7.4], [3.45, 3.45], color="black", linewidth=3)
    axes.plot(np.linspace(4.6, 7.4, 15), np.full(15, 3.45), "|", color="black", markersize=14)
    axes.plot([5.7, 5.7], [3.2, 3.7], color=ORANGE, linewidth=6)
    for x, angle, name in ((5.25, 2.3, "volume"), (6.85, 0.9, "frequency")):
        axes.add_patch(Circle((x, 2.0), 0.5, facecolor="white", edgecolor=ORANGE, linewidth=5))
        axes.plot([x, x + 0.5 * np.cos(angle)], [2.0, 2.0 + 0.5 * np.sin(angle)], color=ORANGE,
                  linewidth=6)  # fmt: skip
        axes.text(x, 1.0, name, ha="center", va="center", fontsize=19)
    for radius in (0.5, 0.9, 1.3):
        turn = np.radians(np.linspace(-35, 35, 30))
        axes.plot(7.9 + radius * np.cos(turn), 2.3 + radius * np.sin(turn), color=BLUE)
    axes.text(10.1, 2.3, "better\nor worse?", ha="center", va="center", fontsize=21)
    return Drawing(figure, "An old radio with two knobs, volume and frequency. Sound comes out of "
                   "it, and next to the sound stands the question: better or worse?")  # fmt: skip


def neuron(lesson: LessonRun) -> Drawing:
    """One neuron, as in the lesson."""
    return from_the_lesson(lesson, "neuron", None, 1.15)


def brain(lesson: LessonRun) -> Drawing:
    """A network of units that share information, as in the lesson."""
    return from_the_lesson(lesson, "network", None, 1.1)


def activations(lesson: LessonRun) -> Drawing:
    """Step and sigmoid."""
    drawing = from_the_lesson(lesson, "activations", (9.2, 4.0), 1.3)
    drawing.figure.axes[0].set_title("")
    return drawing


def one_house(lesson: LessonRun) -> list[Drawing]:
    """The first house: each input times its weight, then the sum."""
    facts = lesson.x[0]
    names = ("bedrooms", "1,000 square feet", "km from town")
    shown = ("3", "1.18", "11.98")
    total = float((facts * lesson.w).sum())
    steps = []
    for step in range(2):
        figure, axes = sheet(11, 4.4)
        for i, (name, fact, weight) in enumerate(zip(names, shown, lesson.w, strict=True)):
            y = 3.7 - 1.05 * i
            axes.text(3.3, y, name, ha="right", va="center", fontsize=20)
            row = f"{fact} × {weight:g}".replace("-", "−")
            axes.text(5.3, y, row, ha="center", va="center", fontsize=25, color=BLUE)
            product = f"= {facts[i] * weight:+.0f}".replace("-", "−")
            axes.text(7.2, y, product, va="center", fontsize=25, fontweight="bold")
        axes.plot([7.2, 8.7], [1.05, 1.05], color="black")
        if step:
            axes.text(7.2, 0.55, f"= {total:.0f}", va="center", fontsize=30, fontweight="bold")
            axes.text(8.9, 0.55, f"sold for {lesson.price[0]:.0f}", va="center", fontsize=20,
                      color=ORANGE)  # fmt: skip
        axes.text(3.3, 0.55, "sum, in $1,000", ha="right", va="center", fontsize=20)
        end = f"The sum is {total:.0f}, and it was sold for {lesson.price[0]:.0f} thousand." * step
        steps.append(Drawing(figure, "One house by hand: 3 bedrooms times 50, 1.18 thousand square "
                             f"feet times 200, 11.98 kilometres times −10. {end}"))  # fmt: skip
    return steps


def houses(lesson: LessonRun) -> Drawing:
    """All houses against hand-set knobs."""
    drawing = from_the_lesson(lesson, "houses_by_hand", (9.6, 4.6), 1.25)
    drawing.figure.axes[0].set_title("")
    return drawing


def one_push(lesson: LessonRun) -> Drawing:
    """The line before and after the first mistake on a line that was there."""
    figure, panels = plt.subplots(1, 2, figsize=(11, 4.9))
    path = lesson.plane.path
    points, sides = lesson.points, lesson.sides
    before = 2  # the third mistake: the line is there, and the push can be seen
    for axes, at, title in ((panels[0], before, "a mistake"), (panels[1], before + 1, "a push")):
        two_kinds(axes, points, sides, path[at], 10)
        axes.set(xlim=(-9, 9), ylim=(-9, 9), xticks=[], yticks=[], xlabel="", ylabel="")
        axes.set_title(title)
    boundary(panels[1], path[before, :2], path[before, 2], color="0.5", linestyle="--")
    push = path[before + 1] - path[before]
    blamed = int(np.flatnonzero((sides[:, None] * np.column_stack([points, np.ones(len(points))])
                                 == push).all(axis=1))[0])  # fmt: skip
    for axes in panels:
        axes.plot(*points[blamed], "o", markersize=26, fillstyle="none", color="black",
                  markeredgewidth=3)  # fmt: skip
    return Drawing(figure, "Two drawings of circles and triangles with the neuron's line. Left: "
                   "some are on the wrong side, and one of them is ringed. Right: the line has "
                   "been pushed by that one; where it was is dashed.")  # fmt: skip


def plane(lesson: LessonRun) -> Drawing:
    """All lines from the first mistake to the last."""
    drawing = from_the_lesson(lesson, "plane", (10.2, 4.8), 1.15)
    legend_below(drawing.figure, 4)
    return drawing


def road(lesson: LessonRun) -> Drawing:
    """What R and γ are: how far away the farthest point is, and how wide the road is."""
    figure, panels = plt.subplots(1, 2, figsize=(11, 4.6))
    rng = np.random.default_rng(5)
    for axes, half, title in zip(
        panels, (2.4, 0.5), ("a wide road: few mistakes", "a narrow road: many"), strict=True
    ):
        y = half + rng.uniform(0.15, 3.6 - half, 9)
        x = rng.uniform(-3.4, 3.4, 18)
        y[0] = half
        axes.axhspan(-half, half, color=PAPER)
        axes.axhline(0, color="black", linewidth=4)
        axes.plot(x[:9], y, "o", color=BLUE)
        axes.plot(x[9:], -y[::-1], "^", color=ORANGE)
        axes.annotate("", (x[0], half), (x[0], 0), arrowprops={"arrowstyle": "<->", "lw": 3})
        axes.text(x[0] + 0.3, max(half / 2, 1.1), "γ", fontsize=26, va="center")
        far = max(zip(x, [*y, *-y[::-1]], strict=True), key=lambda point: np.hypot(*point))
        axes.annotate("", far, (0, 0), arrowprops={"arrowstyle": "<->", "lw": 3, "color": "0.4"})
        aside = 0.6 * np.array([-far[1], far[0]]) / np.hypot(*far)  # at a right angle to the arrow
        axes.text(*(np.array(far) / 2 + aside), "R", fontsize=26, color="0.3", ha="center",
                  va="center")  # fmt: skip
        axes.set(xlim=(-4, 4), ylim=(-4, 4), xticks=[], yticks=[], title=title, aspect="equal")
        axes.grid(visible=False)
    return Drawing(figure, "Circles above a line and triangles below it, twice. Left the road "
                   "between them, up to the nearest point at distance gamma, is wide; right it is "
                   "narrow. R is how far the farthest point lies from the middle.")  # fmt: skip


def clothes(lesson: LessonRun) -> Drawing:
    """Trousers and bags, black and white."""
    figure, grid = plt.subplots(2, 7, figsize=(11, 3.9))
    for row, (kind, name) in enumerate(zip(lesson.kinds, lesson.names["names"], strict=True)):
        for axes, picture in zip(grid[row], kind, strict=False):
            axes.imshow(picture.reshape(lesson.height, lesson.width), interpolation="none")
            axes.axis("off")
        grid[row, 0].set_title(f"{name} → {'+1' if row == 0 else '−1'}", loc="left")
    return Drawing(figure, "Seven pairs of trousers and seven bags, in black and white: each is 28 "
                   "by 28 pixels that are on or off.")  # fmt: skip


def knows(lesson: LessonRun) -> Drawing:
    """The weights as two pictures: what speaks for trousers and what for a bag."""
    figure, panels = plt.subplots(1, 2, figsize=(10, 4.6))
    knobs, names = lesson.clothes.path[-1, :-1], lesson.names["names"]
    knobs = knobs.reshape(lesson.height, lesson.width)
    for axes, sign, name in zip(panels, (1, -1), names, strict=True):
        axes.imshow(np.maximum(sign * knobs, 0), vmin=0, vmax=abs(knobs).max())
        axes.set_title(f"white speaks for: {name}")
        axes.axis("off")
    return Drawing(figure, "The 784 weights as two pictures. Left the pixels that speak for "
                   "trousers, with a belt at the top; right those that speak for a bag, with a "
                   "bright stripe at the bottom, between the legs.")  # fmt: skip


def clothes_mistakes(lesson: LessonRun) -> Drawing:
    """Mistakes pass by pass."""
    drawing = from_the_lesson(lesson, "clothes_mistakes", (9.6, 4.0), 1.3)
    drawing.figure.axes[0].set_title("")
    return drawing


def _corners(axes: Axes, lesson: LessonRun) -> None:
    for answer, marker, colour, name in ((1, "o", BLUE, "+1"), (-1, "^", ORANGE, "−1")):
        its = lesson.corners[lesson.exactly_one == answer]
        axes.plot(*its.T, marker, color=colour, markersize=26, label=name)
    axes.set(xlim=(-1.8, 1.8), ylim=(-1.8, 1.8), aspect="equal")
    axes.set_xticks([-1, 1], ["first off", "first on"])
    axes.set_yticks([-1, 1], ["second off", "second on"])


def four_corners(lesson: LessonRun) -> list[Drawing]:
    """The four corners of XOR, alone, and then with three rulers laid on them."""
    steps = []
    for rulers in ((), ((1, 1, 0.9), (1, -1, 0.9), (0.05, 1, 0))):
        figure, axes = plt.subplots(figsize=(8.6, 3.3))
        _corners(axes, lesson)
        for ruler, line in zip(rulers, ("-", "--", ":"), strict=False):
            boundary(axes, np.array(ruler[:2]), ruler[2], color="black", linestyle=line)
        axes.legend(loc="upper left", bbox_to_anchor=(1.02, 1), frameon=False, fontsize=22)
        ends = "three straight lines, each with at least one corner on the wrong side."
        alone = "no line yet."
        steps.append(Drawing(figure, "The four corners of a square: circles where exactly one "
                             "input is on, triangles where both or none are; "
                             f"{ends if rulers else alone}"))  # fmt: skip
    return steps


def xor(lesson: LessonRun) -> Drawing:
    """The circle of four mistakes, as in the lesson."""
    drawing = from_the_lesson(lesson, "xor", (12.2, 4.4), 1.2)
    drawing.figure.suptitle("")
    return drawing
