"""The losses of both sides as functions of a model's result and the targets."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch.nn import functional as F  # noqa: N812 - as PyTorch is written

from triptych.port.errors import PortError
from triptych.port.training.crossentropy import crossentropy_rows

LossOf = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]  # result of a model, targets


def named(name: str) -> LossOf:
    """A loss by its name, the same for both sides.

    Raises PortError for another name.
    """
    losses: dict[str, LossOf] = {"crossentropy": crossentropy, "mse": F.mse_loss, "bce": binary}
    if name not in losses:
        raise PortError(f"no loss is called {name!r}: expected {', '.join(losses)} or a function")
    return losses[name]


def crossentropy(result: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Of probabilities, if the rows are some; of logits otherwise."""
    reads = "probabilities" if is_probability(result) else "logits"
    return crossentropy_rows(result, targets, 0.0, reads).mean()


def binary(result: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Of probabilities or logits."""
    targets = targets.to(result.dtype).reshape(result.shape)
    if bool(((result >= 0) & (result <= 1)).all()):
        return F.binary_cross_entropy(result, targets)
    return F.binary_cross_entropy_with_logits(result, targets)


def is_probability(result: torch.Tensor) -> bool:
    """Whether each row sums to 1."""
    rows = result.detach()
    return bool((rows >= 0).all()) and bool(((rows.sum(-1) - 1).abs() < 1e-5).all())


def of_keras(loss: Callable[..., torch.Tensor]) -> LossOf:
    """A Keras loss takes the targets first, and may give one number a row."""

    def function(result: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        value = loss(targets, result)
        return value.mean() if value.ndim else value

    return function
