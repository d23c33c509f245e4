"""Attention by hand, in parts that an injection replaces."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from adapters.contract import Array, Params
from adapters.layers import Attention
from adapters.numpy_layers import Backward, by_kernel, in_heads, joined
from injections.reference_network import Definition
from injections.run_spec import RunSpec


@dataclass(frozen=True)
class ChangedAttention:
    """Attention by hand, in parts that an injection replaces; the defaults are the contract's.

    scale: of the scores, from a head's width d. mask: from the length, who may look at whom, of a
    causal layer. axis: over which the shares sum to 1. split and join: to heads (n, heads, length,
    d) and back. precision: of the softmax.
    """

    scale: Callable[[int], float] = lambda d: float(d**0.5)
    mask: Callable[[int], Array] = lambda length: np.tri(length, dtype=bool)
    axis: int = -1
    split: Callable[[Attention, Array], Array] = in_heads
    join: Callable[[Array], Array] = joined
    precision: type | None = None

    def into(self, spec: RunSpec) -> RunSpec:
        """The spec with a backend whose attention is this."""
        return Definition(layers={Attention: (self.forward, self.backward)}).into(spec)

    def forward(self, layer: Attention, params: Params, x: Array) -> Array:
        """The output (n, length, width)."""
        _, _, v, shares = self._attended(layer, params, x)
        return self.join(shares @ v) @ params[3]

    def backward(self, layer: Attention, params: Params, x: Array, a: Array, g: Array) -> Backward:
        """The gradients by the four kernels, and by x."""
        q, k, v, shares = self._attended(layer, params, x)
        by_found = self.split(layer, g @ params[3].T)
        h = by_found @ v.swapaxes(2, 3)
        by_scores = shares * (h - (h * shares).sum(self.axis, keepdims=True))
        by_scores = by_scores / self.scale(layer.width // layer.heads)
        parts = by_scores @ k, by_scores.swapaxes(2, 3) @ q, shares.swapaxes(2, 3) @ by_found
        by_inputs = [self.join(part) for part in parts]
        by_output = by_kernel(self.join(shares @ v), g)

        def by_x() -> Array:
            each = [part @ w.T for part, w in zip(by_inputs, params[:3], strict=True)]
            return each[0] + each[1] + each[2]

        return [*(by_kernel(x, part) for part in by_inputs), by_output], by_x

    def _attended(
        self, layer: Attention, params: Params, x: Array
    ) -> tuple[Array, Array, Array, Array]:
        q, k, v = (self.split(layer, x @ w) for w in params[:3])
        scores = q @ k.swapaxes(2, 3) / self.scale(layer.width // layer.heads)
        if layer.causal:
            scores = np.where(self.mask(x.shape[1]), scores, -np.inf)
        scores = scores.astype(self.precision or scores.dtype)
        odds = np.exp(scores - scores.max(self.axis, keepdims=True))
        return q, k, v, (odds / odds.sum(self.axis, keepdims=True)).astype(x.dtype)


def by_rows(layer: Attention, a: Array) -> Array:
    """Heads by a reshape alone: each takes some of the places, and not some of the columns."""
    n, length, width = a.shape
    return a.reshape(n, layer.heads, length, width // layer.heads)


def rows_joined(a: Array) -> Array:
    """The way back from `by_rows`."""
    n, heads, length, d = a.shape
    return a.reshape(n, length, heads * d)
