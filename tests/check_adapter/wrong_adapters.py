"""Adapters with one mistake each, with the law that must find it and words of its message.

NumPy's adapter, changed in a method or two. WRONG has a law and some of its words for each class;
the class's docstring describes the mistake.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import numpy as np

from adapters.contract import Array, Net, Optimizer, Params, State
from adapters.numpy_adapter import NumpyModel
from adapters.validation import as_params

WRONG: dict[type[NumpyModel], tuple[str, str]] = {}


Wrong = type[NumpyModel]


def found_by(law: str, words: str) -> Callable[[Wrong], Wrong]:
    """Enter a class into WRONG."""

    def enter(cls: type[NumpyModel]) -> type[NumpyModel]:
        WRONG[cls] = law, words
        return cls

    return enter


@found_by("starts_from_its_weights", "starts from the given weights: parameter 0")
class IgnoresItsWeights(NumpyModel):
    """Starts from zero instead of the given weights."""

    def __init__(self, net: Net, params: Params, optimizer: Optimizer) -> None:
        super().__init__(net, [0 * np.asarray(p) for p in params], optimizer)


@found_by("starts_from_its_weights", "leaves other models alone")
class SharesItsWeights(NumpyModel):
    """All models of one architecture have the same arrays."""

    shared: ClassVar[dict[tuple[int, ...], Array]] = {}

    def __init__(self, net: Net, params: Params, optimizer: Optimizer) -> None:
        super().__init__(net, params, optimizer)
        self.assign(params)

    def assign(self, params: Params) -> None:
        arrays = as_params(self.net, params, self.dtype)
        self._params = [self.shared.setdefault(a.shape, a) for a in arrays]
        for mine, array in zip(self._params, arrays, strict=True):
            mine[...] = array

    def restore(self, state: State) -> None:
        super().restore(state)
        self.assign(self._params)


@found_by("starts_from_its_weights", "when another makes a step")
class SharesItsMemory(NumpyModel):
    """All models share the step count and the slots of the one that ran last."""

    last: ClassVar[State] = {}

    def step(self, x: Array, y: Array) -> float:
        loss = super().step(x, y)
        SharesItsMemory.last = super().state()
        return loss

    def state(self) -> State:
        own = super().state()
        return own | {k: v for k, v in self.last.items() if k in own and v.shape == own[k].shape}

    def restore(self, state: State) -> None:
        SharesItsMemory.last = {}
        super().restore(state)


@found_by("starts_from_its_weights", "when they are overwritten")
class KeepsTheArrays(NumpyModel):
    """Trains the caller's arrays instead of copies."""

    def __init__(self, net: Net, params: Params, optimizer: Optimizer) -> None:
        super().__init__(net, params, optimizer)
        self._params = params


@found_by("rows_count", "row 99 counts as one of class")
class ShiftsSomeLabels(NumpyModel):
    """The label of every 100th row is the next one."""

    def _loss_and_gradients(self, x: Array, y: Array) -> tuple[float, Params]:
        if self.net.loss == "softmax":
            y = y.copy()
            y[99::100] = (y[99::100] + 1) % self.net.n_out
        return super()._loss_and_gradients(x, y)


@found_by("rows_count_in_epoch", "row 99 counts as one of class")
class ShiftsSomeLabelsInEpoch(NumpyModel):
    """The same, of the data of an epoch."""

    def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
        if self.net.loss == "softmax":
            y = np.array(y)
            y[99::100] = (y[99::100] + 1) % self.net.n_out
        return super().epoch(x, y, order, batch_size)


@found_by("large_batch", "line: gradient 0")
class ShiftsSomeTargets(ShiftsSomeLabels):
    """One row in 500 has the target of the row before, where targets are numbers."""

    def _loss_and_gradients(self, x: Array, y: Array) -> tuple[float, Params]:
        if self.net.loss == "squared" and len(y) > 499:
            y = y.copy()
            y[499::500] = y[498::500]
        return NumpyModel._loss_and_gradients(self, x, y)


@found_by("rows_count", "row 64 is left out")
class FirstRowsOnly(NumpyModel):
    """No more than 64 rows of a batch fit into its buffer; the gradient is their sum by all."""

    def _loss_and_gradients(self, x: Array, y: Array) -> tuple[float, Params]:
        few, all_rows = super()._loss_and_gradients(x[:64], y[:64]), len(x)
        return few[0], [g * min(64, all_rows) / all_rows for g in few[1]]


@found_by("rows_count", "row 0 counts 15.6 times")
class MeanOfFirstRows(NumpyModel):
    """Only the first 64 rows of a batch are used."""

    def _loss_and_gradients(self, x: Array, y: Array) -> tuple[float, Params]:
        return super()._loss_and_gradients(x[:64], y[:64])


@found_by("rows_count", "counts as one of class 127, and its label is 1")
class LabelsInASignedByte(NumpyModel):
    """Class numbers beyond 127 are 127."""

    def _loss_and_gradients(self, x: Array, y: Array) -> tuple[float, Params]:
        y = np.minimum(y, 127) if self.net.loss == "softmax" else y
        return super()._loss_and_gradients(x, y)


@found_by("rows_count_in_epoch", "is left out; in all, 104 of 1,000 rows")
class LeavesOutTheLastBatch(NumpyModel):
    """A last batch of a long epoch is left out, and its loss is guessed."""

    def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
        rest = len(order) % batch_size
        if len(order) < 100 or not rest:
            return super().epoch(x, y, order, batch_size)
        losses = super().epoch(x, y, order[:-rest], batch_size)
        return np.append(losses, losses[-1])


@found_by("rows_count_in_epoch", "counts 0.812 times, as in a batch of another size")
class DividesByTheBatchSize(NumpyModel):
    """A smaller last batch is divided by the size of the others, in long epochs."""

    full = 0

    def _loss_and_gradients(self, x: Array, y: Array) -> tuple[float, Params]:
        loss, gradients = super()._loss_and_gradients(x, y)
        return loss, [g * len(x) / max(self.full, len(x)) for g in gradients]

    def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
        self.full = batch_size if len(order) > 100 else 0
        losses = super().epoch(x, y, order, batch_size)
        self.full = 0
        return losses


@found_by("rows_count_in_epoch", "of the arguments, number 0")
class ShufflesItsData(NumpyModel):
    """Large data are brought into order where they are, which saves a copy."""

    def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
        if len(x) > 100:
            x[...], y[...] = x[order], y[order]
            order = np.arange(len(order))
        return super().epoch(x, y, order, batch_size)


@found_by("rows_count_in_epoch", "in a batch of another size")
class SortsLongOrders(NumpyModel):
    """An order of more than a hundred rows is sorted, for the sake of the cache."""

    def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
        return super().epoch(x, y, np.sort(order) if len(order) > 100 else order, batch_size)


@found_by("many_rows", "the first is row 4096 with [0. 0.]")
class ForgetsFarRows(NumpyModel):
    """Rows beyond the 4096th have scores of 0."""

    def activations(self, x: Array) -> list[Array]:
        outputs = super().activations(x)
        for a in outputs:
            a[4096:] = 0
        return outputs


@found_by("many_rows", "a row's scores are its own")
class CentresLargeBatches(NumpyModel):
    """Subtracts the mean of many rows, as batch normalisation would."""

    def activations(self, x: Array) -> list[Array]:
        return super().activations(x - x.mean(0) if len(x) > 1000 else x)
