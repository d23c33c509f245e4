"""The interface that every backend implements: networks, optimizers, models and errors.

A network is data and a backend is a class. Only NumPy arrays go in and come out, never a type of a
framework. So a lesson is written once, and two backends can be compared number by number.

Definitions, the same in every backend (z are the scores, the sums run over the outputs, and every
loss is averaged over the rows of the batch, and over the places of a sequence):

    perceptron   Σ where(y·z ≤ 0, −y·z, 0)                 y in {−1, +1}, float (n, n_out)
    squared      Σ (z − y)²                                y float (n, n_out); without a ½
    logistic     Σ log(1 + exp(z)) − y·z                   y in {0, 1}, float (n, n_out)
    softmax      log Σ exp(z) − z[y]                       y class numbers, int64 (n,), (n, length)
    l2           + ½ · l2 · Σ W²                           kernels only: in loss, gradients and step

The perceptron's loss uses `where` and not `max`: a score of exactly 0 counts as a mistake, and its
gradient is −y·x in every backend. The gradient of max(0, −y·z) at 0 differs between frameworks.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import prod
from typing import Any, ClassVar, Literal, TypeVar, get_args

import numpy as np

from adapters.errors import (
    BackendNotInstalled,
    DeviceNotFound,
    LayerMissing,
    NotFinite,
    SettingsError,
    ShapeError,
    TriptychError,
    UnknownBackend,
    is_count,
    require,
)
from adapters.layers import Activation, Dense, Embedding, Layer, Parameter, Shape
from adapters.layers.layer import check_shape
from adapters.layers.residual import numbered
from adapters.optimizers import SGD, Adam, Optimizer, make_plain

__all__ = [
    "SGD", "Activation", "Adam", "Array", "BackendNotInstalled", "DType", "Dense", "Device",
    "DeviceNotFound", "Layer", "LayerMissing", "Loss", "Model", "Net", "NotFinite", "Optimizer",
    "Parameter", "Params", "SettingsError", "Shape", "ShapeError", "State", "TriptychError",
    "UnknownBackend", "by_layer", "is_count", "require",
]  # fmt: skip

Array = np.ndarray[Any, np.dtype[Any]]
Params = list[Array]  # in the order of `Net.parameters`; of dense layers W0, b0, W1, b1, …
State = dict[str, Array]
T = TypeVar("T")
Loss = Literal["perceptron", "squared", "logistic", "softmax"]
DType = Literal["float32", "float64"]
Device = Literal["cpu", "gpu"]


@dataclass(frozen=True)
class Net:
    """A stack of layers, the loss on its scores, the strength of the L2 penalty, and its input.

    input_shape: the shape of a row; by default what the first layer reads, which a convolution, a
    pooling layer or an embedding does not say.
    """

    layers: tuple[Layer, ...]
    loss: Loss
    l2: float = 0.0
    input_shape: Shape | None = None

    def __post_init__(self) -> None:
        require(
            isinstance(self.layers, Sequence) and all(isinstance(a, Layer) for a in self.layers),
            f"layers are {self.layers!r}: expected a tuple of layers, as (Dense(784, 10),)",
            ShapeError,
        )
        require(len(self.layers) > 0, "a network needs at least one layer", ShapeError)
        require(
            not any(isinstance(layer, Embedding) for layer in self.layers[1:]),
            "an embedding reads whole numbers: it can only be the first layer",
            ShapeError,
        )
        shape = self.layers[0].reads if self.input_shape is None else self.input_shape
        require(
            shape is not None,
            f"{self.layers[0]} reads rows of several shapes: say which, as in "
            "Net(…, input_shape=(28, 28, 1))",
            ShapeError,
        )
        object.__setattr__(self, "layers", tuple(self.layers))
        object.__setattr__(self, "input_shape", check_shape("input_shape", shape))
        _ = self.outputs  # raises ShapeError where two layers do not fit
        require(
            self.loss in get_args(Loss),
            f"unknown loss {self.loss!r}: use one of {', '.join(get_args(Loss))}",
        )
        make_plain(self, "l2")
        require(np.isfinite(self.l2) and self.l2 >= 0, f"l2 is {self.l2}: it must be 0 or positive")

    @cached_property
    def outputs(self) -> tuple[Shape, ...]:
        """The shape of each layer's output, for one row; the last is that of the scores."""
        shapes: list[Shape] = []
        for layer in self.layers:
            shapes.append(layer.gives(shapes[-1] if shapes else self.row_shape))
        return tuple(shapes)

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """Every parameter, with its layer's number in its name: 0.kernel, 0.bias, 2.kernel, …"""
        return numbered(self.layers)

    @property
    def row_shape(self) -> Shape:
        """The shape of one row of the input."""
        assert self.input_shape is not None
        return self.input_shape

    @property
    def is_dense(self) -> bool:
        """Whether all layers are dense ones."""
        return all(isinstance(layer, Dense) for layer in self.layers)

    @property
    def reads_indices(self) -> bool:
        """Whether the input is whole numbers, for an embedding."""
        return isinstance(self.layers[0], Embedding)

    @property
    def n_in(self) -> int:
        """How many numbers a row of the input has."""
        return prod(self.row_shape)

    @property
    def n_out(self) -> int:
        """Number of scores, for each place of a sequence."""
        return self.outputs[-1][-1]

    @property
    def shapes(self) -> list[Shape]:
        """The shapes of the parameters, in the contract's order."""
        return [parameter.shape for parameter in self.parameters]

    @property
    def penalized(self) -> list[int]:
        """Which parameters the L2 penalty reaches."""
        return [i for i, parameter in enumerate(self.parameters) if parameter.is_penalized]


