"""Two figures: epochs compared with their peers', and the growth of costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.problem import NETWORKS
from benchmarks.ratios import Row
from course.plotting.style import COLOURS, LINES, start_drawing, write

MARKERS = "osD^vP*X"
Curve = tuple[Sequence[float], Sequence[float]]  # sizes, and the measurement at each


def draw_ratios(rows: Sequence[Row], file: Path) -> str:
    """Draw ratios as dots, quartiles as bars, goals as ticks; returns the alternative text."""
    start_drawing()
    from matplotlib import pyplot as plt

    names = list(dict.fromkeys((r.backend.split(":")[0], r.against.split(" (")[0]) for r in rows))
    figure, axes = plt.subplots(figsize=(9, 0.55 * len(names) + 1.6))
    for k, network in enumerate(NETWORKS):
        label = network
        for r in rows:
            if r.network != network:
                continue
            place = names.index((r.backend.split(":")[0], r.against.split(" (")[0]))
            y = -place + 0.22 * (1 - k)
            low, middle, high = r.ratio
            axes.plot([low, high], [y, y], color=COLOURS[k], linewidth=3, alpha=0.5)
            axes.plot(middle, y, MARKERS[k], color=COLOURS[k], label=label)
            label = "_"  # once in the legend
            if r.goal:
                axes.plot([r.goal.goal] * 2, [-place - 0.4, -place + 0.4], ":", color="black")
    axes.axvline(1, color="black", linewidth=1)
    axes.set_xscale("log")
    ticks = [0.1, 0.2, 0.5, 1, 2, 5]
    axes.set_xticks(ticks, [f"{t:g}" for t in ticks])
    axes.set_xticks([], minor=True)
    axes.set_yticks([-i for i in range(len(names))], [f"{a}\nvs {b}" for a, b in names], fontsize=9)
    axes.set_xlabel("time of an epoch, ours / theirs (log scale; dotted: goal)")
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=len(NETWORKS), fontsize=10)
    medians = [r.ratio[1] for r in rows]
    reach = f"; the ratios run from {min(medians):.2f} to {max(medians):.2f}" if medians else ""
    alt = (
        "The time of an epoch as a share of its peer's, a dot for each network on a line for each "
        f"backend, with quartiles and goals{reach}. The table below has every number."
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
