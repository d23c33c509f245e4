"""Draw the first kernel as pictures, one for each output, and its differences to the reference.

A kernel (784, 10) on photographs of 28 × 28 is ten pictures of the evidence for a class. The
differences to the reference have a scale of their own, which the caption names: they are noise in
the last digit.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from math import isqrt
from typing import Any

import numpy as np

from adapters.contract import Array
from adapters.layers import flat
from compare.page.backends import Panel
from compare.page.formatting import short
from course.networks import layers_from_json
from course.overflow import norm, quietly
from datasets.fashion import CLASS_NAMES

SMALLEST_SIDE = 5  # a kernel of fewer than 25 inputs is a table of numbers, not a picture
MOST = 10  # pictures of one kernel
COLUMNS = 5
MARGIN = 2  # pixels between pictures
CLEAR = 31  # the transparent level; 31 grey ones are as many as an eye can distinguish here
FASHION = ("fashion10k", "fashion-mnist")

# Brightness increases throughout, so that the sign shows without colours too.
DARK, MIDDLE, BRIGHT = (0, 22, 59), (140, 140, 140), (255, 248, 220)


@dataclass(frozen=True)
class Sheet:
    """The pictures of one backend."""

    backend: str
    weights: str  # data: URI of a PNG
    difference: str  # the same for the difference to the reference; empty for the reference
    largest: str  # that difference, as text


@dataclass(frozen=True)
class Pictures:
    """The first kernel of one run, on every backend."""

    run: str
    caption: str
    alt: str
    width: int  # of a sheet, in pixels
    height: int
    sheets: list[Sheet]


def draw(panels: Sequence[Panel], run: str) -> Pictures | None:
    """The sheets of a run, the reference first; None if its first kernel is not a picture."""
    key = f"{run}/param_0"
    truth = as_columns(panels[0].arrays[key])
    if not is_picture(truth) or looks_up(panels[0].card, run):
        return None
    arrays = {p.backend: as_columns(p.arrays[key]) for p in panels if key in p.arrays}
    kernels = {e: a for e, a in arrays.items() if a.shape == truth.shape}
    units = chosen(truth)
    seen = np.abs(truth[np.isfinite(truth)])
    limit = (float(np.quantile(seen, 0.995)) if seen.size else 0.0) or 1.0
    gaps = {name: _difference(kernel, truth) for name, kernel in kernels.items()}
    sizes = [float(np.abs(gap).max()) for gap in gaps.values()]
    largest = max((size for size in sizes if np.isfinite(size)), default=0.0)
    sheets = []
    for i, (backend, kernel) in enumerate(kernels.items()):
        gap = sizes[i]
        sheets.append(
            Sheet(
                backend,
                png(sheet(kernel[:, units], limit)),
                png(sheet(gaps[backend][:, units], largest or 1.0)) if i and gap else "",
                "the reference" if i == 0 else f"largest difference {short(gap)}",
            )
        )
    named = truth.shape[1] == len(CLASS_NAMES) and panels[0].card["data"] in FASHION
    what = _what(truth.shape[1], units, named)
    caption = f"Weights: {what}. Bright counts for it, dark against it, grey not at all."
    if largest:
        caption += f" Differences: bright is {short(largest)} more, dark {short(largest)} less."
    height, width = sheet(truth[:, units], limit).shape[:2]
    return Pictures(run, caption, what, width, height, sheets)


@quietly
def _difference(kernel: Array, truth: Array) -> Array:
    """In float64; 0 also where both are the same infinity."""
    return np.where(kernel == truth, 0.0, kernel.astype(np.float64) - truth)


def as_columns(kernel: Array) -> Array:
    """The windows (size, size, 1, n_out) of a convolution of grey pictures as columns."""
    is_grey = kernel.ndim == 4 and kernel.shape[2] == 1
    return kernel.reshape(-1, kernel.shape[3]) if is_grey else kernel


def is_picture(kernel: Array) -> bool:
    """Whether each column of a kernel (n_in, n_out) is a square of at least 5 × 5."""
    if kernel.ndim != 2:
        return False
    side = isqrt(kernel.shape[0])
    return side >= SMALLEST_SIDE and side * side == kernel.shape[0]


def looks_up(card: dict[str, Any], run: str) -> bool:
    """Whether the run's first parameter is a table of words or places, and not a kernel."""
    layers = layers_from_json(card.get("runs", {}).get(run, {}).get("layers", []))
    first = next((layer for layer in flat(layers) if layer.parameters), None)
    return first is not None and first.parameters[0].name == "table"


def chosen(kernel: Array) -> list[int]:
    """The outputs to show: all, or if there are many those with the largest weights, in order."""
    if kernel.shape[1] <= MOST:
        return list(range(kernel.shape[1]))
    strength = np.array([norm(column) for column in kernel.T])
    return sorted(int(i) for i in np.argsort(-strength, kind="stable")[:MOST])


def sheet(kernel: Array, limit: float) -> Array:
    """The columns of a kernel as one picture (height, width) of levels, in rows of five.

    −limit is level 0, zero the middle one, +limit the last; the space between pictures is CLEAR.
    """
    side, count = isqrt(kernel.shape[0]), kernel.shape[1]
    columns = min(COLUMNS, count)
    rows, step = -(-count // columns), side + MARGIN
    page = np.full((rows * step - MARGIN, columns * step - MARGIN), CLEAR, np.uint8)
    for i in range(count):
        y, x = (i // columns) * step, (i % columns) * step
        page[y : y + side, x : x + side] = levels(kernel[:, i].reshape(side, side), limit)
    return page


@quietly
def levels(values: Array, limit: float) -> Array:
    """Values as levels from 0 to CLEAR − 1; zero and NaN get the middle one."""
    share = np.nan_to_num(np.clip(values.astype(np.float64) / limit, -1, 1))
    return np.round((share + 1) / 2 * (CLEAR - 1)).astype(np.uint8)


def png(pixels: Array) -> str:
    """Levels (height, width) as a data: URI."""
    from PIL import Image  # a dependency of matplotlib

    stops, at = np.array([DARK, MIDDLE, BRIGHT], float), np.linspace(-1, 1, CLEAR)
    palette = np.stack([np.interp(at, [-1, 0, 1], stops[:, i]) for i in range(3)], axis=1)
    image = Image.fromarray(pixels)
    image.putpalette(palette.round().astype(np.uint8).tobytes() + bytes(3))
    target = BytesIO()
    image.save(target, "png", optimize=True, bits=6, transparency=CLEAR)
    return "data:image/png;base64," + base64.b64encode(target.getvalue()).decode()


def _what(outputs: int, units: Sequence[int], named: bool) -> str:
    if named:
        return "one picture for each class, " + ", ".join(CLASS_NAMES)
    if outputs == 1:
        return "the one neuron"
    if outputs <= MOST:
        return f"one picture for each of the {outputs} outputs"
    numbers = ", ".join(map(str, units))
    return f"the {len(units)} of {outputs} hidden units with the largest weights, number {numbers}"
