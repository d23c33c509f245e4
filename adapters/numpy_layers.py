"""NumPy's layers: each one forward, and below it backward, by the chain rule.

Forward takes a layer, its parameters and the rows x (n, …), and returns the output a. Backward also
takes a and the gradient g of the loss by a; it returns the gradients by the parameters, and a
function that computes the one by x, because nothing needs it for the data themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from adapters.contract import Array, Dense, Layer, Params, by_layer
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
from adapters.numpy_windows import gathered, pixels, side_by_side, windows

Backward = tuple[Params, Callable[[], Array]]


def sigmoid(z: Array) -> Array:
    """1 / (1 + exp(−z)), without overflow: the exponent is never positive."""
    small = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, small) / (1 + small)


# activation: its value, and its derivative as a function of the value a (n, …, n_out)
ACTIVATIONS: dict[str, tuple[Callable[[Array], Array], Callable[[Array], Any]]] = {
    "identity": (lambda z: z, lambda a: 1),
    "sigmoid": (sigmoid, lambda a: a * (1 - a)),
    "relu": (lambda z: np.maximum(z, 0), lambda a: a > 0),
    "tanh": (np.tanh, lambda a: 1 - a * a),
}


def dense(layer: Dense | Conv2D, params: Params, x: Array) -> Array:
    """a = f(x·W + b)."""
    w, b = params
    return ACTIVATIONS[layer.activation][0](x @ w + b)


def dense_backward(layer: Dense | Conv2D, params: Params, x: Array, a: Array, g: Array) -> Backward:
    """By W: xᵀ·δ, by b: Σ δ, by x: δ·Wᵀ, with δ = g·f′ (Rumelhart, Hinton & Williams 1986)."""
    w, _ = params
    delta = g * ACTIVATIONS[layer.activation][1](a)  # by x·W + b, (n, …, n_out)
    return [by_kernel(x, delta), in_rows(delta).sum(0)], lambda: delta @ w.T


def conv2d(layer: Conv2D, params: Params, x: Array) -> Array:
    """A dense layer on the windows (LeCun et al. 1989): each window is a row of numbers."""
    w, b = params
    return dense(layer, [w.reshape(-1, layer.n_out), b], side_by_side(layer, x))


def conv2d_backward(layer: Conv2D, params: Params, x: Array, a: Array, g: Array) -> Backward:
    """As of a dense layer; a pixel's gradient is the sum over the windows that see it."""
    w, b = params
    flat = [w.reshape(-1, layer.n_out), b]
    (by_w, by_b), by_windows = dense_backward(layer, flat, side_by_side(layer, x), a, g)

    def by_x() -> Array:
        parts = np.split(by_windows(), layer.size**2, axis=3)
        return gathered(layer, x, parts)

    return [by_w.reshape(w.shape), by_b], by_x


def pool2d(layer: Pool2D, params: Params, x: Array) -> Array:
    """The largest number of each window, or its mean over the pixels of the picture in it."""
    if layer.kind == "max":
        return np.max(windows(layer, x, outside=-np.inf), axis=0)
    return np.sum(windows(layer, x), axis=0) / pixels(layer, x)


def pool2d_backward(layer: Pool2D, params: Params, x: Array, a: Array, g: Array) -> Backward:
    """By x: all of g to the first largest number of a window, or an equal share to each pixel."""

    def by_x() -> Array:
        if layer.kind == "mean":
            return gathered(layer, x, [g / pixels(layer, x)] * layer.size**2)
        first = np.argmax(windows(layer, x, outside=-np.inf), axis=0)  # (n, rows, columns, c)
        return gathered(layer, x, [g * (first == i) for i in range(layer.size**2)])

    return [], by_x


def embedding(layer: Embedding, params: Params, x: Array) -> Array:
    """a = E[x], a row of the table for each whole number."""
    return params[0][x]


