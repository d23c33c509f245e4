"""PyTensor's graphs: no operation of a network with attention runs entry by entry."""

from __future__ import annotations

from typing import Any

import numpy as np

from adapters.contract import Net
from adapters.laws.architectures import ARCHITECTURES
from adapters.laws.cases import weights
from adapters.laws.subject import Subject


def long_sums(model: Any) -> list[str]:
    """The sums and products of three arrays or more among the operations of a step."""
    nodes = model._gradients.maker.fgraph.apply_nodes
    named = [(str(getattr(node.op, "scalar_op", "")), node) for node in nodes]
    return [name for name, node in named if name in ("add", "mul") and len(node.inputs) > 2]


def made(net: Net, subject: Subject) -> Any:
    start = weights(net, np.random.default_rng(0), subject.dtype)
    return subject.make(net, start, ARCHITECTURES["sequence"][1])


def test_sums_and_products_are_of_two(subject: Subject) -> None:
    """Python would take those of three one number after the other."""
    assert long_sums(made(ARCHITECTURES["sequence"][0], subject)) == []


def test_dense_networks_are_rewritten_as_ever(subject: Subject) -> None:
    """Lessons 1 to 6 have recorded bits."""
    net, _ = ARCHITECTURES["deep"]
    assert made(net, subject)._mode is None
