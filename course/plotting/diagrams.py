"""Diagrams that several lessons draw: a box, a neuron, a network, a boundary, a path downhill."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch
from matplotlib.ticker import MaxNLocator

from adapters.contract import Array
from course.plotting.style import COLOURS

BLUE, ORANGE = COLOURS[:2]
PAPER = "#EAF2F8"


def sheet(width: float, height: float) -> tuple[Figure, Axes]:
    """An empty sheet without axes, whose coordinates are inches."""
    figure, axes = plt.subplots(figsize=(width, height))
    axes.set(xlim=(0, width), ylim=(0, height), aspect="equal")
    axes.axis("off")
    return figure, axes


def magic_box(
    axes: Axes, inputs: Sequence[str], name: str, knobs: Sequence[str], output: str
) -> None:
    """Inputs go into a box with knobs on it, and an output comes out."""
    width, height = axes.get_xlim()[1], axes.get_ylim()[1]
    left, right, middle = 0.32 * width, 0.76 * width, height / 2
    box = FancyBboxPatch(
        (left, 0.08 * height), right - left, 0.84 * height,
        boxstyle="round,pad=0,rounding_size=0.2", facecolor=PAPER, edgecolor="black", linewidth=2,
    )  # fmt: skip
    axes.add_patch(box)
    axes.text((left + right) / 2, 0.74 * height, name, ha="center", va="center", fontsize=22)
    turns = np.linspace(130, 40, len(knobs))  # each knob points in another direction
    places = left + (right - left) * (np.arange(len(knobs)) + 0.5) / len(knobs)
    for x, knob, angle in zip(places, knobs, np.radians(turns), strict=True):
        y, radius = 0.4 * height, 0.1 * height
        axes.add_patch(Circle((x, y), radius, facecolor="white", edgecolor=ORANGE, linewidth=3))
        tip = (x + radius * np.cos(angle), y + radius * np.sin(angle))
        axes.plot([x, tip[0]], [y, tip[1]], color=ORANGE, linewidth=4)
        axes.text(x, 0.2 * height, knob, ha="center", va="center", fontsize=13)
    for text, y in zip(inputs, _spread(len(inputs), middle, 0.24 * height), strict=True):
        axes.text(0.24 * width, y, text, ha="right", va="center", fontsize=14)
        _arrow(axes, (0.25 * width, y), (left, y))
    _arrow(axes, (right, middle), (0.83 * width, middle))
    axes.text(0.84 * width, middle, output, ha="left", va="center", fontsize=14)


def neuron(axes: Axes, inputs: Sequence[str], weights: Sequence[float], output: str) -> None:
    """Inputs on the left, lines as thick as their weights, a sum, a threshold, an output."""
    width, height = axes.get_xlim()[1], axes.get_ylim()[1]
    middle, radius = height / 2, 0.15 * height
    total, gate = 0.53 * width, 0.74 * width
    heaviest = max(map(abs, weights))
    heights = _spread(len(inputs), middle, 0.34 * height)
    for text, weight, y in zip(inputs, weights, heights, strict=True):
        colour, dashes = (BLUE, "-") if weight > 0 else (ORANGE, "--")
        thick = 1.5 + 5 * abs(weight) / heaviest
        start, end = np.array([0.27 * width, y]), np.array([total - radius, middle])
        axes.plot(*zip(start, end, strict=True), color=colour, linestyle=dashes, linewidth=thick)
        axes.plot(*start, "o", markersize=15, color="white", markeredgecolor="black")
        axes.text(0.245 * width, y, text, ha="right", va="center", fontsize=14)
        x, at = start + 0.42 * (end - start)
        label = axes.text(
            x, at, f"× {weight:g}".replace("-", "−"),
            ha="center", va="center", fontsize=14, color=colour, fontweight="bold",
        )  # fmt: skip
        label.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 2})
    for x in (total, gate):
        axes.add_patch(Circle((x, middle), radius, facecolor=PAPER, edgecolor="black", linewidth=2))
    axes.text(total, middle, "Σ", ha="center", va="center", fontsize=30)
    step = 0.55 * radius
    axes.plot(
        [gate - step, gate, gate, gate + step],
        [middle - step, middle - step, middle + step, middle + step],
        color="black", linewidth=3,
    )  # fmt: skip
    _arrow(axes, (total + radius, middle), (gate - radius, middle))
    _arrow(axes, (gate + radius, middle), (gate + radius + 0.06 * width, middle))
    axes.text(gate + radius + 0.07 * width, middle, output, va="center", fontsize=14)
    below = middle - radius - 0.07 * height
    axes.text(total, below, "sum", ha="center", va="top", fontsize=13)
    axes.text(gate, below, "threshold", ha="center", va="top", fontsize=13)


def network(axes: Axes, sizes: Sequence[int], names: Sequence[str]) -> None:
    """Units in columns, each connected with all of the next column, and names below."""
    width, height = axes.get_xlim()[1], axes.get_ylim()[1]
    columns = [
        [(x, y) for y in _spread(size, 0.56 * height, min(0.36, 0.1 * (size - 1)) * height)]
        for x, size in zip(np.linspace(0.1, 0.9, len(sizes)) * width, sizes, strict=True)
    ]
    for i, (here, there) in enumerate(pairwise(columns)):
        for j, (x0, y0) in enumerate(here):
            for k, (x1, y1) in enumerate(there):
                thick = 0.5 + (3 * i + 5 * j + 7 * k) % 4  # as if some weights were larger
                axes.plot([x0, x1], [y0, y1], color="0.6", linewidth=thick, zorder=1)
    for column, name in zip(columns, names, strict=True):
        for place in column:
            unit = Circle(place, 0.045 * height, facecolor=PAPER, edgecolor=BLUE, linewidth=2)
            axes.add_patch(unit).set_zorder(2)  # in front of the connections
        axes.text(column[0][0], 0.06 * height, name, ha="center", va="center", fontsize=14)


def boundary(axes: Axes, weights: Array, bias: float, **style: Any) -> bool:
    """Draw the line where weights · x + bias is 0; return False if there is none."""
    w = np.ravel(weights).astype(float)
    if not w.any():
        return False
    foot = -float(bias) * w / (w @ w)  # the point of the line that is nearest to (0, 0)
    axes.axline(tuple(foot), tuple(foot + np.array([-w[1], w[0]])), **style)
    return True


def two_kinds(
    axes: Axes, points: Array, answers: Array, knobs: Array, size: float, **style: Any
) -> None:
    """Points (n, 2) with answers +1 and −1, a neuron's boundary, and a cross on each mistake.

    knobs (3,): two weights and a bias. style: of the boundary line, such as its `label`.
    """
    if not boundary(axes, knobs[:2], knobs[2], color="black", linewidth=3.5, **style):
        axes.text(0, 0, "no line:\nall knobs\nat zero", ha="center", va="center")
    answers = np.ravel(answers)
    kinds = ((1, "o", BLUE, "answer +1"), (-1, "^", ORANGE, "answer −1"))
    for answer, marker, colour, name in kinds:
        axes.plot(*points[answers == answer].T, marker, color=colour, markersize=size, label=name)
    wrong = answers * (points @ knobs[:2] + knobs[2]) <= 0
    axes.plot(*points[wrong].T, "x", color="black", markersize=1.7 * size, markeredgewidth=3)
    axes.set(xlabel="first input", ylabel="second input", aspect="equal")


def bars(axes: Axes, counts: Sequence[int], xlabel: str, ylabel: str) -> None:
    """A bar for each count, numbered from 1, with the count on top."""
    axes.bar_label(axes.bar(np.arange(len(counts)) + 1, counts, color=BLUE))
    axes.set(xlabel=xlabel, ylabel=ylabel, xlim=(0.4, max(len(counts), 4) + 0.6))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axes.grid(axis="x", visible=False)


def tangent(axes: Axes, x: float, y: float, slope: float, text: str) -> None:
    """A point on a curve, the slope there as a short dashed line, and a short text."""
    ends = np.array([x - 0.25, x + 0.25])
    axes.plot(ends, y + slope * (ends - x), color=ORANGE, linestyle="--", linewidth=4)
    axes.plot(x, y, "o", color="black", markersize=9)
    steep = round(slope, 1)
    side = "center" if steep == 0 else "left" if steep < 0 else "right"
    axes.annotate(
        f"{text}\nslope {steep + 0:g}".replace("-", "−"), (x, y),
        xytext=(-20 * np.sign(steep), 24), textcoords="offset points", ha=side,
    )  # fmt: skip


def journey(axes: Axes, x: Array, y: Array) -> None:
    """A path of steps, with a square at its start and a diamond at its end."""
    axes.plot(x, y, "o--", color=ORANGE, markersize=5, linewidth=1.5)
    axes.plot(x[0], y[0], "s", color="black", markersize=11, label="start")
    axes.plot(x[-1], y[-1], "D", color=BLUE, markersize=11, label=f"{len(x) - 1} steps later")


def landscape(axes: Axes, x: Array, y: Array, height: Any) -> None:
    """A map with contour lines, darker where higher; height (len(y), len(x)), all positive."""
    heights = np.asarray(height)
    lines = np.geomspace(heights.min(), heights.max(), 14)
    axes.contourf(x, y, heights, levels=lines, cmap="Greys", alpha=0.5)
    axes.contour(x, y, heights, levels=lines, colors="0.5", linewidths=0.8)
    axes.set(xlim=(x[0], x[-1]), ylim=(y[0], y[-1]), aspect="equal")


def best_so_far(axes: Axes, losses: Sequence[float], line: str, **style: Any) -> None:
    """The lowest loss after each evaluation, on a logarithmic axis, with a marker at the end."""
    count, lowest = np.arange(len(losses)) + 1, np.minimum.accumulate(losses)
    axes.plot(count, lowest, line, markevery=[len(count) - 1], markersize=11, **style)
    axes.set(xscale="log", xlabel="evaluations (each of all houses)")
    axes.minorticks_off()  # they take a third of the time to draw


def paired_bars(axes: Axes, names: Sequence[str], pair: dict[str, Array]) -> None:
    """Two numbers for each name, side by side: the first plain, the second hatched."""
    place = np.arange(len(names))
    (first, a), (second, b) = pair.items()
    axes.barh(place - 0.2, a, 0.4, color=BLUE, label=first)
    axes.barh(place + 0.2, b, 0.4, color="white", edgecolor="black", hatch="///", label=second)
    axes.axvline(0, color="black", linewidth=1)
    axes.set_yticks(place, [name.replace("_", " ") for name in names])
    axes.invert_yaxis()
    axes.legend()


def _spread(count: int, middle: float, reach: float) -> Array:
    """`count` heights around the middle, from the top down."""
    return middle + (np.linspace(reach, -reach, count) if count > 1 else np.zeros(1))


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    axes.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "lw": 2, "color": "black"})
