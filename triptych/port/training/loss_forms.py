"""Losses in words that both frameworks share, and which of them a function is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch.nn import functional as F  # noqa: N812 - as PyTorch is written

from triptych.port.training.crossentropy import (
    READS,
    TINY,
    class_weights,
    crossentropy_rows,
    weight_of_positives,
)
from triptych.port.training.loss_points import Point, fits
from triptych.port.training.losses import LossOf

SAME_LOSS = 1e-9
# Of float32 constants and of bounds such as 1e-7 in a user's loss: no mistake, but other bits.
NEARLY = 1e-6
SMOOTHINGS = (0.01, 0.05, 0.1, 0.2)
DELTAS = (0.1, 0.5, 1.0, 1.5, 2.0)
OF_PAIRS = " of every pair of rows, which broadcasting made"  # of shapes (n, 1) and (n,)
OVER_WEIGHTS = "mean of the weighted"


@dataclass(frozen=True)
class Form:
    """A loss in words that both frameworks share.

    reads: logits, probabilities, or logits of which it takes softmax once too often. delta: of
    Huber's loss. weights: of the classes. positives: the weight of what
    is 1, of two classes. reduction: over the rows.
    """

    kind: str
    reads: str = "the values"
    smoothing: float = 0.0
    reduction: str = "mean"
    delta: float = 1.0
    weights: tuple[float, ...] = ()
    positives: float = 1.0

    def __call__(self, p: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        """Its value for a result and targets."""
        if self.kind == "cross-entropy":
            rows = crossentropy_rows(p, y, self.smoothing, self.reads)
        elif self.kind == "binary cross-entropy":
            rows = self.binary_rows(p, y)
        else:
            if self.kind.endswith(OF_PAIRS):
                p, y = p.reshape(1, -1), y.reshape(-1, 1).expand(-1, p.numel())
                p = p.expand(y.shape)
            each = OF_DISTANCES[self.kind](p, y.to(p.dtype).reshape(p.shape), self.delta)
            rows = each.flatten(1).mean(1) if each.ndim > 1 else each
        if self.weights:
            share = torch.tensor(self.weights, dtype=p.dtype)[classes(y)]
            rows = rows * share
            if self.reduction == OVER_WEIGHTS:
                return rows.sum() / share.sum()
        return rows.sum() if self.reduction == "sum" else rows.mean()

    def binary_rows(self, p: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        """Binary cross-entropy of each row."""
        target = y.to(p.dtype).reshape(p.shape) * (1 - self.smoothing) + self.smoothing / 2
        if self.reads == "logits":
            yes, no = F.logsigmoid(p), F.logsigmoid(-p)
        else:
            p = p.clamp(TINY, 1 - TINY)
            yes, no = p.log(), (1 - p).log()
        each = -(self.positives * target * yes + (1 - target) * no)
        return each.flatten(1).mean(1) if each.ndim > 1 else each


OF_DISTANCES: dict[str, Callable[[torch.Tensor, torch.Tensor, float], torch.Tensor]] = {
    "squared error": lambda p, y, d: (p - y) ** 2,
    "absolute error": lambda p, y, d: (p - y).abs(),
    "Huber's loss": lambda p, y, d: F.huber_loss(p, y, reduction="none", delta=d),
    f"squared error{OF_PAIRS}": lambda p, y, d: (p - y) ** 2,
    f"absolute error{OF_PAIRS}": lambda p, y, d: (p - y).abs(),
}


def classes(y: torch.Tensor) -> torch.Tensor:
    """The class of each row, of numbers or of rows with a one."""
    return y.argmax(-1) if y.ndim > 1 and y.shape[-1] > 1 else y.long().reshape(-1)


def forms() -> Iterator[Form]:
    """Every loss that is known, the usual ones first."""
    for reduction in ("mean", "sum"):
        for smoothing in (0.0, *SMOOTHINGS):
            for reads in READS:
                yield Form("cross-entropy", reads, smoothing, reduction)
            for reads in READS[:2]:
                yield Form("binary cross-entropy", reads, smoothing, reduction)
        for kind in OF_DISTANCES:
            for delta in DELTAS if kind == "Huber's loss" else (1.0,):
                yield Form(kind, reduction=reduction, delta=delta)


def recognised(loss: LossOf, points: list[Point]) -> Form | None:
    """The form that a loss has at every one of these points; None for one that is not known."""
    for form in [*forms(), *weighted_forms(loss, *points[0])]:
        if fits(points, loss, form) <= SAME_LOSS:
            return form
    return None


def weighted_forms(loss: LossOf, p: torch.Tensor, y: torch.Tensor) -> Iterator[Form]:
    """Forms with the weights that the loss's own gradient shows."""
    for reads in READS[:2]:
        weights = class_weights(loss, p, y, reads)
        if weights is not None:
            most = max(weights)
            relative = tuple(w / most for w in weights)
            share = tuple(w / len(p) for w in weights)
            for reduction, own in (("mean", weights), (OVER_WEIGHTS, relative), ("sum", share)):
                yield Form("cross-entropy", reads, 0.0, reduction, weights=own)
        positives = weight_of_positives(loss, p, y, Form("binary cross-entropy", reads))
        if positives is not None:
            for reduction in ("mean", "sum"):
                yield Form("binary cross-entropy", reads, 0.0, reduction, positives=positives)
