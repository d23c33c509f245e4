"""PyTorch ports that draw what the other model does not; the reports are in `cases.py`."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from adapters.contract import Array, Net, Optimizer, Params
from adapters.torch_adapter import *  # noqa: F403 - an adapter is its whole module
from adapters.torch_adapter import LOSSES, TorchModel, _array


class DropoutAlwaysOn(TorchModel):
    """`F.dropout(x, 0.5)` after each hidden layer: `training` is true by default."""

    @torch.no_grad()
    def activations(self, x: Array) -> list[Array]:
        a, outputs = self._tensor(x), []
        for i, layer in enumerate(self.layers):
            a = layer(a)
            a = F.dropout(a, 0.5) if i < len(self.layers) - 1 else a
            outputs.append(_array(a).copy())
        return outputs

    def _loss(self, x: Tensor, y: Tensor) -> Tensor:
        z = x
        for i, layer in enumerate(self.layers):
            z = layer(z)
            z = F.dropout(z, 0.5) if i < len(self.layers) - 1 else z
        loss = LOSSES[self.net.loss](z, y)
        kernels = [list(self.layers.parameters())[i].square().sum() for i in self.net.penalized]
        return loss + 0.5 * self.net.l2 * sum(kernels)


class DropoutInTraining(DropoutAlwaysOn):
    """Dropout in the training step, where the other model has none."""

    activations = TorchModel.activations


class DrawsItsOwn(TorchModel):
    """`nn.Linear` and its kin draw the weights; those of the other model were never copied."""

    @staticmethod
    def draw(p: nn.Parameter, fan_in: int) -> None:
        """PyTorch's default for Linear."""
        nn.init.uniform_(p, -(fan_in**-0.5), fan_in**-0.5)

    def __init__(self, net: Net, params: Params, optimizer: Optimizer) -> None:
        super().__init__(net, params, optimizer)
        fan_in = 1
        for p, kind in zip(self.layers.parameters(), net.parameters, strict=True):
            fan_in = kind.fans[0] if kind.fans else fan_in
            with torch.no_grad():
                self.draw(p, fan_in)


class DrawsGlorotUniform(DrawsItsOwn):
    """Keras's Dense, drawn by torch: Glorot's uniform kernels and zero biases."""

    @staticmethod
    def draw(p: nn.Parameter, fan_in: int) -> None:
        nn.init.xavier_uniform_(p) if p.ndim > 1 else nn.init.zeros_(p)


class DrawsGlorotNormal(DrawsItsOwn):
    """`xavier_normal_` where the other model has the uniform one."""

    @staticmethod
    def draw(p: nn.Parameter, fan_in: int) -> None:
        nn.init.xavier_normal_(p) if p.ndim > 1 else nn.init.zeros_(p)
