"""The figures of the fourth deck: layers, the bend, edges, then shapes, and what it is worth."""

from __future__ import annotations

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from adapters.contract import Array
from course.images import flattened
from course.plotting.charts import CENTRED, clouds, signed
from course.plotting.diagrams import PAPER, boundary, sheet
from course.plotting.style import COLOURS
from tools.slides.figures.style import from_the_lesson, legend_below, legible, push_apart
from tools.slides.lesson_run import Drawing, LessonRun

FIGURES = (
    "shirts", "layers", "two_are_one", "bends", "xor_bent", "edge_filter", "first_layer",
    "like_edges", "like_shapes", "pulled_apart", "probes", "gain", "training", "cortex",
)  # fmt: skip
BLUE, ORANGE, GREEN = COLOURS[:3]
SHIRT = 6


def shirts(lesson: LessonRun) -> Drawing:
    """Shirts of many shapes."""
    figure, grid = plt.subplots(2, 8, figsize=(11, 3.4))
    rows = np.flatnonzero(lesson.y_test == SHIRT)[:16]
    for axes, row in zip(grid.flat, rows, strict=True):
        axes.imshow(lesson.x_test[row].reshape(lesson.shape), interpolation="none")
        axes.axis("off")
    return Drawing(figure, "Sixteen test pictures of the class shirt: long sleeves and none, "
                   "narrow and wide, bright and dark.")  # fmt: skip


def layers(lesson: LessonRun) -> Drawing:
    """The network, as in the lesson."""
    return from_the_lesson(lesson, "network", None, 1.15)


def two_are_one(lesson: LessonRun) -> Drawing:
    """Two dense layers with nothing between them are one."""
    figure, axes = sheet(12, 3.3)

    def block(x: float, width: float, text: str, face: str) -> None:
        axes.add_patch(
            FancyBboxPatch((x, 1.0), width, 1.3, boxstyle="round,pad=0,rounding_size=0.15",
                           facecolor=face, edgecolor="black", linewidth=2.5)
        )  # fmt: skip
        axes.text(x + width / 2, 1.65, text, fontsize=26, **CENTRED)

    axes.text(0.5, 1.65, "x", fontsize=30, **CENTRED)
    block(1.3, 1.7, "· W₁", PAPER)
    block(3.5, 1.7, "· W₂", PAPER)
    axes.text(6.0, 1.65, "=", fontsize=34, **CENTRED)
    axes.text(7.0, 1.65, "x", fontsize=30, **CENTRED)
    block(7.8, 3.4, "· (W₁ · W₂)", "#FDF1E4")
    axes.text(3.25, 0.5, "two layers", fontsize=20, **CENTRED)
    axes.text(9.5, 0.5, "one layer", fontsize=20, **CENTRED)
    return Drawing(figure, "x times W1 times W2, two blocks, equals x times the one matrix W1 "
                   "times W2, a single block.")  # fmt: skip


def bends(lesson: LessonRun) -> Drawing:
    """relu and tanh."""
    figure, axes = plt.subplots(figsize=(9.4, 3.9))
    z = np.linspace(-3, 3, 301)
    axes.plot(z, np.maximum(z, 0), color=BLUE, label="relu: max(z, 0)")
    axes.plot(z, np.tanh(z), "--", color=ORANGE, label="tanh: into [−1, 1]")
    axes.set(xlabel="the sum z", ylabel="what is passed on", ylim=(-1.2, 3))
    axes.legend(loc="upper left")
    return Drawing(figure, "Two curves. relu is 0 left of 0 and then rises as a straight line. "
                   "tanh, dashed, rises gently from minus one through 0 to one.")  # fmt: skip


