"""The figures of the seventh deck: a picture that slides, a window that slides, and orders."""

from __future__ import annotations

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch, Rectangle

from adapters.contract import Array
from course.plotting.charts import CENTRED, numbers, panels, signed
from course.plotting.diagrams import PAPER, sheet
from course.plotting.style import COLOURS
from tools.slides.figures.style import from_the_lesson
from tools.slides.lesson_run import Drawing, LessonRun

FIGURES = (
    "own_weights", "window", "pooling", "stages", "training", "slid", "learned_windows", "walk",
    "receptive_fields", "orders", "zeros",
)  # fmt: skip
BLUE, ORANGE, GREEN = COLOURS[:3]
WARM = "#FDF1E4"


def own_weights(lesson: LessonRun) -> Drawing:
    """What one dense neuron has learned, and a picture on it, as it is and slid."""
    run = lesson.lesson.runs["dense"]
    learned = (run.params[0] - run.initial[0]).T.reshape(-1, *lesson.shape[:2])  # (128, h, w)
    h, w = lesson.shape[:2]
    wide = np.pad(learned, ((0, 0), (1, 1), (1, 1)))
    shifted = [wide[:, i : i + h, j : j + w] for i in range(3) for j in range(3)]
    smooth = np.mean(shifted, axis=0)
    neuron = int(np.argmax((smooth**2).mean((1, 2)) / (learned**2).mean((1, 2))))
    by = lesson.far
    figure, grid = plt.subplots(1, 3, figsize=(11.4, 4.3))
    signed(grid[0], learned[neuron])
    for axes, slide in zip(grid[1:], (0, by), strict=True):
        axes.imshow(lesson.slid(lesson.x_test[:1], slide)[0, ..., 0])
        heights = np.abs(smooth[neuron])
        axes.contour(heights, levels=[0.5 * heights.max()], colors=ORANGE, linewidths=3.5)
    titles = ("what a neuron has learned", "where it looks", f"the picture slid by {by}")
    for axes, title in zip(grid, titles, strict=True):
        axes.axis("off")
        axes.set_title(title, fontsize=20)
    return Drawing(figure, "What a neuron of a dense layer has learned, bright beside dark at "
                   "certain pixels. A test picture with these pixels outlined. The same picture "
                   "slid to the right: the outline stays, and lies on other parts.")  # fmt: skip


def window(lesson: LessonRun) -> Drawing:
    """A window at work, as in the lesson."""
    return from_the_lesson(lesson, "window", None, 1.5)


def _grid(axes: Axes, values: Array, at: tuple[float, float], face: dict[int, str]) -> None:
    """Numbers in squares from the upper left corner; face: a colour for some, row by row."""
    for place, ((i, j), value) in enumerate(np.ndenumerate(values)):
        axes.add_patch(
            Rectangle((at[0] + j, at[1] - i - 1), 1, 1, facecolor=face.get(place, "white"),
                      edgecolor="0.4", linewidth=1.5)
        )  # fmt: skip
        axes.text(at[0] + j + 0.5, at[1] - i - 0.5, f"{value}", fontsize=22, **CENTRED)


def pooling(lesson: LessonRun) -> Drawing:
    """Of each square of four numbers the largest goes on."""
    values = np.array([[0, 5, 1, 0], [2, 9, 0, 3], [0, 0, 8, 2], [7, 1, 4, 6]])
    largest = values.reshape(2, 2, 2, 2).max((1, 3))
    figure, axes = sheet(9.6, 4.5)
    _grid(axes, values, (0.4, 4.25), {5: WARM, 7: WARM, 10: WARM, 12: WARM})
    for i in range(2):
        for j in range(2):
            axes.add_patch(Rectangle((0.4 + 2 * j, 2.25 - 2 * i), 2, 2, fill=False, linewidth=4,
                                     edgecolor=BLUE))  # fmt: skip
    axes.annotate("", (6.4, 2.25), (4.8, 2.25), arrowprops={"arrowstyle": "-|>", "lw": 4})
    _grid(axes, largest, (6.8, 3.25), dict.fromkeys(range(4), WARM))
    alt = (
        "Sixteen numbers in four squares of two by two. The largest of each square, 9, 3, 7 and 8, "
        "goes on: four numbers are left, in the same order."
    )
    return Drawing(figure, alt)


def stages(lesson: LessonRun) -> Drawing:
    """The shapes from the picture to the scores."""
    shapes = [lesson.shape, *lesson.windows.outputs]
    names = ("picture", "windows", "pool", "windows", "pool", "flat", "scores")
    figure, axes = sheet(13.4, 4.4)
    for i, (name, shape) in enumerate(zip(names, shapes, strict=True)):
        x, tall = 0.2 + 1.9 * i, 1.6 + 1.6 * shape[0] / 28 if len(shape) == 3 else 0.7
        axes.add_patch(
            FancyBboxPatch((x, 2.3 - tall / 2), 1.3, tall, edgecolor="black", linewidth=2.5,
                           boxstyle="round,pad=0,rounding_size=0.1",
                           facecolor=WARM if name == "windows" else PAPER)
        )  # fmt: skip
        sides = "\n×".join(map(str, shape))
        axes.text(x + 0.65, 2.3, sides if tall > 1 else f"{shape[-1]}", fontsize=24, **CENTRED)
        axes.text(x + 0.65, 0.3, name, fontsize=24, **CENTRED)
        if i:
            arrow = {"arrowstyle": "-|>", "lw": 2.5}
            axes.annotate("", (x - 0.04, 2.3), (x - 0.56, 2.3), arrowprops=arrow)
    words = ", ".join(f"{name} {' by '.join(map(str, shape))}"
                      for name, shape in zip(names, shapes, strict=True))  # fmt: skip
    return Drawing(figure, f"What each layer gives, from left to right: {words}.")


