"""Adapters with one mistake each in code that spans steps: loops, optimizers, slots.

They join the table WRONG.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from adapters.contract import Array, Net, Params, State
from adapters.numpy_adapter import LOSSES, NumpyModel
from adapters.validation import as_batch
from tests.check_adapter.wrong_adapters import found_by


@found_by("epoch_in_two_calls", "losses of the second call")
class ForgetsAtASecondCall(NumpyModel):
    """From its second call on, an epoch starts with empty slots."""

    called = 0

    def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
        self.called += 1
        if self.called > 1:
            self._slots = [[np.zeros_like(a) for a in slot] for slot in self._slots]
        return super().epoch(x, y, order, batch_size)

    def restore(self, state: State) -> None:
        super().restore(state)
        self.called = 0


@found_by("epoch_in_two_calls", "losses of the second call")
class KeepsItsFirstData(NumpyModel):
    """Data are copied to the device once, and recognised by their address."""

    cache: ClassVar[dict[int, tuple[Array, Array, Array, Array]]] = {}

    def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
        cache = self.cache.get(id(x))
        if cache is None or cache[0] is not x:
            cache = self.cache[id(x)] = x, x.copy(), y.copy(), order.copy()
        return super().epoch(*cache[1:], batch_size)


@found_by("epoch_in_two_calls", "losses of the second call")
class KeepsItsFirstOrder(NumpyModel):
    """The order of a first epoch serves all epochs of its length."""

    orders: ClassVar[dict[tuple[int, int], Array]] = {}

    def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
        order = self.orders.setdefault((id(self), len(order)), order.copy())
        return super().epoch(x, y, order, batch_size)


@found_by("epoch_in_two_calls", "restored in between, losses of the second call")
class LowersItsRateByCalls(NumpyModel):
    """From the third call of an epoch on, its rate is halved."""

    called = 0

    def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
        self.called += 1
        before = self._params
        losses = super().epoch(x, y, order, batch_size)
        if self.called > 2:
            self._params = [(a + b) / 2 for a, b in zip(before, self._params, strict=True)]
            losses = losses / 2
        return losses

    def restore(self, state: State) -> None:
        super().restore(state)
        self.called %= 3


@found_by("new_numbers", "other numbers in the same arrays are other data")
class KnowsItsBatchByAddress(NumpyModel):
    """A batch is copied to the device once."""

    cache: ClassVar[dict[int, tuple[Array, Array]]] = {}

    def activations(self, x: Array) -> list[Array]:
        cache = self.cache.get(id(x))
        if cache is None or cache[0] is not x:
            cache = self.cache[id(x)] = x, x.copy()
        return super().activations(cache[1])


@found_by("epoch_equals_steps", "an epoch is its steps, one by one")
class ForgetsAtEachEpoch(NumpyModel):
    """An epoch starts with empty slots, and Adam with its first step."""

    def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
        self._t = 0
        return super().epoch(x, y, order, batch_size)


@found_by("epoch_equals_steps", "an epoch is its steps, one by one: losses")
class NoPenaltyInEpoch(NumpyModel):
    """An epoch leaves out the penalty."""

    def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
        net = self.net
        self.net = Net(net.layers, net.loss)
        losses = super().epoch(x, y, order, batch_size)
        self.net = net
        return losses


@found_by("epoch_equals_steps", "an epoch is its steps, one by one: losses")
class BeginsWithTheSecondRow(NumpyModel):
    """The order is off by one: its first row comes last."""

    def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
        return super().epoch(x, y, np.roll(order, -1), batch_size)


@found_by("epoch_equals_steps", "an epoch is its steps, one by one: losses")
class RunningMeans(NumpyModel):
    """An epoch's losses are means of those so far."""

    def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
        losses = super().epoch(x, y, order, batch_size)
        return (np.cumsum(losses) / np.arange(1, len(losses) + 1)).astype(self.dtype)


@found_by("epoch_equals_steps", "an epoch is its steps, one by one")
class SinglePrecisionInEpoch(NumpyModel):
    """An epoch keeps its weights in single precision."""

    def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
        losses = super().epoch(x, y, order, batch_size)
        self.assign([p.astype(np.float32) for p in self.params()])
        return losses


@found_by("long_epoch", "a long epoch is the reference's")
class LowersItsRate(NumpyModel):
    """After 50 steps of a model the rate is a tenth."""

    made = 0

    def _step(self, x: Array, y: Array) -> float:
        self.made += 1
        before = [p.copy() for p in self._params]
        loss = super()._step(x, y)
        if self.made > 50:
            for b, p in zip(before, self._params, strict=True):
                p[...] = b + 0.1 * (p - b)
        return loss


