"""The entry with the largest gap in a quantity that differs."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from adapters.contract import Array
from compare.diverge.diagnose import Divergence
from compare.diverge.side import Side
from compare.gaps import gaps


@dataclass(frozen=True)
class Values:
    """One entry of a tensor, on both sides."""

    where: str  # such as [12, 3]; empty for a single number
    ours: float
    theirs: float


def furthest(a: Side, b: Side, divergence: Divergence) -> Values | None:
    """The entry with the largest gap; None if a side lacks the tensor or is only a trace."""
    first = divergence.gap
    if a.is_file or b.is_file or first.why:
        return None
    with tempfile.TemporaryDirectory(prefix="triptych-values-") as folder:
        arrays: list[Array] = []
        for side, inside in zip((a, b), divergence.inside, strict=True):
            file = Path(folder, f"{len(arrays)}.npz")
            injections = [*side.injections, *inside]
            place: dict[str, Any] = {"run": first.run, "step": first.step}
            side.request("tensors", injections=injections, file=str(file), **place)
            with np.load(file, allow_pickle=False) as saved:
                arrays.append(saved[f"{first.stage}/{first.tensor}"])
    ours, theirs = arrays
    if ours.shape != theirs.shape:
        return None
    gap = gaps(ours, theirs)
    at = np.unravel_index(int(gap.argmax()), gap.shape)
    return Values(str([int(i) for i in at]) if at else "", float(ours[at]), float(theirs[at]))
