"""Injections into layers of pictures: convolutions, pooling, and what makes a row of a picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from adapters.contract import Array, Params
from adapters.layers import Conv2D, Flatten, Layer, Pool2D
from adapters.layers.pictures import around
from adapters.numpy_layers import Backward, conv2d, conv2d_backward, pool2d, pool2d_backward
from adapters.numpy_windows import gathered, windows
from injections.injection import Injection, has_layer
from injections.reference_network import LOSSES, Definition, Pair
from injections.run_spec import RunSpec

Fits = Callable[[RunSpec], bool]


def _with(kind: type[Layer], *pair: Callable[..., object]) -> Callable[[RunSpec], RunSpec]:
    """The spec with another way forward and backward through layers of this kind."""
    own: Pair = pair  # type: ignore[assignment]
    return Definition(layers={kind: own}).into


def _where(accepts: Callable[[Layer], bool]) -> Fits:
    """Whether a layer is accepted, and the network can be computed by hand."""
    return lambda spec: spec.net.loss in LOSSES and has_layer(spec, accepts)


# A convolution with its kernel changed first: the gradient by the kernel is changed back.


def _flipped(layer: Conv2D, params: Params, x: Array) -> Array:
    w, b = params
    return conv2d(layer, [w[::-1, ::-1], b], x)


def _flipped_backward(layer: Conv2D, params: Params, x: Array, a: Array, g: Array) -> Backward:
    w, b = params
    (by_w, by_b), by_x = conv2d_backward(layer, [w[::-1, ::-1], b], x, a, g)
    return [by_w[::-1, ::-1], by_b], by_x


def _is_larger_than_a_pixel(layer: Layer) -> bool:
    return isinstance(layer, Conv2D) and layer.size > 1


def _read_as_oihw(spec: RunSpec) -> RunSpec:
    """Kernels (n_out, n_in, height, width) whose memory is read as (height, width, n_in, n_out)."""
    initial = [p.transpose(3, 2, 0, 1).reshape(p.shape) if p.ndim == 4 else p for p in spec.initial]
    return replace(spec, initial=initial)


def _has_kernels_to_turn(spec: RunSpec) -> bool:
    return any(
        p.ndim == 4 and not np.array_equal(p.transpose(3, 2, 0, 1).ravel(), p.ravel())
        for p in spec.initial
    )


# "same" with the larger half before the picture: the picture is turned around, and its output back.


def _rotated(layer: Conv2D, params: Params, x: Array) -> Array:
    if layer.padding == "valid":
        return conv2d(layer, params, x)
    w, b = params
    return conv2d(layer, [w[::-1, ::-1], b], x[:, ::-1, ::-1])[:, ::-1, ::-1]


def _rotated_backward(layer: Conv2D, params: Params, x: Array, a: Array, g: Array) -> Backward:
    if layer.padding == "valid":
        return conv2d_backward(layer, params, x, a, g)
    w, b = params
    inside = [w[::-1, ::-1], b], x[:, ::-1, ::-1], a[:, ::-1, ::-1], g[:, ::-1, ::-1]
    (by_w, by_b), by_x = conv2d_backward(layer, *inside)
    return [by_w[::-1, ::-1], by_b], lambda: by_x()[:, ::-1, ::-1]


def _pads_unevenly(spec: RunSpec) -> bool:
    shape = spec.net.row_shape
    for layer, after in zip(spec.net.layers, spec.net.outputs, strict=True):
        if isinstance(layer, Conv2D) and any(
            before != behind for before, behind in (around(layer, side) for side in shape[:2])
        ):
            return spec.net.loss in LOSSES
        shape = after
    return False


# Pooling of another kind, with other ties, or with padding that counts.


def _as(kind: str) -> tuple[Callable[..., Array], Callable[..., Backward]]:
    """Pooling of this kind, whatever the layer says."""

    def forward(layer: Pool2D, params: Params, x: Array) -> Array:
        return pool2d(replace(layer, kind=kind), params, x)  # type: ignore[arg-type]

    def backward(layer: Pool2D, params: Params, x: Array, a: Array, g: Array) -> Backward:
        return pool2d_backward(replace(layer, kind=kind), params, x, a, g)  # type: ignore[arg-type]

    return forward, backward


def _max_with_even_ties(layer: Pool2D, params: Params, x: Array, a: Array, g: Array) -> Backward:
    if layer.kind == "mean":
        return pool2d_backward(layer, params, x, a, g)

    def by_x() -> Array:
        largest = [part == a for part in windows(layer, x, outside=-np.inf)]
        share = g / np.sum(largest, axis=0)
        return gathered(layer, x, [share * here for here in largest])

    return [], by_x


def _counting(layer: Pool2D, params: Params, x: Array) -> Array:
    """The mean of a window over all its pixels, zeros of the padding among them."""
    if layer.kind == "max":
        return pool2d(layer, params, x)
    return np.asarray(np.sum(windows(layer, x), axis=0) / layer.size**2)


def _counting_backward(layer: Pool2D, params: Params, x: Array, a: Array, g: Array) -> Backward:
    if layer.kind == "max":
        return pool2d_backward(layer, params, x, a, g)
    return [], lambda: gathered(layer, x, [g / layer.size**2] * layer.size**2)


def _zeros_outside(layer: Pool2D, params: Params, x: Array) -> Array:
    """The largest of a window, zeros of the padding among its numbers."""
    if layer.kind == "mean":
        return pool2d(layer, params, x)
    return np.max(windows(layer, x), axis=0)


def _zeros_outside_backward(
    layer: Pool2D, params: Params, x: Array, a: Array, g: Array
) -> Backward:
    if layer.kind == "mean":
        return pool2d_backward(layer, params, x, a, g)

    def by_x() -> Array:
        first = np.argmax(windows(layer, x), axis=0)
        return gathered(layer, x, [g * (first == i) for i in range(layer.size**2)])

    return [], by_x


def _is_max(layer: Layer) -> bool:
    return isinstance(layer, Pool2D) and layer.kind == "max"


def _is_padded(kind: str) -> Callable[[Layer], bool]:
    return lambda layer: (
        isinstance(layer, Pool2D) and layer.kind == kind and layer.padding == "same"
    )


# A picture as a row of numbers, channel by channel.


def _channels_first(layer: Flatten, params: Params, x: Array) -> Array:
    return np.moveaxis(x, -1, 1).reshape(len(x), -1)


def _channels_first_backward(
    layer: Flatten, params: Params, x: Array, a: Array, g: Array
) -> Backward:
    turned = np.moveaxis(x, -1, 1).shape
    return [], lambda: np.moveaxis(g.reshape(turned), 1, -1)


def _flattens_channels(spec: RunSpec) -> bool:
    before = (spec.net.row_shape, *spec.net.outputs)
    return spec.net.loss in LOSSES and any(
        isinstance(layer, Flatten) and len(shape) == 3 and shape[2] > 1
        for layer, shape in zip(spec.net.layers, before, strict=False)
    )


INJECTIONS = [
    Injection(
        "conv_kernels_as_oihw",
        "{backend} was given a kernel (n_out, n_in, height, width) reshaped to (height, width, "
        "n_in, n_out)",
        "Transpose the axes (2, 3, 1, 0): a reshape moves numbers to other places.",
        _read_as_oihw, _has_kernels_to_turn, entry="conv_kernel_layout",
    ),
    Injection(
        "kernel_flipped", "{backend} flips its kernels, as mathematics defines a convolution",
        "Use the layer's correlation in both, or flip the kernel on the way over.",
        _with(Conv2D, _flipped, _flipped_backward), _where(_is_larger_than_a_pixel),
        entry="convolve_flips",
    ),
    Injection(
        "same_padded_before",
        "{backend} pads \"same\" with the odd zero before the picture, as `padding=1` does",
        "Pad by hand: with a stride of 2 \"same\" has its odd zero after the picture.",
        _with(Conv2D, _rotated, _rotated_backward), _pads_unevenly,
        entry="same_padding_stride_two",
    ),
    Injection(
        "mean_for_max_pool", "{backend} takes the mean of each window where the other has the max",
        "Name the pooling in both.",
        _with(Pool2D, *_as("mean")), _where(_is_max),
    ),
    Injection(
        "max_pool_ties_split",
        "{backend} splits the gradient of a max-pool among equal numbers, as a reduction does",
        "Use the framework's pooling, and not a maximum over an axis: the first has it all.",
        _with(Pool2D, pool2d, _max_with_even_ties), _where(_is_max), entry="max_pool_ties",
    ),
    Injection(
        "max_pool_pads_zeros", "{backend} pads a max-pool with zeros, which win over all below",
        "Pad with minus infinity, as the framework's own pooling does.",
        _with(Pool2D, _zeros_outside, _zeros_outside_backward), _where(_is_padded("max")),
        entry="max_pool_padding",
    ),
    Injection(
        "padding_counts_in_mean", "{backend} counts the padding in the mean of a window",
        "Pass `count_include_pad=False` in PyTorch.",
        _with(Pool2D, _counting, _counting_backward), _where(_is_padded("mean")),
        entry="average_pool_padding",
    ),
    Injection(
        "flatten_channels_first", "{backend} flattens a picture channel by channel",
        "Permute to (height, width, channels) before flattening, or the next kernel's rows.",
        _with(Flatten, _channels_first, _channels_first_backward), _flattens_channels,
        entry="flatten_order",
    ),
]  # fmt: skip
