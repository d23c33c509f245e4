"""Injections into the layers: activations, dropout and products."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from adapters.contract import Array
from injections.injection import Injection, has_hidden, has_layer, has_softmax
from injections.reference_network import ACTIVATIONS, Definition, cross_entropy, softmax
from injections.run_spec import RunSpec

KEEP = 0.8  # the share of units that the injected dropout keeps
DROPOUT = 2**32 - 4  # its seed


def _instead_of(name: str, *functions: Callable[[Array], Array]) -> Callable[[RunSpec], RunSpec]:
    value, derivative = functions
    return Definition(ACTIVATIONS | {name: (value, derivative)}).into


def _twice(z: Array, y: Array) -> tuple[float, Array]:
    p = softmax(z)
    loss, slope = cross_entropy(p, y)
    return loss, p * (slope - (slope * p).sum(1, keepdims=True))  # back through the first softmax


def _dropout(spec: RunSpec) -> RunSpec:
    """The mask depends on the layer only, so that two backends drop the same units."""

    def mask(i: int, width: int) -> Array:
        drawn = np.random.default_rng([spec.seed, i, DROPOUT]).random(width)
        return (drawn < KEEP) / KEEP

    return Definition(mask=mask).into(spec)


def _product_in_float32(a: Array, kernel: Array) -> Array:
    return (a.astype(np.float32) @ kernel.astype(np.float32)).astype(np.float64)


def _has_activation(name: str) -> Callable[[RunSpec], bool]:
    def fits(spec: RunSpec) -> bool:
        return has_softmax(spec) and has_layer(
            spec, lambda layer: getattr(layer, "activation", "") == name
        )

    return fits


INJECTIONS = [
    Injection(
        "softmax_in_the_model",
        "{backend} has a softmax as its last activation, and its loss applies another",
        "Pass logits to the loss, or tell it that they are probabilities (`from_logits=False`).",
        Definition(loss=_twice, output=softmax).into, has_softmax, entry="crossentropy_input",
    ),
    Injection(
        "leaky_relu", "{backend}'s relu leaks: 0.01·z below zero",
        "Use the same activation, and state the slope: it is 0.01, 0.2 or 0.3 by default.",
        _instead_of(
            "relu", lambda z: np.where(z > 0, z, 0.01 * z), lambda a: np.where(a > 0, 1.0, 0.01)
        ),
        _has_activation("relu"), entry="leaky_relu_slope",
    ),
    Injection(
        "relu_for_tanh", "{backend} applies relu where the other has tanh",
        "Name the activation in both; a layer without one may or may not be linear.",
        _instead_of("tanh", *ACTIVATIONS["relu"]), _has_activation("tanh"),
    ),
    Injection(
        "no_activation", "{backend}'s hidden layers are linear: relu is missing",
        "Name the activation in both; Keras's Dense and PyTorch's Linear have none by default.",
        _instead_of("relu", *ACTIVATIONS["identity"]), _has_activation("relu"),
    ),
    Injection(
        "dropout_left_on", "{backend} drops units, as a model in training mode does",
        "Call `model.eval()` (PyTorch) or pass `training=False` (Keras) where nothing is trained.",
        _dropout, lambda r: has_hidden(r) and has_softmax(r), entry="dropout_mode",
    ),
    Injection(
        "products_in_float32", "{backend} multiplies in float32 in a float64 run",
        "Check the dtype of every layer's output: Keras maps float64 to float32 on torch and JAX.",
        Definition(product=_product_in_float32).into, has_softmax, entry="keras_float64_leak",
        dtype="float64",
    ),
]  # fmt: skip
