"""What holds for the whole process, or holds when nobody says otherwise."""

from __future__ import annotations

import inspect
from typing import Any

from adapters.contract import Device, DeviceNotFound, require


def choose_device(backend: str, device: str, gpu_found: bool) -> Device:
    """cpu or gpu, from auto, cpu or gpu; DeviceNotFound where there is no GPU to be had."""
    require(
        gpu_found or device != "gpu",
        f"{backend} has no CUDA GPU here: use DEVICE=cpu, or see `make doctor`",
        DeviceNotFound,
    )
    return "gpu" if gpu_found and device != "cpu" else "cpu"


def defaults_of(function: Any) -> dict[str, Any]:
    """The keyword defaults of a framework's function; what is no plain value becomes its text."""
    parameters = inspect.signature(function).parameters.values()
    plain = (str, int, float, bool, tuple, type(None))
    return {
        p.name: p.default if isinstance(p.default, plain) else str(p.default)
        for p in parameters
        if p.default is not p.empty
    }
