"""Sound images with labels, and functions that make a mistake in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from datasets import Images
from datasets.images import checked

Arrays = dict[str, np.ndarray[Any, Any]]
CLASSES = 4


def pictures() -> Arrays:
    """200 and 80 noisy images, 8×8, uint8, with a bright area for each of four classes."""
    rng = np.random.default_rng(0)
    lit = np.zeros((CLASSES, 8, 8))
    for c in range(CLASSES):
        lit[c, c : c + 3, 1:7] = 160  # nothing in it is the same when transposed
    arrays = {}
    for split, n in (("train", 200), ("test", 80)):
        y = np.arange(n) % CLASSES
        x = lit[y] + rng.integers(0, 90, (n, 8, 8))
        arrays |= {f"x_{split}": x.astype(np.uint8), f"y_{split}": y}
    return arrays


def both(change: Callable[[Any], Any], of: str = "x") -> Callable[[Arrays], Arrays]:
    """A change of training and test arrays."""
    return lambda a: {key: change(a[key]) for key in (f"{of}_train", f"{of}_test")}


def scaled(x: Any) -> Any:
    return (x / 255).astype(np.float32)


def images(arrays: Arrays, change: Callable[[Arrays], Arrays]) -> Images:
    return checked("mine", {**arrays, **change(arrays)})
