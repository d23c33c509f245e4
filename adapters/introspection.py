"""Which device a backend uses, and the default arguments of a framework's functions."""

from __future__ import annotations

import inspect
from typing import Any

from adapters.contract import Device, DeviceNotFound, require


def choose_device(backend: str, device: str, gpu_found: bool) -> Device:
    """Resolve auto, cpu or gpu to cpu or gpu; raises DeviceNotFound for gpu without a GPU."""
    require(
        gpu_found or device != "gpu",
        f"{backend} has no CUDA GPU here: use DEVICE=cpu, or see `make doctor`",
        DeviceNotFound,
    )
    return "gpu" if gpu_found and device != "cpu" else "cpu"


def defaults_of(function: Any) -> dict[str, Any]:
    """The keyword defaults of a framework's function; values that are not plain become text."""
    parameters = inspect.signature(function).parameters.values()
    plain = (str, int, float, bool, tuple, type(None))
    return {
        p.name: p.default if isinstance(p.default, plain) else str(p.default)
        for p in parameters
        if p.default is not p.empty
    }
