"""Did rounding do it? In float32 a hidden unit near zero changes sign, and two runs part for good.

Two things must be shown before a divergence is excused. Each step up to it, made by one side from
the other's weights and memory, keeps its budget: so neither computes anything else. And a unit of a
relu layer was on in one run and off in the other, with an output that rounding can explain.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

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
        a.ask("states", plants=mine, run=gap.run, steps=gap.step + 1, file=file)
        singles = b.ask(
            "singles", plants=yours, run=gap.run, steps=gap.step + 1, file=file,
            against=str(a.trace_file(in_a)),
        )  # fmt: skip
        if singles["over"]:
            return ""
        for step in range(gap.step + 1):
            files = [Path(folder, f"{side}.npz") for side in "ab"]
            for side, plants, out in ((a, mine, files[0]), (b, yours, files[1])):
                side.ask("tensors", plants=plants, run=gap.run, step=step, file=str(out))
            with np.load(files[0]) as ours, np.load(files[1]) as theirs:
                said = _flipped(ours, theirs)
            if said:
                return f"{said} in step {step}; from the same weights every step agrees"
    return ""


def _flipped(ours: np.lib.npyio.NpzFile, theirs: np.lib.npyio.NpzFile) -> str:
    """Which unit is on in one and off in the other, if rounding can explain it."""
    for name in ours.files:
        if name.startswith("layer output") and (ours[name] >= 0).all():  # what relu puts out
            one, other = ours[name], theirs[name]
            differ = (one > 0) != (other > 0)
            size = np.maximum(np.abs(one), np.abs(other))
            if differ.any() and size[differ].max() <= FLIP * size.max():
                rows, units = np.nonzero(differ)
                value = size[differ].max()
                return (
                    f"hidden unit {units[0]} of {name.partition('/')[2]} changed sign by rounding "
                    f"(|z| ≤ {value:.0e}) in row {rows[0]}"
                )
    return ""
