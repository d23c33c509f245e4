"""The interface that every backend implements: networks, optimizers, models and errors.

A network is data and a backend is a class. Only NumPy arrays go in and come out, never a type of a
framework. So a lesson is written once, and two backends can be compared number by number.

Definitions, the same in every backend (z are the scores, the sums run over the outputs, and every
loss is averaged over the rows of the batch):

    perceptron   Σ where(y·z ≤ 0, −y·z, 0)                 y in {−1, +1}, float (n, n_out)
    squared      Σ (z − y)²                                y float (n, n_out); without a ½
    logistic     Σ log(1 + exp(z)) − y·z                   y in {0, 1}, float (n, n_out)
    softmax      log Σ exp(z) − z[y]                       y class numbers, int64 (n,)
    l2           + ½ · l2 · Σ W²                           kernels only: in loss, gradients and step

The perceptron's loss uses `where` and not `max`: a score of exactly 0 counts as a mistake, and its
gradient is −y·x in every backend. The gradient of max(0, −y·z) at 0 differs between frameworks.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, get_args

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
Params = list[Array]  # [W0, b0, W1, b1, …]: Wi (n_in, n_out), bi (n_out,)
State = dict[str, Array]
Activation = Literal["identity", "sigmoid", "relu", "tanh"]
Loss = Literal["perceptron", "squared", "logistic", "softmax"]
DType = Literal["float32", "float64"]
Device = Literal["cpu", "gpu"]


class TriptychError(Exception):
    """An error that the user can fix; its message is one line that says what to do."""


class UnknownBackend(TriptychError):
    """No backend of that name exists."""


class BackendNotInstalled(TriptychError):
    """The backend exists, but its packages are not in this environment."""


class DeviceNotFound(TriptychError):
    """The requested device is missing, or the backend cannot use it."""


class SettingsError(TriptychError):
    """A value is invalid, or contradicts the settings that this process already runs with."""


class ShapeError(TriptychError, ValueError):
    """An array, label or layer does not fit the network."""


class NotFinite(TriptychError):
    """A training run produced a loss that is not finite."""


def require(condition: bool, message: str, error: type[TriptychError] = SettingsError) -> None:
    """Raise `error(message)` unless the condition holds."""
    if not condition:
        raise error(message)


def is_count(value: object) -> bool:
    """Whether a value is a whole number; True and False do not count."""
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


@dataclass(frozen=True)
class Dense:
    """A dense layer: activation(X · W + b), with W (n_in, n_out) and b (n_out,)."""

    n_in: int
    n_out: int
    activation: Activation = "identity"

    def __post_init__(self) -> None:
        require(
            all(is_count(n) and n >= 1 for n in (self.n_in, self.n_out)),
            f"a dense layer needs 1 input and 1 output or more, not {self.n_in!r}, {self.n_out!r}",
            ShapeError,
        )
        require(
            self.activation in get_args(Activation),
            f"unknown activation {self.activation!r}: use one of {', '.join(get_args(Activation))}",
        )


@dataclass(frozen=True)
class Net:
    """A stack of dense layers, the loss on its scores, and the strength of the L2 penalty."""

    layers: tuple[Dense, ...]
    loss: Loss
    l2: float = 0.0

    def __post_init__(self) -> None:
        require(
            isinstance(self.layers, Sequence) and all(isinstance(a, Dense) for a in self.layers),
            f"layers are {self.layers!r}: expected a tuple of Dense layers",
            ShapeError,
        )
        require(len(self.layers) > 0, "a network needs at least one layer", ShapeError)
        for before, after in zip(self.layers, self.layers[1:], strict=False):
            require(
                before.n_out == after.n_in,
                f"a layer with {before.n_out} outputs cannot feed one with {after.n_in} inputs",
                ShapeError,
            )
        require(
            self.loss in get_args(Loss),
            f"unknown loss {self.loss!r}: use one of {', '.join(get_args(Loss))}",
        )
        _make_plain(self, "l2")
        require(np.isfinite(self.l2) and self.l2 >= 0, f"l2 is {self.l2}: it must be 0 or positive")

    @property
    def n_in(self) -> int:
        """Width of the input."""
        return self.layers[0].n_in

    @property
    def n_out(self) -> int:
        """Number of scores."""
        return self.layers[-1].n_out

    @property
    def shapes(self) -> list[tuple[int, ...]]:
        """The shapes of the parameters, in the contract's order W0, b0, W1, b1, …"""
        return [s for layer in self.layers for s in ((layer.n_in, layer.n_out), (layer.n_out,))]


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
        _make_plain(self, "learning_rate", "momentum")
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
        _make_plain(self, "learning_rate", "beta_1", "beta_2", "epsilon")
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