def by_layer(layers: Sequence[Layer], params: Sequence[T]) -> Iterator[tuple[Layer, list[T]]]:
    """Yield each layer with its own of the parameters, or of what there is for each parameter."""
    rest = iter(params)
    for layer in layers:
        yield layer, [next(rest) for _ in layer.parameters]


class Model(ABC):
    """A network with its weights and its optimizer, in one framework.

    Returned arrays are copies in the run's dtype; arguments are never changed. Every method that
    takes arrays raises ShapeError if they do not fit. `load` sets the class attributes dtype,
    device and threads, which are the same for the whole process.
    """

    backend: ClassVar[str]
    supported_layers: ClassVar[frozenset[type[Layer]]] = frozenset({Dense})
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
        """Build the network with exactly these weights; nothing is random.

        Raises LayerMissing for a layer that is not among `supported_layers`.
        """

    @abstractmethod
    def params(self) -> Params:
        """Copies of the weights, in the order of `net.parameters`."""

    @abstractmethod
    def assign(self, params: Params) -> None:
        """Replace the weights; the optimizer's slots stay as they are."""

    @abstractmethod
    def forward(self, x: Array) -> Array:
        """The scores (n, …, n_out) of rows x (n, …), each of `net.input_shape`, before the loss."""

    @abstractmethod
    def activations(self, x: Array) -> list[Array]:
        """Every layer's output, (n, …) of the shapes in `net.outputs`; the last is the scores."""

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

    def with_learning_rate(self, learning_rate: float) -> Model:
        """This model at another learning rate, with its weights and slots; use only what returns.

        A new model, or the same one where that would be compiled anew.
        """
        optimizer = replace(self.optimizer, learning_rate=learning_rate)
        model = type(self)(self.net, self.params(), optimizer)
        model.restore(self.state())
        return model

    @staticmethod
    @abstractmethod
    def derivative(f: Callable[[Sequence[Any]], Any], at: Sequence[float]) -> tuple[float, Array]:
        """Value and gradient (k,) of a function of k scalar parameters.

        f: plain, smooth Python arithmetic on a list of scalars, over at most a hundred data points.
        An `if` on a parameter works only where the backend runs f on numbers; PyTensor and Keras on
        JAX do not.
        """
