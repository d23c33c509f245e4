"""The kinds of layers: one file a kind, with its names in each framework and its weight rules.

A file states KERAS, from a class's name to the units of a layer, and TORCH, from a function's name
to the units of a call. To add a kind is to add a file here and to name it in KINDS.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from triptych.port.capture.tape import Step, Tape
from triptych.port.layers import convolution, dense, embedding, normalization, recurrent
from triptych.port.layers.call import Call
from triptych.port.layers.unit import Parameter, Unit

KINDS = (dense, convolution, normalization, embedding, recurrent)
FROM_KERAS: dict[str, Callable[[Any, str], list[Unit] | None]] = {
    name: read for kind in KINDS for name, read in kind.KERAS.items()
}
FROM_TORCH: dict[str, Callable[[Call, Tape, str], list[Unit]]] = {
    name: read for kind in KINDS for name, read in kind.TORCH.items()
}

CONCATENATIONS = {"cat", "concat", "concatenate", "Concatenate"}
CONSTANT_LAYERS = {"Normalization"}  # whose numbers are data: no weights, and nothing to be mapped


def units(tape: Tape) -> list[Unit]:
    """Every unit of a recorded model, in the order of their first use, with what feeds what."""
    found: dict[tuple[Any, ...], Unit] = {}
    covered: set[int] = set()
    used: dict[int, list[Unit]] = {}
    for step in tape.steps:
        for made in units_of_step(step, tape):
            key = (made.kind, *(id(p.tensor) for p in made.parameters.values()), made.name)
            known = found.setdefault(key, made)
            known.calls.append(step.index)
            used.setdefault(step.index, []).append(known)
            covered |= {id(t) for p in made.parameters.values() for t in p.tensors}
    for step in tape.steps:
        for value in step.inputs:
            name, tensor = tape.parameters.get(value), tape.given.get(value)
            if name is None or tensor is None or id(tensor) in covered:
                continue
            if not tensor.is_floating_point() or not isinstance(tensor, torch.nn.Parameter):
                continue  # a buffer that no known layer uses is a constant of the model's own
            free = found.setdefault(
                ("free", name), Unit("free", name, {"value": Parameter(tensor)})
            )
            if step.index not in free.calls:
                free.calls.append(step.index)
            used.setdefault(step.index, []).append(free)
    every = sorted(found.values(), key=lambda unit: unit.calls[0])
    for index, one in enumerate(every):
        one.index = index
    connect(tape, used)
    return every


def units_of_step(step: Step, tape: Tape) -> list[Unit]:
    """The units that one step uses."""
    if type(step.layer).__name__ in CONSTANT_LAYERS:
        return []
    if step.layer is not None:
        layer = step.layer
        if type(layer).__name__ == "TimeDistributed":
            layer = layer.layer
        read = FROM_KERAS.get(type(layer).__name__)
        made = read(layer, step.path) if read is not None and layer.built else None
        if made is None:
            variables = layer._trainable_variables
            made = [
                Unit("free", f"{step.path}.{v.name}", {"value": Parameter(v.value)})
                for v in variables
                if v.value.is_floating_point()
            ]
        return made
    from_torch = FROM_TORCH.get(step.name)
    return [] if from_torch is None else from_torch(Call.of(step), tape, step.path)


def connect(tape: Tape, used: dict[int, list[Unit]]) -> None:
    """Note which units feed which: those whose results a call's input is made of."""
    sources: dict[int, frozenset[int]] = {}
    pooled: dict[int, frozenset[str]] = {}
    every = {one.index: one for made in used.values() for one in made}
    for step in tape.steps:
        if step.name in CONCATENATIONS:
            for slot, value in enumerate(step.inputs):
                for source in sources.get(value, frozenset()):
                    every[source].slots.add(slot)
        gives = frozenset().union(*(sources.get(value, frozenset()) for value in step.inputs))
        kinds = frozenset().union(*(pooled.get(value, frozenset()) for value in step.inputs))
        kinds |= {kind for kind in ("max", "avg", "average") if is_pool(step.name, kind)}
        mine = used.get(step.index, [])
        layers = [one for one in mine if one.kind != "free"]
        for one in mine:
            one.pooled = frozenset("avg" if kind == "average" else kind for kind in kinds)
            if one.kind == "free":
                one.sources |= gives - {one.index}
        for position, one in enumerate(layers):
            one.position = position
            inside = {layers[i].index for i in one.fed_by}
            one.sources |= (inside or gives) - {one.index}
        feeding = {i for one in layers for i in one.fed_by}
        if layers:
            gives = frozenset(one.index for i, one in enumerate(layers) if i not in feeding)
            kinds = frozenset()
        else:
            gives |= {one.index for one in mine}
        sources.update(dict.fromkeys(step.outputs, gives))
        pooled.update(dict.fromkeys(step.outputs, kinds))
    for one in every.values():
        for source in one.sources:
            every[source].targets.add(one.index)


def is_pool(name: str, kind: str) -> bool:
    """Whether a call pools over windows in this way."""
    return name.lower().startswith(kind) and "pool" in name.lower()
