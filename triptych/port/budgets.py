"""How far two right layers may be apart: what rounding leaves, by the kind of layer.

In float64 one number holds for all: rounding is four orders below it, and each real cause that was
met lies above. In float32 there is no such room, so that each gap has a budget of its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from triptych.port.capture.tape import Step
from triptych.port.forward import Comparison, Gap
from triptych.port.layers.attention import PRODUCTS
from triptych.port.layers.unit import Unit
from triptych.port.precision import TOLERANCE

ROUNDING = 2.0**-24  # of one operation in float32, at most
# A sum of n products is off by about the root of n roundings, whatever its order. The largest that
# was measured on eight real models was 0.4 of that for products, 1.0 for a stored batch norm, and
# 4.4 for a norm over n entries, whose mean is taken off first. Other kernels sum in other orders.
MARGINS = {"norm": 32.0, "batch normalization": 16.0, "embedding": 2.0}
MARGIN = 8.0
BETWEEN = 16.0  # for calls between layers, of which none was off by more than 10 roundings


@dataclass(frozen=True)
class Budgets:
    """The budgets of one check, in the precision of both models."""

    comparison: Comparison
    dtype: str

    def of(self, gap: Gap, steps: list[Step]) -> float:
        """The largest gap that is rounding; steps: between the layers before it and this gap."""
        if self.dtype == "float64":
            return TOLERANCE[self.dtype]
        if gap.what == "out":
            units = [u for u in self.comparison.b.units if gap.at in u.calls and u.kind != "free"]
            return max(of_unit(unit, gap) for unit in units)
        return BETWEEN * ROUNDING * math.sqrt(1 + sum(self.terms(step) for step in steps))

    def terms(self, step: Step) -> float:
        """How many numbers a call between layers sums into one."""
        known = self.comparison.known
        made = max(known[step.outputs[0]].numel(), 1)
        read = [known[value] for value in step.inputs if value in known]
        if step.name in PRODUCTS or "attention" in step.name:
            return float(max((max(value.shape[-2:], default=1) for value in read), default=1))
        return max((value.numel() / made for value in read), default=1.0)


def of_unit(unit: Unit, gap: Gap) -> float:
    """The budget of one layer."""
    kind = "norm" if unit.kind.split()[0] in ("layer", "group", "rms") else unit.kind
    return MARGINS.get(kind, MARGIN) * ROUNDING * math.sqrt(terms_of(unit, gap))


def terms_of(unit: Unit, gap: Gap) -> float:
    """How many products, or entries, a layer sums into one number."""
    shapes = unit.shapes
    if unit.kind in ("lstm", "gru", "rnn"):
        steps = gap.b.shape[1] if gap.b.ndim > 2 else 1
        return steps * (shapes["weight_ih"][1] + shapes["weight_hh"][1])
    weight = shapes.get("weight", (1,))
    if unit.kind == "transposed convolution":
        return math.prod(weight) / max(weight[1], 1)
    if unit.kind in ("dense", "convolution"):
        return math.prod(weight[1:])
    if unit.kind == "group normalization":
        return gap.b[0].numel() / unit.settings.get("groups", 1)
    if unit.kind in ("layer normalization", "rms normalization"):
        return math.prod(weight)
    return 1.0