def xor_bent(lesson: LessonRun) -> Drawing:
    """XOR before two relus, and after them: a line can part it."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4.6))
    corners = lesson.corners
    moved = np.maximum(corners @ np.ones((2, 2)) + [0, -1], 0)
    answers = corners.sum(1) == 1
    for axes, points, names in ((left, corners, ("first input", "second input")),
                                (right, moved, ("how many are on", "are both on?"))):  # fmt: skip
        axes.plot(*points[answers].T, "o", color=BLUE, markersize=24)
        axes.plot(*points[~answers].T, "^", color=ORANGE, markersize=24)
        axes.set(xlabel=names[0], ylabel=names[1])
    left.set(xlim=(-0.4, 1.6), ylim=(-0.4, 1.4), xticks=[0, 1], yticks=[0, 1])
    left.set_title("the inputs: no line")
    right.set(xlim=(-0.4, 2.5), ylim=(-0.4, 1.4), xticks=[0, 1, 2], yticks=[0, 1])
    right.set_title("after two relus: a line")
    boundary(right, np.array([1, -2]), -0.5, color="black", linewidth=4)
    right.text(1.12, -0.2, "(0, 1) and (1, 0)\nhave met", fontsize=16, va="center")
    return Drawing(figure, "Left the four corners of XOR, which no line parts. Right where two "
                   "relu neurons move them: the two circles have met at (1, 0), the triangles lie "
                   "at (0, 0) and (2, 1), and a line parts them.")  # fmt: skip


def edge_filter(lesson: LessonRun) -> Drawing:
    """Sobel's window, as in the lesson."""
    return from_the_lesson(lesson, "edge_filter", (11.4, 3.0), 1.25)


def first_layer(lesson: LessonRun) -> Drawing:
    """What 32 neurons of the first layer learned."""
    figure, grid = plt.subplots(4, 8, figsize=(10.5, 5.2))
    for axes, kernel in zip(grid.flat, lesson.learned[lesson.most], strict=True):
        signed(axes, kernel.reshape(lesson.shape), lesson.names["limit"])
        axes.axis("off")
    return Drawing(figure, lesson.figures["first_layer"].alt)


def _excited(lesson: LessonRun, layer: int, neuron: int, count: int) -> Array:
    """The test pictures, rows of x_test (count,), that excite a neuron most."""
    _, _, activity = lesson.outputs[layer]
    return np.argsort(-activity[:, neuron])[:count]


def like_edges(lesson: LessonRun) -> Drawing:
    """Four neurons of the first layer, and the pictures that excite each most."""
    kernels = lesson.learned[lesson.most]
    # Those whose neighbouring pixels differ most, for their size: bright beside dark.
    square = kernels.reshape(-1, *lesson.shape)
    smooth = (square[:, 1:-1, :-2] + square[:, 1:-1, 2:] + square[:, :-2, 1:-1]
              + square[:, 2:, 1:-1]) / 4  # fmt: skip
    clean = (smooth**2).sum((1, 2)) / (square**2).sum((1, 2))
    chosen = lesson.most[np.argsort(-clean)[:4]]
    figure, grid = plt.subplots(4, 8, figsize=(10.5, 5.2))
    figure.suptitle("left: what it learned · then the pictures that excite it most", fontsize=17)
    for row, neuron in zip(grid, chosen, strict=True):
        signed(row[0], lesson.learned[neuron].reshape(lesson.shape))
        for axes, which in zip(row[1:], _excited(lesson, 1, neuron, 7), strict=True):
            axes.imshow(lesson.x_test[which].reshape(lesson.shape), interpolation="none")
        for axes in row:
            axes.axis("off")
    return Drawing(figure, "Four neurons of the first layer in rows: what each has learned, bright "
                   "beside dark, and the seven test pictures that excite it most. They are bright "
                   "and dark in the same places, and not always of the same class.")  # fmt: skip


def like_shapes(lesson: LessonRun) -> Drawing:
    """Four neurons of the second layer: each likes a shape."""
    _, _, activity = lesson.outputs[2]
    kinds = np.array([activity[lesson.y_test == c].mean(0) for c in lesson.present])  # (10, 64)
    chosen: list[int] = []
    for c in np.argsort(-kinds.max(1)):  # the classes that some neuron likes most, four of them
        neuron = int(np.argmax(kinds[c] - np.delete(kinds, c, 0).max(0)))
        if neuron not in chosen:
            chosen.append(neuron)
    figure, grid = plt.subplots(4, 8, figsize=(10.5, 5.2))
    for row, neuron in zip(grid, chosen[:4], strict=True):
        for axes, which in zip(row, _excited(lesson, 2, neuron, 8), strict=True):
            axes.imshow(lesson.x_test[which].reshape(lesson.shape), interpolation="none")
            axes.axis("off")
    figure.suptitle("each row: what one neuron of the second layer likes best", fontsize=17)
    return Drawing(figure, "Four neurons of the second layer in rows, each with the eight test "
                   "pictures that excite it most: every row shows one kind of shape, bright or "
                   "dark, narrow or wide.")  # fmt: skip


