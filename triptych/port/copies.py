"""Copies of the user's models, in the check's precision: what the user gave is never changed."""

from __future__ import annotations

import copy
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn

from triptych.port.capture.models import is_keras
from triptych.port.errors import PortError

SPREAD = 0.1  # of the noise on what is constant in a fresh model: biases, scales, statistics


def copied(model: Any, dtype: str) -> Any:
    """A model of its own with the same weights, in this dtype.

    Raises PortError for what is no model, and for a model that cannot be copied.
    """
    if is_keras(model):
        return copied_keras(model, dtype)
    if not isinstance(model, nn.Module):
        raise PortError(
            f"{type(model).__name__} is no model: expected a Keras model or a torch.nn.Module"
        )
    try:
        twin = copy.deepcopy(model)
    except (RuntimeError, TypeError, ValueError) as error:
        raise PortError(
            f"{type(model).__name__} cannot be copied ({error}): keep no computed tensors in it"
        ) from error
    return twin.to(getattr(torch, dtype))


def copied_keras(model: Any, dtype: str) -> Any:
    """A Keras model built anew from its configuration."""
    import keras
    from keras.src.saving.serialization_lib import SafeModeScope

    require_torch_backend()
    if not model.built:
        raise PortError(f"the Keras model {model.name} has no weights yet: call it once on a batch")
    own = {
        type(layer).__name__: type(layer)
        for layer in [model, *model._flatten_layers()]
        if not type(layer).__module__.startswith("keras.")
    }
    try:
        scope = keras.utils.custom_object_scope(own)
        with without_tensorflow(), scope, SafeModeScope(safe_mode=False):
            twin = type(model).from_config(with_dtype(model.get_config(), dtype))
        if not twin.built:
            twin.build(model._build_shapes_dict or model.input_shape)
        for mine, own in zip(twin.weights, model.weights, strict=True):
            mine.assign(own.value)  # one at a time: get_weights would hold all of them once more
    except Exception as error:
        raise PortError(
            f"the Keras model {model.name} cannot be built anew in {dtype} "
            f"({type(error).__name__}: {error}): give a function that builds it, or give the class "
            "get_config"
        ) from error
    return twin


@contextmanager
def without_tensorflow() -> Iterator[None]:
    """While this lasts, Keras does not import TensorFlow to see whether a setting is one of its.

    That would cost seconds and 400 MB; a TensorFlow that is imported already is left as it is.
    """
    from keras.src.utils import module_utils

    lazy: Any = getattr(module_utils, "tensorflow", None)
    if "tensorflow" in sys.modules or getattr(lazy, "_available", True) is not None:
        yield
        return
    lazy._available = False
    try:
        yield
    finally:
        lazy._available = None


def require_torch_backend() -> None:
    """Refuse a Keras that runs on another backend in this process."""
    import keras

    if keras.backend.backend() != "torch":
        raise PortError(
            f"Keras runs on {keras.backend.backend()} in this process: set KERAS_BACKEND=torch "
            "before it is imported, or use the command, which starts a process of its own"
        )


def with_dtype(config: Any, dtype: str) -> Any:
    """A configuration with each floating-point dtype replaced."""
    if isinstance(config, dict):
        if config.get("class_name") == "DTypePolicy":
            return {**config, "config": {**config["config"], "name": dtype}}
        return {
            key: dtype
            if key == "dtype" and value in ("float16", "float32", "float64", "bfloat16")
            else with_dtype(value, dtype)
            for key, value in config.items()
        }
    if isinstance(config, (list, tuple)):
        return type(config)(with_dtype(value, dtype) for value in config)
    return config


def vary_constants(tensors: list[tuple[str, torch.Tensor]], seed: int) -> list[str]:
    """Put noise on parameters whose entries are all equal; returns their names.

    A fresh model has biases of 0 and scales of 1: equal ones would hide that two of them are
    exchanged, or that one is not read at all.
    """
    generator = torch.Generator().manual_seed(seed)
    varied = []
    for name, tensor in tensors:
        if not tensor.is_floating_point() or tensor.numel() < 2 or not is_constant(tensor):
            continue
        noise = torch.randn(tensor.shape, generator=generator, dtype=torch.float64)
        with torch.no_grad():
            if tensor.flatten()[0] > 0:  # a variance stays positive
                tensor.mul_((SPREAD * noise).exp().to(tensor.dtype))
            else:
                tensor.add_((SPREAD * noise).to(tensor.dtype))
        varied.append(name)
    return varied


def is_constant(tensor: torch.Tensor) -> bool:
    """Whether all entries are equal."""
    return bool((tensor == tensor.flatten()[0]).all())
