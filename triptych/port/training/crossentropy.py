"""Cross-entropy row by row, and the weights of classes that a loss shows in its gradient."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch.nn import functional as F  # noqa: N812 - as PyTorch is written

READS = (
    "probabilities", "logits", "logits, of which it takes softmax twice",
    "probabilities, of which it takes no logarithm",
)  # fmt: skip
TINY = 1e-7  # what Keras keeps a probability away from 0 and 1
ALIKE = 1e-6  # of weights within a class: a gradient is only as exact as its rounding


def crossentropy_rows(
    p: torch.Tensor, y: torch.Tensor, smoothing: float, reads: str
) -> torch.Tensor:
    """Of each row; targets are classes, or rows of probabilities."""
    n = p.shape[-1]
    target = y.to(p.dtype) if y.shape == p.shape else F.one_hot(y.long().reshape(-1), n)
    target = target * (1 - smoothing) + smoothing / n
    if reads == READS[0]:
        log = p.clamp(TINY, 1 - TINY).log()
    elif reads == READS[3]:
        log = p
    else:
        log = F.log_softmax(p if reads == READS[1] else p.softmax(-1), -1)
    return -(target * log).sum(-1)


def class_weights(
    loss: Callable[[torch.Tensor, torch.Tensor], torch.Tensor], p: torch.Tensor, y: torch.Tensor,
    reads: str,
) -> tuple[float, ...] | None:  # fmt: skip
    """The weight of each class, of a mean over the rows, if the loss weighs rows by their class.

    A class without a row gets the largest.
    """
    try:
        slopes = [slope(one, p, y) for one in (loss, lambda q, t: rows_sum(q, t, reads))]
    except (RuntimeError, ValueError, IndexError):
        return None
    share = slopes[0].flatten(1).norm(dim=1) / slopes[1].flatten(1).norm(dim=1).clamp(min=1e-30)
    kinds = y.argmax(-1) if y.shape == p.shape else y.long().reshape(-1)
    weights = []
    for kind in range(p.shape[-1]):
        own = share[kinds == kind]
        if not len(own):
            weights.append(float("nan"))
            continue
        if float(own.max() - own.min()) > ALIKE * float(share.max()):
            return None
        weights.append(float(own.mean()) * len(p))
    known = [w for w in weights if w == w]
    if not known or max(known) - min(known) <= ALIKE * max(known):
        return None
    return tuple(max(known) if w != w else w for w in weights)


def weight_of_positives(
    loss: Callable[[torch.Tensor, torch.Tensor], torch.Tensor], p: torch.Tensor, y: torch.Tensor,
    plain: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
) -> float | None:  # fmt: skip
    """How much more a 1 weighs than a 0, if that alone tells a loss from a plain one."""
    try:
        share = slope(loss, p, y) / slope(plain, p, y)
    except (RuntimeError, ValueError, IndexError):
        return None
    is_one = y.to(p.dtype).reshape(p.shape) == 1
    ones, others = share[is_one], share[~is_one]
    if not len(ones) or not len(others):
        return None
    spread = max(float(each.max() - each.min()) for each in (ones, others))
    if not spread <= ALIKE * float(share.abs().max()):
        return None
    weight = float(ones.mean() / others.mean())
    return weight if abs(weight - 1) > ALIKE else None


def rows_sum(p: torch.Tensor, y: torch.Tensor, reads: str) -> torch.Tensor:
    """The plain sum over the rows."""
    return crossentropy_rows(p, y, 0.0, reads).sum()


def slope(
    loss: Callable[[torch.Tensor, torch.Tensor], torch.Tensor], p: torch.Tensor, y: torch.Tensor
) -> torch.Tensor:
    """The gradient of a loss in the model's result."""
    leaf = p.detach().clone().requires_grad_(True)
    with torch.enable_grad():
        return torch.autograd.grad(loss(leaf, y), leaf)[0]
