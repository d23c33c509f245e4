"""TensorFlow: `tf.Variable`, `GradientTape`, and an epoch that is one compiled graph.

What to know when comparing: core TensorFlow has no layers and no optimizers of its own (those are
Keras), so each update is an equation of `contract.py` on variables; a `tf.function` is traced once
per shape and then runs without Python, so the loop over batches is a `tf.range` and the losses are
collected in a `TensorArray`; counters, which would lose digits in float32, stay integers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np
import tensorflow as tf

from adapters.contract import (
    SGD,
    Adam,
    Array,
    Device,
    Model,
    Net,
    Optimizer,
    Params,
    State,
)
from adapters.introspection import choose_device, defaults_of
from adapters.tensorflow_layers import LAYERS, Tensor, in_rows, outputs
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

DEVICES = {"cpu": "/CPU:0", "gpu": "/GPU:0"}
# From this many parameters on, XLA compiles the epoch of a network of dense layers. Compiling costs
# half a second or more for each model and each shape of an epoch, and 7 MB of memory for good. It
# pays off after a few epochs for 512 units, a dozen or more for 256, and never for the lessons' own
# networks. Compiled by XLA, convolutions run 3 to 9 times slower, an embedding 25 to 70 times.
LARGE = 200_000

DEFAULTS: dict[str, Any] = {
    "tensor_float_32": tf.config.experimental.tensor_float_32_execution_enabled(),
    "truncated_normal": defaults_of(tf.random.truncated_normal),
    "variable": defaults_of(tf.Variable.__init__),
    "reduction": "none",
    "shuffle": False,
}


def configure_device(dtype: str, device: str, threads: int) -> Device:
    """Set threads and precision before the first operation starts TensorFlow's runtime."""
    if not tf.config.threading.get_intra_op_parallelism_threads():
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(threads)
    # TF32 keeps 10 bits of the mantissa.
    tf.config.experimental.enable_tensor_float_32_execution(False)
    return choose_device("tensorflow", device, bool(tf.config.list_physical_devices("GPU")))


def perceptron(z: Tensor, y: Tensor) -> Tensor:
    """`where`, because TensorFlow's gradient of a `maximum` at a tie depends on argument order."""
    return tf.reduce_sum(tf.where(y * z <= 0, -y * z, tf.zeros_like(z)), axis=1)


# loss: each row's value (n,), from the scores z (n, n_out)
LOSSES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "perceptron": perceptron,
    "squared": lambda z, y: tf.reduce_sum(tf.math.squared_difference(z, y), axis=1),
    "logistic": lambda z, y: tf.reduce_sum(
        tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=z), axis=1
    ),
    "softmax": lambda z, y: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=z),
}


def sgd(o: SGD, w: tf.Variable, g: Tensor, slots: list[tf.Variable], t: Tensor) -> None:
    """W ← W − η·g, or by the velocity v ← μ·v + g, or by Nesterov's g + μ·v."""
    if not slots:
        w.assign_sub(o.learning_rate * g)
        return
    (v,) = slots
    v.assign(o.momentum * v + g)
    w.assign_sub(o.learning_rate * (g + o.momentum * v if o.nesterov else v))


def adam(o: Adam, w: tf.Variable, g: Tensor, slots: list[tf.Variable], t: Tensor) -> None:
    """Kingma & Ba's algorithm 1; 1 − βᵗ is small at first and would round in 32 bits."""
    m, v = slots
    m.assign(o.beta_1 * m + (1 - o.beta_1) * g)
    v.assign(o.beta_2 * v + (1 - o.beta_2) * g * g)
    t = tf.cast(t, tf.float64)
    m_hat = m / tf.cast(1 - tf.constant(o.beta_1, tf.float64) ** t, w.dtype)
    v_hat = v / tf.cast(1 - tf.constant(o.beta_2, tf.float64) ** t, w.dtype)
    w.assign_sub(o.learning_rate * m_hat / (tf.sqrt(v_hat) + o.epsilon))


OPTIMIZERS: dict[type, Callable[..., None]] = {SGD: sgd, Adam: adam}


