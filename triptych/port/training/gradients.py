"""Gradients of every parameter, last layer first."""

from __future__ import annotations

import torch

from triptych.port.causes.cause import Cause, Place
from triptych.port.causes.descriptions import describe
from triptych.port.layouts import gap
from triptych.port.side import Side
from triptych.port.training.slot import Slot, gradient

SAME_GRADIENT = 1e-8  # of its norm; below it is the rounding of a deep backward pass
NOTHING = 1e-12  # of the largest gradient's norm: a gradient that is only rounding


def compare_gradients(slots: list[Slot], b: Side) -> list[Cause]:
    """The first wrong gradient from the loss on, with the others that are wrong like it."""
    most, wrong = 0.0, []
    for slot in slots:
        if slot.a.tensor.grad is not None:
            most = max(most, float(slot.read_a(gradient).norm()))
    for slot in sorted(slots, key=lambda s: -s.unit_b):
        mine, theirs = slot.a.tensor.grad, slot.b.tensor.grad
        if mine is None and theirs is None:
            continue
        x = slot.read_a(gradient) if mine is not None else torch.zeros(slot.b.shape)
        y = slot.b.read(gradient) if theirs is not None else torch.zeros(slot.b.shape)
        x, y = x.to(torch.float64), y.to(torch.float64)
        if float((x - y).norm()) <= max(SAME_GRADIENT * float(x.norm()), NOTHING * most):
            continue
        wrong.append((slot, x, y))
    if not wrong:
        return []
    slot, x, y = wrong[0]
    places = [Place(s.name, s.name, gap(u, v), gap(u, v)) for s, u, v in wrong]
    text, edit, proved = named(slot, x, y, b)
    if proved:
        places = [Place(p.a, p.b, p.before, 0.0) for p in places[:1]]
    entry = "embedding_padding_row" if "padding_idx" in text else ""
    return [Cause("gradients", text, edit, entry, proved=proved, places=places)]


def named(slot: Slot, a: torch.Tensor, b: torch.Tensor, side: Side) -> tuple[str, str, bool]:
    """What is different about one gradient, what to do, and whether that is proved."""
    if slot.b.tensor.grad is None or not b.any():
        if not slot.b.tensor.requires_grad:
            return "B does not train it: requires_grad is False", "requires_grad_(True)", True
        if a.any():
            return "no gradient reaches it in B: a detach() or no_grad() lies after it", "", False
    if slot.a.tensor.grad is None:
        return "A does not train it: it is frozen there", "requires_grad_(False)", True
    unit = side.units[slot.unit_b]
    if unit.kind == "embedding" and unit.settings.get("padding_idx", -1) >= 0:
        row = unit.settings["padding_idx"]
        rest = [i for i in range(len(a)) if i != row]
        if gap(a[rest], b[rest]) <= SAME_GRADIENT and not b[row].any():
            return (
                f"B does not train row {row}: padding_idx={row}, A trains it",
                "nn.Embedding without padding_idx", True,
            )  # fmt: skip
    return describe(a, b), "", False
