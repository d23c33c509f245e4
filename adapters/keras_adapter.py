"""Keras: `Sequential`, `compile`, `fit`; one file for every framework that Keras runs on.

What to know when comparing: Keras has no gradient call, so an optimizer that moves nothing stores
the gradients; Keras's velocity includes the learning rate, −η·v; `fit` shows running means, so the
model records the loss of every batch; Keras's Adam adds ε to the uncorrected root, so this file has
its own. Keras rounds Python floats to float32, even in a float64 run, so constants are passed as
`np.float64`. Its L2 regularizer converts any number to a float and lacks the ½, so the penalty is
our own. An object created before `set_floatx`, such as a loss, stays in float32.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Literal

import keras
import numpy as np
from keras import ops
from keras.src.backend.common import dtypes

from adapters.contract import SGD, Adam, Array, Device, Model, Net, Optimizer, Params, State
from adapters.introspection import choose_device, defaults_of
from adapters.keras_layers import LAYERS, made
from adapters.keras_parts import (
    GradientProbe,
    HalfSquares,
    KingmaBaAdam,
    RecordedModel,
    batched,
    derivative,
    over_places,
)
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

Tensor = Any  # of whichever framework Keras runs on
DEVICES = {"cpu": "cpu", "gpu": "gpu"}
BACKEND = keras.backend.backend()
NAME = "keras" if BACKEND == "tensorflow" else f"keras-{BACKEND}"
WHOLE_EPOCH = int(np.iinfo(np.int32).max)  # batches: more than any epoch has
# Elsewhere Keras would unroll all steps: on torch, and until 3.6 on TensorFlow.
IN_A_LOOP = BACKEND == "jax" or hasattr(keras.Sequential(), "unrolled_steps_per_execution")
EXECUTION = {
    "steps_per_execution": WHOLE_EPOCH if IN_A_LOOP else 1,
    "jit_compile": BACKEND == "jax",  # no faster on TensorFlow, and takes minutes on torch
}

DEFAULTS: dict[str, Any] = {
    "dense": defaults_of(keras.layers.Dense),
    "kernel_initializer": defaults_of(keras.layers.Dense)["kernel_initializer"],
    "bias_initializer": defaults_of(keras.layers.Dense)["bias_initializer"],
    "sgd": defaults_of(keras.optimizers.SGD),
    "adam": defaults_of(keras.optimizers.Adam),
    "reduction": defaults_of(keras.losses.SparseCategoricalCrossentropy)["reduction"],
    "shuffle": defaults_of(keras.Model.fit)["shuffle"],
}


def configure_device(dtype: str, device: str, threads: int) -> Device:
    """Set precision: floatx alone silently leaves an existing dtype policy at float32."""
    keras.config.set_floatx(dtype)
    keras.config.set_dtype_policy(dtype)
    # Without this, mean, matmul and maximum of float64 run in float32 on torch and JAX, silently
    # (keras-team/keras#23704). The table is private: see the pinned version, and the test.
    dtypes.BIT64_TO_BIT32_DTYPE["float64"] = dtype
    place = str(ops.zeros(()).device).lower()  # by default on a GPU, where there is one
    return choose_device(NAME, device, "cpu" not in place)


def perceptron(y: Tensor, z: Tensor) -> Tensor:
    """`where`, because the gradient of a `maximum` at a tie depends on Keras's backend."""
    return ops.sum(ops.where(y * z <= 0, -y * z, ops.zeros_like(z)), axis=1)


def squared(y: Tensor, z: Tensor) -> Tensor:
    """Summed over the outputs; Keras's own mean squared error averages them."""
    return ops.sum(ops.square(z - y), axis=1)


def scores(z: Tensor) -> Tensor:
    """The same numbers, without the reference to its input that Keras's sigmoid attaches.

    On TensorFlow the losses use that input instead, even with `from_logits=True`.
    """
    return ops.reshape(z, ops.shape(z))


def logistic(y: Tensor, z: Tensor) -> Tensor:
    """From scores; by default Keras takes probabilities and clips them at 1e-7."""
    return ops.sum(ops.binary_crossentropy(y, scores(z), from_logits=True), axis=1)


def softmax(y: Tensor, z: Tensor) -> Tensor:
    """A function, because a loss object created before `set_floatx` silently stays in float32."""
    return ops.sparse_categorical_crossentropy(y, scores(z), from_logits=True)


# loss: each row's value (n,), from targets and scores (n, n_out); Keras takes the mean
LOSSES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "perceptron": perceptron,
    "squared": squared,
    "logistic": logistic,
    "softmax": softmax,
}


def sgd(o: SGD, exact: Callable[[float], float]) -> keras.optimizers.Optimizer:
    """Keras's own SGD: its velocity is −η·v."""
    return keras.optimizers.SGD(
        learning_rate=exact(o.learning_rate), momentum=exact(o.momentum), nesterov=o.nesterov
    )


def adam(o: Adam, exact: Callable[[float], float]) -> keras.optimizers.Optimizer:
    """Algorithm 1 of Kingma & Ba, which is not Keras's own Adam."""
    return KingmaBaAdam(o, exact)


OPTIMIZERS: dict[type, Callable[..., keras.optimizers.Optimizer]] = {SGD: sgd, Adam: adam}


