"""A layer of a network, and one of its parameters."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, Literal, get_args

from adapters.errors import ShapeError, is_count, require

Shape = tuple[int, ...]
Activation = Literal["identity", "sigmoid", "relu", "tanh"]


@dataclass(frozen=True)
class Parameter:
    """One array of a layer's weights, as data.

    A kernel has fans, the numbers of inputs to one of its outputs and of outputs of one of its
    inputs: initial weights depend on them. Without fans a parameter starts at a constant.
    """

    name: str  # "kernel"; in a network "0.kernel", and in a residual of it "3.0.kernel"
    shape: Shape
    fans: tuple[int, int] | None = None
    activation: Activation = "identity"  # what follows it
    starts_at: float = 0.0
    is_penalized: bool = False  # whether the L2 penalty reaches it

    @property
    def is_bias(self) -> bool:
        """Whether it only shifts."""
        return self.name.rpartition(".")[2] == "bias"


class Layer(ABC):
    """A piece of a network; its parameters come in the order in which models hold them."""

    @property
    def reads(self) -> Shape | None:
        """The shape of the row that it reads; None if it takes several, as a convolution does."""
        return None

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Its parameters; most layers that change only the shape have none."""
        return ()

    @abstractmethod
    def gives(self, shape: Shape) -> Shape:
        """The shape of its output for a row of this shape; ShapeError if it cannot read it."""


def kernel(
    shape: Shape, fans: tuple[int, int], activation: Activation = "identity", name: str = "kernel"
) -> Parameter:
    """A parameter that multiplies: drawn by its fans, and penalized."""
    return Parameter(name, shape, fans, activation, is_penalized=True)


def check_counts(what: str, **counts: Any) -> None:
    """Raise ShapeError unless each value is a whole number, at least 1."""
    for name, value in counts.items():
        require(
            is_count(value) and value >= 1,
            f"{what} has {name} = {value!r}: expected a whole number, at least 1",
            ShapeError,
        )


def check_shape(what: str, shape: Any) -> Shape:
    """The shape as a tuple of whole numbers, each at least 1; ShapeError otherwise."""
    sides = tuple(shape) if isinstance(shape, tuple | list) else ()
    require(
        len(sides) > 0 and all(is_count(side) and side >= 1 for side in sides),
        f"{what} is {shape!r}: expected a tuple of whole numbers, each at least 1, as (28, 28, 1)",
        ShapeError,
    )
    return tuple(int(side) for side in sides)


def check_activation(activation: Any) -> None:
    """Raise SettingsError unless the activation is one of the contract's."""
    require(
        activation in get_args(Activation),
        f"unknown activation {activation!r}: use one of {', '.join(get_args(Activation))}",
    )


def check_fits(condition: bool, layer: Layer, shape: Shape, expected: str) -> None:
    """Raise ShapeError unless the layer can read this shape."""
    require(
        condition, f"{layer} cannot read a row of shape {shape}: expected {expected}", ShapeError
    )
