"""The parameters of one layer, in a layout that both frameworks share: PyTorch's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch

Change = Callable[[torch.Tensor], torch.Tensor]


def same(tensor: torch.Tensor) -> torch.Tensor:
    """No change of layout."""
    return tensor


@dataclass(frozen=True)
class Parameter:
    """A framework's tensor, or a part of it, read and written in the shared layout.

    to_shared and from_shared: the changes of layout. part: which rows of the tensor.
    shadow: a tensor that is added to it where it is used, as torch's second bias of an LSTM.
    """

    tensor: torch.Tensor
    to_shared: Change = same
    from_shared: Change = same
    part: Any = ()
    shadow: torch.Tensor | None = None

    def read(self, of: Change = same) -> torch.Tensor:
        """The values, or what `of` takes from the tensor, such as its gradient."""
        value = of(self.tensor)[self.part]
        if self.shadow is not None and of is same:
            value = value + self.shadow
        return self.to_shared(value.detach())

    def write(self, value: torch.Tensor) -> None:
        """Set the values; `value` is in the shared layout."""
        self.write_into(self.tensor, value)
        if self.shadow is not None:
            with torch.no_grad():
                self.shadow.zero_()

    def write_gradient(self, value: torch.Tensor) -> None:
        """Set the gradient; a second bias gets the same, as autograd gives it."""
        for tensor in self.tensors:
            if tensor.grad is None:
                tensor.grad = torch.zeros_like(tensor)
            self.write_into(tensor.grad, value)

    def write_into(self, target: torch.Tensor, value: torch.Tensor) -> None:
        """Write a value in the shared layout into a tensor in the framework's own."""
        with torch.no_grad():
            own = self.from_shared(value)
            target[self.part] = own.reshape(target[self.part].shape).to(target.dtype)

    @property
    def shape(self) -> tuple[int, ...]:
        """In the shared layout."""
        return tuple(self.read().shape)

    @property
    def tensors(self) -> list[torch.Tensor]:
        """The framework's tensors that it covers."""
        return [self.tensor] if self.shadow is None else [self.tensor, self.shadow]


@dataclass
class Unit:
    """What belongs together when weights are carried over: one dense layer, one of q, k and v.

    kind: dense, convolution, …, or free for a parameter that no known layer uses.
    columns: which of its step's results it makes, along the last axis, if not all.
    fed_by: the positions of the units of the same step that feed it; none: the step's input does.
    calls: the steps that use it, in order. position: its place among the units of its step.
    sources, targets: the units that it reads from, and that read from it. pooled: the kinds of
    pooling in front of it. slots: its positions in the concatenations that its result goes into.
    """

    kind: str
    name: str
    parameters: dict[str, Parameter]
    settings: dict[str, Any] = field(default_factory=dict)
    columns: slice | None = None
    fed_by: tuple[int, ...] = ()
    index: int = -1
    calls: list[int] = field(default_factory=list)
    position: int = 0
    sources: set[int] = field(default_factory=set)
    targets: set[int] = field(default_factory=set)
    pooled: frozenset[str] = frozenset()
    slots: set[int] = field(default_factory=set)

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of every parameter, in the shared layout."""
        return {name: parameter.shape for name, parameter in self.parameters.items()}


def unit(kind: str, name: str, settings: dict[str, Any] | None = None, **parameters: Any) -> Unit:
    """A unit of those parameters that are there."""
    present = {key: as_parameter(value) for key, value in parameters.items() if value is not None}
    return Unit(kind, name, present, settings or {})


def as_parameter(value: Any) -> Parameter:
    """A tensor or a Keras variable as it is, or a Parameter."""
    if isinstance(value, Parameter):
        return value
    return Parameter(value if isinstance(value, torch.Tensor) else value.value)


def pair_of(value: Any, n: int) -> tuple[Any, ...]:
    """A setting for each of n axes: 2 means (2, 2)."""
    return tuple(value) if isinstance(value, (tuple, list)) else (value,) * n
