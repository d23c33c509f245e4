"""Where TensorFlow, JAX and Keras put things, on two CPUs of which the second is asked for.

A stray variable trains as well as one in its place, so each device is asked for by name. Two
logical devices must be made before a framework starts, so this is a process of its own:
python -m tests.conformance.placement tensorflow float64 [folder old new]
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
from tests.conformance.cases import ARCHITECTURES, Case, draw
from tests.conformance.subject import everything
from tests.meta.loading import load_changed

HOMES = ("CPU:1", "CPU_1", "cpu:1")  # as TensorFlow and JAX write it
# What brings inputs, variables and outputs to and fro: it computes nothing, and goes where its
# tensor is.
FRAME = {"Placeholder", "Identity", "NoOp", "ReadVariableOp"}


SECOND = {"tensorflow": "/CPU:1", "keras": "cpu:1", "keras-jax": "cpu:1", "jax": ("cpu", 1)}


def main(backend: str, dtype: str, *change: str) -> None:
    """Look at a backend that has two devices, or at what a change makes of it."""
    make_two_devices(backend)
    cls = load(backend, dtype=dtype, device="cpu", threads=1)
    if change:
        cls = load_changed(cls, Path(change[0]), change[1], change[2])
    look_at_all(cls)


def look_at_all(cls: type[Model]) -> None:
    """Train a little of everything, looking where each variable and each result lives."""
    backend, dtype = cls.backend, cls.dtype
    cls.step.__globals__["DEVICES"]["cpu"] = SECOND[backend]  # type: ignore[attr-defined]
    for name in ("softmax", "mixed"):
        case = draw(ARCHITECTURES[name], dtype, seed=0)
        model: Any = cls(case.net, case.params, case.optimizer)
        model.restore(case.state)
        everything(model, case.x, case.y)
        model.step(case.x, case.y)
        model.epoch(case.x, case.y, np.arange(5), 2)
        look_at(variables(model))
        if backend == "tensorflow":
            look_at_graphs(model, case)


def make_two_devices(backend: str) -> None:
    """Before the framework has looked for any."""
    if backend in ("jax", "keras-jax"):
        import jax

        jax.config.update("jax_num_cpu_devices", 2)
        return
    os.environ["KERAS_BACKEND"] = "tensorflow"  # imported before `load` can say so
    import tensorflow as tf

    (cpu,) = tf.config.list_physical_devices("CPU")
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)


def look_at_graphs(model: Any, case: Case) -> None:
    """Every operation of what TensorFlow has compiled."""

    x, y = model._batch(case.x, case.y)
    batches = model._tensor(case.order[None])
    look_at([x, y, batches])
    for function, inputs in (
        (model._layers, [x]),
        (model._loss, [x, y]),
        (model._loss_and_gradients, [x, y]),
        (model._step, [x, y]),
        (model._epoch, [x, y, batches]),
    ):
        operations = function.get_concrete_function(*inputs).graph.get_operations()
        look_at(op for op in operations if op.type not in FRAME)


def variables(model: Any) -> Iterable[Any]:
    """Everything that a model keeps in its framework."""
    if model.backend == "tensorflow":
        return [*model._variables, *(v for slot in model._slots for v in slot), model._t]
    if model.backend == "jax":
        return [
            *model._memory.params,
            *(v for s in model._memory.slots for v in s),
            model._memory.t,
        ]
    kept = [*model.model.variables, *model.optim.variables, *model.probe.optimizer.variables]
    return [v.value for v in kept]


def look_at(tensors: Iterable[Any]) -> None:
    """Each of them lives at home."""
    for tensor in tensors:
        place = str(tensor.device)
        assert place.endswith(HOMES), f"{tensor!r} strayed to {place}"


if __name__ == "__main__":
    main(*sys.argv[1:])
