"""Injections into layers of sequences: embedding, positions, attention, normalisation, residual."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from adapters.contract import Array, Params
from adapters.layers import Attention, Embedding, Layer, LayerNorm, Positions, Residual, flat
from adapters.numpy_layers import (
    Backward,
    attention,
    attention_backward,
    embedding,
    embedding_backward,
    in_rows,
    layer_norm,
    layer_norm_backward,
)
from injections.attention import ChangedAttention, by_rows, rows_joined
from injections.injection import Injection, has_layer
from injections.reference_network import LOSSES, Definition
from injections.run_spec import RunSpec


def _with(kind: type[Layer], forward: Any, backward: Any) -> Callable[[RunSpec], RunSpec]:
    """The spec with another way forward and backward through layers of this kind."""
    return Definition(layers={kind: (forward, backward)}).into


def _where(
    kind: type[Layer], accepts: Callable[[Any], bool] = lambda layer: True
) -> Callable[[RunSpec], bool]:
    """Whether there is such a layer, and the network can be computed by hand."""
    return lambda spec: (
        spec.net.loss in LOSSES
        and has_layer(spec, lambda layer: isinstance(layer, kind) and accepts(layer))
    )


def _has_several(layer: Attention) -> bool:
    return layer.heads > 1


def _is_causal(layer: Attention) -> bool:
    return layer.causal


@dataclass(frozen=True)
class Norm:
    """Layer normalisation by hand: where ε stands, over which axis, and what n is less."""

    axis: int = -1
    less: int = 0
    epsilon_outside: bool = False

    def into(self, spec: RunSpec) -> RunSpec:
        """The spec with a backend whose norm is this."""
        return _with(LayerNorm, self.forward, self.backward)(spec)

    def forward(self, layer: LayerNorm, params: Params, x: Array) -> Array:
        """scale · (x − mean) / root + bias."""
        return params[0] * self._normalized(layer, x)[0] + params[1]

    def backward(self, layer: LayerNorm, params: Params, x: Array, a: Array, g: Array) -> Backward:
        """By x: (h − mean(h)) / r − u · Σ h·u / (s · (n − less)), with h = g·scale, u normalized.

        r is what the quotient divides by, and s the root in it: the same unless ε is outside.
        """
        u, root, s = self._normalized(layer, x)
        n = x.shape[self.axis] - self.less

        def by_x() -> Array:
            h = g * params[0]
            along = (h * u).sum(self.axis, keepdims=True) / n
            return (h - h.mean(self.axis, keepdims=True)) / root - u * along / s

        return [in_rows(g * u).sum(0), in_rows(g).sum(0)], by_x

    def _normalized(self, layer: LayerNorm, x: Array) -> tuple[Array, Array, Array]:
        apart = x - x.mean(self.axis, keepdims=True)
        n = x.shape[self.axis] - self.less
        variance = (apart * apart).sum(self.axis, keepdims=True) / n
        if self.epsilon_outside:
            s = np.sqrt(variance)
            return apart / (s + layer.epsilon), s + layer.epsilon, s
        root = np.sqrt(variance + layer.epsilon)
        return apart / root, root, root


def _epsilon_of_keras() -> tuple[Callable[..., Array], Callable[..., Backward]]:
    def forward(layer: LayerNorm, params: Params, x: Array) -> Array:
        return layer_norm(replace(layer, epsilon=1e-3), params, x)

    def backward(layer: LayerNorm, params: Params, x: Array, a: Array, g: Array) -> Backward:
        return layer_norm_backward(replace(layer, epsilon=1e-3), params, x, a, g)

    return forward, backward


def _normalizes_places(spec: RunSpec) -> bool:
    """Whether what is normalised has places to confuse with its width."""
    before = (spec.net.row_shape, *spec.net.outputs)
    return spec.net.loss in LOSSES and any(
        len(shape) > 1 and any(isinstance(inner, LayerNorm) for inner in flat([layer]))
        for layer, shape in zip(spec.net.layers, before, strict=False)
    )


def _counted_once(layer: Embedding, params: Params, x: Array, a: Array, g: Array) -> Backward:
    """Of a word that comes several times, the last one's gradient alone."""
    by_table = np.zeros_like(params[0])
    by_table[x] += g
    return [by_table], lambda: g