def embedding_backward(layer: Embedding, params: Params, x: Array, a: Array, g: Array) -> Backward:
    """By a row of the table: Σ g over the places where it was taken."""
    by_table = np.zeros_like(params[0])
    np.add.at(by_table, x, g)  # `by_table[x] += g` would count a row that comes twice only once

    def by_x() -> Array:
        raise TypeError("whole numbers have no gradient")

    return [by_table], by_x


def positions(layer: Positions, params: Params, x: Array) -> Array:
    """a = x + P."""
    return x + params[0]


def positions_backward(layer: Positions, params: Params, x: Array, a: Array, g: Array) -> Backward:
    """By P: Σ g over the rows of the batch, by x: g."""
    return [g.sum(0)], lambda: g


def layer_norm(layer: LayerNorm, params: Params, x: Array) -> Array:
    """a = scale · (x − mean) / √(variance + ε) + bias, over the last axis."""
    scale, bias = params
    return scale * normalized(layer, x)[0] + bias


def layer_norm_backward(layer: LayerNorm, params: Params, x: Array, a: Array, g: Array) -> Backward:
    """By x: (h − mean(h) − u·mean(h·u)) / s, with h = g·scale, u normalized and s the root.

    From u = (x − m)/s with dm = mean(dx) and ds = mean(u·dx) (Ba, Kiros & Hinton 2016).
    """
    u, root = normalized(layer, x)

    def by_x() -> Array:
        h = g * params[0]
        common, along = h.mean(-1, keepdims=True), (h * u).mean(-1, keepdims=True)
        return (h - common - u * along) / root

    return [in_rows(g * u).sum(0), in_rows(g).sum(0)], by_x


def attention(layer: Attention, params: Params, x: Array) -> Array:
    """a = softmax(Q·Kᵀ/√d)·V·W_output, head by head (Vaswani et al. 2017, section 3.2)."""
    _, _, v, shares = attended(layer, params, x)
    return joined(shares @ v) @ params[3]


def attention_backward(layer: Attention, params: Params, x: Array, a: Array, g: Array) -> Backward:
    """Back through the product with V, the softmax p: p·(h − Σ p·h), and the scores."""
    q, k, v, shares = attended(layer, params, x)
    by_found = in_heads(layer, g @ params[3].T)
    h = by_found @ v.swapaxes(2, 3)  # by the shares, (n, heads, length, length)
    by_scores = shares * (h - (h * shares).sum(-1, keepdims=True)) / root_of_width(layer)
    by_heads = by_scores @ k, by_scores.swapaxes(2, 3) @ q, shares.swapaxes(2, 3) @ by_found
    by_inputs = [joined(part) for part in by_heads]  # of query, key and value, each (n, length, w)
    gradients = [by_kernel(x, part) for part in by_inputs]

    def by_x() -> Array:
        parts = [part @ w.T for part, w in zip(by_inputs, params[:3], strict=True)]
        return parts[0] + parts[1] + parts[2]

    return [*gradients, by_kernel(joined(shares @ v), g)], by_x


def residual(layer: Residual, params: Params, x: Array) -> Array:
    """a = x + f(x)."""
    return x + outputs(layer.layers, params, x)[-1]


def residual_backward(layer: Residual, params: Params, x: Array, a: Array, g: Array) -> Backward:
    """By x: g + g·f′, for both ways lead there (He et al. 2016)."""
    inner = outputs(layer.layers, params, x)
    gradients, by_inner = backward(layer.layers, params, x, inner, g)
    return gradients, lambda: g + by_inner()


def mean(layer: Mean, params: Params, x: Array) -> Array:
    """The mean over all axes but the first and the last."""
    return x.mean(tuple(range(1, x.ndim - 1)))


def mean_backward(layer: Mean, params: Params, x: Array, a: Array, g: Array) -> Backward:
    """By x: g divided by the number of places, at each of them."""
    places, axes = x[0, ..., 0].size, tuple(range(1, x.ndim - 1))
    return [], lambda: np.broadcast_to(np.expand_dims(g / places, axes), x.shape)


