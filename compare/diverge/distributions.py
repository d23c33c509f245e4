"""From which distribution were these weights drawn? By their bounds, their spread and their shape.

A framework's own initial weights can never equal ours, draw for draw. But each initializer leaves a
distribution, and a kernel has enough numbers to tell one from another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import erf

import numpy as np

from adapters.contract import Array

FEWEST = 32  # numbers; of fewer any distribution fits
MOST = 4096  # numbers are enough to tell any two of them apart
TRUNCATED = 0.87962566103423978  # the standard deviation of a normal cut off at two of them
# The Kolmogorov–Smirnov distance times √n is above this for one sample of a thousand that comes
# from the distribution, and above REJECTED for one of 10⁹.
FITS, REJECTED = 1.95, 3.3


@dataclass(frozen=True)
class Fit:
    """A distribution that the numbers may come from."""

    name: str
    distance: float  # √n times the largest gap between the two cumulative shares
    spread: float  # standard deviation expected

    @property
    def fits(self) -> bool:
        """Whether one sample of a thousand would be farther off."""
        return self.distance <= FITS


def candidates(fans: tuple[int, int]) -> Mapping[str, tuple[str, float]]:
    """The initializers of the frameworks: the kind of their distribution, and its scale."""
    n_in, n_out = fans
    both = n_in + n_out
    return {
        "uniform ±1/√n_in, PyTorch's Linear": ("uniform", n_in**-0.5),
        "Glorot's uniform ±√(6/(n_in + n_out)), Keras's Dense": ("uniform", (6 / both) ** 0.5),
        "He's uniform ±√(6/n_in)": ("uniform", (6 / n_in) ** 0.5),
        "uniform ±0.05, Keras's random_uniform": ("uniform", 0.05),
        "uniform ±1": ("uniform", 1.0),
        "uniform 0 to 1, numpy.random.rand": ("unit", 1.0),
        "Glorot's normal, σ = √(2/(n_in + n_out))": ("normal", (2 / both) ** 0.5),
        "Glorot's normal cut off at 2σ, Keras's glorot_normal": ("cut", (2 / both) ** 0.5),
        "He's normal, σ = √(2/n_in)": ("normal", (2 / n_in) ** 0.5),
        "He's normal cut off at 2σ, Keras's he_normal": ("cut", (2 / n_in) ** 0.5),
        "LeCun's normal, σ = √(1/n_in)": ("normal", n_in**-0.5),
        "LeCun's normal cut off at 2σ, Flax's Dense": ("cut", n_in**-0.5),
        "normal, σ = 1, PyTorch's Embedding": ("normal", 1.0),
        "normal, σ = 0.02, as GPT's": ("normal", 0.02),
        "normal, σ = 0.01": ("normal", 0.01),
        "normal, σ = 0.05, Keras's random_normal": ("normal", 0.05),
        "normal, σ = 0.1": ("normal", 0.1),
    }


def fits(numbers: Array, fans: tuple[int, int]) -> list[Fit]:
    """Every candidate with its distance from the numbers, the nearest first."""
    flat = np.sort(numbers.ravel()[:: max(1, numbers.size // MOST)].astype(float))
    found = [
        Fit(name, _distance(flat, kind, scale), _spread(kind, scale))
        for name, (kind, scale) in candidates(fans).items()
    ]
    return sorted(found, key=lambda fit: fit.distance)


def _spread(kind: str, scale: float) -> float:
    return {"uniform": scale / 3**0.5, "unit": scale / 12**0.5}.get(kind, scale)


def _distance(flat: Array, kind: str, scale: float) -> float:
    share = _cumulative(flat, kind, scale)
    n = len(flat)
    above = (np.arange(1, n + 1) / n - share).max()
    below = (share - np.arange(n) / n).max()
    return float(max(above, below)) * n**0.5


def _cumulative(x: Array, kind: str, scale: float) -> Array:
    if kind == "uniform":
        return np.clip((x / scale + 1) / 2, 0, 1)
    if kind == "unit":
        return np.clip(x / scale, 0, 1)
    if kind == "normal":
        return _normal(x / scale)
    z = np.clip(x / (scale / TRUNCATED), -2, 2)
    low, high = _normal(np.array([-2.0, 2.0]))
    return np.asarray((_normal(z) - low) / (high - low))


def _normal(z: Array) -> Array:
    return np.array([0.5 * (1 + erf(value / 2**0.5)) for value in z])
