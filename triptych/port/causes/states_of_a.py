"""The initial states of A's recurrent layer, tried in B's."""

from __future__ import annotations

from collections.abc import Iterator

import torch

from triptych.port.capture.tape import Step
from triptych.port.forward import Comparison
from triptych.port.layers.alternative import Alternative, with_arguments
from triptych.port.layers.call import RECURRENT


def alternatives(comparison: Comparison, step: Step) -> Iterator[Alternative]:
    """B's layer started as A's is: from A's states, or from zeros."""
    partner = comparison.partners.get(step.index)
    if step.name not in RECURRENT or partner is None:
        return
    values = comparison.a.values
    states = [
        values[v]
        for v in partner.step_a_in.inputs[1:]
        if values[v].is_floating_point() and values[v].ndim == 2
    ]
    text = "A starts from other states than B"
    if not states:
        shape = comparison.known[step.outputs[1]].shape[1:]
        states = [torch.zeros(shape)] * (2 if step.name == "lstm" else 1)
        text = "A starts from zeros, B from other states"
    given = [state[None] for state in states]
    hx = tuple(given) if step.name == "lstm" else given[0]
    yield Alternative(
        "initial states",
        f"{text}: the order of state and cell, or one that is not handed over",
        "hx=(h, c), both of the layer before", with_arguments(step, hx=hx),
    )  # fmt: skip
