"""Which hypotheses there are about a layer, by its kind, and about a call between layers."""

from __future__ import annotations

from collections.abc import Iterator

from triptych.port.capture.tape import Step, Values
from triptych.port.layers import (
    activation,
    attention,
    convolution,
    dense,
    glue,
    normalization,
    pooling,
    rearrangements,
    recurrent,
)
from triptych.port.layers.alternative import Alternative

OF_LAYERS = {
    "convolution": convolution.alternatives,
    "transposed convolution": convolution.of_transposed,
    "dense": dense.alternatives,
    "lstm": recurrent.alternatives,
    "gru": recurrent.alternatives,
    "rnn": recurrent.alternatives,
    **{
        f"{kind} normalization": normalization.alternatives
        for kind in ("batch", "layer", "group", "rms")
    },
}


def glue_alternatives(step: Step, values: Values) -> Iterator[Alternative]:
    """Every hypothesis about a call between layers."""
    yield from activation.alternatives(step)
    yield from pooling.alternatives(step)
    yield from attention.alternatives(step, values)
    yield from normalization.without_weights(step, values)
    yield from rearrangements.alternatives(step, values)
    yield from glue.alternatives(step, values)
