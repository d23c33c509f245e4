"""One parameter of both sides, read in one layout."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch

from triptych.port.layers.unit import Parameter
from triptych.port.transfer import by_channels_first, shaped


@dataclass
class Slot:
    """One parameter of both sides, read in B's shared layout."""

    name: str
    a: Parameter
    b: Parameter
    unit_a: int
    unit_b: int
    rows: tuple[int, ...] | None

    def read_a(self, of: Any = None) -> torch.Tensor:
        """A's values, or its gradients, as B has them."""
        value = self.a.read() if of is None else self.a.read(of)
        if self.rows is not None and value.ndim == 2:
            value = by_channels_first(value, self.rows)
        return shaped(value, self.b.shape).clone()


def is_statistic(slot: Slot) -> bool:
    """Whether it is a running mean or variance."""
    return slot.name.rsplit(".", 1)[-1].startswith("running")


def alone(tensor: torch.Tensor) -> torch.Tensor:
    """A tensor without its second bias."""
    return tensor


def gradient(tensor: torch.Tensor) -> torch.Tensor:
    """A tensor's gradient."""
    assert tensor.grad is not None
    return tensor.grad
