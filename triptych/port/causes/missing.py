"""What B may lack between two layers: an activation, a residual, a scaling of the input."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

import torch

from triptych.port.capture.tape import Edits, Function, Step
from triptych.port.causes.orders import orders
from triptych.port.forward import OUTPUT, Comparison, Gap
from triptych.port.layers import activation
from triptych.port.layers.alternative import Alternative, followed
from triptych.port.layouts import EXACT, fit, gap

ENOUGH = 16  # entries for each scale and shift that is fitted
ENOUGH_OF_A_ROW = 4  # entries for each scale: one is fitted, the others agree by more than chance
MOST_STEPS = 1025  # that a sequence is tried to have

Insertion = tuple[Alternative, str, Edits]


def insertions(comparison: Comparison, at: Gap, steps: list[Step]) -> Iterator[Insertion]:
    """Each thing that might be missing, at the end of the segment and then after each step."""
    at_once = (
        terms(comparison, at),
        activation.missing(),
        flips(at),
        turned(at),
        orders(at),
        rescalings(at),
    )
    for found in chain.from_iterable(at_once):
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


def terms(comparison: Comparison, at: Gap) -> Iterator[Alternative]:
    """What A adds, if the difference is a value of A."""
    if at.a.shape != at.b.shape or not at.a.is_floating_point():
        return
    difference = at.a - at.b
    tape = comparison.a.tape
    makers = {v: step.where for step in tape.steps for v in step.outputs[:1]}
    for value, tensor in comparison.a.values.items():
        place = makers.get(value) or tape.parameters.get(value, "a constant of A")
        if not tensor.is_floating_point() or tensor.numel() < ENOUGH:
            continue
        term = fitted_term(tensor, difference)
        if term is not None:
            yield Alternative(
                "missing term", f"A adds the result of {place}, B does not"
                if value in makers else f"A adds {place}, B does not",
                f"add the counterpart of {place}", lambda x, t=term: x + t,
            )  # fmt: skip
            return


def fitted_term(tensor: torch.Tensor, difference: torch.Tensor) -> torch.Tensor | None:
    """The tensor in the difference's layout, if it is the difference; it may be one row for all."""
    if tensor.numel() == difference.numel():
        size, fitted = fit(tensor, difference)
        return fitted if size <= EXACT else None
    if difference.numel() != len(difference) * tensor.numel():
        return None
    row = tensor.reshape(difference.shape[1:]) if tensor.numel() == difference[0].numel() else None
    if row is None or gap(row.expand_as(difference), difference) > EXACT:
        return None
    return row


def flips(at: Gap) -> Iterator[Alternative]:
    """A sequence that A reads from its end."""
    if at.b.ndim == 3:
        yield Alternative(
            "flip", "A reads the steps backwards, B forwards", "x.flip(1)", lambda x: x.flip(1),
            entry="sequence_axis",
        )  # fmt: skip


def turned(at: Gap) -> Iterator[Alternative]:
    """Two axes of the same length exchanged, which no shape shows."""
    for axis in range(1, at.b.ndim - 1):
        if at.b.shape[axis] == at.b.shape[axis + 1]:
            yield Alternative(
                "axes exchanged", f"axes {axis} and {axis + 1} are exchanged between A and B",
                f"x.transpose({axis}, {axis + 1})",
                lambda x, i=axis: x.transpose(i, i + 1).contiguous(), entry="sequence_axis",
            )  # fmt: skip


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
    yield from of_rows(at)


def of_rows(at: Gap) -> Iterator[Alternative]:
    """A scale for each row of the batch, such as one over its length."""
    if at.b.numel() < len(at.b) * ENOUGH_OF_A_ROW:
        return
    a, b = at.a.flatten(1), at.b.flatten(1)
    scale = (a * b).sum(1) / (b * b).sum(1)
    if not scale.isfinite().all() or gap(a, scale[:, None] * b) > 1e-10:
        return
    shown = ", ".join(f"{v:.4g}" for v in scale[:4])
    counts = lengths(scale)
    text = f"A scales each row by a number of its own: × {shown}, …; B does not"
    if counts:
        text = (
            f"A divides by the steps that count in each row, such as those that a mask keeps "
            f"({', '.join(map(str, counts[1:5]))}, …), B by all {counts[0]}"
        )
    shape = (-1,) + (1,) * (at.b.ndim - 1)
    yield Alternative(
        "scale of rows", text, "divide by mask.sum(1)" if counts else "scale each row",
        lambda x: x * scale.view(shape),
    )  # fmt: skip


def lengths(scale: torch.Tensor) -> list[int]:
    """The count of all steps, and that of each row, if the scales are their quotients."""
    for n in range(2, MOST_STEPS):
        counts = n / scale
        near = counts.round()
        if float(near.min()) >= 1 and float(near.max()) <= n and gap(near, counts) <= EXACT:
            return [n, *(int(count) for count in near)]
    return []


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
