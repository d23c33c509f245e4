"""The dense layer: every output sees every input."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.errors import ShapeError, is_count, require
from adapters.layers.layer import Activation, Layer, Parameter, Shape, check_activation, kernel


@dataclass(frozen=True)
class Dense(Layer):
    """activation(X · W + b) on the last axis, with W (n_in, n_out) and b (n_out,)."""

    n_in: int
    n_out: int
    activation: Activation = "identity"

    def __post_init__(self) -> None:
        require(
            all(is_count(n) and n >= 1 for n in (self.n_in, self.n_out)),
            f"a dense layer needs 1 input and 1 output or more, not {self.n_in!r}, {self.n_out!r}",
            ShapeError,
        )
        check_activation(self.activation)

    @property
    def reads(self) -> Shape:
        return (self.n_in,)

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        shape = (self.n_in, self.n_out)
        return kernel(shape, shape, self.activation), Parameter("bias", (self.n_out,))

    def gives(self, shape: Shape) -> Shape:
        require(
            shape[-1] == self.n_in,
            f"a layer with {shape[-1]} outputs cannot feed one with {self.n_in} inputs",
            ShapeError,
        )
        return (*shape[:-1], self.n_out)
