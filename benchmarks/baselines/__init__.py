"""What the users of each framework would write, one file per peer, as its documentation teaches.

A peer takes a problem and keeps its data and model from epoch to epoch, as a user's script does.
Left alone it shuffles as its documentation shows; given an order (n,) it visits the rows in that
one, so that its numbers can be held against ours. All numbers are float32, and what a user may
leave at its default is left there.
"""

from __future__ import annotations

from importlib import import_module
from typing import Protocol

from adapters.contract import Array, Params
from benchmarks.problem import Problem


class Peer(Protocol):
    """A user's own script, as far as it is measured."""

    def __init__(self, problem: Problem, order: Array | None = None) -> None: ...

    def epoch(self) -> Array:
        """Train on every row once; the loss of each batch, or (1,) their mean over the rows."""
        ...

    def params(self) -> Params:
        """Copies of the weights, in the contract's order and shapes."""
        ...


# backend: (the peer's file, what it is called)
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
SKLEARN = "sklearn_mlp"  # is nobody's own: it runs in the process of NumPy


def peer(name: str) -> type[Peer]:
    """The class in a peer's file; imports its framework."""
    found: type[Peer] = import_module(f"benchmarks.baselines.{name}").Script
    return found
