"""PyTorch ports whose training loop differs from what was meant; the reports are in `cases.py`."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, TensorDataset

from adapters.contract import Adam, Array, Net, Optimizer, Params, State
from adapters.torch_adapter import *  # noqa: F403 - an adapter is its whole module
from adapters.torch_adapter import LOSSES, OPTIMIZERS, TorchModel, _array


class NoZeroGrad(TorchModel):
    """`optimizer.zero_grad()` is missing."""

    def _step(self, x: Tensor, y: Tensor) -> Tensor:
        loss = self._loss(x, y)
        loss.backward()
        self.optim.step()
        return loss.detach()


class FirstBackwardTwice(TorchModel):
    """A backward before the loop, whose gradients are cleared only after the first step."""

    made_a_step = False

    def restore(self, state: State) -> None:
        super().restore(state)
        self.made_a_step = True

    def _step(self, x: Tensor, y: Tensor) -> Tensor:
        loss = self._loss(x, y)
        if not self.made_a_step:
            loss.backward(retain_graph=True)
        self.made_a_step = True
        loss.backward()
        self.optim.step()
        self.optim.zero_grad()
        return loss.detach()


class OptimizerInEpoch(TorchModel):
    """The function that trains an epoch makes its optimizer."""

    def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
        self.optim = OPTIMIZERS[type(self.optimizer)](self.optimizer, self.layers.parameters())
        return super().epoch(x, y, order, batch_size)


class SchedulerPerBatch(TorchModel):
    """`scheduler.step()` stands in the loop over batches."""

    def __init__(self, net: Net, params: Params, optimizer: Optimizer) -> None:
        super().__init__(net, params, optimizer)
        self.scheduler = torch.optim.lr_scheduler.ExponentialLR(self.optim, 0.95)

    def _step(self, x: Tensor, y: Tensor) -> Tensor:
        loss = super()._step(x, y)
        self.scheduler.step()
        return loss


class SchedulerInTwoPlaces(SchedulerPerBatch):
    """`scheduler.step()` stands in the loop over batches, and after it."""

    def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
        losses = super().epoch(x, y, order, batch_size)
        self.scheduler.step()
        return losses


class DecayByTime(TorchModel):
    """The `decay` argument of old Keras, which counts updates: lr / (1 + decay · t)."""

    updates = 0

    def _step(self, x: Tensor, y: Tensor) -> Tensor:
        for group in self.optim.param_groups:
            group["lr"] = self.optimizer.learning_rate / (1 + 0.02 * self.updates)
        self.updates += 1
        return super()._step(x, y)


class WithoutPenalty(TorchModel):
    """The loss has no penalty: it is left to the optimizer."""

    def _loss(self, x: Tensor, y: Tensor) -> Tensor:
        z = x
        for layer in self.layers:
            z = layer(z)
        return LOSSES[self.net.loss](z, y)


class DecayOfAllParameters(WithoutPenalty):
    """`weight_decay=` for `model.parameters()`, biases and all."""

    def __init__(self, net: Net, params: Params, optimizer: Optimizer) -> None:
        super().__init__(net, params, optimizer)
        for group in self.optim.param_groups:
            group["weight_decay"] = net.l2


class DecoupledDecay(WithoutPenalty):
    """AdamW's decay where an L2 penalty was meant, for any optimizer."""

    def share(self) -> float:
        """By how much a weight shrinks in a step."""
        return self.optimizer.learning_rate * self.net.l2

    def _step(self, x: Tensor, y: Tensor) -> Tensor:
        self.optim.zero_grad()
        loss = self._loss(x, y)
        loss.backward()
        with torch.no_grad():
            for p, kind in zip(self.layers.parameters(), self.net.parameters, strict=True):
                if kind.is_penalized:
                    p.mul_(1 - self.share())
        self.optim.step()
        return loss.detach()


class DecayWithoutRate(DecoupledDecay):
    """SGDW as TensorFlow Addons has it: the decay is not multiplied by the learning rate."""

    def share(self) -> float:
        return self.net.l2


