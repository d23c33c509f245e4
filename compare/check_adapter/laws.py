"""The laws by name, and the examples on which each is checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import MISSING, fields
from typing import Any, cast

from adapters.contract import SGD, Dense, Layer, Net
from adapters.laws.cases import ARCHITECTURES, Case, draw
from adapters.laws.registry import EACH, FEW, FEW_ON, LAWS, ONCE
from adapters.layers import Residual
from course.networks import names_of_parameters

Example = tuple[str, Callable[[], list[Case]]]  # a description, and how to draw it

# Rows, scale of the weights, steps made before. Every value that Hypothesis draws in our own tests
# occurs, the most revealing combinations first. Once its model is compiled an example takes
# milliseconds, so a slow backend runs all of them too.
EXAMPLES = [(5, 1.0, 2), (1, 1.0, 0), (8, 2.0, 1), (3, 0.1, 10), (2, 2.0, 10**6), (5, 0.1, 1000)]


def sentence(law: str) -> str:
    """The law as a sentence: the first line of its docstring."""
    return (LAWS[law].__doc__ or law).strip().splitlines()[0]


def source(law: str) -> str:
    """The file of the law, relative to the checkout's root."""
    return f"{LAWS[law].__module__.replace('.', '/')}.py"


def examples(law: str, dtype: str) -> Iterator[tuple[str, list[Example]]]:
    """Yield each architecture's name with the law's examples on it.

    A law that brings its own points is checked once, with an empty name and no case.
    """
    if LAWS[law] in ONCE:
        yield "", [("", list)]
        return
    kinds = EXAMPLES if LAWS[law] in EACH else EXAMPLES[:1]
    for name in FEW_ON if LAWS[law] in FEW else ARCHITECTURES:
        yield name, [_example(name, dtype, seed, *kind) for seed, kind in enumerate(kinds)]


def _example(name: str, dtype: str, seed: int, rows: int, scale: float, t: int) -> Example:
    words = f"{rows} {'row' if rows == 1 else 'rows'}, after {t} {'step' if t == 1 else 'steps'}"
    return words, lambda: [draw(ARCHITECTURES[name], dtype, seed, rows, scale, t)]


def describe(name: str) -> str:
    """An architecture as text: its layers, its loss, its optimizer."""
    net, optimizer = ARCHITECTURES[name]
    penalty = f", l2 {net.l2:g}" if net.l2 else ""
    return f"{' → '.join(map(_layer, net.layers))}, {net.loss} loss{penalty}, {_rule(optimizer)}"


def _layer(layer: Layer) -> str:
    if isinstance(layer, Dense):
        activation = "" if layer.activation == "identity" else f" {layer.activation}"
        return f"Dense({layer.n_in}, {layer.n_out}{activation})"
    if isinstance(layer, Residual):
        return f"Residual({' → '.join(map(_layer, layer.layers))})"
    values = [(f, getattr(layer, f.name)) for f in fields(cast("Any", layer))]
    words = [f"{f.name} {v}" for f, v in values if f.default is not MISSING and v != f.default]
    needed = [str(value) for field, value in values if field.default is MISSING]
    return f"{type(layer).__name__}({', '.join([*needed, *words])})"


def _rule(optimizer: Any) -> str:
    if not isinstance(optimizer, SGD):
        return "Adam"
    if not optimizer.momentum:
        return "plain SGD"
    return "Nesterov momentum" if optimizer.nesterov else "SGD with momentum"


def parameter(name: str, i: int) -> str:
    """Parameter i of an architecture, such as W1 (5, 3) or 2.0.scale (4,)."""
    net: Net = ARCHITECTURES[name][0]
    return f"{names_of_parameters(net)[i]} {net.shapes[i]}"
