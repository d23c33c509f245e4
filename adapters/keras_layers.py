"""Keras's layers: its own, and small subclasses for what it lacks.

What to know when comparing: pictures are (n, height, width, channels) and kernels (height, width,
n_in, n_out) on every one of Keras's backends, and "same" puts an odd zero after the picture.
`MultiHeadAttention` cuts the kernels' columns by head, (width, heads, d). Unless told otherwise it
has biases, and `LayerNormalization` an ε of 1e-3.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import ops

from adapters.contract import Dense, Layer
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

Tensor = Any  # of whichever framework Keras runs on
Penalty = Any  # a regularizer, or None
Exact = Callable[[float], float]  # makes a constant that Keras does not round

# Keras's names; it calls the identity `linear`.
ACTIVATIONS = {"identity": "linear", "sigmoid": "sigmoid", "relu": "relu", "tanh": "tanh"}


def dense(layer: Dense, penalty: Penalty, exact: Exact) -> keras.Layer:
    """On the last axis, whatever is in front."""
    return keras.layers.Dense(
        layer.n_out,
        activation=ACTIVATIONS[layer.activation],
        kernel_initializer="zeros",
        kernel_regularizer=penalty,
    )


def conv2d(layer: Conv2D, penalty: Penalty, exact: Exact) -> keras.Layer:
    """The kernel is not flipped."""
    return keras.layers.Conv2D(
        layer.n_out,
        layer.size,
        strides=layer.stride,
        padding=layer.padding,
        activation=ACTIVATIONS[layer.activation],
        kernel_initializer="zeros",
        kernel_regularizer=penalty,
    )


def pool2d(layer: Pool2D, penalty: Penalty, exact: Exact) -> keras.Layer:
    """Of equal numbers the first is the largest; a mean leaves out what is outside the picture."""
    if layer.kind == "max":
        return keras.layers.MaxPooling2D(layer.size, layer.stride, layer.padding)
    if layer.padding == "same" and keras.backend.backend() == "torch":
        return MeanInside(layer)
    return keras.layers.AveragePooling2D(layer.size, layer.stride, layer.padding)


class MeanInside(keras.Layer):  # type: ignore[misc]
    """The mean over the pixels of the picture in each window, with padding "same".

    On torch Keras's AveragePooling2D pads with copies of the border instead, and counts them, where
    one side gets more padding than the other: 2×2 windows at stride 1 are off by half a border.
    """

    def __init__(self, layer: Pool2D) -> None:
        super().__init__()
        self.layer = layer

    def call(self, x: Tensor) -> Tensor:
        margins = ((0, 0), around(self.layer, x.shape[1]), around(self.layer, x.shape[2]), (0, 0))
        window = self.layer.size, self.layer.stride, "valid"
        inside = ops.average_pool(ops.pad(ops.ones_like(x[:1, ..., :1]), margins), *window)
        return ops.average_pool(ops.pad(x, margins), *window) / inside

    def compute_output_shape(self, shape: Any) -> Any:
        return (shape[0], *self.layer.gives(tuple(shape[1:])))


def embedding(layer: Embedding, penalty: Penalty, exact: Exact) -> keras.Layer:
    """A table that is not penalized."""
    return keras.layers.Embedding(layer.vocabulary, layer.width, embeddings_initializer="zeros")


class LearnedPositions(keras.Layer):  # type: ignore[misc]
    """x + P, the same for every row of the batch."""

    def __init__(self, layer: Positions, penalty: Penalty, exact: Exact) -> None:
        super().__init__()
        self.layer = layer

    def build(self, shape: Any) -> None:
        self.table = self.add_weight(shape=self.layer.reads, initializer="zeros", name="table")

    def call(self, x: Tensor) -> Tensor:
        return x + self.table


def layer_norm(layer: LayerNorm, penalty: Penalty, exact: Exact) -> keras.Layer:
    """Over the last axis; the variance divides by the width."""
    return keras.layers.LayerNormalization(epsilon=exact(layer.epsilon))


class SelfAttention(keras.Layer):  # type: ignore[misc]
    """Keras's attention, of a sequence to itself."""

    def __init__(self, layer: Attention, penalty: Penalty, exact: Exact) -> None:
        super().__init__()
        self.causal = layer.causal
        d = layer.width // layer.heads
        self.attention = keras.layers.MultiHeadAttention(
            layer.heads,
            d,
            use_bias=False,
            kernel_initializer="zeros",
            kernel_regularizer=penalty,
        )
        # Keras's own is a Python float, which TensorFlow casts to a float64 run through float32:
        # scores are then off by 2e-8 unless d is a power of 4.
        self.attention._inverse_sqrt_key_dim = np.float64(d**-0.5)

    def build(self, shape: Any) -> None:
        self.attention.build(shape, shape)

    def call(self, x: Tensor) -> Tensor:
        # Asked for its shares Keras writes the softmax out; else JAX's attention takes it in
        # float32, also in a float64 run: off by 2e-7.
        found, _ = self.attention(x, x, use_causal_mask=self.causal, return_attention_scores=True)
        return found

    def compute_output_shape(self, shape: Any) -> Any:
        return shape


class Sum(keras.Layer):  # type: ignore[misc]
    """x + f(x), where f is some layers after each other."""

    def __init__(self, layer: Residual, penalty: Penalty, exact: Exact) -> None:
        super().__init__()
        self.inner = [made(inner, penalty, exact) for inner in layer.layers]

    def build(self, shape: Any) -> None:
        for layer in self.inner:
            layer.build(shape)
            shape = layer.compute_output_shape(shape)

    def call(self, x: Tensor) -> Tensor:
        a = x
        for layer in self.inner:
            a = layer(a)
        return x + a

    def compute_output_shape(self, shape: Any) -> Any:
        return shape


class MeanOverPlaces(keras.Layer):  # type: ignore[misc]
    """Keras's GlobalAveragePooling of a sequence or a picture: all axes but first and last."""

    def __init__(self, layer: Mean, penalty: Penalty, exact: Exact) -> None:
        super().__init__()

    def call(self, x: Tensor) -> Tensor:
        return ops.mean(x, axis=tuple(range(1, len(x.shape) - 1)))

    def compute_output_shape(self, shape: Any) -> Any:
        return (shape[0], shape[-1])


LAYERS: dict[type[Layer], Callable[..., keras.Layer]] = {
    Dense: dense,
    Conv2D: conv2d,
    Pool2D: pool2d,
    Flatten: lambda layer, penalty, exact: keras.layers.Flatten(),
    Reshape: lambda layer, penalty, exact: keras.layers.Reshape(layer.shape),
    Embedding: embedding,
    Positions: LearnedPositions,
    LayerNorm: layer_norm,
    Attention: SelfAttention,
    Residual: Sum,
    Mean: MeanOverPlaces,
}


def made(layer: Layer, penalty: Penalty, exact: Exact) -> keras.Layer:
    """The layer in Keras, with zeros as weights; the penalty is on its kernels."""
    return LAYERS[type(layer)](layer, penalty, exact)
