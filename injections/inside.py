"""Injections between the arrays of a run and its model: into the data or weights it computes on.

A loader that rescales, or a copy of weights that reshapes where it should transpose, leaves what
the course hands over as it is. It shows in the layers: data and initial weights agree.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from adapters.contract import Array, Net, Optimizer, Params, State
from injections.data import has_numbers, pictures
from injections.injection import Injection
from injections.run_spec import RunSpec
from injections.wrapped import wrapped

Change = Callable[[Array], Array]


def reading(change: Change, targets: Change = lambda y: y) -> Callable[[RunSpec], RunSpec]:
    """The spec with a backend that computes on changed rows, (n, …), and targets."""

    def into(spec: RunSpec) -> RunSpec:
        class Reading(wrapped(spec.Model)):  # type: ignore[misc]
            def activations(self, x: Array) -> list[Array]:
                return self.inner.activations(_as(change, x))

            def loss(self, x: Array, y: Array) -> float:
                return self.inner.loss(_as(change, x), _as(targets, y))

            def gradients(self, x: Array, y: Array) -> Params:
                return self.inner.gradients(_as(change, x), _as(targets, y))

            def step(self, x: Array, y: Array) -> float:
                return self.inner.step(_as(change, x), _as(targets, y))

            def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
                # By steps: a change may depend on the rows of a batch.
                batches = [order[i : i + batch_size] for i in range(0, len(order), batch_size)]
                return np.array([self.step(x[rows], y[rows]) for rows in batches], self.dtype)

        return replace(spec, Model=Reading)

    return into


def _as(change: Change, array: Array) -> Array:
    return np.ascontiguousarray(change(array)).astype(array.dtype)


def arranged(there: Change, back: Change) -> Callable[[RunSpec], RunSpec]:
    """The spec with a backend whose kernels have their entries in other places inside.

    there, back: rearrange a kernel (n_in, n_out), one undoing the other. What belongs to an entry,
    its gradient and its velocity, moves with it.
    """

    def into(spec: RunSpec) -> RunSpec:
        class Arranged(wrapped(spec.Model)):  # type: ignore[misc]
            def __init__(self, net: Net, params: Params, optimizer: Optimizer) -> None:
                super().__init__(net, _each(there, net, params), optimizer)

            def params(self) -> Params:
                return _each(back, self.net, self.inner.params())

            def assign(self, params: Params) -> None:
                self.inner.assign(_each(there, self.net, params))

            def gradients(self, x: Array, y: Array) -> Params:
                return _each(back, self.net, self.inner.gradients(x, y))

            def state(self) -> State:
                return _state(back, self.net, self.inner.state())

            def restore(self, state: State) -> None:
                self.inner.restore(_state(there, self.net, state))

        return replace(spec, Model=Arranged)

    return into


def _each(move: Change, net: Net, arrays: Sequence[Array]) -> Params:
    pairs = zip(net.parameters, arrays, strict=True)
    return [np.ascontiguousarray(move(a)) if p.is_penalized and a.ndim == 2 else a
            for p, a in pairs]  # fmt: skip


def _state(move: Change, net: Net, state: State) -> State:
    moved = dict(state)
    for name, array in state.items():
        number = name.removesuffix("_remainder").rpartition("_")[2]
        if number.isdigit() and array.ndim == 2 and net.parameters[int(number)].is_penalized:
            moved[name] = np.ascontiguousarray(move(array))
    return moved


def _reshaped(w: Array) -> Array:
    return w.T.reshape(w.shape)


def _reshaped_back(w: Array) -> Array:
    return w.reshape(w.shape[::-1]).T


def _has_kernels_to_turn(spec: RunSpec) -> bool:
    kernels = [spec.net.shapes[i] for i in spec.net.penalized]
    return any(len(shape) == 2 and min(shape) > 1 for shape in kernels)


def _transposed(w: Array) -> Array:
    return w.T if w.shape[0] == w.shape[1] else w


def _has_square_kernels(spec: RunSpec) -> bool:
    kernels = [spec.net.shapes[i] for i in spec.net.penalized if len(spec.net.shapes[i]) == 2]
    return any(a == b > 1 for a, b in kernels)


def _grid(spec: RunSpec) -> tuple[int, int]:
    shape = spec.net.row_shape
    channels = shape[2] if len(shape) == 3 else 1
    return round((spec.net.n_in / channels) ** 0.5), channels


def _pixels(change: Callable[[Array], Array]) -> Callable[[RunSpec], RunSpec]:
    """change: of pictures (n, side, side, channels)."""

    def into(spec: RunSpec) -> RunSpec:
        side, channels = _grid(spec)
        return reading(
            lambda x: change(x.reshape(-1, side, side, channels)).reshape(x.shape)
        )(spec)  # fmt: skip

    return into


def _by_batch(x: Array) -> Array:
    spread = x.std(0)
    return (x - x.mean(0)) / np.where(spread > 0, spread, 1)


def _by_row(x: Array) -> Array:
    axes = tuple(range(1, x.ndim))
    spread = x.std(axes, keepdims=True)
    return (x - x.mean(axes, keepdims=True)) / np.where(spread > 0, spread, 1)


def _classes(spec: RunSpec) -> bool:
    return spec.net.loss == "softmax" and spec.net.n_out > 1


INJECTIONS = [
    Injection(
        "model_reads_by_columns", "{backend} flattens each picture column by column in its model",
        "Bring both to the same order of axes before flattening.",
        _pixels(lambda x: x.swapaxes(1, 2)), pictures, entry="flatten_order",
    ),
    Injection(
        "model_reads_mirrored", "{backend} mirrors each picture left to right",
        "Switch augmentation off where two runs are compared.",
        _pixels(lambda x: x[:, :, ::-1]), pictures,
    ),
    Injection(
        "model_reads_upside_down", "{backend} reads the rows of each picture from below",
        "Find out where the origin of a picture is in both.",
        _pixels(lambda x: x[:, ::-1]), pictures,
    ),
    Injection(
        "model_reads_inverted", "{backend} reads 1 − x: black for white",
        "Look at a picture of both before the first layer.",
        reading(lambda x: 1 - x), pictures,
    ),
    Injection(
        "model_standardizes_by_batch", "{backend} standardizes the columns of every batch",
        "Standardize outside both, with the mean and spread of the training rows.",
        reading(_by_batch), lambda r: has_numbers(r) and len(r.batches[0]) > 1,
    ),
    Injection(
        "model_standardizes_by_row", "{backend} standardizes every row by itself",
        "Standardize outside both, or in neither.",
        reading(_by_row), lambda r: has_numbers(r) and r.net.n_in > 1,
    ),
    Injection(
        "model_reads_next_labels", "{backend} takes the target of the next row",
        "Index inputs and targets with the same numbers.",
        reading(lambda x: x, lambda y: np.roll(y, -1, 0)), lambda r: len(r.batches[0]) > 1,
    ),
    Injection(
        "labels_one_too_large", "{backend} counts classes from one and wraps around",
        "Count classes from zero in both.",
        lambda r: reading(lambda x: x, lambda y: (y + 1) % r.net.n_out)(r), _classes,
    ),
    Injection(
        "kernels_reshaped_inside",
        "{backend} reshapes kernels where it should transpose them, on the way in and out",
        "Transpose the kernel: a reshape has the same shape, and other numbers in each place.",
        arranged(_reshaped, _reshaped_back), _has_kernels_to_turn, entry="dense_kernel_layout",
    ),
    Injection(
        "kernels_reshaped_to_out_in",
        "{backend} reshapes kernels (n_in, n_out) to (n_out, n_in) on the way in, and back",
        "Transpose the kernel: a reshape has the same shape, and other numbers in each place.",
        arranged(_reshaped_back, _reshaped), _has_kernels_to_turn, entry="dense_kernel_layout",
    ),
    Injection(
        "square_kernels_transposed_inside",
        "{backend} multiplies by the transpose of its square kernels",
        "Transpose once: PyTorch's Linear stores (n_out, n_in), Keras's Dense (n_in, n_out).",
        arranged(_transposed, _transposed), _has_square_kernels, entry="dense_kernel_layout",
    ),
]  # fmt: skip
