"""Networks as JSON values, for cards and files, and the names of their tensors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from math import prod
from typing import Any

from adapters import layers as kinds
from adapters.contract import Dense, Layer, Net, Shape
from adapters.layers import Conv2D, Embedding, Residual


def as_json(net: Net) -> dict[str, Any]:
    """The network as JSON values: its loss, its layers, l2, and its input if no layer states it.

    A dense layer is a list, [784, 10, "identity"]; any other is {"layer": "Conv2D", "n_in": 1, …}.
    """
    stated = net.layers[0].reads == net.row_shape
    shape = {} if stated else {"input_shape": list(net.row_shape)}
    return {"loss": net.loss, "layers": list(map(_layer, net.layers)), "l2": net.l2, **shape}


def from_json(values: dict[str, Any]) -> Net:
    """The network that `as_json` describes; other keys, as on a card, are ignored.

    Raises KeyError, TypeError or ValueError for anything else.
    """
    shape = values.get("input_shape")
    layers = layers_from_json(values["layers"])
    return Net(layers, values["loss"], values["l2"], None if shape is None else tuple(shape))


def layers_from_json(values: Sequence[Any]) -> tuple[Layer, ...]:
    """The layers that a card lists."""
    return tuple(map(_made, values))


def _layer(layer: Layer) -> Any:
    if type(layer) is Dense:
        return [layer.n_in, layer.n_out, layer.activation]
    named = {f.name: getattr(layer, f.name) for f in fields(layer)}  # type: ignore[arg-type]
    return {"layer": type(layer).__name__} | {name: _value(value) for name, value in named.items()}


def _value(value: Any) -> Any:
    """A field of a layer; a tuple of numbers or of layers becomes a list, as JSON has it."""
    if isinstance(value, tuple):
        return [_layer(each) if isinstance(each, Layer) else each for each in value]
    return value


def _made(values: Any) -> Layer:
    if isinstance(values, list):
        return Dense(*values)
    named = dict(values)
    kind = getattr(kinds, named.pop("layer"))
    if kind is Residual:
        return Residual(layers_from_json(named["layers"]))
    made = kind(**{key: tuple(v) if isinstance(v, list) else v for key, v in named.items()})
    if not isinstance(made, Layer):
        raise ValueError(f"{values['layer']} is no layer")
    return made


def names_of_parameters(net: Net) -> list[str]:
    """A short name for each parameter: W0, b0, W1, … of dense layers, otherwise 0.kernel, …"""
    if net.is_dense:
        return [f"{'Wb'[i % 2]}{i // 2}" for i in range(len(net.shapes))]
    return [parameter.name for parameter in net.parameters]


def names_of_outputs(net: Net) -> list[str]:
    """A short name for the output of each layer: layer 0, or with its kind if not all are dense."""
    kind = ["" if net.is_dense else f", {type(layer).__name__}" for layer in net.layers]
    return [f"layer {i}{name}" for i, name in enumerate(kind)]


def places(net: Net) -> int:
    """At how many places of one row a parameter is used, at most: how many products its gradient
    adds up for each row of a batch. 1 if all layers are dense.
    """
    return max(_places(net.layers, net.row_shape))


def _places(layers: Sequence[Layer], shape: Shape) -> Iterator[int]:
    for layer in layers:
        after = layer.gives(shape)
        if isinstance(layer, Residual):
            yield from _places(layer.layers, shape)
        elif isinstance(layer, Conv2D):
            yield prod(after[:-1])
        elif isinstance(layer, Embedding):
            yield prod(shape)
        else:
            yield prod(shape[:-1]) if layer.parameters else 1
        shape = after
