"""TensorFlow's layers: each one a function of its parameters and of the rows x (n, …).

What to know when comparing: pictures are (n, height, width, channels), kernels (height, width,
n_in, n_out), and "SAME" puts an odd zero after the picture, as the contract has it. Core TensorFlow
has neither a layer norm nor attention (those are Keras's), so both are written out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from adapters.contract import Dense, Layer, by_layer
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

Tensor = Any  # TensorFlow ships no types

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "identity": tf.identity,
    "sigmoid": tf.sigmoid,
    "relu": tf.nn.relu,
    "tanh": tf.tanh,
}


def dense(layer: Dense, params: Sequence[Tensor], x: Tensor) -> Tensor:
    """Every place of a sequence or picture is a row of its own."""
    w, b = params
    return ACTIVATIONS[layer.activation](product(x, w) + b)


def conv2d(layer: Conv2D, params: Sequence[Tensor], x: Tensor) -> Tensor:
    """TensorFlow's convolution does not flip the kernel either."""
    w, b = params
    z = tf.nn.conv2d(x, w, layer.stride, layer.padding.upper())
    return ACTIVATIONS[layer.activation](z + b)


def pool2d(layer: Pool2D, params: Sequence[Tensor], x: Tensor) -> Tensor:
    """Of equal numbers the first is the largest; a mean leaves out what is outside the picture.

    On a CPU a NaN is larger than no number, and lost.
    """
    pool = tf.nn.max_pool2d if layer.kind == "max" else tf.nn.avg_pool2d
    return pool(x, layer.size, layer.stride, layer.padding.upper())


def embedding(layer: Embedding, params: Sequence[Tensor], x: Tensor) -> Tensor:
    """Its gradient is IndexedSlices: the rows that were taken, one that came twice twice."""
    return tf.gather(params[0], x)


def positions(layer: Positions, params: Sequence[Tensor], x: Tensor) -> Tensor:
    """The same for every row of the batch."""
    return x + params[0]


def layer_norm(layer: LayerNorm, params: Sequence[Tensor], x: Tensor) -> Tensor:
    """`tf.nn.moments` subtracts the mean before it squares, and divides by the width."""
    scale, bias = params
    mean, variance = tf.nn.moments(x, -1, keepdims=True)
    return scale * ((x - mean) / tf.sqrt(variance + layer.epsilon)) + bias


def attention(layer: Attention, params: Sequence[Tensor], x: Tensor) -> Tensor:
    """softmax(Q·Kᵀ/√d)·V·W_output, head by head; a score of −∞ takes no share.

    Queries, keys and values are one product: of three the gradient by x would be a sum of three,
    which TensorFlow adds in an order that changes from run to run.
    """
    *projections, w = params
    length, width = x.shape[1:]
    d = width // layer.heads

    def in_heads(a: Tensor) -> Tensor:  # (n, length, width) to (n, heads, length, d)
        return tf.transpose(tf.reshape(a, (-1, length, layer.heads, d)), (0, 2, 1, 3))

    parts = tf.split(product(x, tf.concat(projections, axis=1)), 3, axis=2)
    q, k, v = map(in_heads, parts)
    scores = tf.matmul(q, k, transpose_b=True) / d**0.5
    if layer.causal:
        scores = tf.where(np.tri(length, dtype=bool), scores, -np.inf)
    found = tf.transpose(tf.nn.softmax(scores) @ v, (0, 2, 1, 3))  # (n, length, heads, d)
    return product(tf.reshape(found, (-1, length, width)), w)


def residual(layer: Residual, params: Sequence[Tensor], x: Tensor) -> Tensor:
    """The gradient by x goes both ways, and the tape adds the two."""
    return x + outputs(layer.layers, params, x)[-1]


def mean(layer: Mean, params: Sequence[Tensor], x: Tensor) -> Tensor:
    """Over all axes but the first and the last."""
    return tf.reduce_mean(x, list(range(1, len(x.shape) - 1)))


LAYERS: dict[type[Layer], Callable[..., Tensor]] = {
    Dense: dense,
    Conv2D: conv2d,
    Pool2D: pool2d,
    Flatten: lambda layer, params, x: tf.reshape(x, (-1, np.prod(x.shape[1:]))),
    Reshape: lambda layer, params, x: tf.reshape(x, (-1, *layer.shape)),
    Embedding: embedding,
    Positions: positions,
    LayerNorm: layer_norm,
    Attention: attention,
    Residual: residual,
    Mean: mean,
}


def outputs(layers: Sequence[Layer], params: Sequence[Tensor], x: Tensor) -> list[Tensor]:
    """Every layer's output, each (n, …)."""
    a, found = x, []
    for layer, own in by_layer(layers, params):
        a = LAYERS[type(layer)](layer, own, a)
        found.append(a)
    return found


def in_rows(a: Tensor) -> Tensor:
    """(n, …, width) as (n · …, width): every place of a sequence or picture is a row."""
    return tf.reshape(a, (-1, a.shape[-1]))


def product(x: Tensor, w: Tensor) -> Tensor:
    """x · W on the last axis, as one product of two matrices.

    `@` would multiply a sequence (n, length, width) row by row, which takes half as long again.
    """
    return x @ w if len(x.shape) == 2 else tf.tensordot(x, w, 1)
