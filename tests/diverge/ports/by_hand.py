"""Networks written by hand in NumPy, as courses and books have them; reports are in `cases.py`."""

from __future__ import annotations

import numpy as np

from adapters.contract import Array, Params
from adapters.numpy_adapter import *  # noqa: F403 - an adapter is its whole module
from adapters.numpy_adapter import OPTIMIZERS, NumpyModel


class ByHand(NumpyModel):
    """A stack of dense layers whose backward pass is written out."""

    def slope(self, activation: str, a: Array) -> Array:
        """φ′ from the layer's output."""
        return {"relu": (a > 0).astype(a.dtype), "tanh": 1 - a * a}.get(activation, np.ones_like(a))

    def _loss_and_gradients(self, x: Array, y: Array) -> tuple[float, Params]:
        found = self._layers(x)
        losses, delta = self._loss(found[-1], y)
        delta = delta / len(losses)
        gradients: Params = []
        for i in reversed(range(len(self.net.layers))):
            w = self._params[2 * i]
            delta = delta * self.slope(self.net.layers[i].activation, found[i])
            before = found[i - 1] if i else x
            gradients[:0] = [before.T @ delta + self.net.l2 * w, delta.sum(0)]
            delta = delta @ w.T
        return float(losses.mean() + self._penalty()), gradients


class DerivativeForgotten(ByHand):
    """`delta = error.dot(W.T)`, without the derivative of the hidden activation."""

    def slope(self, activation: str, a: Array) -> Array:
        return np.ones_like(a)


class DerivativeOfTheOutput(ByHand):
    """tanh′ is taken at the output of tanh, which is tanh already."""

    def slope(self, activation: str, a: Array) -> Array:
        return 1 - np.tanh(a) ** 2 if activation == "tanh" else super().slope(activation, a)


class SignOfTheError(ByHand):
    """`delta = target - output` with weights that are moved by minus the gradient."""

    def _step(self, x: Array, y: Array) -> float:
        loss, gradients = self._loss_and_gradients(x, y)
        self._t += 1
        for i, (w, g) in enumerate(zip(self._params, gradients, strict=True)):
            slots = [slot[i] for slot in self._slots]
            OPTIMIZERS[type(self.optimizer)](self.optimizer, w, -g, slots, self._t)
        return loss


class UpdatesOnTheWay(ByHand):
    """The output weights are updated before the hidden deltas are computed with them."""

    def _step(self, x: Array, y: Array) -> float:
        found = self._layers(x)
        losses, delta = self._loss(found[-1], y)
        delta = delta / len(losses)
        loss = float(losses.mean() + self._penalty())
        self._t += 1
        for i in reversed(range(len(self.net.layers))):
            delta = delta * self.slope(self.net.layers[i].activation, found[i])
            before = found[i - 1] if i else x
            w = self._params[2 * i]
            both = before.T @ delta + self.net.l2 * w, delta.sum(0)
            for k, g in zip((2 * i, 2 * i + 1), both, strict=True):
                slots = [slot[k] for slot in self._slots]
                OPTIMIZERS[type(self.optimizer)](self.optimizer, self._params[k], g, slots, self._t)
            delta = delta @ w.T
        return loss


class AverageForgotten(ByHand):
    """Gradients are added up over the batch, while the loss that is printed is a mean."""

    def _loss_and_gradients(self, x: Array, y: Array) -> tuple[float, Params]:
        loss, gradients = super()._loss_and_gradients(x, y)
        return loss, [g * len(x) for g in gradients]


class BiasOfOneRow(ByHand):
    """The bias gets the delta of the batch's last row, from code that was written for one row."""

    def _loss_and_gradients(self, x: Array, y: Array) -> tuple[float, Params]:
        loss, gradients = super()._loss_and_gradients(x, y)
        found = self._layers(x)
        delta = self._loss(found[-1], y)[1] / len(x)
        gradients[-1] = delta[-1].copy()
        return loss, gradients


class LabelsTakenBeforeTheShuffle(NumpyModel):
    """The rows of an epoch are shuffled; the labels come as they were stored."""

    def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
        rows = np.asarray(order)
        stored = np.empty_like(y)
        stored[rows] = y[np.sort(rows)]
        return super().epoch(x, stored, rows, batch_size)


class RebuiltInEachCall(NumpyModel):
    """Each call of `fit` builds and compiles the model again, with its first weights."""

    def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
        if not hasattr(self, "first"):
            self.first = [p.copy() for p in self._params]
        self._params = [p.copy() for p in self.first]
        return super().epoch(x, y, order, batch_size)


class GradientOfLastBatch(NumpyModel):
    """The step uses the gradients of the batch before: backward comes after step."""

    def _step(self, x: Array, y: Array) -> float:
        loss, gradients = self._loss_and_gradients(x, y)
        self._t += 1
        late = getattr(self, "late", gradients)
        for i, (w, g) in enumerate(zip(self._params, late, strict=True)):
            slots = [slot[i] for slot in self._slots]
            OPTIMIZERS[type(self.optimizer)](self.optimizer, w, g, slots, self._t)
        self.late = gradients
        return loss
