"""The loop that users of each framework write, one file per peer, after its documentation.

A peer takes a problem and keeps its data and model from epoch to epoch, as a user's script does. By
default it shuffles as its documentation shows; with an order (n,) it visits the rows in that order,
so that its numbers can be compared with ours. All numbers are float32, and options that a user may
leave at their defaults are left there.
"""

from __future__ import annotations

from importlib import import_module
from typing import Protocol

from adapters.contract import Array, Params
from benchmarks.problem import Problem


class Peer(Protocol):
    """The measured part of a user's script."""

    def __init__(self, problem: Problem, order: Array | None = None) -> None: ...

    def epoch(self) -> Array:
        """Train on every row once; returns the loss of each batch, or (1,) their mean over rows."""
        ...

    def params(self) -> Params:
        """Copies of the weights, in the contract's order and shapes."""
        ...


# backend: (the peer's file, its description)
PEERS: dict[str, tuple[str, str]] = {
    "numpy": ("numpy_loop", "the same loop by hand"),
    "torch": ("torch_loop", "DataLoader loop"),
    "tensorflow": ("tensorflow_step", "tf.data + tf.function step"),
    "keras": ("keras_fit", "fit, defaults"),
    "keras-torch": ("keras_fit", "fit, defaults"),
    "keras-jax": ("keras_fit", "fit, defaults"),
    "jax": ("jax_step", "jitted step in a loop"),
    "pytensor": ("pytensor_function", "function per batch"),
}
SKLEARN = "sklearn_mlp"  # belongs to no backend: it runs in the process of NumPy


def peer(name: str) -> type[Peer]:
    """The class in a peer's file; imports its framework."""
    script: type[Peer] = import_module(f"benchmarks.baselines.{name}").Script
    return script
