"""JAX: pure functions of the parameters, `value_and_grad`, `jit`, and `lax.scan` for the epoch.

What to know when comparing: nothing is changed in place, so a step takes the model's memory and
returns the next one; `jit` compiles once per shape, so the short last batch of an epoch stays
outside the `scan`; 64 bits are off unless switched on before the first array; the gradient of a
`maximum` at a tie is halved; and an index out of range is clamped, never refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Literal, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from adapters.contract import SGD, Adam, Array, Device, Model, Net, Optimizer, Params, State
from adapters.introspection import choose_device, defaults_of
from adapters.jax_layers import LAYERS, convolves, outputs
from adapters.validation import (
    as_batch,
    as_inputs,
    as_net,
    as_optimizer,
    as_order,
    as_params,
    as_state,
    in_batches,
    named,
    slots_of,
)

Tensor = jax.Array
DEVICES = {"cpu": ("cpu", 0), "gpu": ("gpu", 0)}  # platform, and which of its devices
SETTINGS = ("enable_x64", "default_matmul_precision")
DEFAULTS: dict[str, Any] = {
    **{name: getattr(jax.config, f"jax_{name}") for name in SETTINGS},
    "glorot_uniform": defaults_of(jax.nn.initializers.glorot_uniform),
    "gelu": defaults_of(jax.nn.gelu),
    "reduction": "none",
    "shuffle": False,
}


def configure_device(dtype: str, device: str, threads: int) -> Device:
    """Set precision before the first array starts XLA, which reads the number of threads then."""
    # This only allows 64 bits: a float32 array stays float32.
    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_default_matmul_precision", "highest")  # TF32 keeps 10 bits
    return choose_device("jax", device, any(d.platform == "gpu" for d in jax.devices()))


def perceptron(z: Tensor, y: Tensor) -> Tensor:
    """`where`, because JAX halves the gradient of a `maximum` at a tie."""
    return jnp.where(y * z <= 0, -y * z, 0).sum(1)


def softmax(z: Tensor, y: Tensor) -> Tensor:
    """log Σ exp(z) − z[y]; JAX leaves losses to libraries, but has the sum that cannot overflow."""
    return jax.nn.logsumexp(z, axis=1) - jnp.take_along_axis(z, y[:, None], axis=1).ravel()


# loss: each row's value (n,), from the scores z (n, n_out)
LOSSES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "perceptron": perceptron,
    "squared": lambda z, y: jnp.square(z - y).sum(1),
    "logistic": lambda z, y: (jax.nn.softplus(z) - y * z).sum(1),
    "softmax": softmax,
}

Slots = tuple[Tensor, ...]


def sgd(o: SGD, w: Tensor, g: Tensor, slots: Slots, t: Tensor) -> tuple[Tensor, Slots]:
    """W − η·g, or by the velocity μ·v + g, or by Nesterov's g + μ·v; and the velocity."""
    if not slots:
        return w - o.learning_rate * g, ()
    (v,) = slots
    v = o.momentum * v + g
    return w - o.learning_rate * (g + o.momentum * v if o.nesterov else v), (v,)


def adam(o: Adam, w: Tensor, g: Tensor, slots: Slots, t: Tensor) -> tuple[Tensor, Slots]:
    """Kingma & Ba's algorithm 1; 1 − βᵗ is small at first and would round in 32 bits."""
    m, v = slots
    m = o.beta_1 * m + (1 - o.beta_1) * g
    v = o.beta_2 * v + (1 - o.beta_2) * g * g
    t = t.astype(jnp.float64)
    m_hat = m / (1 - o.beta_1**t).astype(w.dtype)
    v_hat = v / (1 - o.beta_2**t).astype(w.dtype)
    return w - o.learning_rate * m_hat / (jnp.sqrt(v_hat) + o.epsilon), (m, v)


OPTIMIZERS: dict[type, Callable[..., tuple[Tensor, Slots]]] = {SGD: sgd, Adam: adam}


class Memory(NamedTuple):
    """The complete state of a model."""

    params: list[Any]
    slots: list[tuple[Any, ...]]  # of each parameter
    t: Any  # updates made so far


@partial(jax.jit, static_argnums=0)
def layers(net: Net, params: list[Tensor], x: Tensor) -> list[Tensor]:
    """Every layer's output, each (n, *shape) of `net.outputs`."""
    return outputs(net.layers, params, x)


def row_losses(net: Net, params: list[Tensor], x: Tensor, y: Tensor) -> Tensor:
    """Each row's loss (n,): of a sequence, the mean over its places."""
    z = layers(net, params, x)[-1]
    if z.ndim == 2:
        return LOSSES[net.loss](z, y)
    places = z.reshape(-1, net.n_out), y.reshape(-1, *y.shape[z.ndim - 1 :])
    return LOSSES[net.loss](*places).reshape(len(x), -1).mean(1)


def penalty(net: Net, params: list[Tensor]) -> Any:
    """½ · l2 · Σ W² of the kernels."""
    kernels = (params[i] for i in net.penalized)
    return 0.5 * net.l2 * sum(jnp.square(w).sum() for w in kernels) if net.l2 else 0


@partial(jax.jit, static_argnums=0)
def mean_loss(net: Net, params: list[Tensor], x: Tensor, y: Tensor) -> Tensor:
    """The mean of the rows' losses, plus the penalty."""
    return row_losses(net, params, x, y).mean() + penalty(net, params)


loss_and_gradients = jax.jit(jax.value_and_grad(mean_loss, argnums=1), static_argnums=0)


