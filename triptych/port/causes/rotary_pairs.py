"""Rotary positions: entries of queries and keys are turned in pairs, of neighbours or of halves.

Su et al., *RoFormer* (2021), pairs neighbours; GPT-NeoX and Llama pair the halves.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import torch

from triptych.port.capture.tape import Edits, Step
from triptych.port.causes.calls_of_a import Insertion
from triptych.port.causes.splits_of_width import splits
from triptych.port.forward import Comparison, Gap
from triptych.port.layers.alternative import Alternative

MOST_VALUES = 8  # queries, keys and values, of two attentions


def hypotheses(comparison: Comparison, at: Gap, steps: list[Step]) -> Iterator[Insertion]:
    """Queries and keys with halves in the place of neighbours, and the other way round."""
    readers: dict[int, list[Step]] = {}
    for step in steps:
        for value in dict.fromkeys(step.inputs):
            readers.setdefault(value, []).append(step)
    values = candidates(comparison, steps, readers)
    for change, of_a, of_b in ((to_neighbours, "halves", "neighbours"),
                               (to_halves, "neighbours", "halves")):  # fmt: skip
        for two in combinations(values, 2):
            edits = Edits(inputs={s.index: (v, change) for v in two for s in readers[v]})
            found = Alternative(
                "rotary pairs",
                f"rotary positions turn pairs of {of_a} in A, of {of_b} in B", f"pair the {of_a}",
                change,
            )  # fmt: skip
            yield found, layer_of(comparison, two[0]).where, edits


def candidates(
    comparison: Comparison, steps: list[Step], readers: dict[int, list[Step]]
) -> list[int]:
    """What the segment reads of layers, or what it splits into heads; all of one shape."""
    calls = [step for group in splits(comparison, steps).values() for step in group]
    made = [v for step in calls for v in step.outputs] or [
        v for v in readers if comparison.b.tape.maker.get(v) in comparison.partners
    ]
    known = comparison.known
    return [
        v for v in made
        if v in readers and known[v].ndim > 2 and known[v].shape[-1] % 2 == 0
        and known[v].is_floating_point()
    ][:MOST_VALUES]  # fmt: skip


def layer_of(comparison: Comparison, value: int) -> Step:
    """The layer that a value is made of."""
    tape = comparison.b.tape
    step = tape.steps[tape.maker[value]]
    while step.index not in comparison.partners and step.inputs[0] in tape.maker:
        step = tape.steps[tape.maker[step.inputs[0]]]
    return step


def to_neighbours(x: torch.Tensor) -> torch.Tensor:
    """Entry i of either half next to one another."""
    return x.unflatten(-1, (2, -1)).transpose(-1, -2).flatten(-2)


def to_halves(x: torch.Tensor) -> torch.Tensor:
    """The first of each two neighbours in the first half."""
    return x.unflatten(-1, (-1, 2)).transpose(-1, -2).flatten(-2)