class KerasModel(Model):
    """A network as `Sequential`, trained by `fit` and `train_on_batch`."""

    backend = NAME
    DEFAULTS = DEFAULTS
    supported_layers = frozenset(LAYERS)

    @property
    def optimizer_source(self) -> Literal["framework", "ours"]:
        """Keras's own SGD; for Adam the contract's equation, since Keras's Adam differs."""
        return "ours" if isinstance(self.optimizer, Adam) else "framework"

    def __init__(self, net: Net, params: Params, optimizer: Optimizer) -> None:
        self.net = as_net(net, self.supported_layers, self.backend)
        self.optimizer = as_optimizer(optimizer)
        with keras.device(DEVICES[self.device]):
            penalty = HalfSquares(self._exact(net.l2)) if net.l2 else None
            self.model = self._stacked([made(layer, penalty, self._exact) for layer in net.layers])
            self.optim = OPTIMIZERS[type(optimizer)](optimizer, self._exact)
            self.optim.build(self.model.trainable_variables)
            self.model.compile(self.optim, over_places(net, LOSSES[net.loss]), **EXECUTION)
            self.probe: RecordedModel | None = None  # the same layers, with a GradientProbe
        self.assign(params)

    def params(self) -> Params:
        return self._shaped(self.model.trainable_variables)

    def assign(self, params: Params) -> None:
        variables = self.model.trainable_variables
        for variable, array in zip(variables, as_params(self.net, params, self.dtype), strict=True):
            variable.assign(array.reshape(variable.shape))

    def forward(self, x: Array) -> Array:
        return self.activations(x)[-1]

    def activations(self, x: Array) -> list[Array]:
        with keras.device(DEVICES[self.device]):
            a, outputs = ops.convert_to_tensor(as_inputs(self.net, x, self.dtype)), []
            for layer in self.model.layers:
                a = layer(a)  # (n, …)
                outputs.append(_array(a))
        return outputs

    def loss(self, x: Array, y: Array) -> float:
        x, y = as_batch(self.net, x, y, self.dtype)
        with keras.device(DEVICES[self.device]):
            self.model.test_on_batch(x, y)
        return self.model.last_loss()

    def gradients(self, x: Array, y: Array) -> Params:
        x, y = as_batch(self.net, x, y, self.dtype)
        with keras.device(DEVICES[self.device]):
            if self.probe is None:
                self.probe = self._stacked(self.model.layers)
                self.probe.compile(GradientProbe(), over_places(self.net, LOSSES[self.net.loss]))
            self.probe.train_on_batch(x, y)
        return self._shaped(self.probe.optimizer.gradients)

    def step(self, x: Array, y: Array) -> float:
        x, y = as_batch(self.net, x, y, self.dtype)
        with keras.device(DEVICES[self.device]):
            self.model.train_on_batch(x, y)
        return self.model.last_loss()

    def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
        x, y = as_batch(self.net, x, y, self.dtype)
        order, batch_size = as_order(order, len(x), batch_size)
        steps = -(-len(order) // batch_size)
        self.model.make_room(steps)
        with keras.device(DEVICES[self.device]):
            self.model.fit(batched(x, y, order, batch_size), shuffle=False, verbose=0)
        return self.model.last_losses(steps)

    def state(self) -> State:
        state = named("param", self.params())
        if self.optimizer.slots == ("velocity",):
            rate = self._rate()
            for i, momentum in enumerate(self._shaped(self.optim.momentums)):
                velocity = -momentum / rate
                state[f"velocity_{i}"] = velocity
                state[f"velocity_{i}_remainder"] = (momentum + rate * velocity) / rate
        if isinstance(self.optimizer, Adam):
            state |= named("first_moment", self._shaped(self.optim.first_moments))
            state |= named("second_moment", self._shaped(self.optim.second_moments))
            state["step"] = np.array(int(self.optim.iterations))
        return state

    def restore(self, state: State) -> None:
        state, count = as_state(self.net, self.optimizer, state, self.dtype), len(self.net.shapes)
        self.assign(slots_of(state, "param", count))
        if self.optimizer.slots == ("velocity",):
            rate = self._rate()
            for i, momentum in enumerate(self.optim.momentums):
                rounding = rate * state[f"velocity_{i}_remainder"]
                ours = rounding - rate * state[f"velocity_{i}"]
                momentum.assign(ours.reshape(momentum.shape))
        if isinstance(self.optimizer, Adam):
            for i in range(count):
                m, v = self.optim.first_moments[i], self.optim.second_moments[i]
                m.assign(state[f"first_moment_{i}"].reshape(m.shape))
                v.assign(state[f"second_moment_{i}"].reshape(v.shape))
            self.optim.iterations.assign(int(state["step"]))

    def with_learning_rate(self, learning_rate: float) -> Model:
        if type(self) is not KerasModel:  # it may build or restore itself in its own way
            return super().with_learning_rate(learning_rate)
        state = self.state()
        self.optimizer = replace(self.optimizer, learning_rate=learning_rate)
        self.optim.learning_rate = self._exact(learning_rate)
        self.restore(state)  # the velocity has the rate inside
        return self

    @staticmethod
    def derivative(f: Callable[[Sequence[Any]], Any], at: Sequence[float]) -> tuple[float, Array]:
        return derivative(f, at)

    def _stacked(self, layers: Sequence[Any]) -> RecordedModel:
        """The layers after each other, on inputs of the network's shape."""
        dtype = "int64" if self.net.reads_indices else self.dtype
        return RecordedModel([keras.Input(self.net.row_shape, dtype=dtype), *layers])

    def _shaped(self, variables: Sequence[Any]) -> Params:
        """Copies of what Keras has for each parameter, in the contract's shapes."""
        pairs = zip(variables, self.net.shapes, strict=True)
        return [_array(variable).reshape(shape) for variable, shape in pairs]

    def _exact(self, value: float) -> float:
        """A constant that Keras does not round to float32 in a float64 run."""
        return np.float64(value) if self.dtype == "float64" else float(value)

    def _rate(self) -> Array:
        return _array(self.optim.learning_rate)


MODEL = KerasModel


def _array(tensor: Tensor) -> Array:
    return np.array(ops.convert_to_numpy(tensor))
