"""Of a gap that nothing explains: the first call of B that makes numbers which A has nowhere."""

from __future__ import annotations

from collections.abc import Iterator

import torch

from triptych.port.capture.tape import Edits, Step, Values, execute
from triptych.port.causes.calls_of_a import segment_of_a
from triptych.port.forward import Comparison, Gap
from triptych.port.layouts import EXACT, gap


def first_new_numbers(
    comparison: Comparison, at: Gap, steps: list[Step], anchors: Values, edits: Edits
) -> Step | None:
    """The call; None if each one's numbers are there in A, in whatever layout.

    steps: between the layers before and the gap, run from the anchors with these edits.
    """
    of_a: dict[int, list[torch.Tensor]] = {}
    for tensor in values_of_a(comparison, at):
        of_a.setdefault(tensor.numel(), []).append(ordered(tensor))
    values = dict(anchors)
    with torch.no_grad():
        for step in steps:
            execute(step, values, edits)
            made = values[step.outputs[0]]
            if not made.is_floating_point():
                continue
            mine = ordered(made)
            if not any(gap(one, mine) <= EXACT for one in of_a.get(made.numel(), [])):
                return step
    return None


def values_of_a(comparison: Comparison, at: Gap) -> Iterator[torch.Tensor]:
    """What A's layers gave, and what A made of it before this gap."""
    values = comparison.a.values
    anchors, steps = segment_of_a(comparison, at)
    for value in [*anchors, *(v for step in steps for v in step.outputs)]:
        if values[value].is_floating_point():
            yield values[value]


def ordered(tensor: torch.Tensor) -> torch.Tensor:
    """The numbers by size: the same for every layout."""
    return tensor.detach().double().flatten().sort().values