def pulled_apart(lesson: LessonRun) -> list[Drawing]:
    """The clouds of the classes, from layer to layer."""
    drawings = []
    pairs = zip(lesson.outputs, lesson.probes, strict=True)
    for (stage, _, test), (_, _, accuracy, share) in pairs:
        figure, axes = plt.subplots(figsize=(10.5, 5.1))
        clouds(axes, flattened(test)[lesson.some], lesson.y_test[lesson.some],
               lesson.data.class_names)  # fmt: skip
        axes.set_title(f"{stage}: {share:.0%} of the spread lies between the classes")
        legible(figure, "pulled_apart")
        push_apart(axes)
        drawings.append(Drawing(figure, f"A cloud of test pictures, seen as {stage}, with a "
                                f"colour and a mark for each class. {share:.0%} of the spread "
                                f"lies between the classes; a linear probe gets "
                                f"{accuracy:.1%}."))  # fmt: skip
    return drawings


def probes(lesson: LessonRun) -> Drawing:
    """What a linear probe gets out of each layer."""
    figure, axes = plt.subplots(figsize=(10, 3.9))
    names = [f"{stage} ({width})" for stage, width, _, _ in lesson.probes]
    shares = [accuracy for _, _, accuracy, _ in lesson.probes]
    drawn = axes.barh(range(4), shares, color=BLUE)
    axes.bar_label(drawn, [f"{share:.1%}" for share in shares], padding=6, fontsize=19)
    axes.set_yticks(range(4), names)
    axes.set(xlim=(0.75, 0.9), xlabel="test pictures that a linear probe recognises")
    axes.xaxis.set_major_formatter("{x:.0%}")
    axes.invert_yaxis()
    return Drawing(
        figure,
        "Bars for what a linear probe recognises from each layer: "
        + ", ".join(f"{n} {s:.1%}" for n, s in zip(names, shares, strict=True))
        + ".",
    )


def gain(lesson: LessonRun) -> Drawing:
    """Deep against flat, class by class, as in the lesson."""
    drawing = from_the_lesson(lesson, "gain", (10, 4.9), 1.15)
    drawing.figure.axes[0].set_title("")
    return drawing


def training(lesson: LessonRun) -> Drawing:
    """One flat model, and three walks of a deep one, as in the lesson."""
    drawing = from_the_lesson(lesson, "training", (10.4, 4.8), 1.25)
    drawing.figure.axes[0].set_title("")
    legend_below(drawing.figure, 2)
    return drawing


def _chain(axes: Axes, y: float, names: tuple[str, ...], face: str) -> None:
    for i, name in enumerate(names):
        x = 1.9 + 2.2 * i
        axes.add_patch(
            FancyBboxPatch((x, y - 0.5), 1.7, 1.0, boxstyle="round,pad=0,rounding_size=0.15",
                           facecolor=face, edgecolor="black", linewidth=2.5)
        )  # fmt: skip
        axes.text(x + 0.85, y, name, fontsize=17, **CENTRED)
        if i:
            axes.annotate("", (x, y), (x - 0.5, y), arrowprops={"arrowstyle": "-|>", "lw": 2.5})


def cortex(lesson: LessonRun) -> Drawing:
    """Two chains side by side, and the one measured parallel: a readout at the end."""
    figure, axes = sheet(12.4, 4.4)
    axes.text(0.9, 3.4, "a macaque", fontsize=17, **CENTRED)
    axes.text(0.9, 1.3, "a network", fontsize=17, **CENTRED)
    _chain(axes, 3.4, ("eye", "V1, V2", "V4", "IT"), "#FDF1E4")
    _chain(axes, 1.3, ("pixels", "layer", "layer", "last layer"), PAPER)
    axes.plot([10.5, 10.5], [1.3, 3.4], color=BLUE, linewidth=5, linestyle="--")
    axes.text(11.4, 2.35, "the same\nsimple\nreadout:\nas good", fontsize=17, color=BLUE, **CENTRED)
    return Drawing(figure, "Two chains. In a macaque: eye, areas V1 and V2, area V4, inferior "
                   "temporal cortex. In a network: pixels, layers, last layer. A dashed line "
                   "joins the ends: the same simple readout does as well on both.")  # fmt: skip
