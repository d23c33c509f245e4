"""Keras: `Sequential`, `compile`, `fit`; one file for every backend that Keras runs on.

What to know when comparing: Keras has no gradient call, so gradients are read by an optimizer that
keeps what it is given and moves nothing; the learning rate is inside its velocity, −η·v; `fit`
shows running means, so the model itself keeps the loss of every batch; its Adam adds ε to the
uncorrected root, so ours is a subclass. Constants that pass as Python floats are rounded to float32
on the way, also in a float64 run, so they are handed over as `np.float64`; its L2 regularizer makes
a float of any number, and lacks the ½, so the penalty is ours. What is made before `set_floatx`,
such as a loss object, stays in float32.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import keras
import numpy as np
from keras import ops
from keras.src.backend.common import dtypes

from adapters.contract import SGD, Adam, Array, Device, Model, Net, Optimizer, Params, State
from adapters.introspection import choose_device, defaults_of
from adapters.keras_parts import (
    GradientProbe,
    HalfSquares,
    KingmaBaAdam,
    Knobs,
    RecordedModel,
    batched,
)
from adapters.validation import (
    as_batch,
    as_inputs,
    as_optimizer,
    as_order,
    as_params,
    as_state,
    named,
    slots_of,
)

Tensor = Any  # whichever framework Keras runs on
DEVICES = {"cpu": "cpu", "gpu": "gpu"}
BACKEND = keras.backend.backend()
NAME = "keras" if BACKEND == "tensorflow" else f"keras-{BACKEND}"
WHOLE_EPOCH = int(np.iinfo(np.int32).max)  # batches: more than any has
EXECUTION = {
    "steps_per_execution": 1 if BACKEND == "torch" else WHOLE_EPOCH,
    "jit_compile": BACKEND == "jax",  # no faster on TensorFlow, and minutes of waiting on torch
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
    """Settle precision: floatx alone leaves a policy made earlier at float32, silently."""
    keras.config.set_floatx(dtype)
    keras.config.set_dtype_policy(dtype)
    # Without this, mean, matmul and maximum of float64 run in float32 on torch and JAX, silently
    # (keras-team/keras#23704). The table is private: see the pinned version, and the probe test.
    dtypes.BIT64_TO_BIT32_DTYPE["float64"] = dtype
    place = str(ops.zeros(()).device).lower()  # the framework puts what it can on a GPU
    return choose_device(NAME, device, "cpu" not in place)


# Keras knows these by name; its name for the identity is `linear`.
ACTIVATIONS = {"identity": "linear", "sigmoid": "sigmoid", "relu": "relu", "tanh": "tanh"}


def perceptron(y: Tensor, z: Tensor) -> Tensor:
    """`where`, because the gradient of a `maximum` at a tie is the backend's own."""
    return ops.sum(ops.where(y * z <= 0, -y * z, ops.zeros_like(z)), axis=1)


def squared(y: Tensor, z: Tensor) -> Tensor:
    """Summed over the outputs, which Keras's own mean squared error would average."""
    return ops.sum(ops.square(z - y), axis=1)


def scores(z: Tensor) -> Tensor:
    """The same numbers without what Keras's sigmoid notes on them for its losses, its input.

    On TensorFlow the losses take that input instead, whatever `from_logits` says.
    """
    return ops.reshape(z, ops.shape(z))


def logistic(y: Tensor, z: Tensor) -> Tensor:
    """From scores: Keras's default, from probabilities, clips them at 1e-7."""
    return ops.sum(ops.binary_crossentropy(y, scores(z), from_logits=True), axis=1)


def softmax(y: Tensor, z: Tensor) -> Tensor:
    """As a function: a loss object made before `set_floatx` would stay in float32, silently."""
    return ops.sparse_categorical_crossentropy(y, scores(z), from_logits=True)


