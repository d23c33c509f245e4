"""PyTensor's layers: each one forward, as a graph; `pytensor.grad` finds the way back.

PyTensor has no convolution of a batch of pictures with channels, no pooling and no attention, so
all of them are written out of slices, sums and products of matrices. A graph does not know the
shapes of its nodes until it runs, so each layer is also told the shape of the row that it reads.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytensor
import pytensor.tensor as pt

from adapters.contract import Dense, Layer, Shape, by_layer
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
from adapters.layers.pictures import around
from adapters.numpy_windows import pixels, places

Tensor = Any  # PyTensor ships no types; a node of the graph

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "identity": lambda z: z,
    "sigmoid": pt.sigmoid,
    "relu": lambda z: pt.switch(z > 0, z, 0),
    "tanh": pt.tanh,
}


def dense(layer: Dense | Conv2D, params: Sequence[Tensor], x: Tensor, shape: Shape) -> Tensor:
    """A product of matrices: PyTensor would multiply a batch of small ones one by one."""
    w, b = params
    a = ACTIVATIONS[layer.activation](in_rows(x) @ w + b)
    return a if len(shape) == 1 else a.reshape((-1, *shape[:-1], layer.n_out))


def conv2d(layer: Conv2D, params: Sequence[Tensor], x: Tensor, shape: Shape) -> Tensor:
    """A dense layer on the windows, each of them a row of numbers."""
    w, b = params
    seen = pt.concatenate(windows(layer, x, shape), axis=3)
    return dense(layer, [w.reshape((-1, layer.n_out)), b], seen, layer.gives(shape))


def pool2d(layer: Pool2D, params: Sequence[Tensor], x: Tensor, shape: Shape) -> Tensor:
    """One pixel of all windows after the other, because of equal ones only the first counts.

    The gradient of `pt.max` goes to each of them, in full. A NaN is larger than no number, and is
    kept, as NumPy's maximum keeps it.
    """
    if layer.kind == "mean":
        picture = np.ones((1, *shape), pytensor.config.floatX)
        return sum(windows(layer, x, shape)) / pixels(layer, picture)
    largest, *others = windows(layer, x, shape, outside=-np.inf)
    for other in others:
        largest = pt.switch(pt.or_(other > largest, pt.isnan(other)), other, largest)
    return largest


def layer_norm(layer: LayerNorm, params: Sequence[Tensor], x: Tensor, shape: Shape) -> Tensor:
    """scale · (x − mean) / √(variance + ε) + bias, over the last axis."""
    scale, bias = params
    apart = x - x.mean(axis=-1, keepdims=True)
    variance = pt.sqr(apart).mean(axis=-1, keepdims=True)
    return scale * (apart / pt.sqrt(variance + layer.epsilon)) + bias


def attention(layer: Attention, params: Sequence[Tensor], x: Tensor, shape: Shape) -> Tensor:
    """softmax(Q·Kᵀ/√d)·V·W_output, head by head."""
    *into, output = params
    length, width = shape
    d = width // layer.heads

    def in_heads(w: Tensor) -> Tensor:  # (n, heads, length, d)
        return (in_rows(x) @ w).reshape((-1, length, layer.heads, d)).transpose((0, 2, 1, 3))

    q, k, v = (in_heads(w) for w in into)
    scores = q @ k.transpose((0, 1, 3, 2)) / d**0.5
    if layer.causal:
        scores = pt.switch(np.tri(length, dtype=bool), scores, -np.inf)
    found = (pt.special.softmax(scores, axis=-1) @ v).transpose((0, 2, 1, 3))
    return (found.reshape((-1, width)) @ output).reshape((-1, length, width))


# layer: the graph of its output (n, …), from its parameters, its input and the shape of a row of it
LAYERS: dict[type[Layer], Callable[..., Tensor]] = {
    Dense: dense,
    Conv2D: conv2d,
    Pool2D: pool2d,
    Flatten: lambda layer, params, x, shape: x.reshape((-1, *layer.gives(shape))),
    Reshape: lambda layer, params, x, shape: x.reshape((-1, *layer.shape)),
    Embedding: lambda layer, params, x, shape: params[0][x],
    Positions: lambda layer, params, x, shape: x + params[0],
    LayerNorm: layer_norm,
    Attention: attention,
    Residual: lambda layer, params, x, shape: x + outputs(layer.layers, params, x, shape)[-1],
    Mean: lambda layer, params, x, shape: x.mean(axis=tuple(range(1, len(shape)))),
}


def outputs(
    layers: Sequence[Layer], params: Sequence[Tensor], x: Tensor, shape: Shape
) -> list[Tensor]:
    """The graph of every layer's output, each (n, …); shape is that of a row of x."""
    a, found = x, []
    for layer, own in by_layer(layers, params):
        a, shape = LAYERS[type(layer)](layer, own, a, shape), layer.gives(shape)
        found.append(a)
    return found


def in_rows(a: Tensor) -> Tensor:
    """(n, …, width) as (n · …, width): every place of a sequence or picture is a row."""
    return a if a.ndim == 2 else a.reshape((-1, a.shape[-1]))


def windows(layer: Conv2D | Pool2D, x: Tensor, shape: Shape, outside: float = 0.0) -> list[Tensor]:
    """For each pixel of a window, row by row, its values at all places, (n, rows, columns, c)."""
    (top, bottom), (left, right) = around(layer, shape[0]), around(layer, shape[1])
    height, width, channels = shape
    if top + bottom + left + right:
        sides = (x.shape[0], top + height + bottom, left + width + right, channels)
        around_it = pt.full(sides, outside, x.dtype)
        x = around_it[:, top : top + height, left : left + width].set(x)
    return [x[place] for place in places(layer, np.empty((1, *shape)))]
