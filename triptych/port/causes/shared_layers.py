"""A layer that A calls more often than B."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import torch

from triptych.port.capture.tape import Edits, Function, Step, execute
from triptych.port.causes.calls_of_a import Insertion
from triptych.port.forward import Comparison, Gap
from triptych.port.layers.alternative import Alternative, followed


def hypotheses(comparison: Comparison, at: Gap, steps: list[Step]) -> Iterator[Insertion]:
    """The last call of the layer in front, with what follows it, as often as in A."""
    for unit in comparison.b.units:
        if unit.kind == "free" or unit.index not in comparison.to_a:
            continue
        partner = comparison.a.units[comparison.to_a[unit.index]]
        more = len(partner.calls) - len(unit.calls)
        if more <= 0:
            continue
        layer = comparison.b.tape.steps[unit.calls[-1]]
        if not any(value in step.inputs for step in steps for value in layer.outputs):
            continue
        for i in range(1, len(steps) + 1):
            chain = [layer, *steps[:i]]
            function = again(comparison, chain, more)
            if function is None:
                break
            found = Alternative(
                "calls of a layer",
                f"A calls {partner.name} {len(partner.calls)} times, B {len(unit.calls)}",
                f"call {unit.name} {len(partner.calls)} times", function,
            )  # fmt: skip
            last = chain[-1]
            yield found, layer.where, Edits({last.index: followed(last, function)})


def again(comparison: Comparison, chain: list[Step], times: int) -> Function | None:
    """A chain of calls on what it made; None if it is no chain."""
    for before, step in pairwise(chain):
        if not set(before.outputs) & set(step.inputs):
            return None
    entry = comparison.b.entry(chain[0])
    if entry is None:
        return None

    def function(x: torch.Tensor) -> torch.Tensor:
        for _ in range(times):
            local = {**comparison.b.tape.given, entry: x}
            for step in chain:
                execute(step, local)
            x = local[chain[-1].outputs[0]]
        return x

    return function