def training(lesson: LessonRun) -> Drawing:
    """Both trainings, as in the lesson."""
    drawing = from_the_lesson(lesson, "training", (10.4, 4.8), 1.25)
    drawing.figure.axes[0].set_title("")
    return drawing


def slid(lesson: LessonRun) -> Drawing:
    """The test pictures slid to the right, as in the lesson."""
    return from_the_lesson(lesson, "slid", (12, 4.6), 1.25)


def learned_windows(lesson: LessonRun) -> Drawing:
    """The eight windows of the first layer, and Sobel's."""
    figure, axes = panels(10, columns=5, side=2.1, title=0.35)
    sobels = {"Sobel": lesson.upright, "Sobel's other": lesson.upright.T}
    learned = {f"{i + 1}": lesson.kernel[..., i] for i in range(lesson.shown)}
    for ax, (title, values) in zip(axes, (learned | sobels).items(), strict=True):
        signed(ax, values)
        ax.set_title(title, fontsize=18)
        if title in sobels:
            numbers(ax, values)
    return Drawing(figure, lesson.figures["learned_windows"].alt)


def walk(lesson: LessonRun) -> Drawing:
    """One picture in four layers, the same windows above and below a pool."""
    maps, columns = lesson.maps, 8
    figure, axes = panels(4 * columns, columns=columns, side=1.32, title=0.0)
    for pair in (0, 2):
        found = maps[1 + pair]
        liveliest = np.argsort(-found.std((0, 1)), kind="stable")[:columns]
        for row in (pair, pair + 1):
            for place, channel in enumerate(liveliest):
                axes[columns * row + place].imshow(maps[1 + row][..., channel])
    for row, name in enumerate(("windows", "pooled", "windows of\nwindows", "pooled again")):
        axes[columns * row].text(-0.15, 0.5, name, transform=axes[columns * row].transAxes,
                                 fontsize=15, ha="right", va="center")  # fmt: skip
    return Drawing(figure, "Four rows of small pictures that the layers make of one shoe: outlines "
                   "at 26 by 26, the same at half the size, parts at 11 by 11, and a few bright "
                   "spots at 5 by 5.")  # fmt: skip


def receptive_fields(lesson: LessonRun) -> Drawing:
    """How much of the picture a number of each layer sees, as in the lesson."""
    return from_the_lesson(lesson, "receptive_fields", (12.4, 3.2), 1.3)


def orders(lesson: LessonRun) -> Drawing:
    """Two pictures of four pixels, written side by side in two orders."""
    figure, axes = sheet(12.6, 4.6)
    faces = (PAPER, WARM)
    for picture, name in enumerate("AB"):
        labels = np.array([[f"{name}{2 * i + j + 1}" for j in range(2)] for i in range(2)])
        _grid(axes, labels, (0.5, 4.4 - 2.3 * picture), dict.fromkeys(range(4), faces[picture]))
    lists = {
        "window by window": [(c, p) for c in range(2) for p in range(4)],
        "place by place": [(c, p) for p in range(4) for c in range(2)],
    }
    for y, (name, order) in zip((3.9, 1.6), lists.items(), strict=True):
        labels = np.array([[f"{'AB'[c]}{p + 1}" for c, p in order]])
        colours = {k: faces[c] for k, (c, _) in enumerate(order)}
        _grid(axes, labels, (4.2, y), colours)
        axes.text(8.2, y - 1.45, name, fontsize=26, **CENTRED)
    alt = (
        "Two pictures A and B of four pixels each. Flattened window by window: A1 A2 A3 A4 B1 B2 "
        "B3 B4. Flattened place by place: A1 B1 A2 B2 A3 B3 A4 B4."
    )
    return Drawing(figure, alt)


def zeros(lesson: LessonRun) -> Drawing:
    """The missing column of zeros after four pixels, and before them."""
    figure, axes = sheet(12.6, 4.0)
    for x, name, shown in ((0.5, "zeros after", "12340"), (7.1, "zeros before", "01234")):
        values = np.array([list(shown)])
        _grid(axes, values, (x, 2.6), {shown.index("0"): "0.85"})
        for start, y, colour in ((0, 2.85, BLUE), (2, 1.35, GREEN)):
            axes.plot([x + start + 0.1, x + start + 2.9], [y, y], color=colour, linewidth=6,
                      solid_capstyle="round")  # fmt: skip
            axes.plot(x + start + 1.5, y, "o", color=colour, markersize=14)
        axes.text(x + 2.5, 3.5, name, fontsize=26, **CENTRED)
        stands = " and ".join(shown[k] for k in (1, 3))
        axes.text(x + 2.5, 0.6, f"the middles stand on {stands}", fontsize=25, **CENTRED)
    return Drawing(figure, "Four pixels 1 2 3 4 and one zero; two windows of three that move by "
                   "two. With the zero after the picture their middles stand on 2 and 4, with the "
                   "zero before it on 1 and 3.")  # fmt: skip
