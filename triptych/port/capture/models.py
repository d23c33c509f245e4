"""Record a model of either framework, and read its parameters."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import torch
from torch.utils._pytree import tree_map

from triptych.port.capture.recorder import Recorder, recorded_paths
from triptych.port.capture.tape import Tape, tensors


def record(model: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Tape:
    """Run a torch module or a Keras model once, without gradients; returns its tape."""
    recorder = Recorder({id(t): name for name, t in model_tensors(model)})
    with ExitStack() as stack:
        stack.enter_context(torch.no_grad())
        if is_keras(model):
            from triptych.port.capture.keras_layers import recorded_layers

            stack.enter_context(recorded_layers(recorder, model))
        else:
            stack.enter_context(recorded_paths(recorder, model))
        inputs = tensors((args, kwargs))
        recorder.tape.inputs = [recorder.stand_in(t).value for t in inputs]
        stack.enter_context(recorder)
        output = model(*args, **kwargs)
    recorder.tape.output = tree_map(recorder.stand_in, as_tree(output))
    return recorder.tape


def is_keras(model: Any) -> bool:
    """Whether a model is a Keras one, without importing Keras."""
    return any(cls.__module__.startswith("keras.") for cls in type(model).__mro__)


def model_tensors(model: Any) -> Iterator[tuple[str, torch.Tensor]]:
    """Every parameter and buffer of a model with its name."""
    if is_keras(model):
        for variable in model.variables:
            yield variable.path, variable.value
    else:
        yield from model.named_parameters()
        yield from model.named_buffers()


def model_parameters(model: Any) -> Iterator[tuple[str, torch.Tensor]]:
    """Every parameter of a model with its name; buffers are constants, or belong to a layer."""
    if is_keras(model):
        for layer in [model, *model._flatten_layers()]:
            for variable in layer._trainable_variables:
                yield variable.path, variable.value
    else:
        yield from model.named_parameters()


def as_tree(output: Any) -> Any:
    """A result as plain lists and dicts: transformers return a class of their own."""
    if isinstance(output, dict) or hasattr(output, "to_tuple"):
        return dict(output.items())
    return output
