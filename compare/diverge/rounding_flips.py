"""Did rounding do it? In float32 there are two places where it decides what happens next.

A hidden unit near zero changes sign, and its relu is on in one run and off in the other. And Adam
divides a gradient by its own size: where the gradient is all rounding, so is the direction of a
step that is as long as any. From then on two runs part for good.

Two things must be shown before a divergence is excused. Each step of the run, made by one side from
the other's weights and memory, keeps its budget but for such a unit or such a weight: so neither
side computes anything else. And there must be one, of a size that rounding can explain.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from adapters.contract import Array
from compare.budgets import FLIP, MAGNIFIED
from compare.diverge.gap import Gap
from compare.diverge.side import Side
from compare.gaps import gaps
from course.overflow import norm

WHOLE_RUN = 10**6  # steps; a walk has some thirty


def rounding_flip(a: Side, b: Side, in_a: list[str], in_b: list[str], gap: Gap) -> str:
    """How rounding made the sides part, in words; empty where it did not."""
    if a.setting.dtype != "float32" or a.is_file or b.is_file or gap.step < 0:
        return ""
    mine, yours = [*a.injections, *in_a], [*b.injections, *in_b]
    with tempfile.TemporaryDirectory(prefix="triptych-flip-") as folder:
        file, other = (str(Path(folder, name)) for name in ("states.npz", "other.npz"))
        wanted: dict[str, Any] = {"run": gap.run, "steps": WHOLE_RUN}
        steps = int(a.ask("states", injections=mine, file=file, **wanted)["steps"])
        asked = {"plants": yours, "run": gap.run, "file": file, "against": str(a.trace_file(in_a))}
        if b.ask("singles", steps=steps, **asked)["over"]:
            return ""  # here or later, and so not by rounding
        steps = min(steps, gap.step + 1)
        single = b.ask("singles", steps=steps, **asked)
        if single["flip"]:
            return f"{single['flip']}; from the same weights all else agrees"
        b.ask("states", injections=yours, file=other, **wanted)
        with (
            np.load(file, allow_pickle=False) as ours,
            np.load(other, allow_pickle=False) as theirs,
        ):
            for step in range(steps):
                outputs = under(ours, f"{step}/output/"), under(theirs, f"{step}/output/")
                after = under(ours, f"{step + 1}/state/"), under(theirs, f"{step + 1}/state/")
                said = flipped(outputs[0], list(outputs[1].values())) or magnified(*after)
                if said:
                    return f"{said} in step {step}; from the same weights every step agrees"
    return ""


def under(arrays: Any, prefix: str) -> dict[str, Array]:
    """The arrays of a file whose names begin so, by the rest of their names."""
    return {k.removeprefix(prefix): arrays[k] for k in arrays.files if k.startswith(prefix)}


def flipped(ours: Mapping[str, Array], theirs: Sequence[Array]) -> str:
    """Which hidden unit is on in one and off in the other, if rounding can explain it.

    ours, theirs: the outputs of each layer, (n, units), the last one being the scores. Beside what
    has overflowed everything is small, and nothing is explained.
    """
    for layer, (one, other) in enumerate(list(zip(ours.values(), theirs, strict=True))[:-1]):
        if not (np.isfinite(one).all() and np.isfinite(other).all()):
            return ""
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


def magnified(ours: Mapping[str, Array], theirs: Mapping[str, Array]) -> str:
    """Which weight Adam has moved along a gradient that is all rounding; empty where none.

    ours, theirs: the states that a step has left. Most of what they differ by must lie in such
    weights, and all else must keep its budget. What has overflowed explains nothing.
    """
    if not all(np.isfinite(a).all() for state in (ours, theirs) for a in state.values()):
        return ""
    for i in range(sum(name.startswith("first_moment_") for name in ours)):
        one, other = (state[f"param_{i}"] for state in (ours, theirs))
        apart = gaps(one, other)
        moment = np.maximum(*(np.abs(state[f"first_moment_{i}"]) for state in (ours, theirs)))
        rounding = moment <= MAGNIFIED * moment.max()
        inside, outside = (norm(apart[where]) for where in (rounding, ~rounding))
        if inside > outside and outside <= FLIP * max(1.0, norm(one)):
            at = np.unravel_index(np.argmax(np.where(rounding, apart, -1.0)), apart.shape)
            where = f"{'Wb'[i % 2]}{i // 2}[{', '.join(map(str, at))}]"
            return (
                f"Adam moved {where} along a gradient that is all rounding "
                f"(|m| ≤ {moment[at]:.0e}, the largest {moment.max():.0e})"
            )
    return ""
