"""Right ports in other words: none of them may be accused of anything but its rounding."""

from __future__ import annotations

import numpy as np
from torch import Tensor
from torch.nn import functional as F

from adapters.contract import SGD, Array, Params, State
from adapters.torch_adapter import *  # noqa: F403 - an adapter is its whole module
from adapters.torch_adapter import LOSSES, TorchModel
from adapters.validation import as_batch, named


class NegativeLogLikelihood(TorchModel):
    """NLLLoss of log_softmax, as in the older tutorials."""

    def _loss(self, x: Tensor, y: Tensor) -> Tensor:
        z = x
        for layer in self.layers:
            z = layer(z)
        loss = (
            F.nll_loss(F.log_softmax(z, 1), y) if self.net.loss == "softmax"
            else LOSSES[self.net.loss](z, y)
        )  # fmt: skip
        parameters = list(self.layers.parameters())
        kernels = [parameters[i].square().sum() for i in self.net.penalized]
        return loss + 0.5 * self.net.l2 * sum(kernels)


class SumsDividedInTheStep(TorchModel):
    """The loss of a batch is a sum, and the step divides by its size, as in a d2l chapter."""

    def _step(self, x: Tensor, y: Tensor) -> Tensor:
        self.optim.zero_grad()
        loss = self._loss(x, y)
        (loss * len(x)).backward()
        for p in self.layers.parameters():
            p.grad /= len(x)
        self.optim.step()
        return loss.detach()


class OneHotLabels(TorchModel):
    """Labels as rows with a single one: the cross-entropy of two distributions."""

    def _loss(self, x: Tensor, y: Tensor) -> Tensor:
        z = x
        for layer in self.layers:
            z = layer(z)
        if self.net.loss != "softmax":
            return super()._loss(x, y)
        rows = F.one_hot(y, z.shape[-1]).to(z.dtype)
        loss = -(rows * F.log_softmax(z, 1)).sum(1).mean()
        parameters = list(self.layers.parameters())
        kernels = [parameters[i].square().sum() for i in self.net.penalized]
        return loss + 0.5 * self.net.l2 * sum(kernels)


class PenaltyByWeightDecay(TorchModel):
    """weight_decay in a group of its own for the kernels, and reported in the loss."""

    def _step(self, x: Tensor, y: Tensor) -> Tensor:
        self.optim.zero_grad()
        z = x
        for layer in self.layers:
            z = layer(z)
        LOSSES[self.net.loss](z, y).backward()
        before = self._loss(x, y)
        for p, kind in zip(self.layers.parameters(), self.net.parameters, strict=True):
            if kind.is_penalized:
                p.grad += self.net.l2 * p.detach()
        self.optim.step()
        return before.detach()


class VelocityWithRate(TorchModel):
    """Keras's velocity, −η·v, converted on the way out and in."""

    def state(self) -> State:
        state = super().state()
        if isinstance(self.optimizer, SGD) and self.optimizer.momentum:
            rate = self.optimizer.learning_rate
            theirs = [-rate * state[f"velocity_{i}"] for i in range(len(self.net.shapes))]
            state |= named("velocity", [v / -rate for v in theirs])
        return state


class RowsInTwoHalves(TorchModel):
    """Gradients of two half batches are added up before a step, as with accumulation."""

    def gradients(self, x: Array, y: Array) -> Params:
        x, y = as_batch(self.net, x, y, self.dtype)
        half = (len(x) + 1) // 2
        parts = [(x[:half], y[:half]), (x[half:], y[half:])]
        found = [(len(a), super(RowsInTwoHalves, self).gradients(a, b))
                 for a, b in parts if len(a)]  # fmt: skip
        total = sum(count for count, _ in found)
        return [
            np.asarray(sum(count / total * g[i] for count, g in found))
            for i in range(len(self.net.shapes))
        ]


class PixelsByLinearity(TorchModel):
    """Divides its pixels by 255 after they came as 0 to 255: the same rows."""

    def activations(self, x: Array) -> list[Array]:
        return super().activations(x * 255 / 255)


class Published(TorchModel):
    """The course's adapter as it is."""
