"""Values that one of B's calls writes over in place, and another then reads."""

from __future__ import annotations

from collections.abc import Iterator

import torch

from triptych.port.capture.tape import Edits, Ref, Step
from triptych.port.causes.calls_of_a import Insertion
from triptych.port.forward import Comparison, Gap
from triptych.port.layers.activation import NAMES
from triptych.port.layers.alternative import Alternative


def hypotheses(comparison: Comparison, at: Gap, steps: list[Step]) -> Iterator[Insertion]:
    """Each later reader given what stood there before the call wrote."""
    for step in steps:
        for position in step.written:
            given = step.args[position]
            if step.name.rstrip("_") not in NAMES or not isinstance(given, Ref):
                continue
            before, after = given.value, step.outputs[0]
            for reader in steps:
                if reader.index > step.index and after in reader.inputs:
                    yield unwritten(comparison, step, reader, before, after)


def unwritten(
    comparison: Comparison, step: Step, reader: Step, before: int, after: int
) -> Insertion:
    """A reader with the value from before."""

    def change(_: torch.Tensor) -> torch.Tensor:
        return comparison.known[before]

    found = Alternative(
        "in place",
        f"{step.where} changes its input in place, and {reader.where} reads it: a shortcut that "
        "has its own values in A",
        "inplace=False", change,
    )  # fmt: skip
    return found, reader.where, Edits(inputs={reader.index: (after, change)})
