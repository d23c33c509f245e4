"""One of the two models that are compared: recorded, with its parameters by layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch.utils._pytree import tree_leaves

from triptych.port.capture.models import is_keras, model_parameters, record
from triptych.port.capture.tape import Ref, Step, Tape, Values, tensors
from triptych.port.errors import PortError
from triptych.port.layers import CONSTANT_LAYERS, units
from triptych.port.layers.call import Call
from triptych.port.layers.unit import Unit
from triptych.port.loading import one_line

PADS = {"pad", "ZeroPadding1D", "ZeroPadding2D", "ZeroPadding3D"}


@dataclass
class Side:
    """A model, what it computed on one batch, and its units.

    label: A or B, as the user gave them.
    """

    label: str
    model: Any
    tape: Tape
    units: list[Unit]
    values: Values

    @classmethod
    def of(cls, label: str, model: Any, inputs: Sequence[Any]) -> Side:
        """Record a model on a batch; a dictionary of inputs goes to torch as keywords."""
        args, kwargs = call_arguments(model, inputs)
        try:
            tape = record(model, args, kwargs)
        except Exception as error:
            shapes = [tuple(t.shape) for t in tensors(inputs)]
            raise PortError(f"{label} raised {one_line(error)}, on {shapes}") from error
        with torch.no_grad():
            values = tape.run()
        return cls(label, model, tape, units(tape), values)

    @property
    def is_keras(self) -> bool:
        """Whether it is a Keras model; the other kind is a torch module."""
        return is_keras(self.model)

    def read_as(self, other: Side) -> None:
        """Leave queries, keys and values in one layer if the other side has such a layer."""
        wholes = {u.shapes["weight"] for u in other.units if u.kind == "dense" and not u.columns}
        parts = [u for u in self.units if u.kind == "dense" and u.columns]
        whole = {
            step
            for unit in parts
            for step in unit.calls
            if (3 * unit.shapes["weight"][0], unit.shapes["weight"][1]) in wholes
        }
        if whole:
            self.tape.whole |= whole
            self.units = units(self.tape)

    def rerun(self) -> None:
        """Take the values anew, after parameters were changed."""
        with torch.no_grad():
            self.values = self.tape.run()

    def step_of(self, unit: Unit, call: int) -> Step | None:
        """The step of a unit's call, counted from 0."""
        return self.tape.steps[unit.calls[call]] if call < len(unit.calls) else None

    def entry(self, step: Step) -> int | None:
        """The value that a step's input is made from, before any padding in front of it."""
        value = input_of(step)
        maker = self.tape.maker.get(value) if value is not None else None
        if maker is not None and self.tape.steps[maker].name in PADS:
            return input_of(self.tape.steps[maker])
        return value

    def parameters(self) -> list[tuple[str, torch.Tensor]]:
        """Every tensor that a unit holds, with its name."""
        return [
            (f"{unit.name}.{name}", tensor)
            for unit in self.units
            for name, parameter in unit.parameters.items()
            for tensor in parameter.tensors
        ]

    def uncovered(self) -> list[str]:
        """The names of floating-point parameters and buffers that no unit holds."""
        covered = {id(tensor) for _, tensor in self.parameters()}
        covered |= {
            id(variable.value)
            for step in self.tape.steps
            if type(step.layer).__name__ in CONSTANT_LAYERS
            for variable in step.layer.variables
        }
        return [
            name
            for name, tensor in model_parameters(self.model)
            if id(tensor) not in covered and tensor.is_floating_point()
        ]


def input_of(step: Step) -> int | None:
    """The value that a call works on: its first, or the one called input."""
    call = Call.of(step)
    for name in ("input", "query"):
        if isinstance(call.arguments.get(name), Ref):
            return int(call.arguments[name].value)
    return step.inputs[0] if step.inputs else None


def leaves(tree: Any) -> list[Ref]:
    """The stand-ins in a tree of results."""
    return [leaf for leaf in tree_leaves(tree) if isinstance(leaf, Ref)]


def call_arguments(model: Any, inputs: Sequence[Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """How a model is called on these inputs: positions for torch, one argument for Keras."""
    if is_keras(model):
        return (inputs[0] if len(inputs) == 1 else list(inputs),), {"training": False}
    if len(inputs) == 1 and isinstance(inputs[0], dict):
        return (), inputs[0]
    return tuple(inputs), {}
