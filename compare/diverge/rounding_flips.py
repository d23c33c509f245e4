"""Decide whether rounding caused a divergence. In float32 it can do so in two places.

A hidden unit near zero changes sign, so that its relu is on in one run and off in the other, or
another number of a max-pool's window is the largest (`kinks.py`). And Adam divides a gradient by
its own size: where the gradient is all rounding, so is the direction of a step as long as any
other. After either, the two runs stay apart.

A divergence is excused only if two conditions hold. First, each step of the run, made by one side
from the other's weights and optimizer state, is within its budget except for such a unit or weight,
so the two sides compute the same. Second, there is such a unit or weight, of a size that rounding
can explain.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from adapters.contract import Array, Net
from compare.budgets import FLIP, magnified
from compare.diverge.gap import Gap
from compare.diverge.kinks import Pass, find_kink
from compare.diverge.side import Side
from compare.gaps import gaps
from course.networks import from_json, names_of_parameters
from course.overflow import norm

# By how much a gap may exceed its budget, and may have stayed below it before, if it has grown step
# by step: a run that diverges grows up to some tenfold a step.
GROWTH = 30.0
NARROW = ("tf32", "bfloat16", "float32")  # in the name of an injection: few bits
WHOLE_RUN = 10**6  # steps; a run has about thirty


def rounding_flip(a: Side, b: Side, in_a: list[str], in_b: list[str], gap: Gap) -> str:
    """A description of how rounding separated the sides; empty if it did not."""
    if a.setting.dtype != "float32" or a.is_file or b.is_file or gap.step < 0:
        return ""
    mine, yours = [*a.injections, *in_a], [*b.injections, *in_b]
    net = from_json(a.trace(in_a).card["runs"][gap.run])
    with tempfile.TemporaryDirectory(prefix="triptych-flip-") as folder:
        file, other = (str(Path(folder, name)) for name in ("states.npz", "other.npz"))
        whole: dict[str, Any] = {"run": gap.run, "steps": WHOLE_RUN}
        steps = int(a.request("states", injections=mine, file=file, **whole)["steps"])
        single: dict[str, Any] = {
            "injections": yours, "run": gap.run, "file": file, "against": str(a.trace_file(in_a)),
        }  # fmt: skip
        if b.request("single_steps", steps=steps, **single)["over"]:
            return ""  # a step is over its budget here or later, so it was not rounding
        steps = min(steps, gap.step + 1)
        answer = b.request("single_steps", steps=steps, **single)
        if answer["flip"]:
            return f"{answer['flip']}; from the same weights everything else agrees"
        b.request("states", injections=yours, file=other, **whole)
        with (
            np.load(file, allow_pickle=False) as ours,
            np.load(other, allow_pickle=False) as theirs,
        ):
            for step in range(steps):
                outputs, states = (
                    [with_prefix(arrays, f"{at}/{what}/") for arrays in (ours, theirs)]
                    for at, what in ((step, "output"), (step + 1, "state"))
                )
                flip = find_flip(outputs[0], list(outputs[1].values()))
                flip = flip or find_magnified(states[0], states[1], net)
                if not flip and not net.is_dense:
                    flip = find_kink(net, *(_pass(arrays, step, net) for arrays in (ours, theirs)))
                if flip:
                    return f"{flip} in step {step}; from the same weights every step agrees"
    return ""


def rounding_grown(
    a: Side, b: Side, in_a: list[str], in_b: list[str], gap: Gap, gaps: Sequence[Gap]
) -> str:
    """A description of how a run made rounding grow over its budget; empty if it did not.

    Two conditions. The gap has come step by step and not at once, or both sides round numbers to a
    few bits, where one neighbour or the other is chance. And each step, made by one side from the
    other's weights and memory, is within its budget.
    """
    if a.is_file or b.is_file or gap.why or gap.step < 0:
        return ""
    mine, yours = [*a.injections, *in_a], [*b.injections, *in_b]
    same = [g for g in gaps if (g.stage, g.tensor) == (gap.stage, gap.tensor) and g.step < gap.step]
    before = max((g.share for g in same), default=0.0)
    smooth = gap.share <= GROWTH and before >= 1 / GROWTH
    narrow = any(bits in name for name in (*mine, *yours) for bits in NARROW)
    if not (smooth or narrow):
        return ""
    with tempfile.TemporaryDirectory(prefix="triptych-grown-") as folder:
        file = str(Path(folder, "states.npz"))
        whole: dict[str, Any] = {"run": gap.run, "steps": WHOLE_RUN}
        steps = int(a.request("states", injections=mine, file=file, **whole)["steps"])
        answer = b.request(
            "single_steps", injections=yours, run=gap.run, steps=steps, file=file,
            against=str(a.trace_file(in_a)),
        )  # fmt: skip
    if answer["over"]:
        return ""
    how = "numbers of few bits round either way" if narrow else "this run makes rounding grow"
    return f"{how}; from the same weights every step agrees"


def _pass(arrays: Any, step: int, net: Net) -> Pass:
    params = [arrays[f"{step}/state/param_{i}"] for i in range(len(net.shapes))]
    outputs = list(with_prefix(arrays, f"{step}/output/").values())
    return Pass(params, arrays[f"{step}/x"], outputs)


def with_prefix(arrays: Any, prefix: str) -> dict[str, Array]:
    """The arrays of a file whose names start with the prefix, by the rest of their names."""
    return {k.removeprefix(prefix): arrays[k] for k in arrays.files if k.startswith(prefix)}


def find_flip(ours: Mapping[str, Array], theirs: Sequence[Array]) -> str:
    """A hidden unit that is on in one and off in the other, if rounding can explain it, as text.

    ours, theirs: the outputs of each layer, (n, …, units), the last one being the scores. Arrays
    that have overflowed explain nothing.
    """
    for layer, (one, other) in enumerate(list(zip(ours.values(), theirs, strict=True))[:-1]):
        if not (np.isfinite(one).all() and np.isfinite(other).all()):
            return ""
        if (one < 0).any():  # not the output of a relu
            continue
        differ = (one > 0) != (other > 0)
        size = np.maximum(np.abs(one), np.abs(other))
        if differ.any() and size[differ].max() <= FLIP * size.max():
            first = [int(i) for i in np.argwhere(differ)[0]]
            row, unit = first[0], first[-1]
            at = f" at {first[1:-1]}" if first[1:-1] else ""
            return (
                f"unit {unit}{at} of layer {layer} changed sign by rounding in row {row} "
                f"(|z| ≤ {size[differ].max():.0e})"
            )
    return ""


def find_magnified(ours: Mapping[str, Array], theirs: Mapping[str, Array], net: Net) -> str:
    """A weight that Adam moved along a gradient that is all rounding, as text; empty if none.

    ours, theirs: the states after a step. Such weights must account for most of the difference, and
    everything else must be within its budget. States that have overflowed explain nothing.
    """
    if not all(np.isfinite(a).all() for state in (ours, theirs) for a in state.values()):
        return ""
    for i, name in enumerate(names_of_parameters(net)):
        if f"first_moment_{i}" not in ours:  # not Adam
            break
        one, other = (state[f"param_{i}"] for state in (ours, theirs))
        gap = gaps(one, other)
        moment = np.maximum(*(np.abs(state[f"first_moment_{i}"]) for state in (ours, theirs)))
        rounding = moment <= magnified(net) * moment.max()
        inside, outside = (norm(gap[where]) for where in (rounding, ~rounding))
        if inside > outside and outside <= FLIP * max(1.0, norm(one)):
            at = np.unravel_index(np.argmax(np.where(rounding, gap, -1.0)), gap.shape)
            where = f"{name}[{', '.join(map(str, at))}]"
            return (
                f"Adam moved {where} along a gradient that is all rounding "
                f"(|m| ≤ {moment[at]:.0e}, the largest {moment.max():.0e})"
            )
    return ""
