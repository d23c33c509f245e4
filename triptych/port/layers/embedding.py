"""Embeddings. Shared layout: weight (vocabulary, width), the same in both frameworks."""

from __future__ import annotations

from typing import Any

from triptych.port.capture.tape import Tape
from triptych.port.layers.call import Call
from triptych.port.layers.unit import Unit, unit


def from_keras(layer: Any, name: str) -> list[Unit]:
    """Keras's Embedding, and Keras Hub's that also serves as the last layer."""
    return [unit("embedding", name, {}, weight=layer.embeddings)]


def from_positions(layer: Any, name: str) -> list[Unit]:
    """Keras Hub's PositionEmbedding."""
    return [unit("embedding", name, {}, weight=layer.position_embeddings)]


def from_torch(call: Call, tape: Tape, name: str) -> list[Unit]:
    """torch.nn.functional.embedding."""
    weight = call.parameter("weight", tape)
    settings = {"padding_idx": call.get("padding_idx", -1)}
    return [] if weight is None else [unit("embedding", name, settings, weight=weight)]


KERAS = {
    "Embedding": from_keras,
    "ReversibleEmbedding": from_keras,
    "PositionEmbedding": from_positions,
}
TORCH = {"embedding": from_torch}
