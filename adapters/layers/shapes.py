"""Layers without parameters that change the shape of a row."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from adapters.layers.layer import Layer, Shape, check_fits, check_shape


@dataclass(frozen=True)
class Reshape(Layer):
    """The same numbers in the same order, the last axis running fastest, in another shape."""

    shape: Shape

    def __post_init__(self) -> None:
        object.__setattr__(self, "shape", check_shape("the new shape", self.shape))

    def gives(self, shape: Shape) -> Shape:
        check_fits(prod(shape) == prod(self.shape), self, shape, f"{prod(self.shape)} numbers")
        return self.shape


@dataclass(frozen=True)
class Flatten(Layer):
    """All numbers of a row side by side, the last axis running fastest."""

    def gives(self, shape: Shape) -> Shape:
        return (prod(shape),)


@dataclass(frozen=True)
class Mean(Layer):
    """The mean over all places: (length, width) or (height, width, channels) to the last axis."""

    def gives(self, shape: Shape) -> Shape:
        check_fits(len(shape) > 1, self, shape, "two axes or more")
        return shape[-1:]
