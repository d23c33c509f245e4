"""Two figures: the avoidable time that each backend leaves, and the growth of costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isinf
from pathlib import Path
from typing import Any

from benchmarks.shares import GOAL, Row
from course.lessons import LESSONS
from course.plotting.style import COLOURS, LINES, start_drawing, write

MARKERS = "osD^vP*X"
Curve = tuple[Sequence[float], Sequence[float]]  # sizes, and the measurement at each


def draw_shares(rows: Sequence[Row], file: Path) -> str:
    """Draw shares as dots, quartiles as bars, the goal as a line; returns the alternative text."""
    start_drawing()
    from matplotlib import pyplot as plt

    names = list(dict.fromkeys(row.backend.split(",")[0] for row in rows))
    lessons = sorted({row.lesson for row in rows})
    figure, axes = plt.subplots(figsize=(9, 0.5 * len(names) + 1.6))
    for k, lesson in enumerate(lessons):
        label = f"lesson {lesson}: {LESSONS[lesson].title}"
        for row in rows:
            low, middle, high = row.share
            if row.lesson != lesson or isinf(middle):
                continue
            y = 0.22 * ((len(lessons) - 1) / 2 - k) - names.index(row.backend.split(",")[0])
            axes.plot(
                [low, middle if isinf(high) else high], [y, y], color=COLOURS[k], linewidth=3,
                alpha=0.5,
            )  # fmt: skip
            axes.plot(middle, y, MARKERS[k], color=COLOURS[k], label=label)
            label = "_"  # once in the legend
    axes.axvline(1, color="black", linewidth=1)
    axes.axvline(GOAL, color="black", linestyle=":")
    axes.set_xlim(left=min(0.0, axes.get_xlim()[0]))
    axes.set_yticks([-i for i in range(len(names))], names)
    axes.set_xlabel("avoidable time of an epoch, ours / the native program's (dotted: goal)")
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=len(lessons) or 1, fontsize=10)
    medians = [row.share[1] for row in rows if not isinf(row.share[1])]
    reach = f"; the shares run from {min(medians):.2f} to {max(medians):.2f}" if medians else ""
    alt = (
        "The avoidable time of an epoch as a share of the native program's, a dot for each network "
        f"on a line for each backend, with quartiles and the goal{reach}. The table below has "
        "every number."
    )
    write(figure, file, alt)
    plt.close(figure)
    return alt


def draw_growth(panels: Mapping[tuple[str, str], Mapping[str, Curve]], file: Path) -> str:
    """Draw curves on logarithmic axes, a column of panels for each size, a curve for each backend.

    panels: by (quantity, size), in the order of the columns. Returns the alternative text.
    """
    start_drawing()
    from matplotlib import pyplot as plt

    sizes = list(dict.fromkeys(size for _, size in panels))
    figure, grid = plt.subplots(
        len(panels) // len(sizes), len(sizes), figsize=(12, 3.6 * len(panels) / len(sizes))
    )
    every: list[Any] = grid.T.ravel().tolist()
    for axes, ((quantity, size), curves) in zip(every, panels.items(), strict=True):
        for i, (backend, (xs, ys)) in enumerate(curves.items()):
            axes.loglog(
                xs, ys, LINES[i % len(LINES)], marker=MARKERS[i % len(MARKERS)], markersize=5,
                color=COLOURS[i % len(COLOURS)], linewidth=1.5, label=backend,
            )  # fmt: skip
        axes.set_xlabel(size)
        axes.set_ylabel(quantity)
    handles, labels = every[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=8, fontsize=10)
    alt = (
        f"Time, peak memory and time to the first step against {', '.join(sizes)}, on logarithmic "
        "axes, a curve for each backend. The table below has the slopes."
    )
    write(figure, file, alt)
    plt.close(figure)
    return alt
