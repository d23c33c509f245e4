"""Where rounding decides on which side of a kink a number is: a relu's zero, and a max-pool's tie.

A relu in the stack shows in the layer outputs of a backend. What happens inside a residual, and
which number of a window a max-pool took, is computed here by NumPy, from each side's own weights
and layer outputs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from adapters.contract import Array, Layer, Net, Params, by_layer
from adapters.layers import Pool2D, Residual
from adapters.numpy_layers import outputs
from adapters.numpy_windows import windows
from compare.budgets import FLIP
from course.overflow import quietly


@dataclass(frozen=True)
class Pass:
    """What one side computed on one batch: its weights, the rows, and the output of each layer."""

    params: Params
    x: Array
    outputs: Sequence[Array]

    @property
    def finite(self) -> bool:
        """Whether nothing has overflowed."""
        return all(np.isfinite(a).all() for a in self.outputs)


@quietly
def find_kink(net: Net, ours: Pass, theirs: Pass) -> str:
    """A number that is on another side of a kink in the other pass, if rounding can explain it."""
    if not (ours.finite and theirs.finite):
        return ""
    both = zip(_kinks(net.layers, ours), _kinks(net.layers, theirs), strict=True)
    for (name, one, scale), (_, other, _) in both:
        differ = one.argmax(0) != other.argmax(0)  # which is the largest
        if not differ.any():
            continue
        gap = np.maximum(_ahead(one, other), _ahead(other, one))
        if gap[differ].max() <= FLIP * scale:
            at = [int(i) for i in np.argwhere(differ)[0]]
            return f"{name} at {at} was decided by rounding (|gap| ≤ {gap[differ].max():.0e})"
    return ""


def _ahead(ours: Array, theirs: Array) -> Array:
    """How far the largest of our numbers is above the one that is the largest of theirs."""
    return np.asarray(ours.max(0) - np.take_along_axis(ours, theirs.argmax(0)[None], 0)[0])


def _kinks(
    layers: Sequence[Layer], of: Pass, before: str = ""
) -> Iterator[tuple[str, Array, float]]:
    """Of each kink the numbers of which the largest decides, (k, n, …), and their largest size."""
    inputs = [of.x, *of.outputs]
    for i, (layer, own) in enumerate(by_layer(layers, of.params)):
        a, name = inputs[i], f"{before}{i}"
        if isinstance(layer, Pool2D) and layer.kind == "max":
            parts = np.array(windows(layer, a, outside=-np.inf))
            yield f"max-pool {name}", parts, float(np.abs(a).max())
        elif isinstance(layer, Residual):
            inside = Pass(own, a, outputs(layer.layers, own, a))
            yield from _kinks(layer.layers, inside, f"{name}.")
        elif before and getattr(layer, "activation", "") == "relu":
            z = inputs[i + 1]  # of equal numbers the first is the largest, so that 0 is off
            yield f"relu {name}", np.array([np.zeros_like(z), z]), float(np.abs(z).max())
