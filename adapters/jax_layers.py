"""JAX's layers: each one a pure function of its parameters and the rows.

What to know when comparing: `lax` names the axes of a convolution by letters, and its "SAME" is
TensorFlow's; `reduce_window` gives a maximum's gradient to the first of equal numbers, where `max`
over an axis would divide it; and JAX's own attention computes in 32 bits what it is given in 64.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import jax
import jax.numpy as jnp
from jax import lax

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
    flat,
)

Tensor = jax.Array
ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "identity": lambda z: z,
    "sigmoid": jax.nn.sigmoid,
    "relu": jax.nn.relu,
    "tanh": jnp.tanh,
}


def dense(layer: Dense, params: Sequence[Tensor], x: Tensor) -> Tensor:
    """f(x·W + b)."""
    w, b = params
    return ACTIVATIONS[layer.activation](x @ w + b)


def conv2d(layer: Conv2D, params: Sequence[Tensor], x: Tensor) -> Tensor:
    """f(x ∗ W + b), the kernel as it is written."""
    w, b = params
    z = lax.conv_general_dilated(
        x, w, (layer.stride, layer.stride), layer.padding.upper(),
        dimension_numbers=("NHWC", "HWIO", "NHWC"),
    )  # fmt: skip
    return ACTIVATIONS[layer.activation](z + b)


def pool2d(layer: Pool2D, params: Sequence[Tensor], x: Tensor) -> Tensor:
    """The largest number of each window, or its mean over the pixels of the picture in it."""
    window, strides = (1, layer.size, layer.size, 1), (1, layer.stride, layer.stride, 1)
    padding = layer.padding.upper()
    if layer.kind == "max":
        return lax.reduce_window(x, -jnp.inf, lax.max, window, strides, padding)
    inside = jnp.ones((1, *x.shape[1:3], 1), x.dtype)
    pixels = lax.reduce_window(inside, 0.0, lax.add, window, strides, padding)
    return lax.reduce_window(x, 0.0, lax.add, window, strides, padding) / pixels


def embedding(layer: Embedding, params: Sequence[Tensor], x: Tensor) -> Tensor:
    """E[x], a row of the table for each whole number."""
    return params[0][x]


def positions(layer: Positions, params: Sequence[Tensor], x: Tensor) -> Tensor:
    """x + P."""
    return x + params[0]


def layer_norm(layer: LayerNorm, params: Sequence[Tensor], x: Tensor) -> Tensor:
    """scale · (x − mean) / √(variance + ε) + bias, over the last axis."""
    scale, bias = params
    # The variance that `standardize` computes by itself, mean(x²) − mean(x)², loses digits where
    # the mean is large: of numbers around 100 with a deviation of 1 four more than this one.
    variance = x.var(-1, keepdims=True)
    return scale * jax.nn.standardize(x, -1, variance=variance, epsilon=layer.epsilon) + bias


def attention(layer: Attention, params: Sequence[Tensor], x: Tensor) -> Tensor:
    """softmax(Q·Kᵀ/√d)·V·W_output, head by head."""
    # `jax.nn.dot_product_attention` would do, but takes its softmax in float32, whatever the dtype
    # of its arguments: 1.2e-7 of the output in a float64 run.
    *of_inputs, output = params
    n, length, width = x.shape
    q, k, v = ((x @ w).reshape(n, length, layer.heads, -1) for w in of_inputs)
    scores = jnp.einsum("nqhd,nkhd->nhqk", q, k) / (width // layer.heads) ** 0.5
    if layer.causal:
        scores = jnp.where(jnp.tri(length, dtype=bool), scores, -jnp.inf)
    found = jnp.einsum("nhqk,nkhd->nqhd", jax.nn.softmax(scores), v)
    return found.reshape(x.shape) @ output


def residual(layer: Residual, params: Sequence[Tensor], x: Tensor) -> Tensor:
    """x + f(x)."""
    return x + outputs(layer.layers, params, x)[-1]


# layer: its output, from the layer as data, its parameters and the rows x (n, …)
LAYERS: dict[type[Layer], Callable[..., Tensor]] = {
    Dense: dense,
    Conv2D: conv2d,
    Pool2D: pool2d,
    Flatten: lambda layer, params, x: x.reshape(len(x), -1),
    Reshape: lambda layer, params, x: x.reshape(len(x), *layer.shape),
    Embedding: embedding,
    Positions: positions,
    LayerNorm: layer_norm,
    Attention: attention,
    Residual: residual,
    Mean: lambda layer, params, x: x.mean(tuple(range(1, x.ndim - 1))),
}


def outputs(layers: Sequence[Layer], params: Sequence[Tensor], x: Tensor) -> list[Tensor]:
    """Every layer's output, each (n, …)."""
    a, found = x, []
    for layer, own in by_layer(layers, params):
        a = LAYERS[type(layer)](layer, own, a)
        found.append(a)
    return found


def convolves(layers: Sequence[Layer]) -> bool:
    """Whether one of the layers is a convolution; inside residuals too.

    XLA's CPU compiler brings a convolution into the layout of its fast path only outside of loops
    (jax-ml/jax, issue 12868). In the body of a `scan` the gradient of a kernel takes a slow one: a
    step of two convolutions on 100 images took 50 ms in place of 22.
    """
    return any(isinstance(layer, Conv2D) for layer in flat(layers))
