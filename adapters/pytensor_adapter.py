"""PyTensor, the successor of Theano: a symbolic graph, `pytensor.grad`, `function(updates=…)`.

What to know when comparing: nothing is computed until a graph is compiled to a function; the
weights are shared variables that functions keep between calls, and an update is part of the
function; Python floats take the graph's floatX, so a value that needs 64 bits in a float32 run is
cast explicitly. PyTensor can turn a graph into machine code, through Numba or C. That takes half a
minute for the first graph and ten seconds for each further one, longer than a lesson. So the
rewritten graph runs operation by operation, on NumPy's kernels.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pytensor
import pytensor.tensor as pt
from pytensor.compile.mode import Mode
from threadpoolctl import threadpool_limits

from adapters.contract import SGD, Adam, Array, Device, Model, Net, Optimizer, Params, State
from adapters.introspection import choose_device, defaults_of
from adapters.pytensor_layers import LAYERS, Tensor, in_rows, outputs
from adapters.pytensor_rewriting import mode_of
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

Shared = Any  # a node that holds an array between calls
Update = tuple[Tensor, list[Tensor]]  # the new weights, and the new slots

DEFAULTS: dict[str, Any] = {
    "floatX": pytensor.config.floatX,
    "mode": pytensor.config.mode,
    "optimizer": pytensor.config.optimizer,
    "cast_policy": pytensor.config.cast_policy,
    "function": defaults_of(pytensor.function),
    "reduction": "none",
    "shuffle": False,
}


def configure_device(dtype: str, device: str, threads: int) -> Device:
    """Set threads and precision; PyTensor computes on the CPU only."""
    threadpool_limits(threads)
    pytensor.config.floatX = dtype
    return choose_device("pytensor", device, gpu_found=False)


def perceptron(z: Tensor, y: Tensor) -> Tensor:
    """`switch`, because frameworks differ in the gradient of a `maximum` at a tie."""
    return pt.switch(y * z <= 0, -y * z, 0).sum(axis=1)


def softmax(z: Tensor, y: Tensor) -> Tensor:
    """Minus the log-probabilities, indexed by row and label, as in Theano's first tutorial."""
    return -pt.special.log_softmax(z, axis=1)[pt.arange(y.shape[0]), y]


# loss: each row's value (n,), from the scores z (n, n_out)
LOSSES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "perceptron": perceptron,
    "squared": lambda z, y: pt.sqr(z - y).sum(axis=1),
    "logistic": lambda z, y: (pt.softplus(z) - y * z).sum(axis=1),
    "softmax": softmax,
}


def sgd(o: SGD, w: Tensor, g: Tensor, slots: list[Tensor], t: Tensor) -> Update:
    """W − η·g, or by the velocity μ·v + g, or by Nesterov's g + μ·v; and the velocity."""
    if not slots:
        return w - o.learning_rate * g, []
    (old,) = slots
    v = o.momentum * old + g
    return w - o.learning_rate * (g + o.momentum * v if o.nesterov else v), [v]


def adam(o: Adam, w: Tensor, g: Tensor, slots: list[Tensor], t: Tensor) -> Update:
    """Kingma & Ba's algorithm 1; 1 − βᵗ is small at first and would round in 32 bits."""
    m, v = slots
    m = o.beta_1 * m + (1 - o.beta_1) * g
    v = o.beta_2 * v + (1 - o.beta_2) * pt.sqr(g)  # a product of three runs entry by entry
    m_hat = m / pt.cast(1 - np.float64(o.beta_1) ** t, w.dtype)
    v_hat = v / pt.cast(1 - np.float64(o.beta_2) ** t, w.dtype)
    return w - o.learning_rate * m_hat / (pt.sqrt(v_hat) + o.epsilon), [m, v]


OPTIMIZERS: dict[type, Callable[..., Update]] = {SGD: sgd, Adam: adam}

# The runner reports a run that diverges, so NumPy need not warn at every infinity on the way.
quietly = np.errstate(over="ignore", invalid="ignore", divide="ignore")