def _scaled(layer: Embedding, params: Params, x: Array) -> Array:
    return np.asarray(layer.width**0.5 * embedding(layer, params, x))


def _scaled_backward(layer: Embedding, params: Params, x: Array, a: Array, g: Array) -> Backward:
    return embedding_backward(layer, params, x, a, layer.width**0.5 * g)


def _without(layer: Positions, params: Params, x: Array) -> Array:
    return x


def _without_backward(layer: Positions, params: Params, x: Array, a: Array, g: Array) -> Backward:
    return [np.zeros_like(params[0])], lambda: g


def _way_around(times: int) -> Callable[[RunSpec], RunSpec]:
    """The input of a residual is added so many times."""
    inner = Definition()  # what is inside it stays as it is

    def forward(layer: Residual, params: Params, x: Array) -> Array:
        return times * x + own.forward(layer.layers, params, x)[-1]

    def backward(layer: Residual, params: Params, x: Array, a: Array, g: Array) -> Backward:
        found = own.forward(layer.layers, params, x)
        gradients, by_inner = own.backward(layer.layers, params, x, found, g)
        return gradients, lambda: times * g + by_inner()

    own = replace(inner, layers={Residual: (forward, backward)})
    return own.into


def _over_the_batch(layer: Attention, params: Params, x: Array) -> Array:
    """As if the first axis were the places, and the second the batch."""
    return attention(layer, params, x.swapaxes(0, 1)).swapaxes(0, 1)


def _over_the_batch_backward(
    layer: Attention, params: Params, x: Array, a: Array, g: Array
) -> Backward:
    turned = (each.swapaxes(0, 1) for each in (x, a, g))
    gradients, by_x = attention_backward(layer, params, *turned)
    return gradients, lambda: by_x().swapaxes(0, 1)


def _scaled_by_the_whole(spec: RunSpec) -> RunSpec:
    heads = next(layer.heads for layer in flat(spec.net.layers) if isinstance(layer, Attention))
    return ChangedAttention(scale=lambda d: (d * heads) ** 0.5).into(spec)


