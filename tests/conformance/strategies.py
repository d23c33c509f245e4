"""Hypothesis strategies for examples of one architecture, or of any.

They are separate from `cases.py`, so that third-party adapters can be tested without Hypothesis.
"""

from __future__ import annotations

from itertools import pairwise

from hypothesis import strategies as st

from adapters.contract import SGD, Adam, Dense, Net
from adapters.laws.cases import Architecture, Case, draw

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


@st.composite
def drawn_architectures(pick: st.DrawFn) -> Architecture:
    """Any architecture of one to three layers, for backends that do not compile it."""
    widths = pick(st.lists(st.integers(1, 6), min_size=2, max_size=4))
    kinds = st.sampled_from(["identity", "sigmoid", "relu", "tanh"])
    layers = [Dense(n, m, pick(kinds)) for n, m in pairwise(widths)]
    if layers[-1].activation == "relu":  # scores that are exactly 0 are a perceptron's tie
        layers[-1] = Dense(layers[-1].n_in, layers[-1].n_out)
    loss = pick(st.sampled_from(["perceptron", "squared", "logistic", "softmax"]))
    rates, momenta = st.sampled_from([0.001, 0.1, 1.0]), st.sampled_from([0.5, 0.9])
    optimizer = pick(
        st.builds(SGD, rates)
        | st.builds(SGD, rates, momenta, st.booleans())
        | st.builds(Adam, rates, momenta, st.sampled_from([0.9, 0.999]))
    )
    return Net(tuple(layers), loss, l2=pick(st.sampled_from([0.0, 0.05]))), optimizer