class AdamOfTensorFlow(TorchModel):
    """TensorFlow's Adam: ε hat, added before the correction."""

    def _step(self, x: Tensor, y: Tensor) -> Tensor:
        if not isinstance(self.optimizer, Adam):
            return super()._step(x, y)
        o = self.optimizer
        self.optim.zero_grad()
        loss = self._loss(x, y)
        loss.backward()
        with torch.no_grad():
            for p in self.layers.parameters():
                s = self.optim.state[p]
                if not s:
                    s.update(step=torch.zeros(()), exp_avg=torch.zeros_like(p),
                             exp_avg_sq=torch.zeros_like(p))  # fmt: skip
                s["step"] += 1
                t = int(s["step"])
                s["exp_avg"].mul_(o.beta_1).add_(p.grad, alpha=1 - o.beta_1)
                s["exp_avg_sq"].mul_(o.beta_2).addcmul_(p.grad, p.grad, value=1 - o.beta_2)
                rate = o.learning_rate * (1 - o.beta_2**t) ** 0.5 / (1 - o.beta_1**t)
                p.sub_(rate * s["exp_avg"] / (s["exp_avg_sq"].sqrt() + o.epsilon))
        return loss.detach()


class Regrouped(TorchModel):
    """Some constants of the optimizer are others."""

    constants: ClassVar[dict[str, object]] = {}

    def __init__(self, net: Net, params: Params, optimizer: Optimizer) -> None:
        super().__init__(net, params, optimizer)
        for group in self.optim.param_groups:
            group.update({k: v for k, v in self.constants.items() if k in group})


class AdamWithKerasEpsilon(Regrouped):
    """ε = 1e-7, Keras's default."""

    constants: ClassVar[dict[str, object]] = {"eps": 1e-7}


class AdamWithBetaHalf(Regrouped):
    """β₁ = 0.5, as in a GAN's paper."""

    constants: ClassVar[dict[str, object]] = {"betas": (0.5, 0.999)}


class HiddenLayersInAList(TorchModel):
    """Hidden layers in a plain list are not among `parameters()`; the head is."""

    def __init__(self, net: Net, params: Params, optimizer: Optimizer) -> None:
        super().__init__(net, params, optimizer)
        registered = list(self.layers)[-1]
        for p in list(self.layers.parameters()):
            if all(p is not q for q in registered.parameters()):
                p.requires_grad_(False)
        self._freeze()

    def _freeze(self) -> None:
        self.frozen = [p for p in self.layers.parameters() if not p.requires_grad]

    def state(self) -> State:
        state = super().state()
        counts = [int(s["step"]) for s in self._slots() if "step" in s]
        return state | ({"step": np.array(max(counts))} if "step" in state else {})

    def gradients(self, x: Array, y: Array) -> Params:
        for p in self.frozen:
            p.requires_grad_(True)
        found = super().gradients(x, y)
        for p in self.frozen:
            p.requires_grad_(False)
        return found


class HeadForgotten(HiddenLayersInAList):
    """The last layer's parameters are not handed to the optimizer."""

    def __init__(self, net: Net, params: Params, optimizer: Optimizer) -> None:
        TorchModel.__init__(self, net, params, optimizer)
        for p in list(self.layers)[-1].parameters() if len(net.layers) > 1 else ():
            p.requires_grad_(False)
        self._freeze()


class CheckpointWithoutMoments(TorchModel):
    """A checkpoint that saves SGD's buffers only: Adam's moments and count start again."""

    def restore(self, state: State) -> None:
        if isinstance(self.optimizer, Adam):
            state = {k: v if k.startswith("param") else np.zeros_like(v) for k, v in state.items()}
        super().restore(state)


class LoaderShuffles(TorchModel):
    """A DataLoader with shuffle=True around rows that are in order already."""

    def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
        inputs, targets = self._batch(x, y)
        rows = torch.from_numpy(order)
        loader = DataLoader(TensorDataset(inputs[rows], targets[rows]), batch_size, shuffle=True)
        return _array(torch.stack([self._step(a, b) for a, b in loader]))


class InputsShuffledAlone(TorchModel):
    """The x are shuffled, the y are not."""

    def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
        inputs, targets = self._batch(x, y)
        rows = torch.from_numpy(order)
        mixed = inputs[rows][torch.randperm(len(rows))]
        pairs = zip(mixed.split(batch_size), targets[rows].split(batch_size), strict=True)
        return _array(torch.stack([self._step(a, b) for a, b in pairs]))
