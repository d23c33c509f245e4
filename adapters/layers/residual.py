"""The residual connection: a way around some layers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from adapters.errors import ShapeError, require
from adapters.layers.layer import Layer, Parameter, Shape
from adapters.layers.sequences import Embedding


@dataclass(frozen=True)
class Residual(Layer):
    """X + f(X), where f is some layers after each other (He et al. 2016)."""

    layers: tuple[Layer, ...]

    def __post_init__(self) -> None:
        require(
            isinstance(self.layers, Sequence)
            and len(self.layers) > 0
            and all(isinstance(layer, Layer) for layer in self.layers),
            f"a residual has layers {self.layers!r}: expected a tuple of layers",
            ShapeError,
        )
        require(
            not any(isinstance(layer, Embedding) for layer in self.layers),
            "a residual adds its input, and an embedding reads whole numbers: put it first",
            ShapeError,
        )
        object.__setattr__(self, "layers", tuple(self.layers))

    @property
    def reads(self) -> Shape | None:
        return self.layers[0].reads

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        return numbered(self.layers)

    def gives(self, shape: Shape) -> Shape:
        after = shape
        for layer in self.layers:
            after = layer.gives(after)
        require(
            after == shape,
            f"a residual gives {after} for {shape}: expected the same shape, for the two are added",
            ShapeError,
        )
        return shape


def flat(layers: Sequence[Layer]) -> Iterator[Layer]:
    """Every layer in its order, with the layers inside a residual after it."""
    for layer in layers:
        yield layer
        if isinstance(layer, Residual):
            yield from flat(layer.layers)


def numbered(layers: Sequence[Layer]) -> tuple[Parameter, ...]:
    """The parameters of all layers, each with its layer's number before its name."""
    return tuple(
        replace(parameter, name=f"{i}.{parameter.name}")
        for i, layer in enumerate(layers)
        for parameter in layer.parameters
    )