def _make_plain(settings: Net | SGD | Adam, *names: str) -> None:
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


class Model(ABC):
    """A network with its weights and its optimizer, in one framework.

    Returned arrays are copies in the run's dtype; arguments are never changed. Every method that
    takes arrays raises ShapeError if they do not fit. `load` sets the class attributes dtype,
    device and threads, which are the same for the whole process.
    """

    backend: ClassVar[str]
    dtype: ClassVar[DType]
    device: ClassVar[Device]
    threads: ClassVar[int]
    DEFAULTS: ClassVar[dict[str, Any]]  # read from the live framework

    net: Net
    optimizer: Optimizer

    @property
    @abstractmethod
    def optimizer_source(self) -> Literal["framework", "ours"]:
        """What moves the weights: the framework's optimizer, or the contract's equation."""

    @abstractmethod
    def __init__(self, net: Net, params: Params, optimizer: Optimizer) -> None:
        """Build the network with exactly these weights; nothing is random."""

    @abstractmethod
    def params(self) -> Params:
        """Copies of the weights: W0 (n_in, n_out), b0 (n_out,), W1, b1, …"""

    @abstractmethod
    def assign(self, params: Params) -> None:
        """Replace the weights; the optimizer's slots stay as they are."""

    @abstractmethod
    def forward(self, x: Array) -> Array:
        """The scores (n, n_out) of the rows x (n, n_in), before the loss."""

    @abstractmethod
    def activations(self, x: Array) -> list[Array]:
        """Every layer's output, each (n, layer.n_out); the last one is the scores."""

    @abstractmethod
    def loss(self, x: Array, y: Array) -> float:
        """The mean loss of these rows, plus the penalty."""

    @abstractmethod
    def gradients(self, x: Array, y: Array) -> Params:
        """The gradient of `loss` by each parameter; the model stays as it is."""

    @abstractmethod
    def step(self, x: Array, y: Array) -> float:
        """Make one update on this batch, the framework's own way; return the loss *before* it."""

    @abstractmethod
    def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
        """Make one update for each batch of rows in this order; return the losses before them.

        order (m,) integers: row numbers. The last batch may be smaller.
        Returns (ceil(m / batch_size),) in the run's dtype.
        """

    @abstractmethod
    def state(self) -> State:
        """Copies of weights and optimizer slots, under the same names in every framework.

        `param_0` …, then `velocity_0` … or `first_moment_0`, `second_moment_0` …, and `step`
        (int64, ()) for Adam. A key that ends in `_remainder` holds a backend's rounding error.
        Without it a restored run continues to the last digit but not to the last bit; other
        backends ignore it.
        """

    @abstractmethod
    def restore(self, state: State) -> None:
        """Replace weights and slots by a state's; training continues as if never interrupted."""

    @staticmethod
    @abstractmethod
    def derivative(f: Callable[[Sequence[Any]], Any], at: Sequence[float]) -> tuple[float, Array]:
        """Value and gradient (k,) of a function of k scalar parameters.

        f: plain, smooth Python arithmetic on a list of scalars, over at most a hundred data points.
        An `if` on a parameter works only where the backend runs f on numbers; PyTensor and Keras on
        JAX do not.
        """