class PyTensorModel(Model):
    """A network as a graph on shared variables; its functions are compiled when first needed."""

    backend = "pytensor"
    supported_layers = frozenset(LAYERS)
    DEFAULTS = DEFAULTS

    @property
    def optimizer_source(self) -> Literal["framework", "ours"]:
        """PyTensor has no optimizers."""
        return "ours"

    def __init__(self, net: Net, params: Params, optimizer: Optimizer) -> None:
        self.net = as_net(net, self.supported_layers, self.backend)
        self.optimizer = as_optimizer(optimizer)
        self._mode = mode_of(net)
        arrays = as_params(net, params, self.dtype)
        self._shared: list[Shared] = [pytensor.shared(array) for array in arrays]
        self._slots = [[pytensor.shared(0 * array) for array in arrays] for _ in optimizer.slots]
        self._t = pytensor.shared(np.array(0.0))  # float64, as the exponent of β
        # The dtypes and numbers of axes of a batch: inputs (n, …), targets (n, …, n_out) or (n, …).
        floats, labels = pytensor.config.floatX, net.loss == "softmax"
        inputs, targets = 1 + len(net.row_shape), 1 + len(net.outputs[-1]) - labels
        kind = "int64" if net.reads_indices else floats
        self._x = pt.tensor("x", dtype=kind, shape=(None,) * inputs)
        self._y = pt.tensor("y", dtype="int64" if labels else floats, shape=(None,) * targets)

    def params(self) -> Params:
        return [w.get_value() for w in self._shared]

    def assign(self, params: Params) -> None:
        for w, array in zip(self._shared, as_params(self.net, params, self.dtype), strict=True):
            w.set_value(array)

    def forward(self, x: Array) -> Array:
        return self.activations(x)[-1]

    @quietly
    def activations(self, x: Array) -> list[Array]:
        return self._activations(as_inputs(self.net, x, self.dtype))

    @quietly
    def loss(self, x: Array, y: Array) -> float:
        return float(self._loss(*as_batch(self.net, x, y, self.dtype)))

    @quietly
    def gradients(self, x: Array, y: Array) -> Params:
        return self._gradients(*as_batch(self.net, x, y, self.dtype))

    @quietly
    def step(self, x: Array, y: Array) -> float:
        return float(self._step(*as_batch(self.net, x, y, self.dtype)))

    @quietly
    def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
        x, y = as_batch(self.net, x, y, self.dtype)
        order, batch_size = as_order(order, len(x), batch_size)
        batches = [order[i : i + batch_size] for i in range(0, len(order), batch_size)]
        return np.array([self._step(x[rows], y[rows]) for rows in batches], self.dtype)

    def state(self) -> State:
        state = named("param", self.params())
        for name, slot in zip(self.optimizer.slots, self._slots, strict=True):
            state |= named(name, [v.get_value() for v in slot])
        if isinstance(self.optimizer, Adam):
            state["step"] = np.array(self._t.get_value(), np.int64)
        return state

    def restore(self, state: State) -> None:
        count = len(self._shared)
        state = as_state(self.net, self.optimizer, state, self.dtype)
        self.assign(slots_of(state, "param", count))
        for name, slot in zip(self.optimizer.slots, self._slots, strict=True):
            for v, array in zip(slot, slots_of(state, name, count), strict=True):
                v.set_value(array)
        self._t.set_value(np.array(float(state["step"])))

    @staticmethod
    def derivative(f: Callable[[Sequence[Any]], Any], at: Sequence[float]) -> tuple[float, Array]:
        return derivative(f, at)

    @cached_property
    def _layers(self) -> list[Tensor]:
        """The graph of every layer's output, each (n, *shape) of `net.outputs`."""
        return outputs(self.net.layers, self._shared, self._x, self.net.row_shape)

    @cached_property
    def _mean_loss(self) -> Tensor:
        """The graph of the mean of the rows' losses, plus the penalty.

        Each place of a sequence is a row of its own.
        """
        z, y = self._layers[-1], self._y
        if z.ndim > 2:
            z, y = in_rows(z), y.ravel() if self.net.loss == "softmax" else in_rows(y)
        loss = LOSSES[self.net.loss](z, y).mean()
        if self.net.l2:
            kernels = [self._shared[i] for i in self.net.penalized]
            loss += 0.5 * self.net.l2 * sum(pt.sqr(w).sum() for w in kernels)
        return loss

    @cached_property
    def _activations(self) -> Callable[..., list[Array]]:
        return pytensor.function([self._x], self._layers, mode=self._mode)

    @cached_property
    def _loss(self) -> Callable[..., Array]:
        return pytensor.function([self._x, self._y], self._mean_loss, mode=self._mode)

    @cached_property
    def _gradients(self) -> Callable[..., list[Array]]:
        gradients = pytensor.grad(self._mean_loss, self._shared)
        return pytensor.function([self._x, self._y], gradients, mode=self._mode)

    @cached_property
    def _step(self) -> Callable[..., Array]:
        """The loss; each call also updates every shared variable."""
        updates, t = [(self._t, self._t + 1)], self._t + 1
        for i, g in enumerate(pytensor.grad(self._mean_loss, self._shared)):
            w, slots = self._shared[i], [slot[i] for slot in self._slots]
            new, new_slots = OPTIMIZERS[type(self.optimizer)](self.optimizer, w, g, slots, t)
            updates += [(w, new), *zip(slots, new_slots, strict=True)]
        inputs = [self._x, self._y]
        return pytensor.function(inputs, self._mean_loss, updates=updates, mode=self._mode)


MODEL = PyTensorModel


def derivative(f: Callable[[Sequence[Any]], Any], at: Sequence[float]) -> tuple[float, Array]:
    """Symbolic: f runs once on symbols, so it cannot use `if`; its graph is evaluated once."""
    symbols = [pt.scalar() for _ in at]
    value = pt.as_tensor(f(symbols)).astype(pytensor.config.floatX)
    gradients = pytensor.grad(value, symbols, disconnected_inputs="ignore")
    once = Mode(linker="py", optimizer=None)  # rewriting would cost more than it saves
    function = pytensor.function(symbols, [value, *gradients], mode=once, on_unused_input="ignore")
    numbers = function(*np.asarray(at, pytensor.config.floatX))
    return float(numbers[0]), np.array(numbers[1:])
