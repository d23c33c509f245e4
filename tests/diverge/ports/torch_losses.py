"""PyTorch ports with another loss or output than was meant; the reports are in `cases.py`."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from adapters.contract import Array
from adapters.torch_adapter import *  # noqa: F403 - an adapter is its whole module
from adapters.torch_adapter import LOSSES, TorchModel, _array


class Own(TorchModel):
    """PyTorch with a criterion of its own, and a head after the last layer."""

    def head(self, z: Tensor) -> Tensor:
        """What the forward pass does with the last layer's output."""
        return z

    def criterion(self, z: Tensor, y: Tensor) -> Tensor:
        """The loss of the head's output."""
        return LOSSES[self.net.loss](z, y)

    @torch.no_grad()
    def activations(self, x: Array) -> list[Array]:
        *hidden, last = super().activations(x)
        return [*hidden, _array(self.head(torch.from_numpy(last)))]

    def _loss(self, x: Tensor, y: Tensor) -> Tensor:
        z = x
        for layer in self.layers:
            z = layer(z)
        z = self.head(z)
        if z.ndim > 2:
            z, y = z.flatten(0, -2), y.flatten(0, z.ndim - 2)
        return self.criterion(z, y) + self.penalty()

    def penalty(self) -> Tensor:
        """The contract's."""
        parameters = list(self.layers.parameters())
        kernels = [parameters[i].square().sum() for i in self.net.penalized]
        return 0.5 * self.net.l2 * sum(kernels) if self.net.l2 else torch.zeros(())


class SqueezedTarget(Own):
    """The targets lost their last axis, and the difference became a square of rows."""

    def criterion(self, z: Tensor, y: Tensor) -> Tensor:
        return ((z - y.squeeze(1)) ** 2).mean()


class SumOfTheBatch(Own):
    """The loss of a batch is a sum."""

    def criterion(self, z: Tensor, y: Tensor) -> Tensor:
        return F.cross_entropy(z, y, reduction="sum")


class DividedTwice(Own):
    """A mean, divided by the size of the batch once more."""

    def criterion(self, z: Tensor, y: Tensor) -> Tensor:
        return F.cross_entropy(z, y) / len(y)


class SoftmaxInForward(Own):
    """`return F.softmax(out)` before CrossEntropyLoss."""

    def head(self, z: Tensor) -> Tensor:
        return F.softmax(z, dim=-1)


class LogSoftmaxInForward(Own):
    """`return F.log_softmax(out)` before CrossEntropyLoss: another output, and the same loss."""

    def head(self, z: Tensor) -> Tensor:
        return F.log_softmax(z, dim=-1)


class LogSoftmaxOverTheBatch(Own):
    """`F.log_softmax(out, dim=0)`, then NLLLoss."""

    def criterion(self, z: Tensor, y: Tensor) -> Tensor:
        return F.nll_loss(F.log_softmax(z, dim=0), y)


class ReluOnTheOutput(Own):
    """A relu after the last layer, from copying a block."""

    def head(self, z: Tensor) -> Tensor:
        return F.relu(z)


class SigmoidBeforeLogits(Own):
    """A sigmoid in the model, and a loss that takes logits."""

    def head(self, z: Tensor) -> Tensor:
        return torch.sigmoid(z)


class HalfTheSquare(Own):
    """`(y_hat - y) ** 2 / 2`, from a textbook."""

    def criterion(self, z: Tensor, y: Tensor) -> Tensor:
        return ((z - y) ** 2 / 2).sum(1).mean()


class PenaltyWithoutHalf(Own):
    """The regularizer of a Keras model, taken over with its strength and without the half."""

    def penalty(self) -> Tensor:
        return 2 * super().penalty()


class PenaltyOverSize(Own):
    """The penalty of each kernel is divided by how many numbers it has."""

    def penalty(self) -> Tensor:
        parameters = list(self.layers.parameters())
        kernels = [parameters[i].square().mean() for i in self.net.penalized]
        return 0.5 * self.net.l2 * sum(kernels) if self.net.l2 else torch.zeros(())


class PenaltyOnBiases(Own):
    """`l2_loss(W) + l2_loss(b)`."""

    def penalty(self) -> Tensor:
        every = [p.square().sum() for p in self.layers.parameters()]
        return 0.5 * self.net.l2 * sum(every)


class LeakySlope(Own):
    """`F.leaky_relu` with PyTorch's slope of 0.01 for a model that was written with 0.2."""

    @torch.no_grad()
    def activations(self, x: Array) -> list[Array]:
        a, outputs = torch.from_numpy(x), []
        for layer, of in zip(self.layers, self.net.layers, strict=True):
            a = self.through(layer, of, a)
            outputs.append(_array(a).copy())
        return outputs

    def through(self, layer, of, a: Tensor) -> Tensor:
        """A layer, its relu replaced."""
        if getattr(of, "activation", "") != "relu":
            return layer(a)
        return F.leaky_relu(F.linear(a, *list(layer.parameters())), 0.2)

    def _loss(self, x: Tensor, y: Tensor) -> Tensor:
        z = x
        for layer, of in zip(self.layers, self.net.layers, strict=True):
            z = self.through(layer, of, z)
        return self.criterion(z, y) + self.penalty()


class EpochLossOverDataset(Own):
    """Batch means are added up and divided by the number of images."""

    def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
        return super().epoch(x, y, order, batch_size) / len(order)


class LastLossOnly(Own):
    """The loss that is printed for an epoch is that of its last batch."""

    def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
        losses = super().epoch(x, y, order, batch_size)
        return losses * 0 + losses[-1]
