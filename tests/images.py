"""Files of few images, and of small ones, on which a lesson takes a fraction of its time."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import datasets

FIELD = 4  # pixels a side, of which a small image has the mean
# Of lesson 7: its windows leave the edge of a picture of ten pixels or more, and pad a smaller one.
FIELD_OF_WINDOWS = 2


def few_images(folder: Path, train: int = 430) -> str:
    """A file with the first images of the committed data; a last batch of 100 is not full."""
    return _write(folder / "few.npz", train, test=100, field=1)


def small_images(folder: Path, train: int = 1_100, field: int = FIELD) -> str:
    """A file with the first images of the committed data, 7 × 7 pixels each, or of other fields."""
    return _write(folder / f"small{field}.npz", train, test=1_000, field=field)


def _write(file: Path, train: int, test: int, field: int) -> str:
    images, arrays = datasets.load("fashion10k"), {}
    for split, rows in {"train": train, "test": test}.items():
        x, y = (getattr(images, f"{kind}_{split}")[:rows] for kind in "xy")
        if field > 1:
            side = x.shape[1] // field
            x = x.reshape(rows, side, field, side, field).mean((2, 4)).round().astype(x.dtype)
        arrays |= {f"x_{split}": x, f"y_{split}": y}
    np.savez(file, **arrays)
    return str(file)
