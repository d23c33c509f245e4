"""Bounds on the rounding errors of layers that look at a picture through windows.

A picture is a list of numbered pixels here, and a window the numbers of those that it sees.
"""

from __future__ import annotations

from math import prod

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from adapters.contract import Array, Shape
from adapters.laws.rounding import (
    Passed,
    Rounded,
    Rounding,
    Sum,
    activated,
    before_activation,
    by_shift,
    margin,
    passed,
)
from adapters.layers import Conv2D, Pool2D

# Numbers of a window that are equal in float64 up to a few of its own roundings are one function of
# equal pixels, as in an empty corner, or zeros of a relu. Whichever is the largest, the gradients
# are the same; two different sums come as near by chance once in 10¹⁴.
SAME = 8 * float(np.finfo(float).eps)


def seen(layer: Conv2D | Pool2D, shape: Shape) -> Array:
    """The number of each pixel that a window sees, (rows, columns, size²).

    Pixels are counted row by row; height · width stands for one outside the picture.
    """
    height, width, _ = shape
    stride = layer.stride
    margins = [(0, 0), (0, 0)]
    if layer.padding == "same":
        # The last window begins `side % stride` pixels before the end, or a whole stride.
        wanted = [max(layer.size - (side % stride or stride), 0) for side in (height, width)]
        margins = [(n // 2, n - n // 2) for n in wanted]
    numbers = np.arange(height * width).reshape(height, width)
    padded = np.pad(numbers, margins, constant_values=height * width)
    found = sliding_window_view(padded, (layer.size, layer.size))[::stride, ::stride]
    return found.reshape(*found.shape[:2], -1)


def looked_at(a: Array, index: Array, outside: float = 0.0) -> Array:
    """The pixels of a (n, height, width, c) in each window, (n, rows, columns, size², c)."""
    n, channels = len(a), a.shape[-1]
    listed = np.concatenate(
        [a.reshape(n, -1, channels), np.full((n, 1, channels), outside)], axis=1
    )
    return listed[:, index]


def given_back(parts: Array, index: Array, shape: Shape) -> Array:
    """The sum at each pixel of the parts (n, rows, columns, size², c) from all its windows."""
    height, width, _ = shape
    listed = np.zeros((len(parts), height * width + 1, parts.shape[-1]))
    for i in range(index.shape[-1]):  # two windows never see the same pixel at the same place
        listed[:, index[..., i]] += parts[..., i, :]
    return listed[:, :-1].reshape(len(parts), height, width, -1)


def most_windows(layer: Conv2D | Pool2D) -> int:
    """How many windows see one pixel, at most."""
    stride = layer.stride
    return int(-(-layer.size // stride)) ** 2


def conv2d(layer: Conv2D, weights: list[Array], a: Rounded, r: Rounding) -> Passed:
    """A sum of size · size · n_in products and a bias, at every place."""
    w, b = weights
    flat, index = w.reshape(-1, layer.n_in, layer.n_out), seen(layer, a.value.shape[1:])
    x, e = looked_at(a.value, index), looked_at(a.error, index)
    terms = np.tensordot(np.abs(x), np.abs(flat), 2) + np.abs(b)
    carried = r.of_terms(lambda e, w: np.tensordot(e, w, 2), e, flat)
    err = r.add(carried, r.summed(layer.size**2 * layer.n_in + 1) * terms)
    return activated(layer, weights, a, np.tensordot(x, flat, 2) + b, err, layer.activation, r)


def conv2d_backward(
    layer: Conv2D, done: Passed, g: Rounded, r: Rounding
) -> tuple[list[Sum], Rounded]:
    """By the kernel a sum over all rows and places, by a pixel one over the windows on it."""
    w, shape = done.weights[0], done.read.value.shape[1:]
    flat, index = w.reshape(-1, layer.n_in, layer.n_out), seen(layer, shape)
    g = before_activation(layer.activation, done.gave, g, r)
    x, e = looked_at(done.read.value, index), looked_at(done.read.error, index)

    def by_places(x: Array, delta: Array) -> Array:
        return np.tensordot(x, delta, ((0, 1, 2), (0, 1, 2)))

    def by_pixels(delta: Array, w: Array) -> Array:
        return given_back(np.tensordot(delta, w, ((3,), (2,))), index, shape)

    of_g = r.of_terms(lambda g, x: by_places(x, g), g.error, x)
    carried = r.add(of_g, r.of_terms(by_places, e, g.value))
    own = r.summed(prod(g.value.shape[:3]) + 1) * by_places(np.abs(x), np.abs(g.value))
    kernel = carried.reshape(w.shape), own.reshape(w.shape)
    of_sum = r.summed(most_windows(layer) * layer.n_out + 1)
    err = r.of_terms(by_pixels, g.error, flat)
    err = r.add(err, of_sum * by_pixels(np.abs(g.value), np.abs(flat)))
    return [kernel, by_shift(g, r)], Rounded(by_pixels(g.value, flat), err)


def pool2d(layer: Pool2D, weights: list[Array], a: Rounded, r: Rounding) -> Passed:
    """The largest number errs as much as any of its window; its kink is the second largest."""
    index = seen(layer, a.value.shape[1:])
    e = looked_at(a.error, index)
    if layer.kind == "mean":
        count = (index < prod(a.value.shape[1:3])).sum(-1)[..., None]
        x = looked_at(a.value, index)
        err = r.add(r.total(e, 3), r.summed(layer.size**2 + 1) * np.abs(x).sum(3))
        return passed(layer, weights, a, Rounded(x.sum(3) / count, err / count), (index, count))
    x = looked_at(a.value, index, outside=-np.inf)
    first = x.argmax(3, keepdims=True)  # (n, rows, columns, 1, c)
    largest = np.take_along_axis(x, first, 3)
    gap = largest - x
    gap[gap <= SAME * np.abs(largest)] = np.inf
    margins = margin(gap, r.add(e, np.take_along_axis(e, first, 3)))
    gave = Rounded(largest.squeeze(3), e.max(3))
    return Passed(layer, weights, a, gave, margins, [first], (index, first))


def pool2d_backward(
    layer: Pool2D, done: Passed, g: Rounded, r: Rounding
) -> tuple[list[Sum], Rounded]:
    """All to the largest, or an equal share to each; a pixel sums over its windows."""
    index, choice = done.inner
    pixels = np.arange(layer.size**2)[:, None]
    share = 1.0 * (choice == pixels) if layer.kind == "max" else 1 / choice[..., None]

    def by_pixels(by_output: Array, share: Array) -> Array:
        parts = np.where(share > 0, share * by_output[:, :, :, None], 0)  # not 0 · ∞
        parts = np.broadcast_to(parts, (*by_output.shape[:3], len(pixels), by_output.shape[3]))
        return given_back(parts, index, done.read.value.shape[1:])

    err = r.of_terms(by_pixels, g.error, share)
    own = r.summed(most_windows(layer) + 1) * by_pixels(np.abs(g.value), share)
    return [], Rounded(by_pixels(g.value, share), r.add(err, own))
