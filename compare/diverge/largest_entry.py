"""The two numbers that are furthest apart in a quantity that diverges."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

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
    """The entry with the largest gap; None where a side has no such tensor, or only its trace."""
    gap = divergence.gap
    if a.is_file or b.is_file or gap.why:
        return None
    with tempfile.TemporaryDirectory(prefix="triptych-values-") as folder:
        arrays: list[Array] = []
        for side, inside in zip((a, b), divergence.inside, strict=True):
            file = Path(folder, f"{len(arrays)}.npz")
            injections = [*side.injections, *inside]
            side.ask("tensors", injections=injections, run=gap.run, step=gap.step, file=str(file))
            with np.load(file, allow_pickle=False) as found:
                arrays.append(found[f"{gap.stage}/{gap.tensor}"])
    ours, theirs = arrays
    if ours.shape != theirs.shape:
        return None
    apart = gaps(ours, theirs)
    at = np.unravel_index(int(apart.argmax()), apart.shape)
    return Values(str([int(i) for i in at]) if at else "", float(ours[at]), float(theirs[at]))