# loss: each row's value (n,), from targets and scores; Keras takes the mean
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

    @property
    def optimizer_source(self) -> Literal["framework", "ours"]:
        """Keras's own SGD moves the weights; its Adam is another algorithm, so that is ours."""
        return "ours" if isinstance(self.optimizer, Adam) else "framework"

    def __init__(self, net: Net, params: Params, optimizer: Optimizer) -> None:
        self.net, self.optimizer = net, as_optimizer(optimizer)
        with keras.device(DEVICES[self.device]):
            penalty = HalfSquares(self._exact(net.l2)) if net.l2 else None
            self.model = RecordedModel(
                [keras.Input((net.n_in,))]
                + [
                    keras.layers.Dense(
                        layer.n_out,
                        activation=ACTIVATIONS[layer.activation],
                        kernel_initializer="zeros",
                        kernel_regularizer=penalty,
                    )
                    for layer in net.layers
                ]
            )
            self.optim = OPTIMIZERS[type(optimizer)](optimizer, self._exact)
            self.optim.build(self.model.trainable_variables)
            self.model.compile(self.optim, LOSSES[net.loss], **EXECUTION)
            self.probe: RecordedModel | None = None  # the same layers, asked for gradients
        self.assign(params)

    def params(self) -> Params:
        return [_array(v) for v in self.model.trainable_variables]

    def assign(self, params: Params) -> None:
        self.model.set_weights(as_params(self.net, params, self.dtype))

    def forward(self, x: Array) -> Array:
        return self.activations(x)[-1]

    def activations(self, x: Array) -> list[Array]:
        with keras.device(DEVICES[self.device]):
            a, outputs = ops.convert_to_tensor(as_inputs(self.net, x, self.dtype)), []
            for layer in self.model.layers:
                a = layer(a)  # (n, layer.n_out)
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
                self.probe = RecordedModel(self.model.layers)
                self.probe.compile(GradientProbe(), LOSSES[self.net.loss])
            self.probe.train_on_batch(x, y)
        return [_array(g) for g in self.probe.optimizer.seen]

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
            for i, momentum in enumerate(map(_array, self.optim.momentums)):
                velocity = -momentum / rate
                state[f"velocity_{i}"] = velocity
                state[f"velocity_{i}_remainder"] = (momentum + rate * velocity) / rate
        if isinstance(self.optimizer, Adam):
            state |= named("first_moment", [_array(m) for m in self.optim.first_moments])
            state |= named("second_moment", [_array(v) for v in self.optim.second_moments])
            state["step"] = np.array(int(self.optim.iterations))
        return state

    def restore(self, state: State) -> None:
        state, count = as_state(self.net, self.optimizer, state, self.dtype), len(self.net.shapes)
        self.assign(slots_of(state, "param", count))
        if self.optimizer.slots == ("velocity",):
            rate = self._rate()
            for i, momentum in enumerate(self.optim.momentums):
                rounding = rate * state[f"velocity_{i}_remainder"]
                momentum.assign(rounding - rate * state[f"velocity_{i}"])
        if isinstance(self.optimizer, Adam):
            for i in range(count):
                self.optim.first_moments[i].assign(state[f"first_moment_{i}"])
                self.optim.second_moments[i].assign(state[f"second_moment_{i}"])
            self.optim.iterations.assign(int(state["step"]))

    @staticmethod
    def derivative(f: Callable[[Sequence[Any]], Any], at: Sequence[float]) -> tuple[float, Array]:
        return derivative(f, at)

    def _exact(self, value: float) -> float:
        """A constant that Keras will not round to float32 in a float64 run."""
        return np.float64(value) if self.dtype == "float64" else float(value)

    def _rate(self) -> Array:
        return _array(self.optim.learning_rate)


MODEL = KerasModel


def derivative(f: Callable[[Sequence[Any]], Any], at: Sequence[float]) -> tuple[float, Array]:
    """The knobs become the weights of a layer, f its output, and a probe reads the gradients."""
    model = RecordedModel([Knobs(f, at)])
    model.compile(GradientProbe(), lambda y, z: z, run_eagerly=True)
    nothing = np.zeros((1, 1))  # of one input only the shape is looked at
    model.train_on_batch(nothing, nothing)
    gradients = np.array([_array(g) for g in model.optimizer.seen])
    return model.last_loss(), gradients


def _array(tensor: Tensor) -> Array:
    return np.array(ops.convert_to_numpy(tensor))
