"""Hypothesis strategies for examples of one architecture, or of any.

They are separate from `cases.py`, so that third-party adapters can be tested without Hypothesis.
"""

from __future__ import annotations

from itertools import pairwise
from math import prod
from typing import Literal

from hypothesis import strategies as st

from adapters.contract import SGD, Adam, Dense, Layer, Loss, Net, Optimizer, Shape
from adapters.laws.cases import Architecture, Case, draw
from adapters.layers import (
    Attention,
    Conv2D,
    Embedding,
    Flatten,
    LayerNorm,
    Mean,
    Pool2D,
    Positions,
    Reshape,
    Residual,
)
from adapters.layers.layer import Activation
from adapters.layers.pictures import Padding

SEEDS = st.integers(0, 2**32 - 1)


def cases(architecture: Architecture, dtype: str) -> st.SearchStrategy[Case]:
    """Examples of one architecture, from a fresh start to many steps later.

    The first value of each list is the most informative one: Hypothesis tries it first, and slow
    backends get few examples.
    """
    return st.builds(
        draw,
        st.just(architecture),
        st.just(dtype),
        SEEDS,
        rows=st.sampled_from([5, 1, 2, 3, 8]),
        scale=st.sampled_from([1.0, 0.1, 2.0]),
        t=st.sampled_from([2, 0, 1, 10, 1000, 10**6]),
    )


KINDS: st.SearchStrategy[Activation] = st.sampled_from(["identity", "sigmoid", "relu", "tanh"])
# Those with which no score is exactly 0, a tie of a perceptron.
SMOOTH: st.SearchStrategy[Activation] = st.sampled_from(["identity", "sigmoid", "tanh"])
LOSSES: st.SearchStrategy[Loss] = st.sampled_from(["perceptron", "squared", "logistic", "softmax"])
POOLS: st.SearchStrategy[Literal["max", "mean"] | None] = st.sampled_from(["max", "mean", None])
PADDINGS: st.SearchStrategy[Padding] = st.sampled_from(["valid", "same"])
PENALTIES = st.sampled_from([0.0, 0.05])
RATES, MOMENTA = st.sampled_from([0.001, 0.1, 1.0]), st.sampled_from([0.5, 0.9])
OPTIMIZERS: st.SearchStrategy[Optimizer] = (
    st.builds(SGD, RATES)
    | st.builds(SGD, RATES, MOMENTA, st.booleans())
    | st.builds(Adam, RATES, MOMENTA, st.sampled_from([0.9, 0.999]))
)


@st.composite
def drawn_architectures(pick: st.DrawFn) -> Architecture:
    """Any architecture of one to three layers, for backends that do not compile it."""
    widths = pick(st.lists(st.integers(1, 6), min_size=2, max_size=4))
    layers = [Dense(n, m, pick(KINDS)) for n, m in pairwise(widths)]
    if layers[-1].activation == "relu":  # scores that are exactly 0 are a perceptron's tie
        layers[-1] = Dense(layers[-1].n_in, layers[-1].n_out)
    loss = pick(LOSSES)
    optimizer = pick(OPTIMIZERS)
    return Net(tuple(layers), loss, l2=pick(PENALTIES)), optimizer


@st.composite
def drawn_of_pictures(pick: st.DrawFn) -> Architecture:
    """One or two convolutions of a small picture, with or without pooling, read flat or by a mean.

    The picture may come as a row of numbers.
    """
    start: Shape = tuple(pick(st.integers(low, 5)) for low in (3, 3, 1))
    layers: list[Layer] = []
    shape = start
    for channels in pick(st.lists(st.integers(1, 3), min_size=1, max_size=2)):
        layers.append(Conv2D(shape[-1], channels, *pick(windows(shape)), pick(KINDS)))
        shape = layers[-1].gives(shape)
        if kind := pick(POOLS):
            layers.append(Pool2D(kind, *pick(windows(shape))))
            shape = layers[-1].gives(shape)
    layers.append(pick(st.sampled_from([Flatten(), Mean()])))
    (width,) = layers[-1].gives(shape)
    layers.append(Dense(width, pick(st.integers(1, 3)), pick(SMOOTH)))
    if pick(st.booleans()):
        layers, start = [Reshape(start), *layers], (prod(start),)
    return Net(tuple(layers), pick(LOSSES), pick(PENALTIES), start), pick(OPTIMIZERS)


def windows(shape: Shape) -> st.SearchStrategy[tuple[int, int, Padding]]:
    """The size, stride and padding of windows that fit into a picture."""
    return st.tuples(st.integers(1, min(3, *shape[:2])), st.integers(1, 2), PADDINGS)


@st.composite
def drawn_of_sequences(pick: st.DrawFn) -> Architecture:
    """One or two attentions, bare or behind a layer norm and with a way around; words or numbers.

    The answer is for each place, or for their mean.
    """
    length, heads, d = (pick(st.integers(1, most)) for most in (4, 2, 3))
    width = heads * d
    words = pick(st.booleans())
    layers: list[Layer] = [Embedding(5, width)] if words else [Dense(3, width, pick(SMOOTH))]
    layers += [Positions(length, width)] if pick(st.booleans()) else []
    for bare in pick(st.lists(st.booleans(), min_size=1, max_size=2)):
        attention = Attention(width, heads, causal=pick(st.booleans()))
        # A layer norm of one number is its bias, whatever it reads.
        normed = (LayerNorm(width, 1e-3), attention) if width > 1 else (attention,)
        layers.append(attention if bare else Residual(normed))
    layers += [Mean()] if pick(st.booleans()) else []
    layers.append(Dense(width, pick(st.integers(1, 3)), pick(SMOOTH)))
    start: Shape = (length,) if words else (length, 3)
    return Net(tuple(layers), pick(LOSSES), pick(PENALTIES), start), pick(OPTIMIZERS)