class TensorFlowModel(Model):
    """A network as variables, with every computation on them a `tf.function`."""

    backend = "tensorflow"
    DEFAULTS = DEFAULTS
    supported_layers = frozenset(LAYERS)

    @property
    def optimizer_source(self) -> Literal["framework", "ours"]:
        """Core TensorFlow has no optimizers."""
        return "ours"

    def __init__(self, net: Net, params: Params, optimizer: Optimizer) -> None:
        self.net = as_net(net, self.supported_layers, self.backend)
        self.optimizer = as_optimizer(optimizer)
        arrays = as_params(net, params, self.dtype)
        with tf.device(DEVICES[self.device]):
            self._variables = [tf.Variable(array) for array in arrays]
            self._slots = [[tf.Variable(0 * array) for array in arrays] for _ in optimizer.slots]
            self._t = tf.Variable(0, dtype=tf.int64)
        self._is_large = net.is_dense and sum(array.size for array in arrays) >= LARGE

    def params(self) -> Params:
        return [w.numpy().copy() for w in self._variables]

    def assign(self, params: Params) -> None:
        for w, array in zip(self._variables, as_params(self.net, params, self.dtype), strict=True):
            w.assign(array)

    def forward(self, x: Array) -> Array:
        return self.activations(x)[-1]

    def activations(self, x: Array) -> list[Array]:
        x = self._tensor(as_inputs(self.net, x, self.dtype))
        return [a.numpy().copy() for a in self._layers(x)]

    def loss(self, x: Array, y: Array) -> float:
        return float(self._loss(*self._batch(x, y)))

    def gradients(self, x: Array, y: Array) -> Params:
        return [g.numpy().copy() for g in self._loss_and_gradients(*self._batch(x, y))[1]]

    def step(self, x: Array, y: Array) -> float:
        return float(self._step(*self._batch(x, y)))

    def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
        inputs, targets = self._batch(x, y)
        order, batch_size = as_order(order, len(inputs), batch_size)
        losses = []
        for batches in map(self._tensor, in_batches(order, batch_size)):
            # Compiling for a short last batch alone would not pay off.
            run = self._compiled_epoch if self._is_large and len(batches) > 1 else self._epoch
            losses.append(run(inputs, targets, batches).numpy())
        return np.concatenate(losses)

    def state(self) -> State:
        state = named("param", self.params())
        for slot, variables in zip(self.optimizer.slots, self._slots, strict=True):
            state |= named(slot, [v.numpy().copy() for v in variables])
        return state | (
            {"step": np.array(self._t.numpy())} if isinstance(self.optimizer, Adam) else {}
        )

    def restore(self, state: State) -> None:
        count = len(self._variables)
        state = as_state(self.net, self.optimizer, state, self.dtype)
        self.assign(slots_of(state, "param", count))
        for slot, variables in zip(self.optimizer.slots, self._slots, strict=True):
            for variable, array in zip(variables, slots_of(state, slot, count), strict=True):
                variable.assign(array)
        self._t.assign(int(state["step"]))

    @staticmethod
    def derivative(f: Callable[[Sequence[Any]], Any], at: Sequence[float]) -> tuple[float, Array]:
        return derivative(f, at, TensorFlowModel.dtype)

    def _tensor(self, array: Array) -> Tensor:
        with tf.device(DEVICES[self.device]):
            return tf.convert_to_tensor(array)

    def _batch(self, x: Array, y: Array) -> tuple[Tensor, Tensor]:
        inputs, targets = as_batch(self.net, x, y, self.dtype)
        return self._tensor(inputs), self._tensor(targets)

    # AutoGraph reads Python for loops over tensors, of which only the epoch has one.

    @tf.function(reduce_retracing=True, autograph=False)
    def _layers(self, x: Tensor) -> list[Tensor]:
        with tf.device(DEVICES[self.device]):
            return outputs(self.net.layers, self._variables, x)  # each (n, *shape)

    @tf.function(reduce_retracing=True, autograph=False)
    def _loss(self, x: Tensor, y: Tensor) -> Tensor:
        with tf.device(DEVICES[self.device]):
            z = self._layers(x)[-1]
            if len(z.shape) > 2:  # each place of a sequence is a row of its own
                z, y = in_rows(z), tf.reshape(y, (-1, *y.shape[len(z.shape) - 1 :]))
            loss = tf.reduce_mean(LOSSES[self.net.loss](z, y))
            if self.net.l2:
                kernels = [self._variables[i] for i in self.net.penalized]
                squares = [tf.reduce_sum(w * w) for w in kernels]
                # A long chain of sums is rewritten to one, whose order changes from run to run.
                for square in squares if self.net.is_dense else [tf.reduce_sum(tf.stack(squares))]:
                    loss += 0.5 * self.net.l2 * square
            return loss

    @tf.function(reduce_retracing=True, autograph=False)
    def _loss_and_gradients(self, x: Tensor, y: Tensor) -> tuple[Tensor, list[Tensor]]:
        with tf.device(DEVICES[self.device]):
            with tf.GradientTape() as tape:
                loss = self._loss(x, y)
            return loss, self._gradients(tape, loss)

    def _gradients(self, tape: tf.GradientTape, loss: Tensor) -> list[Tensor]:
        """By each variable; of a table the tape gives rows, which the conversion adds up."""
        return [tf.convert_to_tensor(g) for g in tape.gradient(loss, self._variables)]

    @tf.function(reduce_retracing=True, autograph=False)
    def _step(self, x: Tensor, y: Tensor) -> Tensor:
        with tf.device(DEVICES[self.device]):
            loss, gradients = self._loss_and_gradients(x, y)
            self._move(gradients)
            return loss

    def _move(self, gradients: list[Tensor]) -> None:
        """One update of each variable."""
        t = self._t.assign_add(1)
        for i, (w, g) in enumerate(zip(self._variables, gradients, strict=True)):
            slots = [variables[i] for variables in self._slots]
            OPTIMIZERS[type(self.optimizer)](self.optimizer, w, g, slots, t)

    @tf.function(reduce_retracing=True)
    def _epoch(self, x: Tensor, y: Tensor, batches: Tensor) -> Tensor:
        with tf.device(DEVICES[self.device]):
            steps = tf.shape(batches)[0]  # batches: row numbers (steps, batch_size)
            losses = tf.TensorArray(self.dtype, size=steps, element_shape=())
            for i in tf.range(steps):
                rows = batches[i]
                losses = losses.write(i, self._step(tf.gather(x, rows), tf.gather(y, rows)))
            return losses.stack()

    @tf.function(reduce_retracing=True, jit_compile=True)
    def _compiled_epoch(self, x: Tensor, y: Tensor, batches: Tensor) -> Tensor:
        return self._epoch(x, y, batches)


MODEL = TensorFlowModel


def derivative(
    f: Callable[[Sequence[Any]], Any], at: Sequence[float], dtype: str = "float32"
) -> tuple[float, Array]:
    """Reverse mode: the tape records what f does to the parameters, and is played backwards."""
    parameters = [tf.Variable(float(value), dtype=dtype) for value in at]
    with tf.GradientTape() as tape:
        value = f(parameters)
    gradients = tape.gradient(value, parameters, unconnected_gradients="zero")
    return float(value), np.array([g.numpy() for g in gradients])
