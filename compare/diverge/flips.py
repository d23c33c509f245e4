"""Did rounding do it? In float32 a hidden unit near zero changes sign, and two runs part for good.

Two things must be shown before a divergence is excused. Each step up to it, made by one side from
the other's weights and memory, keeps its budget, unless a unit changes sign in it: so neither side
computes anything else. And such a unit there must be, of a relu layer, on in one and off in the
other, with an output that rounding can explain.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from adapters.contract import Array
from compare.budgets import FLIP
from compare.diverge.first import Gap
from compare.diverge.session import Side


def rounding_flip(a: Side, b: Side, in_a: list[str], in_b: list[str], gap: Gap) -> str:
    """How rounding made the sides part, in words; empty where it did not."""
    if a.setting.dtype != "float32" or a.is_file or b.is_file or gap.step < 0:
        return ""
    mine, yours = [*a.plants, *in_a], [*b.plants, *in_b]
    with tempfile.TemporaryDirectory(prefix="triptych-flip-") as folder:
        file = str(Path(folder, "states.npz"))
        steps = int(
            a.ask("states", plants=mine, run=gap.run, steps=gap.step + 1, file=file)["steps"]
        )
        single = b.ask(
            "singles", plants=yours, run=gap.run, steps=steps, file=file,
            against=str(a.trace_file(in_a)),
        )  # fmt: skip
        if single["over"]:
            return ""
        if single["flip"]:
            return f"{single['flip']}; from the same weights all else agrees"
        other = str(Path(folder, "other.npz"))
        b.ask("states", plants=yours, run=gap.run, steps=steps, file=other)
        with np.load(file) as ours, np.load(other) as theirs:
            for step in range(steps):
                names = [n for n in ours.files if n.startswith(f"{step}/output/")]
                said = flipped({n: ours[n] for n in names}, [theirs[n] for n in names])
                if said:
                    return f"{said} in step {step}; from the same weights every step agrees"
    return ""


def flipped(ours: Mapping[str, Array], theirs: Sequence[Array]) -> str:
    """Which hidden unit is on in one and off in the other, if rounding can explain it.

    ours, theirs: the outputs of each layer, (n, units), the last one being the scores.
    """
    for layer, (one, other) in enumerate(list(zip(ours.values(), theirs, strict=True))[:-1]):
        if (one < 0).any():  # not what a relu puts out
            continue
        differ = (one > 0) != (other > 0)
        size = np.maximum(np.abs(one), np.abs(other))
        if differ.any() and size[differ].max() <= FLIP * size.max():
            row, unit = np.argwhere(differ)[0]
            return (
                f"unit {unit} of layer {layer} changed sign by rounding in row {row} "
                f"(|z| ≤ {size[differ].max():.0e})"
            )
    return ""
