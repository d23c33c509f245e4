"""Check that TensorFlow, JAX and Keras use the requested device, the second of two CPUs.

A variable on the wrong device trains as well as one on the right device, so every device is
checked. Logical devices must be created before a framework starts, so this runs in a process of its
own: python -m tests.conformance.placement tensorflow float64 [folder old new]
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from adapters import load
from adapters.contract import Model
from adapters.laws.cases import ARCHITECTURES, Case, draw
from adapters.laws.subject import everything
from tests.meta.loading import load_changed

EXPECTED = ("CPU:1", "CPU_1", "cpu:1")  # the names of TensorFlow and JAX
# Operations that only pass tensors on; they compute nothing, and run where their tensor is.
FRAME = {"Placeholder", "Identity", "NoOp", "ReadVariableOp"}
SECOND = {"tensorflow": "/CPU:1", "keras": "cpu:1", "keras-jax": "cpu:1", "jax": ("cpu", 1)}


def main(backend: str, dtype: str, *change: str) -> None:
    """Check a backend with two devices, or a changed version of it."""
    make_two_devices(backend)
    cls = load(backend, dtype=dtype, device="cpu", threads=1)
    if change:
        cls = load_changed(cls, Path(change[0]), change[1], change[2])
    check_all(cls)


def check_all(cls: type[Model]) -> None:
    """Call every method, and check the device of each variable and each result."""
    backend, dtype = cls.backend, cls.dtype
    cls.step.__globals__["DEVICES"]["cpu"] = SECOND[backend]  # type: ignore[attr-defined]
    for name in ("softmax", "mixed"):
        case = draw(ARCHITECTURES[name], dtype, seed=0)
        model: Any = cls(case.net, case.params, case.optimizer)
        model.restore(case.state)
        everything(model, case.x, case.y)
        model.step(case.x, case.y)
        model.epoch(case.x, case.y, np.arange(5), 2)
        check(variables(model))
        if backend == "tensorflow":
            check_graphs(model, case)


def make_two_devices(backend: str) -> None:
    """Create two logical CPUs, before the framework looks for devices."""
    if backend in ("jax", "keras-jax"):
        import jax

        jax.config.update("jax_num_cpu_devices", 2)
        return
    os.environ["KERAS_BACKEND"] = "tensorflow"  # imported here, before `load` sets it
    import tensorflow as tf

    (cpu,) = tf.config.list_physical_devices("CPU")
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)


def check_graphs(model: Any, case: Case) -> None:
    """Check every operation in TensorFlow's graphs."""
    x, y = model._batch(case.x, case.y)
    batches = model._tensor(case.order[None])
    check([x, y, batches])
    for function, inputs in (
        (model._layers, [x]),
        (model._loss, [x, y]),
        (model._loss_and_gradients, [x, y]),
        (model._step, [x, y]),
        (model._epoch, [x, y, batches]),
    ):
        operations = function.get_concrete_function(*inputs).graph.get_operations()
        check(op for op in operations if op.type not in FRAME)


def variables(model: Any) -> Iterable[Any]:
    """All variables of a model in its framework."""
    if model.backend == "tensorflow":
        return [*model._variables, *(v for slot in model._slots for v in slot), model._t]
    if model.backend == "jax":
        return [
            *model._memory.params,
            *(v for s in model._memory.slots for v in s),
            model._memory.t,
        ]
    every = [*model.model.variables, *model.optim.variables, *model.probe.optimizer.variables]
    return [v.value for v in every]


def check(tensors: Iterable[Any]) -> None:
    """Assert that each tensor is on the second CPU."""
    for tensor in tensors:
        device = str(tensor.device)
        assert device.endswith(EXPECTED), f"{tensor!r} strayed to {device}"


if __name__ == "__main__":
    main(*sys.argv[1:])