@found_by("step", "a step follows the optimizer's equation: param_")
class LargestMomentSoFar(NumpyModel):
    """Adam divides by the root of the largest second moment so far: AMSGrad."""

    largest: ClassVar[list[Array]] = []

    def _step(self, x: Array, y: Array) -> float:
        if "second_moment" not in self.optimizer.slots:
            return super()._step(x, y)
        before = [p.copy() for p in self._params]
        loss = super()._step(x, y)
        moments = self._slots[1]
        self.largest = [
            np.maximum(a, b) for a, b in zip(self.largest or moments, moments, strict=True)
        ]
        for b, p, v, top in zip(before, self._params, moments, self.largest, strict=True):
            p[...] = b + (p - b) * np.sqrt(v / np.where(top > 0, top, 1))
        return loss

    def restore(self, state: State) -> None:
        super().restore(state)
        self.largest = []


@found_by("extreme_scores", "after a step, parameter 0")
class ClipsItsGradients(NumpyModel):
    """No gradient is longer than 100."""

    def _step(self, x: Array, y: Array) -> float:
        before = [p.copy() for p in self._params]
        loss, gradients = self._loss_and_gradients(x, y)
        length = np.sqrt(sum(float((g.astype(float) ** 2).sum()) for g in gradients))
        super()._step(x, y)
        share = min(1.0, 100 / length) if length else 1.0
        for b, p in zip(before, self._params, strict=True):
            p[...] = b + share * (p - b) if share < 1 else p
        return loss


@found_by("step", "a step follows the optimizer's equation: param_0")
class NesterovIsMomentum(NumpyModel):
    """Momentum looks ahead by no gradient."""

    def _step(self, x: Array, y: Array) -> float:
        if not getattr(self.optimizer, "nesterov", False):
            return super()._step(x, y)
        before = [p.copy() for p in self._params]
        loss = super()._step(x, y)
        for p, b, v in zip(self._params, before, self._slots[0], strict=True):
            p[...] = b - self.optimizer.learning_rate * v
        return loss


@found_by("step", "a step follows the optimizer's equation")
class AccumulatesItsGradients(NumpyModel):
    """Gradients are added to those of the step before."""

    total: ClassVar[Params] = []

    def _step(self, x: Array, y: Array) -> float:
        gradients = self._loss_and_gradients(x, y)[1]
        before = self.total or [0 * g for g in gradients]
        loss = super()._step(x, y)
        for p, g in zip(self._params, before, strict=True):
            p -= self.optimizer.learning_rate * g
        self.total = [a + b for a, b in zip(before, gradients, strict=True)]
        return loss


@found_by("loss_before_update", "step returns the loss before the update")
class LossAfterItsUpdate(NumpyModel):
    """A step returns the loss after its update."""

    def step(self, x: Array, y: Array) -> float:
        super().step(x, y)
        return self.loss(x, y)


@found_by("gradients", "gradients equal the reference: gradient 1")
class DecaysItsBiases(NumpyModel):
    """The penalty applies to the biases too."""

    def _loss_and_gradients(self, x: Array, y: Array) -> tuple[float, Params]:
        loss, gradients = super()._loss_and_gradients(x, y)
        for b, g in zip(self._params[1::2], gradients[1::2], strict=True):
            g += self.net.l2 * b
        return loss, gradients


@found_by("copies_in", "arguments are neither kept nor changed: x, y, order 0")
class ScalesItsInputs(NumpyModel):
    """Rows are scaled in place."""

    def step(self, x: Array, y: Array) -> float:
        x *= 1.0 + 1e-6
        return super().step(x, y)


@found_by("copies_out", "returned arrays are copies")
class HandsOutItsWeights(NumpyModel):
    """params() returns the model's own arrays."""

    def params(self) -> Params:
        return self._params


@found_by("state_names", "instead of")
class KeepsASlotToItself(NumpyModel):
    """A state has no second moments."""

    def state(self) -> State:
        return {k: v for k, v in super().state().items() if not k.startswith("second")}


@found_by("state_names", "a state has the contract's names: step is 0")
class ForgetsItsStepCount(NumpyModel):
    """A restored Adam restarts its count."""

    def restore(self, state: State) -> None:
        super().restore(state)
        self._t = 0


@found_by("forward", "forward equals the reference: activation 0")
class RowsKnowEachOther(NumpyModel):
    """The mean of the rows is taken out of the scores."""

    def _layers(self, x: Array) -> list[Array]:
        outputs = super()._layers(x)
        return [a - 1e-9 * a.mean(0) for a in outputs]


@found_by("loss", "loss equals the reference: loss")
class CountsRepeatedRowsOnce(NumpyModel):
    """A mean over the rows that differ."""

    def loss(self, x: Array, y: Array) -> float:
        x, y = as_batch(self.net, x, y, self.dtype)
        losses, _ = LOSSES[self.net.loss](self.forward(x), y)
        return float(np.median(losses) + self._penalty())