def updated(optimizer: Optimizer, memory: Memory, gradients: list[Tensor]) -> Memory:
    """The memory after one update by these gradients."""
    t, update = memory.t + 1, OPTIMIZERS[type(optimizer)]
    pairs = [
        update(optimizer, w, g, slots, t)
        for w, g, slots in zip(memory.params, gradients, memory.slots, strict=True)
    ]
    return Memory([w for w, _ in pairs], [slots for _, slots in pairs], t)


@partial(jax.jit, static_argnums=(0, 1))
def step(
    net: Net, optimizer: Optimizer, memory: Memory, x: Tensor, y: Tensor
) -> tuple[Memory, Tensor]:
    """The memory after one update, and the loss before it."""
    loss, gradients = loss_and_gradients(net, memory.params, x, y)
    return updated(optimizer, memory, gradients), loss


@partial(jax.jit, static_argnums=(0, 1))
def steps(
    net: Net, optimizer: Optimizer, memory: Memory, x: Tensor, y: Tensor, batches: Tensor
) -> tuple[Memory, Tensor]:
    """One step on each batch of row numbers (batches, batch_size), as one compiled loop.

    Row numbers (batch_size,) are a single batch, without a loop.
    """

    def on_batch(memory: Memory, rows: Tensor) -> tuple[Memory, Tensor]:
        return step(net, optimizer, memory, x[rows], y[rows])

    return lax.scan(on_batch, memory, batches) if batches.ndim > 1 else on_batch(memory, batches)


class JaxModel(Model):
    """A network as immutable arrays: each update makes a new memory from the old one."""

    backend = "jax"
    DEFAULTS = DEFAULTS
    supported_layers = frozenset(LAYERS)

    @property
    def optimizer_source(self) -> Literal["framework", "ours"]:
        """JAX has no optimizers."""
        return "ours"

    def __init__(self, net: Net, params: Params, optimizer: Optimizer) -> None:
        self.net = as_net(net, self.supported_layers, self.backend)
        self.optimizer = as_optimizer(optimizer)
        params = as_params(net, params, self.dtype)
        slots = [tuple(0 * w for _ in optimizer.slots) for w in params]
        self._memory = self._tensors(Memory(params, slots, np.array(0)))

    def params(self) -> Params:
        return [_array(w) for w in self._memory.params]

    def assign(self, params: Params) -> None:
        params = self._tensors(as_params(self.net, params, self.dtype))
        self._memory = self._memory._replace(params=params)

    def forward(self, x: Array) -> Array:
        return self.activations(x)[-1]

    def activations(self, x: Array) -> list[Array]:
        inputs = self._tensors(as_inputs(self.net, x, self.dtype))
        return [_array(a) for a in layers(self.net, self._memory.params, inputs)]

    def loss(self, x: Array, y: Array) -> float:
        return float(mean_loss(self.net, self._memory.params, *self._batch(x, y)))

    def gradients(self, x: Array, y: Array) -> Params:
        _, gradients = loss_and_gradients(self.net, self._memory.params, *self._batch(x, y))
        return [_array(g) for g in gradients]

    def step(self, x: Array, y: Array) -> float:
        self._memory, loss = step(self.net, self.optimizer, self._memory, *self._batch(x, y))
        return float(loss)

    def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
        x, y = as_batch(self.net, x, y, self.dtype)
        order, batch_size = as_order(order, len(x), batch_size)
        if len(order) < len(x):  # send the device only the rows that it needs
            x, y, order = x[order], y[order], np.arange(len(order))
        rows, losses = self._tensors((x, y)), []
        parts = in_batches(order, batch_size)
        if convolves(self.net.layers):  # slow in a compiled loop
            parts = [batch for part in parts for batch in part]
        for batches in map(self._tensors, parts):
            self._memory, part = steps(self.net, self.optimizer, self._memory, *rows, batches)
            losses.append(part)  # asynchronous: nothing waits here
        return np.hstack([_array(part) for part in losses])

    def state(self) -> State:
        state = named("param", self.params())
        for k, name in enumerate(self.optimizer.slots):
            state |= named(name, [_array(slots[k]) for slots in self._memory.slots])
        if isinstance(self.optimizer, Adam):
            state["step"] = _array(self._memory.t)
        return state

    def restore(self, state: State) -> None:
        state, count = as_state(self.net, self.optimizer, state, self.dtype), len(self.net.shapes)
        params, names = slots_of(state, "param", count), self.optimizer.slots
        slots = [tuple(state[f"{name}_{i}"] for name in names) for i in range(count)]
        self._memory = self._tensors(Memory(params, slots, state["step"]))

    @staticmethod
    def derivative(f: Callable[[Sequence[Any]], Any], at: Sequence[float]) -> tuple[float, Array]:
        return derivative(f, at, JaxModel.dtype)

    def _tensors(self, arrays: Any) -> Any:
        """Arrays, or nested lists and tuples of arrays, on the model's device."""
        platform, i = DEVICES[self.device]
        return jax.device_put(arrays, jax.local_devices(backend=platform)[i])

    def _batch(self, x: Array, y: Array) -> tuple[Tensor, Tensor]:
        return self._tensors(as_batch(self.net, x, y, self.dtype))


MODEL = JaxModel


def derivative(
    f: Callable[[Sequence[Any]], Any], at: Sequence[float], dtype: str = "float32"
) -> tuple[float, Array]:
    """Reverse mode, without `jit`: f runs on concrete values, so it may use `if`."""
    parameters = [jnp.asarray(float(value), dtype) for value in at]
    value, gradients = jax.value_and_grad(lambda p: jnp.asarray(f(p), dtype))(parameters)
    return float(value), np.array([_array(g) for g in gradients])


def _array(tensor: Tensor) -> Array:
    return np.array(tensor)
