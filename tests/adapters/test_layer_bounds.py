"""What rounding may do in every layer: never less than it does, and not much more.

The bounds are tested against the errors of float32, and against what a change of the input does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.contract import SGD, Array, Dense, Layer, Net, Params
from adapters.laws.cases import inputs, labels, weights
from adapters.laws.error_bounds import bounds
from adapters.laws.layer_bounds import RULES
from adapters.laws.rounding import Rounded, Rounding
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
from adapters.numpy_adapter import MODEL
from adapters.numpy_layers import LAYERS

SINGLE = float(np.finfo(np.float32).eps)

PADDINGS = ("valid", "same")
# kind: the layer, and the shape that it reads, for any seed
KINDS: dict[str, Callable[[np.random.Generator], tuple[Layer, tuple[int, ...]]]] = {
    "dense": lambda r: (Dense(3, 4, r.choice(["tanh", "relu", "sigmoid"])), (5, 3)),
    "convolution": lambda r: (
        Conv2D(2, 3, int(r.integers(1, 4)), int(r.integers(1, 4)), r.choice(PADDINGS),
               r.choice(["identity", "tanh", "relu"])),
        (5, 6, 2),
    ),
    "max-pool": lambda r: (
        Pool2D("max", int(r.integers(1, 4)), int(r.integers(1, 4)), r.choice(PADDINGS)), (5, 6, 2)
    ),
    "mean-pool": lambda r: (
        Pool2D("mean", int(r.integers(1, 4)), int(r.integers(1, 4)), r.choice(PADDINGS)), (5, 6, 2)
    ),
    "flatten": lambda r: (Flatten(), (3, 2, 2)),
    "reshape": lambda r: (Reshape((6, 2)), (3, 4)),
    "positions": lambda r: (Positions(4, 3), (4, 3)),
    "layer norm": lambda r: (LayerNorm(5, float(r.choice([1e-5, 0.1]))), (4, 5)),
    "attention": lambda r: (Attention(6, int(r.choice([1, 2, 3])), bool(r.choice(2))), (5, 6)),
    "residual": lambda r: (Residual((Dense(3, 5, "tanh"), Dense(5, 3))), (4, 3)),
    "mean": lambda r: (Mean(), (4, 3)),
}  # fmt: skip
LOSSES = ("squared", "softmax", "logistic")


def network(kind: str, seed: int) -> Net:
    """A network with this layer between others, so that errors come and gradients go through it."""
    rng = np.random.default_rng(seed)
    loss: Any = rng.choice(LOSSES)
    l2 = float(rng.choice([0, 0.1]))
    if kind == "embedding":  # it only comes first
        layers: tuple[Layer, ...] = (Embedding(4, 3), Dense(3, 2, "tanh"), Mean())
        return Net(layers, loss, l2, (5,))
    layer, shape = KINDS[kind](rng)
    last = layer.gives(shape)[-1]
    before = Dense(shape[-1], shape[-1], "tanh")
    return Net((before, layer, Dense(last, 3)), loss, l2, shape)


# An error of float32 uses up to a fifth of a bound (a tenth of most), and each array's worst entry
# of ten examples used more than 1e-3. Of one that is a thousand times too wide it would use 1e-6.
LEAST_USED = 5e-4


@settings(max_examples=200)  # there are eleven kinds, with settings of their own
@given(st.sampled_from([*KINDS, "embedding"]), st.integers(0, 9999))
def test_float32_errs_within_the_bounds_of_every_layer(kind: str, seed: int) -> None:
    shares = used(network(kind, seed), seed)
    assert max(shares.values()) <= 1, (network(kind, seed), shares)


@pytest.mark.parametrize("kind", [*KINDS, "embedding"])
def test_bounds_are_not_far_above_the_errors_of_float32(kind: str) -> None:
    """Or a budget made of them would let anything through."""
    drawn = [used(network(kind, seed), seed) for seed in range(10)]
    for name in {name for shares in drawn for name in shares}:
        assert max(shares.get(name, 0) for shares in drawn) > LEAST_USED, (name, drawn)


BLOCK = (Residual((LayerNorm(8), Attention(8, 2, causal=True))),
         Residual((LayerNorm(8), Dense(8, 16, "relu"), Dense(16, 8))))  # fmt: skip
TWO_BLOCKS = Net(
    (Embedding(9, 8), Positions(6, 8), *BLOCK, *BLOCK, LayerNorm(8), Dense(8, 9)),
    "softmax",
    input_shape=(6,),
)
LEAST_USED_BY_TWO_BLOCKS = 5e-5  # some ten errors in a row, of which each cancels a little


def test_bounds_of_a_transformer_are_not_far_above_its_errors() -> None:
    """Of worst cases, the last gradients would use 1e-11, and no row would be clear of a kink."""
    drawn = [used(TWO_BLOCKS, seed) for seed in range(10)]
    assert all(drawn), "no row is clear of every kink"
    for name in drawn[0]:
        shares = [shares[name] for shares in drawn]
        assert LEAST_USED_BY_TWO_BLOCKS < max(shares) <= 1, (name, shares)


def used(net: Net, seed: int) -> dict[str, float]:
    """The share of its bound that float32 used, of each array that has one."""
    rng = np.random.default_rng([seed, 1])
    params = weights(net, rng, "float32")
    x, y = inputs(net, rng, 12, "float32"), labels(net, rng, 12, "float32")
    clear = bounds(net, params, x, y, SINGLE).margins > 2  # or a number may be on either side
    if not clear.any():
        return {}
    x, y = x[clear], y[clear]
    allowed = bounds(net, params, x, y, SINGLE)
    small, large = model(net, params, "float32"), model(net, params, "float64")
    wide = [a.astype(float) if a.dtype.kind == "f" else a for a in (x, y)]
    arrays = [
        ("loss", small.loss(x, y), large.loss(*wide), allowed.loss),
        *named("activation", small.activations(x), large.activations(wide[0]), allowed.activations),
        *named("gradient", small.gradients(x, y), large.gradients(*wide), allowed.gradients),
    ]
    with np.errstate(invalid="ignore", divide="ignore"):
        return {
            name: float(np.nan_to_num(np.abs(np.asarray(a, float) - b) / c).max())
            for name, a, b, c in arrays
            if np.any(c)
        }


def named(kind: str, *arrays: list[Array]) -> list[tuple[Any, ...]]:
    return [(f"{kind} {i}", *parts) for i, parts in enumerate(zip(*arrays, strict=True))]


def model(net: Net, params: Params, dtype: str) -> Any:
    cls = type("Reference", (MODEL,), {"dtype": dtype, "device": "cpu", "threads": 1})
    return cls(net, [p.astype(dtype) for p in params], SGD(0.1))


SMALL = 1e-7  # changes of this size change the slopes by as little
CURVED = 1 + 1e-4  # and with them what is linear in the change


@settings(max_examples=200)  # there are eleven kinds, with settings of their own
@given(st.sampled_from(sorted(KINDS)), st.integers(0, 9999))
def test_what_comes_in_passes_on_as_derived(kind: str, seed: int) -> None:
    """In the worst case: every change of the input and of the gradient stays within the bounds."""
    rng = np.random.default_rng(seed)
    layer, shape = KINDS[kind](rng)
    own = weights(Net((layer,), "squared", input_shape=shape), rng, "float64")
    x, e = rng.normal(size=(3, *shape)), SMALL * rng.random((3, *shape))
    forward, backward = RULES[type(layer)]
    done = forward(layer, own, Rounded(x, e), Rounding(0.0))
    g = rng.normal(size=done.gave.value.shape)
    f = SMALL * rng.random(g.shape)
    gradients, by_x = backward(layer, done, Rounded(g, f), Rounding(0.0))
    moved = x + e * rng.choice([-1, 1], x.shape), g + f * rng.choice([-1, 1], g.shape)
    if any((a != b).any() for a, b in zip(done.sides, forward(
        layer, own, Rounded(moved[0], e), Rounding(0.0)).sides, strict=True)):  # fmt: skip
        return  # across a kink
    one, other = by_reference(layer, own, x, g), by_reference(layer, own, *moved)
    errors = [done.gave.error, by_x.error, *(carried for carried, _ in gradients)]
    for before, after, error in zip(one, other, errors, strict=True):
        assert (np.abs(after - before) <= CURVED * error + 1e-14).all(), layer
    values = [done.gave.value, by_x.value]
    for value, want in zip(values, one, strict=False):
        np.testing.assert_allclose(value, want, rtol=1e-10, atol=1e-12)


def by_reference(layer: Layer, own: Params, x: Array, g: Array) -> list[Array]:
    """The output, the gradient by x, and those by the weights."""
    forward, backward = LAYERS[type(layer)]
    a = forward(layer, own, x)
    gradients, by_x = backward(layer, own, x, a, g)
    return [a, np.asarray(by_x()), *gradients]
