"""Diagrams of the lesson on many machines: a batch that is cut into shards, and a ring."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Rectangle

from adapters.contract import Array
from course.plotting.charts import CENTRED
from course.plotting.diagrams import PAPER, sheet
from course.plotting.style import COLOURS


def draw_split(pictures: Array, shards: Sequence[Array]) -> Figure:
    """Images (n, h, w) in a row, a machine below each shard of row numbers, and their total."""
    gap = 0.5  # between two shards
    width = len(pictures) + gap * (len(shards) - 1) + 1
    figure, axes = sheet(width, 5.4)
    left, middles = 0.5, []
    for number, shard in enumerate(shards, 1):
        colour = COLOURS[number - 1]
        for i, row in enumerate(shard):
            axes.imshow(
                pictures[row], extent=(left + i + 0.04, left + i + 0.96, 4.14, 5.06), zorder=2
            )
        middle = left + len(shard) / 2
        axes.add_patch(
            Rectangle((left, 4.1), len(shard), 1, fill=False, edgecolor=colour, linewidth=4)
        )
        _box(axes, middle, 2.75, 2.9, 0.9, f"machine {number}\nall the knobs", colour)
        _arrow(axes, (middle, 4.1), (middle, 3.2))
        middles.append(middle)
        left += len(shard) + gap
    _box(axes, width / 2, 0.65, 5.2, 0.8, "total of all sums, ÷ all pictures", "black")
    for middle in middles:
        aim = width / 2 + 0.35 * (middle - width / 2)
        _arrow(axes, (middle - 0.15, 2.3), (aim - 0.15, 1.05))
        _arrow(axes, (aim + 0.15, 1.05), (middle + 0.15, 2.3), dashed=True)
    axes.text(0.5, 1.7, "sums down, —\ntotal up, - -", fontsize=11, va="center", in_layout=False)
    axes.set(xlim=(0, width), ylim=(0, 5.4))  # imshow has changed them
    return figure


def draw_ring(machines: int) -> Figure:
    """Machines in a ring in the first turn, each passing a different piece to the right."""
    figure, axes = sheet(8.5, 6)
    middle, reach = np.array([4.25, 3.0]), np.array([2.9, 2.1])
    angles = np.pi / 2 - 2 * np.pi * np.arange(machines) / machines
    places = middle + reach * np.column_stack([np.cos(angles), np.sin(angles)])
    side = 0.42
    for m, (px, py) in enumerate(places):
        for piece in range(machines):
            goes = piece == m
            corner = (px + (piece - machines / 2) * side, py - side / 2)
            axes.add_patch(
                Rectangle(corner, side, side, facecolor=COLOURS[m % 7] if goes else PAPER,
                          edgecolor="black", linewidth=2.5 if goes else 1, zorder=3)
            )  # fmt: skip
            axes.text(
                corner[0] + side / 2, py, str(piece + 1), fontsize=12, zorder=4,
                color="white" if goes else "black", **CENTRED,
            )  # fmt: skip
        axes.text(px, py + 0.45, f"machine {m + 1}", fontsize=12, zorder=4, **CENTRED)
    for m in range(machines):
        start, end = places[m], places[(m + 1) % machines]
        axes.add_patch(
            FancyArrowPatch(tuple(start), tuple(end), connectionstyle="arc3,rad=-0.25",
                            arrowstyle="-|>", mutation_scale=24, linewidth=3,
                            color=COLOURS[m % 7], shrinkA=52, shrinkB=52, zorder=2)
        )  # fmt: skip
        between = middle + 0.78 * ((start + end) / 2 - middle) * 1.62
        label = axes.text(
            between[0], between[1], f"piece {m + 1}", fontsize=12, zorder=4, **CENTRED
        )
        label.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 2})
    task = "first turn:\neverybody passes on\na piece, and adds\nwhat comes in"
    axes.text(middle[0], middle[1], task, fontsize=13, **CENTRED)
    return figure


def _box(axes: Axes, x: float, y: float, width: float, height: float, text: str, edge: str) -> None:
    axes.add_patch(
        FancyBboxPatch((x - width / 2, y - height / 2), width, height,
                       boxstyle="round,pad=0,rounding_size=0.12", facecolor=PAPER, edgecolor=edge,
                       linewidth=3)
    )  # fmt: skip
    axes.text(x, y, text, fontsize=14, **CENTRED)


def _arrow(
    axes: Axes, start: tuple[float, float], end: tuple[float, float], dashed: bool = False
) -> None:
    style = {"arrowstyle": "-|>", "lw": 2, "color": "black", "linestyle": "--" if dashed else "-"}
    axes.annotate("", end, start, arrowprops=style)
