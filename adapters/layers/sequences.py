"""Layers of a sequence (length, width): a vector for each of its words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from adapters.errors import ShapeError, require
from adapters.layers.layer import Layer, Parameter, Shape, check_counts, check_fits, kernel


@dataclass(frozen=True)
class Embedding(Layer):
    """Row i of the table (vocabulary, width) for each whole number i of the input.

    Reads whole numbers of any shape, so it can only be a network's first layer. A row of the table
    is what a dense layer gives for a vector with a single 1, so it is drawn as for one input.
    """

    vocabulary: int
    width: int

    def __post_init__(self) -> None:
        check_counts("an embedding", vocabulary=self.vocabulary, width=self.width)

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        return (Parameter("table", (self.vocabulary, self.width), (1, self.width)),)

    def gives(self, shape: Shape) -> Shape:
        return (*shape, self.width)


@dataclass(frozen=True)
class Positions(Layer):
    """X + P: a learned vector for each place of the sequence, P (length, width)."""

    length: int
    width: int

    def __post_init__(self) -> None:
        check_counts("a layer of positions", length=self.length, width=self.width)

    @property
    def reads(self) -> Shape:
        return (self.length, self.width)

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        return (Parameter("table", (self.length, self.width), (1, self.width)),)

    def gives(self, shape: Shape) -> Shape:
        check_fits(shape == self.reads, self, shape, f"({self.length}, {self.width})")
        return shape


@dataclass(frozen=True)
class LayerNorm(Layer):
    """scale · (x − mean) / √(variance + ε) + bias over the last axis (Ba, Kiros & Hinton 2016).

    The variance divides by the width, not by one less.
    """

    width: int
    epsilon: float = 1e-5

    def __post_init__(self) -> None:
        check_counts("a layer norm", width=self.width)
        require(
            isinstance(self.epsilon, int | float | np.floating)
            and bool(np.isfinite(self.epsilon))
            and self.epsilon > 0,
            f"a layer norm has epsilon = {self.epsilon!r}: expected a positive number",
        )
        object.__setattr__(self, "epsilon", float(self.epsilon))

    @property
    def reads(self) -> Shape:
        return (self.width,)

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        return Parameter("scale", (self.width,), starts_at=1.0), Parameter("bias", (self.width,))

    def gives(self, shape: Shape) -> Shape:
        check_fits(shape[-1] == self.width, self, shape, f"(…, {self.width})")
        return shape


@dataclass(frozen=True)
class Attention(Layer):
    """softmax(Q · Kᵀ / √d) · V · W_output, with Q, K, V = X·W_query, X·W_key, X·W_value.

    Vaswani et al. (2017), section 3.2, of a sequence to itself and without biases. Each kernel is
    (width, width). Head h has d = width / heads columns of the first three, from column h·d on, and
    the same rows of the last. causal: a place sees itself and the places before it.
    """

    width: int
    heads: int = 1
    causal: bool = False

    def __post_init__(self) -> None:
        check_counts("an attention layer", width=self.width, heads=self.heads)
        require(
            self.width % self.heads == 0,
            f"an attention layer of width {self.width} cannot have {self.heads} heads: expected a "
            "number that divides the width",
            ShapeError,
        )

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        shape = (self.width, self.width)
        return tuple(kernel(shape, shape, name=n) for n in ("query", "key", "value", "output"))

    def gives(self, shape: Shape) -> Shape:
        fits = len(shape) == 2 and shape[1] == self.width
        check_fits(fits, self, shape, f"(length, {self.width})")
        return shape
