"""What B may lack between two layers: an activation, a residual, a scaling of the input."""

from __future__ import annotations

from collections.abc import Iterator

import torch

from triptych.port.capture.tape import Edits, Function, Step
from triptych.port.forward import OUTPUT, Comparison, Gap
from triptych.port.layers import activation
from triptych.port.layers.alternative import Alternative
from triptych.port.layouts import fit, gap

EXACT = 1e-9  # of the norm: far above rounding, far below chance
ENOUGH = 16  # entries for each scale and shift that is fitted

Insertion = tuple[Alternative, str, Edits]


def insertions(comparison: Comparison, at: Gap, steps: list[Step]) -> Iterator[Insertion]:
    """Each thing that might be missing, at the end of the segment and then after each step."""
    for found in [*terms(comparison, at), *activation.missing(), *rescalings(at)]:
        yield found, place(at), at_the_end(comparison, at, found.function)
    for step in reversed(steps):
        for found in activation.missing():
            yield found, f"after {step.where}", Edits({step.index: followed(step, found.function)})
        for found in added_inside(comparison, step):
            yield found, f"after {step.where}", Edits({step.index: followed(step, found.function)})


def place(at: Gap) -> str:
    """Where an insertion at the end stands."""
    return f"before {at.step_b.where}" if at.step_b is not None else "the model's result"


def at_the_end(comparison: Comparison, at: Gap, change: Function) -> Edits:
    """The change, on what the layer reads or on what the model returns."""
    if at.at == OUTPUT:
        return Edits(result=change)
    step = comparison.b.tape.steps[at.at]
    entry = comparison.b.entry(step)
    assert entry is not None
    return Edits(inputs={comparison.first_step(step, entry).index: (entry, change)})


def followed(step: Step, change: Function) -> Function:
    """The step, and then the change."""
    return lambda *args, **kwargs: change(step.function(*args, **kwargs))


def terms(comparison: Comparison, at: Gap) -> Iterator[Alternative]:
    """What A adds, if the difference is a value of A."""
    if at.a.shape != at.b.shape or not at.a.is_floating_point():
        return
    difference = at.a - at.b
    for step in comparison.a.tape.steps:
        value = comparison.a.values[step.outputs[0]]
        if value.numel() != difference.numel() or not value.is_floating_point():
            continue
        size, fitted = fit(value, difference)
        if size <= EXACT and fitted is not None:
            yield Alternative(
                "missing term", f"A adds the result of {step.where}, B does not",
                f"add the counterpart of {step.where}", lambda x, t=fitted: x + t,
            )  # fmt: skip
            return


def rescalings(at: Gap) -> Iterator[Alternative]:
    """A scale and a shift, one for all entries or one for each channel."""
    if at.a.shape != at.b.shape or at.b.ndim < 2 or not at.b.is_floating_point():
        return
    for axes in (list(range(at.b.ndim)), [i for i in range(at.b.ndim) if i != 1]):
        centre_a, centre_b = (t.mean(axes, keepdim=True) for t in (at.a, at.b))
        spread = ((at.b - centre_b) ** 2).sum(axes, keepdim=True)
        if at.b.numel() < ENOUGH * spread.numel() or (spread == 0).any():
            continue  # a line goes through any two points
        scale = ((at.a - centre_a) * (at.b - centre_b)).sum(axes, keepdim=True) / spread
        shift = centre_a - scale * centre_b
        if gap(at.a, scale * at.b + shift) <= 1e-10:
            yield rescaling(scale, shift)
            return


def rescaling(scale: torch.Tensor, shift: torch.Tensor) -> Alternative:
    """The affine map as a sentence."""
    by = ", ".join(f"{v:.6g}" for v in scale.flatten()[:3])
    plus = ", ".join(f"{v:.6g}" for v in shift.flatten()[:3])
    no_shift = float(shift.abs().max()) <= 1e-9 * float(scale.abs().max())
    text = f"A scales here: × {by}" + ("" if no_shift else f" + {plus}")
    return Alternative(
        "missing scale", f"{text}; B does not", f"x * {by}" + ("" if no_shift else f" + {plus}"),
        lambda x: x * scale + (0 if no_shift else shift),
    )  # fmt: skip


def added_inside(comparison: Comparison, step: Step) -> Iterator[Alternative]:
    """What A adds or multiplies by, somewhere inside the segment."""
    seen = set[int]()
    for one in comparison.a.tape.steps:
        if one.name not in ("Add", "add", "__add__", "add_"):
            continue
        for value in one.inputs:
            if value in seen:
                continue
            seen.add(value)
            term = comparison.a.values[value]

            def add(x: torch.Tensor, term: torch.Tensor = term) -> torch.Tensor:
                _, fitted = fit(term, x)
                if fitted is None:
                    raise ValueError("another shape")
                return x + fitted

            yield Alternative(
                "missing term inside", f"A adds a term of {one.where} here, B does not",
                "add it", add,
            )  # fmt: skip
