"""Hold random layers still, so that two runs in training mode compute the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from torch import nn
from torch.overrides import TorchFunctionMode

from triptych.port.capture.models import is_keras

RANDOM_CLASSES = ("Dropout", "DropPath", "StochasticDepth", "GaussianNoise", "DropBlock")


class WithoutDropout(TorchFunctionMode):
    """Lets every dropout function hand on what it is given."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Run any function but a dropout."""
        kwargs = kwargs or {}
        if "dropout" in getattr(func, "__name__", ""):
            return args[0] if args else kwargs["input"]
        if getattr(func, "__name__", "") == "scaled_dot_product_attention":
            kwargs = {**kwargs, "dropout_p": 0.0}
            args = args[:4]
        return func(*args, **kwargs)


@contextmanager
def held_still(model: Any) -> Iterator[list[str]]:
    """While this lasts, nothing in a model is random; gives the names of the layers concerned."""
    if is_keras(model):
        layers = [one for one in model._flatten_layers() if is_random(one) and hasattr(one, "rate")]
        rates = [one.rate for one in layers]
        for one in layers:
            one.rate = 0.0
        try:
            yield [one.name for one in layers]
        finally:
            for one, rate in zip(layers, rates, strict=True):
                one.rate = rate
        return
    modules = [(name, one) for name, one in model.named_modules() if is_random(one)]
    modes = [one.training for _, one in modules]
    for _, one in modules:
        one.eval()
    try:
        with WithoutDropout():
            yield [name for name, _ in modules]
    finally:
        for (_, one), mode in zip(modules, modes, strict=True):
            one.training = mode


def is_random(layer: Any) -> bool:
    """Whether a layer draws numbers in training."""
    name = type(layer).__name__
    return any(word in name for word in RANDOM_CLASSES) and not isinstance(layer, nn.Sequential)