# layer: forward, and backward
LAYERS: dict[type[Layer], tuple[Callable[..., Array], Callable[..., Backward]]] = {
    Dense: (dense, dense_backward),
    Conv2D: (conv2d, conv2d_backward),
    Pool2D: (pool2d, pool2d_backward),
    Flatten: (
        lambda layer, params, x: x.reshape(len(x), -1).copy(),  # outputs are handed out
        lambda layer, params, x, a, g: ([], lambda: g.reshape(x.shape)),
    ),
    Reshape: (
        lambda layer, params, x: x.reshape(len(x), *layer.shape).copy(),
        lambda layer, params, x, a, g: ([], lambda: g.reshape(x.shape)),
    ),
    Embedding: (embedding, embedding_backward),
    Positions: (positions, positions_backward),
    LayerNorm: (layer_norm, layer_norm_backward),
    Attention: (attention, attention_backward),
    Residual: (residual, residual_backward),
    Mean: (mean, mean_backward),
}


def outputs(layers: Sequence[Layer], params: Sequence[Array], x: Array) -> list[Array]:
    """Every layer's output, each (n, …)."""
    a, found = x, []
    for layer, own in by_layer(layers, params):
        a = LAYERS[type(layer)][0](layer, own, a)
        found.append(a)
    return found


def backward(
    layers: Sequence[Layer], params: Sequence[Array], x: Array, found: Sequence[Array], g: Array
) -> Backward:
    """From the gradient by the last output back to those by all parameters, and by x on demand."""
    gradients: Params = []
    inputs = [x, *found]
    of_layers = list(by_layer(layers, params))
    for i in reversed(range(len(of_layers))):
        layer, own = of_layers[i]
        by_own, by_input = LAYERS[type(layer)][1](layer, own, inputs[i], inputs[i + 1], g)
        gradients[:0] = by_own
        if i:
            g = by_input()
    return gradients, by_input


def in_rows(a: Array) -> Array:
    """(n, …, width) as (n · …, width): every place of a sequence or picture is a row."""
    return a.reshape(-1, a.shape[-1])


def by_kernel(x: Array, g: Array) -> Array:
    """The gradient by W of x·W, given the one by the product."""
    return in_rows(x).T @ in_rows(g)


def normalized(layer: LayerNorm, x: Array) -> tuple[Array, Array]:
    """(x − mean) / √(variance + ε) over the last axis, and that root."""
    apart = x - x.mean(-1, keepdims=True)
    root = np.sqrt((apart * apart).mean(-1, keepdims=True) + layer.epsilon)
    return apart / root, root


def attended(layer: Attention, params: Params, x: Array) -> tuple[Array, Array, Array, Array]:
    """Queries, keys and values, each (n, heads, length, d), and who looks at whom.

    shares (n, heads, length, length): shares[…, i, j] says how much place i
    takes of place j; they sum to 1 over j.
    """
    q, k, v = (in_heads(layer, x @ w) for w in params[:3])
    scores = q @ k.swapaxes(2, 3) / root_of_width(layer)
    if layer.causal:
        scores = np.where(np.tri(x.shape[1], dtype=bool), scores, -np.inf)
    odds = np.exp(scores - scores.max(-1, keepdims=True))
    return q, k, v, odds / odds.sum(-1, keepdims=True)


def root_of_width(layer: Attention) -> float:
    """√d of a head's width d."""
    return float((layer.width // layer.heads) ** 0.5)


def in_heads(layer: Attention, a: Array) -> Array:
    """(n, length, width) as (n, heads, length, width / heads)."""
    n, length, _ = a.shape
    return a.reshape(n, length, layer.heads, -1).swapaxes(1, 2)


def joined(a: Array) -> Array:
    """The way back from `in_heads`: (n, length, width)."""
    n, heads, length, d = a.shape
    return a.swapaxes(1, 2).reshape(n, length, heads * d)