INJECTIONS = [
    Injection(
        "embedding_scaled", "{backend} multiplies what it looks up by √width, as Vaswani's does",
        "Scale in both or in neither.",
        _with(Embedding, _scaled, _scaled_backward), _where(Embedding),
    ),
    Injection(
        "repeated_word_counted_once",
        "{backend} counts the gradient of a word once however often it comes",
        "Add up: `np.add.at`, or `index_add_`; `table[ids] += g` writes the last one only.",
        _with(Embedding, embedding, _counted_once), _where(Embedding),
    ),
    Injection(
        "positions_left_out", "{backend} does not add the positions",
        "Add them in both; without them attention does not know the order of the words.",
        _with(Positions, _without, _without_backward), _where(Positions),
    ),
    Injection(
        "layer_norm_epsilon_of_keras", "{backend} normalises with ε = 1e-3, Keras's default",
        "State epsilon in both: it is 1e-5 in PyTorch and JAX.",
        _with(LayerNorm, *_epsilon_of_keras()), _where(LayerNorm, lambda norm: norm.epsilon < 1e-3),
        entry="layernorm_epsilon",
    ),
    Injection(
        "layer_norm_epsilon_outside", "{backend} adds the norm's ε outside the root",
        "Put ε under the root, or use the framework's own layer.",
        Norm(epsilon_outside=True).into, _where(LayerNorm),
    ),
    Injection(
        "layer_norm_by_n_minus_one", "{backend} divides a norm's variance by n − 1",
        "Pass correction=0 to PyTorch's var or std, or use the framework's own layer.",
        Norm(less=1).into, _where(LayerNorm, lambda norm: norm.width > 1),
        entry="layernorm_variance",
    ),
    Injection(
        "layer_norm_by_std_plus_epsilon",
        "{backend} divides by the std with n − 1, plus ε, as the Annotated Transformer does",
        "Use the framework's own layer: the variance by n, and ε under the root.",
        Norm(epsilon_outside=True, less=1).into, _where(LayerNorm, lambda norm: norm.width > 1),
        entry="layernorm_variance",
    ),
    Injection(
        "layer_norm_over_places", "{backend} normalises over the places and not over the width",
        "Name the axis: it is the last.",
        Norm(axis=1).into, _normalizes_places,
    ),
    Injection(
        "attention_not_scaled", "{backend} does not divide the scores of attention",
        "Divide by √d, or pass `scale`: Keras's plain Attention layer does not.",
        ChangedAttention(scale=lambda d: 1.0).into, _where(Attention),
        entry="attention_layer_scale",
    ),
    Injection(
        "attention_scaled_by_d", "{backend} divides the scores of attention by d and not by √d",
        "Take the root of a head's width.",
        ChangedAttention(scale=float).into, _where(Attention, lambda a: a.width > a.heads),
    ),
    Injection(
        "attention_scaled_by_the_whole_width",
        "{backend} divides the scores of attention by the root of the whole width",
        "Take the root of a head's width: that of the model divided by the heads.",
        _scaled_by_the_whole, _where(Attention, _has_several),
    ),
    Injection(
        "attention_mask_forgotten", "{backend} looks at the whole sequence, the future too",
        "Pass the mask: `is_causal=True`, `use_causal_mask=True`.",
        ChangedAttention(mask=lambda length: np.ones((length, length), bool)).into,
        _where(Attention, _is_causal),
    ),
    Injection(
        "attention_mask_upside_down", "{backend} looks at the future and not at the past",
        "Find out what True means: hidden in PyTorch's MultiheadAttention, elsewhere seen.",
        ChangedAttention(mask=lambda length: np.tri(length, dtype=bool).T).into,
        _where(Attention, _is_causal), entry="attention_mask_polarity",
    ),
    Injection(
        "attention_over_the_batch", "{backend} takes the batch for the places, and looks across it",
        "Pass `batch_first=True` to PyTorch's MultiheadAttention: places come first by default.",
        _with(Attention, _over_the_batch, _over_the_batch_backward), _where(Attention),
        entry="attention_steps_axis",
    ),
    Injection(
        "heads_split_by_reshape",
        "{backend} reshapes to heads without transposing: each has some places, not some columns",
        "Reshape to (n, length, heads, d), then swap the middle axes.",
        ChangedAttention(split=by_rows, join=rows_joined).into, _where(Attention, _has_several),
        entry="attention_heads_axis",
    ),
    Injection(
        "attention_softmax_over_queries",
        "{backend}'s shares sum to one over the places that look, not over those they look at",
        "Take the softmax over the last axis of the scores.",
        ChangedAttention(axis=-2).into, _where(Attention),
    ),
    Injection(
        "attention_softmax_in_float32", "{backend} takes the softmax of attention in float32",
        "Write the softmax out: `jax.nn.dot_product_attention` rounds it in a float64 run.",
        ChangedAttention(precision=np.float32).into, _where(Attention),
        entry="attention_softmax_precision", dtype="float64",
    ),
    Injection(
        "residual_left_out", "{backend} goes through the layers of a residual, and not around them",
        "Add the input to the output.",
        _way_around(0), _where(Residual),
    ),
    Injection(
        "residual_added_twice", "{backend} adds the input of a residual twice",
        "Add it once: some layers have their own way around.",
        _way_around(2), _where(Residual),
    ),
]  # fmt: skip
