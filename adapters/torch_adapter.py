"""PyTorch: `nn.Module` and `optim`, one update per batch in a loop that a student can read.

What to know when comparing: PyTorch's kernels begin with their outputs, so their axes are permuted
on the way in and out; `backward` adds to existing gradients, so they are cleared first;
`weight_decay` would also shrink the biases, so the L2 penalty is part of the loss; PyTorch's Adam
is algorithm 1 of Kingma & Ba as published, with ε outside the corrected root.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from adapters.contract import SGD, Adam, Array, Device, Model, Net, Optimizer, Params, State
from adapters.introspection import choose_device, defaults_of
from adapters.torch_layers import LAYERS, axes, module
from adapters.validation import (
    as_batch,
    as_inputs,
    as_net,
    as_optimizer,
    as_order,
    as_params,
    as_state,
    named,
    slots_of,
)

DEVICES = {"cpu": "cpu", "gpu": "cuda"}
PRECISION, FORMER_PRECISION = ("fp32_precision", "ieee"), ("allow_tf32", False)

DEFAULTS: dict[str, Any] = {
    "dense": defaults_of(nn.Linear),
    "kernel_initializer": "uniform(-1/sqrt(n_in), 1/sqrt(n_in))",
    "bias_initializer": "uniform(-1/sqrt(n_in), 1/sqrt(n_in))",
    "sgd": defaults_of(torch.optim.SGD),
    "adam": defaults_of(torch.optim.Adam),
    "reduction": defaults_of(nn.CrossEntropyLoss)["reduction"],
    "shuffle": bool(defaults_of(torch.utils.data.DataLoader)["shuffle"]),
}


def configure_device(dtype: str, device: str, threads: int) -> Device:
    """Set threads and precision; `gpu` is CUDA and never MPS, which has no float64."""
    torch.set_num_threads(threads)
    torch.set_default_dtype(getattr(torch, dtype))
    for place in (torch.backends.cuda.matmul, torch.backends.cudnn):
        # TF32 keeps 10 bits of the mantissa. Before PyTorch 2.9 its switch had another name.
        name, off = PRECISION if hasattr(place, PRECISION[0]) else FORMER_PRECISION
        setattr(place, name, off)
    # cuDNN's other algorithms sum a kernel's gradient by atomic additions, in any order.
    torch.backends.cudnn.deterministic = True
    return choose_device("torch", device, torch.cuda.is_available())


def perceptron(z: Tensor, y: Tensor) -> Tensor:
    """`where`, because PyTorch halves the gradient of a `maximum` at a tie."""
    return torch.where(y * z <= 0, -y * z, 0.0).sum(1).mean()


# loss: the mean over the rows, from the scores z (n, n_out)
LOSSES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "perceptron": perceptron,
    "squared": lambda z, y: F.mse_loss(z, y, reduction="sum") / len(z),
    "logistic": lambda z, y: F.binary_cross_entropy_with_logits(z, y, reduction="sum") / len(z),
    "softmax": F.cross_entropy,
}


def sgd(o: SGD, parameters: Iterator[nn.Parameter]) -> torch.optim.Optimizer:
    """PyTorch's own SGD: its momentum is v ← μ·v + g, W ← W − η·v."""
    return torch.optim.SGD(parameters, lr=o.learning_rate, momentum=o.momentum, nesterov=o.nesterov)


def adam(o: Adam, parameters: Iterator[nn.Parameter]) -> torch.optim.Optimizer:
    """PyTorch's own Adam."""
    return torch.optim.Adam(
        parameters, lr=o.learning_rate, betas=(o.beta_1, o.beta_2), eps=o.epsilon
    )


OPTIMIZERS: dict[type, Callable[..., torch.optim.Optimizer]] = {SGD: sgd, Adam: adam}
SLOTS = {
    "velocity": "momentum_buffer",
    "first_moment": "exp_avg",
    "second_moment": "exp_avg_sq",
}  # the name of each slot in the optimizer's own state


