"""Drawings of a window that slides over a picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from adapters.contract import Array, Layer
from adapters.layers import Conv2D, Pool2D
from course.plotting.charts import BLUE, CENTRED, ORANGE
from course.plotting.diagrams import PAPER, sheet


def window_at_work(picture: Array, window: Array, at: tuple[int, int]) -> Figure:
    """A picture (h, w) of whole numbers, a window (k, k), and the sums that it finds.

    at: the row and column of the place whose sum is written out.
    """
    k = len(window)
    rows, columns = (side - k + 1 for side in picture.shape)
    here = [picture[i : i + k, j : j + k] for i in range(rows) for j in range(columns)]
    found = np.array([(window * part).sum() for part in here]).reshape(rows, columns)
    height, width = picture.shape[0] + 2.2, picture.shape[1] + k + columns + 4.0
    figure, axes = sheet(0.85 * width, 0.85 * height)
    axes.set(xlim=(0, width), ylim=(0, height))
    top = height - 0.9
    x_window, x_found = picture.shape[1] + 1.6, picture.shape[1] + k + 3.1
    _grid(axes, picture, (0.4, top), "the picture", {(at[0] + i, at[1] + j) for i in range(k)
                                                     for j in range(k)})  # fmt: skip
    _grid(axes, window, (x_window, top - 1), "the window", set(), signs=True)
    _grid(axes, found, (x_found, top - 1), "multiply and sum", {at})
    for x, sign in ((x_window - 0.6, "×"), (x_found - 0.75, "→")):
        axes.text(x, top - 1 - k / 2, sign, fontsize=26, **CENTRED)
    part = picture[at[0] : at[0] + k, at[1] : at[1] + k]
    terms = [f"{p}·{q}" if q >= 0 else f"{p}·(−{-q})"
             for p, q in zip(part.ravel(), window.ravel(), strict=True) if q]  # fmt: skip
    axes.text(
        width / 2, 0.5, f"{' + '.join(terms)} = {found[at]}", fontsize=17, color=BLUE, **CENTRED
    )
    return figure


def receptive_fields(layers: Sequence[Layer]) -> list[int]:
    """The side of the square of pixels that one number of each layer's output depends on."""
    fields, field, step = [], 1, 1
    for layer in layers:
        assert isinstance(layer, Conv2D | Pool2D)
        field += (layer.size - 1) * step
        step *= layer.stride
        fields.append(field)
    return fields


def _grid(
    axes: Axes, values: Array, corner: tuple[float, float], title: str,
    bold: set[tuple[int, int]], signs: bool = False,
) -> None:  # fmt: skip
    """The numbers of a matrix in squares, from the upper left corner; some are drawn bold."""
    x, y = corner
    axes.text(x + values.shape[1] / 2, y + 0.4, title, fontsize=14, **CENTRED)
    for (i, j), value in np.ndenumerate(values):
        chosen = (i, j) in bold
        axes.add_patch(
            Rectangle((x + j, y - i - 1), 1, 1, facecolor=PAPER if chosen else "white",
                      edgecolor=BLUE if chosen else "0.7", lw=3 if chosen else 1,
                      zorder=2 if chosen else 1)
        )  # fmt: skip
        text = f"{value:+d}" if signs and value else f"{value:d}"
        axes.text(
            x + j + 0.5, y - i - 0.5, text.replace("-", "−"), fontsize=18, zorder=3,
            color=ORANGE if signs and value < 0 else "black",
            fontweight="bold" if chosen else "normal", **CENTRED,
        )  # fmt: skip
