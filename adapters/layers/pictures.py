"""Layers that look at a picture (height, width, channels) through small windows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

from adapters.errors import require
from adapters.layers.layer import (
    Activation,
    Layer,
    Parameter,
    Shape,
    check_activation,
    check_counts,
    check_fits,
    kernel,
)

Padding = Literal["valid", "same"]


@dataclass(frozen=True)
class Conv2D(Layer):
    """activation(Σ X · W + b) over a window that slides, the same at every place.

    W is (size, size, n_in, n_out) and b (n_out,). W is applied as it is written; mathematics would
    flip it first.

    padding: "valid", the window stays inside the picture; "same", zeros around it, so that the
    output has ⌈side / stride⌉ places. Where their number is odd, the larger half comes after the
    picture. That is TensorFlow's rule, and every backend's here.
    """

    n_in: int
    n_out: int
    size: int = 3
    stride: int = 1
    padding: Padding = "valid"
    activation: Activation = "identity"

    def __post_init__(self) -> None:
        check_counts(
            "a convolution", n_in=self.n_in, n_out=self.n_out, size=self.size, stride=self.stride
        )
        _check_padding(self.padding)
        check_activation(self.activation)

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        shape = (self.size, self.size, self.n_in, self.n_out)
        fans = (self.size**2 * self.n_in, self.size**2 * self.n_out)
        return kernel(shape, fans, self.activation), Parameter("bias", (self.n_out,))

    def gives(self, shape: Shape) -> Shape:
        check_fits(
            len(shape) == 3 and shape[2] == self.n_in, self, shape,
            f"(height, width, {self.n_in})",
        )  # fmt: skip
        return (*_places(self, shape), self.n_out)


@dataclass(frozen=True)
class Pool2D(Layer):
    """The largest number of each window, or its mean, channel by channel.

    stride: by default the size, so that windows do not overlap. Of equal numbers the first is the
    largest, row by row: it alone has a gradient. With padding "same" what lies outside the picture
    is never the largest and does not count in a mean.
    """

    kind: Literal["max", "mean"] = "max"
    size: int = 2
    stride: int = None  # type: ignore[assignment]  # never None once made
    padding: Padding = "valid"

    def __post_init__(self) -> None:
        require(self.kind in ("max", "mean"), f"unknown pooling {self.kind!r}: use 'max' or 'mean'")
        object.__setattr__(self, "stride", self.size if self.stride is None else self.stride)
        check_counts("a pooling layer", size=self.size, stride=self.stride)
        _check_padding(self.padding)

    def gives(self, shape: Shape) -> Shape:
        check_fits(len(shape) == 3, self, shape, "(height, width, channels)")
        return (*_places(self, shape), shape[2])


def around(layer: Conv2D | Pool2D, side: int) -> tuple[int, int]:
    """The width of the padding before and after a side of a picture."""
    if layer.padding == "valid":
        return 0, 0
    places = -(-side // layer.stride)
    padding = max((places - 1) * layer.stride + layer.size - side, 0)
    return padding // 2, padding - padding // 2


def _places(layer: Conv2D | Pool2D, shape: Shape) -> tuple[int, int]:
    """How many windows fit below each other, and side by side."""
    rows, columns = (side + sum(around(layer, side)) - layer.size for side in shape[:2])
    check_fits(
        rows >= 0 and columns >= 0, layer, shape,
        f"a picture of {layer.size} × {layer.size} or larger, or padding='same'",
    )  # fmt: skip
    return rows // layer.stride + 1, columns // layer.stride + 1


def _check_padding(padding: Any) -> None:
    require(
        padding in get_args(Padding),
        f"unknown padding {padding!r}: use one of {', '.join(get_args(Padding))}",
    )
