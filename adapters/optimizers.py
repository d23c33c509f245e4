"""The optimizers, as data: their settings and their equations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from adapters.errors import SettingsError, require


@dataclass(frozen=True)
class SGD:
    """Stochastic gradient descent, with or without momentum.

    plain       W ← W − η·g
    momentum    v ← μ·v + g;   W ← W − η·v                 (Polyak 1964)
    Nesterov    v ← μ·v + g;   W ← W − η·(g + μ·v)         (Sutskever et al. 2013)
    """

    learning_rate: float
    momentum: float = 0.0
    nesterov: bool = False

    def __post_init__(self) -> None:
        make_plain(self, "learning_rate", "momentum")
        _check_learning_rate(self.learning_rate)
        require(0 <= self.momentum < 1, f"momentum is {self.momentum}: it must be in [0, 1)")
        require(self.momentum > 0 or not self.nesterov, "Nesterov needs a momentum above 0")

    @property
    def slots(self) -> tuple[str, ...]:
        """What the optimizer remembers of each parameter."""
        return ("velocity",) if self.momentum else ()


@dataclass(frozen=True)
class Adam:
    """Adam, algorithm 1 of Kingma & Ba (2015): the ε stands outside the corrected root.

    t ← t + 1;  m ← β₁·m + (1 − β₁)·g;  v ← β₂·v + (1 − β₂)·g²
    W ← W − η · (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)
    """

    learning_rate: float = 0.001
    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-8

    def __post_init__(self) -> None:
        make_plain(self, "learning_rate", "beta_1", "beta_2", "epsilon")
        _check_learning_rate(self.learning_rate)
        for name, beta in (("beta_1", self.beta_1), ("beta_2", self.beta_2)):
            require(0 <= beta < 1, f"{name} is {beta}: it must be in [0, 1)")
        require(
            np.isfinite(self.epsilon) and self.epsilon > 0,
            f"epsilon is {self.epsilon}: it must be positive",
        )

    @property
    def slots(self) -> tuple[str, ...]:
        """What the optimizer remembers of each parameter."""
        return ("first_moment", "second_moment")


Optimizer = SGD | Adam


def make_plain(settings: object, *names: str) -> None:
    """Convert settings to Python floats; an `np.float64` would promote a float32 run to float64."""
    for name in names:
        value = getattr(settings, name)
        try:
            plain = float(value)
        except (TypeError, ValueError, OverflowError):
            raise SettingsError(f"{name} is {str(value)[:60]!r}: it must be a number") from None
        object.__setattr__(settings, name, plain)


def _check_learning_rate(learning_rate: float) -> None:
    require(
        np.isfinite(learning_rate) and learning_rate > 0,
        f"learning rate is {learning_rate}: it must be a positive number",
    )
