"""Bounds on the rounding errors of every layer: forward, and below it backward.

The judge's own mathematics, in float64: it shares no formula with the reference.

Forward takes a layer, its weights and what it reads; it returns the pass, with the layer's output,
its error, and how far each row is from a kink. Backward takes the pass and the gradient by the
output; it returns the errors of the gradients by the weights, and the gradient by what was read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod

import numpy as np

from adapters.contract import Array, Dense, Layer, by_layer
from adapters.laws.picture_bounds import conv2d, conv2d_backward, pool2d, pool2d_backward
from adapters.laws.rounding import (
    Passed,
    Rounded,
    Rounding,
    Sum,
    activated,
    before_activation,
    by_kernel,
    by_shift,
    passed,
    product,
)
from adapters.laws.sequence_bounds import (
    attention,
    attention_backward,
    embedding,
    embedding_backward,
    layer_norm,
    layer_norm_backward,
    positions,
    positions_backward,
)
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

Back = tuple[list[Sum], Rounded]


def dense(layer: Dense, weights: list[Array], a: Rounded, r: Rounding) -> Passed:
    """A sum of n_in products and a bias."""
    w, b = weights
    z = a.value @ w + b  # (n, …, layer.n_out)
    terms = np.abs(a.value) @ np.abs(w) + np.abs(b)
    err = r.add(r.times(a.error, w), r.summed(layer.n_in + 1) * terms)
    return activated(layer, weights, a, z, err, layer.activation, r)


def dense_backward(layer: Dense, done: Passed, g: Rounded, r: Rounding) -> Back:
    """By the kernel a sum over all rows and places, by the input one over the outputs."""
    g = before_activation(layer.activation, done.gave, g, r)
    gradients = [by_kernel(done.read, g, r), by_shift(g, r)]
    return gradients, product(g, done.weights[0].T, r)


def reshape(layer: Reshape | Flatten, weights: list[Array], a: Rounded, r: Rounding) -> Passed:
    """The same numbers."""
    shape = (len(a.value), *layer.gives(a.value.shape[1:]))
    return passed(layer, weights, a, Rounded(a.value.reshape(shape), a.error.reshape(shape)), None)


def reshape_backward(layer: Reshape | Flatten, done: Passed, g: Rounded, r: Rounding) -> Back:
    """The same numbers."""
    shape = done.read.value.shape
    return [], Rounded(g.value.reshape(shape), g.error.reshape(shape))


def mean(layer: Mean, weights: list[Array], a: Rounded, r: Rounding) -> Passed:
    """A sum over the places, and a quotient."""
    n, width = len(a.value), a.value.shape[-1]
    x, e = a.value.reshape(n, -1, width), a.error.reshape(n, -1, width)
    places = x.shape[1]
    err = r.add(r.total(e, 1), r.summed(places + 1) * np.abs(x).sum(1)) / places
    return passed(layer, weights, a, Rounded(x.sum(1) / places, err), None)


def mean_backward(layer: Mean, done: Passed, g: Rounded, r: Rounding) -> Back:
    """The same share to each place."""
    shape = done.read.value.shape
    places = prod(shape[1:-1])
    wide = (shape[0], *(1 for _ in shape[2:]), shape[-1])
    value = g.value.reshape(wide) / places
    err = r.add(g.error.reshape(wide) / places, 2 * r.eps * np.abs(value))
    return [], Rounded(np.broadcast_to(value, shape), np.broadcast_to(err, shape))


def residual(layer: Residual, weights: list[Array], a: Rounded, r: Rounding) -> Passed:
    """A sum of two numbers, whose errors may point the same way."""
    steps = forward(layer.layers, weights, a, r)
    inner = steps[-1].gave
    value = a.value + inner.value
    gave = Rounded(value, r.add(a.error, inner.error, r.eps * np.abs(value)))
    margins = np.min([step.margins for step in steps], axis=0)
    sides = [side for step in steps for side in step.sides]
    return Passed(layer, weights, a, gave, margins, sides, steps)


def residual_backward(layer: Residual, done: Passed, g: Rounded, r: Rounding) -> Back:
    """The gradient of both ways, added."""
    gradients, inner = backward(done.inner, g, r)
    value = g.value + inner.value
    return gradients, Rounded(value, r.add(g.error, inner.error, r.eps * np.abs(value)))


# layer: forward, and backward
RULES: dict[type[Layer], tuple[Callable[..., Passed], Callable[..., Back]]] = {
    Dense: (dense, dense_backward),
    Conv2D: (conv2d, conv2d_backward),
    Pool2D: (pool2d, pool2d_backward),
    Flatten: (reshape, reshape_backward),
    Reshape: (reshape, reshape_backward),
    Embedding: (embedding, embedding_backward),
    Positions: (positions, positions_backward),
    LayerNorm: (layer_norm, layer_norm_backward),
    Attention: (attention, attention_backward),
    Residual: (residual, residual_backward),
    Mean: (mean, mean_backward),
}


def forward(
    layers: Sequence[Layer], weights: Sequence[Array], a: Rounded, r: Rounding
) -> list[Passed]:
    """The passes of the layers, one after another."""
    steps: list[Passed] = []
    for layer, own in by_layer(layers, weights):
        steps.append(RULES[type(layer)][0](layer, own, a, r))
        a = steps[-1].gave
    return steps


def backward(steps: Sequence[Passed], g: Rounded, r: Rounding) -> Back:
    """The errors of all gradients, in the order of the weights, and the gradient by the input."""
    gradients: list[Sum] = []
    for step in reversed(steps):
        own, g = RULES[type(step.layer)][1](step.layer, step, g, r)
        gradients[:0] = own
    return gradients, g
