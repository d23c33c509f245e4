"""B's own calls between two layers, in another order: an activation before a sum, or after it."""

from __future__ import annotations

from collections.abc import Iterator

from triptych.port.capture.tape import Edits, Function, Step
from triptych.port.causes.calls_of_a import Insertion
from triptych.port.forward import Comparison, Gap
from triptych.port.layers.activation import NAMES
from triptych.port.layers.alternative import Alternative, followed, on_first


def hypotheses(comparison: Comparison, at: Gap, steps: list[Step]) -> Iterator[Insertion]:
    """Each activation moved behind each other call of the segment."""
    for moved in steps:
        if moved.name not in NAMES or len(moved.inputs) != 1:
            continue
        for step in steps:
            if step is moved or moved.inputs[0] in step.outputs:
                continue
            function = followed(step, again(moved))
            in_b = "before it" if moved.index < step.index else "later"
            found = Alternative(
                "order of calls",
                f"{moved.name} comes right after {step.name} in A, {in_b} in B",
                f"{moved.name} of the result of {step.name}", function,
            )  # fmt: skip
            yield (
                found,
                moved.where,
                Edits({moved.index: on_first(lambda x: x), step.index: function}),
            )


def again(step: Step) -> Function:
    """The call of one value, with the arguments that it was recorded with."""
    return lambda value: step.function(value, *step.args[1:], **step.kwargs)
