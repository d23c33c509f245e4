"""Charts of the image lessons: small images, confusion matrices, point clouds, matrix products."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.patches import Rectangle

from adapters.contract import Array
from course.plotting.diagrams import PAPER, sheet
from course.plotting.style import COLOURS

BLUE, ORANGE = COLOURS[:2]
# Grows steadily brighter, so that the sign is visible without colours too.
DARK_TO_BRIGHT = LinearSegmentedColormap.from_list(
    "dark_to_bright", ["#00163B", "#1F4E9C", "#8C8C8C", "#F0B429", "#FFF8DC"]
)


# Text inside the axes is left out of the layout, which would measure a hundred numbers.
CENTRED: dict[str, Any] = {"ha": "center", "va": "center", "in_layout": False}


def panels(
    count: int, columns: int, side: float = 1.6, title: float = 0.3
) -> tuple[Figure, list[Axes]]:
    """`count` small empty axes in rows of `columns`. side, title: inches of axes and title."""
    columns = min(columns, count)
    rows = -(-count // columns)
    figure, grid = plt.subplots(
        rows, columns, figsize=(columns * side, rows * (side + title) + title), squeeze=False
    )
    for axes in grid.flat:
        axes.axis("off")
    return figure, list(grid.flat[:count])


def signed(axes: Axes, values: Array, limit: float | None = None) -> AxesImage:
    """An image of weights: bright is positive, dark is negative, grey is zero."""
    limit = limit or float(np.abs(values).max()) or 1.0
    return axes.imshow(values, cmap=DARK_TO_BRIGHT, vmin=-limit, vmax=limit)


def numbers(axes: Axes, values: Array) -> None:
    """Write the numbers of a small matrix, with their signs, into its `signed` image."""
    for (i, j), value in np.ndenumerate(values):
        text = f"{value:+d}".replace("-", "−") if value else "0"
        colour = "white" if value < 0 else "black"
        axes.text(j, i, text, fontsize=15, color=colour, **CENTRED)


def confusion(axes: Axes, counts: Array, names: tuple[str, ...]) -> None:
    """A confusion matrix, counts (classes, classes): true classes by row, predicted by column."""
    n = len(names)
    share = counts / np.maximum(counts.sum(1, keepdims=True), 1)
    axes.imshow(share, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    axes.set(xlabel="the model says", ylabel="it is")
    axes.grid(visible=False)
    if n > 20:
        return
    axes.set_xticks(range(n), names, rotation=40, ha="right", rotation_mode="anchor")
    axes.set_yticks(range(n), names)
    for i, j in zip(*np.nonzero(counts), strict=True):
        style: dict[str, Any] = {"fontweight": "bold"} if i == j else {}
        colour = "white" if share[i, j] > 0.5 else "black"
        axes.text(j, i, f"{counts[i, j]:,}", color=colour, **CENTRED, **style)
    for i in range(n):
        axes.add_patch(Rectangle((i - 0.5, i - 0.5), 1, 1, fill=False, edgecolor=ORANGE, lw=2))


def clouds(axes: Axes, points: Array, y: Array, names: tuple[str, ...]) -> None:
    """Points (n, 2), with a colour and marker for each class and its name near its middle."""
    named: dict[str, tuple[Array, str]] = {}
    for c, name in enumerate(names):
        members = points[y == c]
        if not len(members):
            continue
        marker, colour = "os^DvP*X<>"[c % 10], COLOURS[c % 7]
        across, up = members[:, 0], members[:, 1]
        axes.scatter(across, up, s=16, marker=marker, color=colour, alpha=0.6, linewidths=0)
        named[name] = (np.median(members, axis=0), colour)
    if 0 < len(named) <= 20:
        size = np.maximum(np.ptp(points, axis=0), 1e-12)  # labels are placed on a sheet of 1 × 1
        middles = np.array([middle for middle, _ in named.values()])
        widths = np.array([0.015 * len(name) + 0.03 for name in named])
        places = _without_overlap(middles / size, widths, height=0.05) * size
        for (name, (middle, colour)), place in zip(named.items(), places, strict=True):
            box = {"facecolor": "white", "alpha": 0.9, "edgecolor": colour, "pad": 2}
            axes.plot(*zip(middle, place, strict=True), color="black", linewidth=1, zorder=3)
            axes.text(
                place[0], place[1], name, ha="center", va="center", fontsize=11, bbox=box, zorder=4
            )
    axes.set(xticks=[], yticks=[])
    for side in ("left", "bottom"):
        axes.spines[side].set_color("0.7")


def _without_overlap(middles: Array, widths: Array, height: float) -> Array:
    """Middles (k, 2) of labels, moved up and down until no two of them overlap."""
    places = middles + [0, 1e-6] * np.arange(len(middles))[:, None]
    for _ in range(200):
        x, y = places.T
        beside = np.abs(x[:, None] - x) < (widths[:, None] + widths) / 2
        gap = y[:, None] - y  # (k, k)
        close = beside & (np.abs(gap) < height) & (gap != 0)
        if not close.any():
            break
        missing = np.sign(gap) * (1.05 * height - np.abs(gap))
        places[:, 1] += 0.25 * np.where(close, missing, 0).sum(1)
    return places


def row_by_column(a: Array, b: Array, row: int = 0, column: int = 0) -> Figure:
    """The product a · b of two small matrices: a on the left, b on top, the product between."""
    (n, k), m = a.shape, b.shape[1]
    width, height = k + m + 3.0, k + n + 2.0
    figure, axes = sheet(width, height)
    left, top = 0.6, height - 0.4
    x_b, y_a = left + k + 0.8, top - k - 0.8  # where b starts, and where a and the product start

    def draw(values: Array, x: float, y: float, bold: Array) -> None:
        for (i, j), value in np.ndenumerate(values):
            face, weight = (PAPER, "bold") if bold[i, j] else ("white", "normal")
            edge = BLUE if bold[i, j] else "0.7"
            corner = (x + j, y - i - 1)
            axes.add_patch(
                Rectangle(corner, 1, 1, facecolor=face, edgecolor=edge,
                          lw=3 if bold[i, j] else 1, zorder=2 if bold[i, j] else 1)
            )  # fmt: skip
            axes.text(
                x + j + 0.5, y - i - 0.5, str(value), fontsize=20, fontweight=weight,
                color="black" if bold[i, j] else "0.45", zorder=3, **CENTRED,
            )  # fmt: skip

    rows, columns = np.arange(n)[:, None] == row, np.arange(m)[None] == column
    draw(a, left, y_a, np.broadcast_to(rows, a.shape))
    draw(b, x_b, top, np.broadcast_to(columns, b.shape))
    draw(a @ b, x_b, y_a, rows & columns)
    sums = " + ".join(f"{p}·{q}" for p, q in zip(a[row], b[:, column], strict=True))
    product = a[row] @ b[:, column]
    axes.text(width / 2, 0.45, f"{sums} = {product}", fontsize=22, color=BLUE, **CENTRED)
    return figure


def on_log_scale(axes: Axes, values: Array, *style: Any, **more: Any) -> None:
    """A line of values, smoothed so that it can be read; a 0 has no place on such a scale."""
    width = max(1, len(values) // 20)
    smooth = np.convolve(values, np.ones(width) / width, "valid")
    at = np.flatnonzero(smooth > 0)
    axes.plot(at + width / 2, smooth[at], *style, markevery=max(1, len(at) // 8), **more)