class TorchModel(Model):
    """A network as a list of modules, with one of PyTorch's optimizers."""

    backend = "torch"
    DEFAULTS = DEFAULTS
    supported_layers = frozenset(LAYERS)

    @property
    def optimizer_source(self) -> Literal["framework", "ours"]:
        """`torch.optim` moves the weights."""
        return "framework"

    def __init__(self, net: Net, params: Params, optimizer: Optimizer) -> None:
        self.net = as_net(net, self.supported_layers, self.backend)
        self.optimizer = as_optimizer(optimizer)
        # Without a device `skip_init` leaves the weights on the CPU, whatever `torch.device` says.
        device = DEVICES[self.device]
        self.layers = nn.ModuleList(module(layer, device) for layer in net.layers)
        self._axes = axes(net.layers)
        self.optim = OPTIMIZERS[type(optimizer)](optimizer, self.layers.parameters())
        self.assign(params)

    def params(self) -> Params:
        return self._arrays(self.layers.parameters())

    def assign(self, params: Params) -> None:
        params = as_params(self.net, params, self.dtype)
        with torch.no_grad():
            for p, tensor in zip(self.layers.parameters(), self._tensors(params), strict=True):
                p.copy_(tensor)

    def forward(self, x: Array) -> Array:
        return self.activations(x)[-1]

    @torch.no_grad()
    def activations(self, x: Array) -> list[Array]:
        a, outputs = self._tensor(as_inputs(self.net, x, self.dtype)), []
        for layer in self.layers:
            a = layer(a)  # (n, *shape) of `net.outputs`
            outputs.append(_array(a).copy())  # a flattened picture is the same memory
        return outputs

    @torch.no_grad()
    def loss(self, x: Array, y: Array) -> float:
        return float(_array(self._loss(*self._batch(x, y))))

    def gradients(self, x: Array, y: Array) -> Params:
        loss = self._loss(*self._batch(x, y))
        gradients = torch.autograd.grad(loss, list(self.layers.parameters()))
        return self._arrays(gradients)

    def step(self, x: Array, y: Array) -> float:
        return float(_array(self._step(*self._batch(x, y))))

    def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
        inputs, targets = self._batch(x, y)
        order, batch_size = as_order(order, len(inputs), batch_size)
        batches = self._tensor(order).split(batch_size)
        # `index_select` copies whole rows, in a third of the time of `inputs[rows]`.
        losses = [
            self._step(inputs.index_select(0, rows), targets.index_select(0, rows))
            for rows in batches
        ]
        return _array(torch.stack(losses))

    def state(self) -> State:
        state = named("param", self.params())
        for slot in self.optimizer.slots:
            state |= named(slot, self._arrays(s[SLOTS[slot]] for s in self._slots()))
        if isinstance(self.optimizer, Adam):
            count, *_ = (s["step"] for s in self._slots())  # the same for each parameter
            state["step"] = _array(count).astype(np.int64)
        return state

    def restore(self, state: State) -> None:
        parameters = list(self.layers.parameters())
        state = as_state(self.net, self.optimizer, state, self.dtype)
        self.assign(slots_of(state, "param", len(parameters)))
        for slot in self.optimizer.slots:
            tensors = self._tensors(slots_of(state, slot, len(parameters)))
            for p, tensor in zip(parameters, tensors, strict=True):
                self.optim.state[p][SLOTS[slot]] = tensor.contiguous()
        if isinstance(self.optimizer, Adam):  # PyTorch counts in a float32 tensor on the CPU
            for p in parameters:
                self.optim.state[p]["step"] = torch.tensor(
                    float(state["step"]), dtype=torch.float32
                )

    @staticmethod
    def derivative(f: Callable[[Sequence[Any]], Any], at: Sequence[float]) -> tuple[float, Array]:
        return derivative(f, at)

    def _tensor(self, array: Array) -> Tensor:
        return torch.from_numpy(array).to(DEVICES[self.device])

    def _tensors(self, params: Params) -> list[Tensor]:
        """Arrays of the parameters' shapes, with PyTorch's axes."""
        pairs = zip(params, self._axes, strict=True)
        return [self._tensor(array).permute(order) for array, order in pairs]

    def _arrays(self, tensors: Iterable[Tensor]) -> Params:
        """Copies of tensors of the parameters' shapes, with the contract's axes."""
        pairs = zip(tensors, self._axes, strict=True)
        return [_array(tensor).transpose(np.argsort(order)).copy() for tensor, order in pairs]

    def _batch(self, x: Array, y: Array) -> tuple[Tensor, Tensor]:
        inputs, targets = as_batch(self.net, x, y, self.dtype)
        return self._tensor(inputs), self._tensor(targets)

    def _loss(self, x: Tensor, y: Tensor) -> Tensor:
        z = x
        for layer in self.layers:
            z = layer(z)
        if z.ndim > 2:  # each place of a sequence is a row of its own
            z, y = z.flatten(0, -2), y.flatten(0, z.ndim - 2)
        loss = LOSSES[self.net.loss](z, y)
        if self.net.l2:
            parameters = list(self.layers.parameters())
            kernels = (parameters[i] for i in self.net.penalized)
            loss = loss + 0.5 * self.net.l2 * sum(w.square().sum() for w in kernels)
        return loss

    def _step(self, x: Tensor, y: Tensor) -> Tensor:
        self.optim.zero_grad()
        loss = self._loss(x, y)
        loss.backward()
        self.optim.step()
        return loss.detach()

    def _slots(self) -> list[dict[str, Any]]:
        """The optimizer's state for each parameter, zeros before the first step."""
        fresh = {"step": torch.zeros(())}
        return [
            {name: torch.zeros_like(p) for name in SLOTS.values()} | fresh | self.optim.state[p]
            for p in self.layers.parameters()
        ]


MODEL = TorchModel


def derivative(f: Callable[[Sequence[Any]], Any], at: Sequence[float]) -> tuple[float, Array]:
    """Reverse mode: f runs once on tensors that record the graph; `autograd.grad` walks back."""
    parameters = [torch.tensor(float(value), requires_grad=True) for value in at]
    value = f(parameters)
    gradients = torch.autograd.grad(value, parameters, materialize_grads=True)
    return float(value.detach()), _array(torch.stack(gradients))


def _array(tensor: Tensor) -> Array:
    return tensor.detach().cpu().numpy()
