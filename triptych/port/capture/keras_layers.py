"""Let a recorder see a Keras model's layers: each layer without layers inside is one step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras

from triptych.port.capture.recorder import Recorder

LINEAR = keras.activations.linear


@contextmanager
def recorded_layers(recorder: Recorder, model: Any) -> Iterator[None]:
    """While this lasts, calls of layers and of operations are steps of the recorder."""
    call_layer, call_operation = keras.layers.Layer.__call__, keras.Operation.__call__

    def layer(self: Any, *args: Any, **kwargs: Any) -> Any:
        if recorder.hidden:
            return call_layer(self, *args, **kwargs)
        if not is_leaf(self):
            recorder.paths.append(path_of(self))
            try:
                return call_layer(self, *args, **kwargs)
            finally:
                recorder.paths.pop()
        return record_leaf(recorder, self, args, kwargs)

    def operation(self: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(self, keras.layers.Layer) or recorder.hidden:
            return call_operation(self, *args, **kwargs)
        return recorder.step(
            type(self).__name__,
            lambda *a, **k: call_operation(self, *a, **k),
            args, kwargs, self.name,
        )  # fmt: skip

    keras.layers.Layer.__call__, keras.Operation.__call__ = layer, operation
    try:
        yield
    finally:
        keras.layers.Layer.__call__, keras.Operation.__call__ = call_layer, call_operation


def record_leaf(recorder: Recorder, layer: Any, args: Any, kwargs: Any) -> Any:
    """One step for the layer, and one for its activation if it has weights as well."""
    inner = layer.layer if isinstance(layer, keras.layers.TimeDistributed) else layer
    activation = getattr(inner, "activation", None)
    split = activation is not None and activation is not LINEAR and has_weights(inner)
    if not split or isinstance(layer, keras.layers.RNN):
        return recorder.step(type(layer).__name__, layer, args, kwargs, path_of(layer), layer)

    def without_activation(*args: Any, **kwargs: Any) -> Any:
        inner.activation = LINEAR
        try:
            return layer(*args, **kwargs)
        finally:
            inner.activation = activation

    made = recorder.step(
        type(layer).__name__, without_activation, args, kwargs, path_of(layer), layer
    )
    name = getattr(activation, "__name__", type(activation).__name__)
    return recorder.step(name, activation, (made,), {}, path_of(layer))


def is_leaf(layer: Any) -> bool:
    """Whether no layer runs inside it; a recurrent layer is one with its cell."""
    if isinstance(layer, (keras.layers.RNN, keras.layers.TimeDistributed)):
        return True
    inside = layer._flatten_layers(include_self=False, recursive=False)
    return not any(isinstance(one, keras.layers.Layer) for one in inside)


def has_weights(layer: Any) -> bool:
    """Whether the layer itself owns variables."""
    return bool(layer._trainable_variables or layer._non_trainable_variables)


def path_of(layer: Any) -> str:
    """The layer's name with those of the layers around it."""
    return str(getattr(layer, "path", None) or layer.name)
