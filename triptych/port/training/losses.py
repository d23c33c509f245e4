"""The loss of either side, and what else B's would have to be."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch.nn import functional as F  # noqa: N812 - as PyTorch is written

from triptych.port.causes.cause import Cause, Place
from triptych.port.errors import PortError

LossOf = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]  # result of a model, targets
SAME_LOSS = 1e-9
SMOOTHINGS = (0.01, 0.05, 0.1, 0.2)
TINY = 1e-7  # what Keras keeps a probability away from 0 and 1


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
    if is_probability(result):
        return F.nll_loss(result.clamp(TINY, 1 - TINY).log(), targets.long())
    return F.cross_entropy(result, targets.long())


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


def of_keras(loss: Any) -> LossOf:
    """A Keras loss takes the targets first, and may give one number a row."""

    def function(result: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        value = loss(targets, result)
        return value.mean() if value.ndim else value

    return function


@dataclass(frozen=True)
class Form:
    """A loss in words that both frameworks share.

    reads: logits or probabilities. reduction: over the rows of the batch. factor: of the whole.
    """

    kind: str
    reads: str = "the values"
    smoothing: float = 0.0
    reduction: str = "mean"
    factor: float = 1.0

    def __call__(self, p: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        """Its value for a result and targets."""
        if self.kind == "cross-entropy":
            each = smoothed(p, y, self.smoothing, self.reads == "logits")
        elif self.kind == "binary cross-entropy":
            target = y.to(p.dtype).reshape(p.shape) * (1 - self.smoothing) + self.smoothing / 2
            each = (
                F.binary_cross_entropy_with_logits(p, target, reduction="none")
                if self.reads == "logits"
                else F.binary_cross_entropy(p.clamp(TINY, 1 - TINY), target, reduction="none")
            )
        else:
            each = OF_DISTANCES[self.kind](p, y.to(p.dtype).reshape(p.shape))
        rows = each.flatten(1).mean(1) if each.ndim > 1 else each
        return self.factor * {"mean": rows.mean(), "sum": rows.sum()}[self.reduction]


OF_DISTANCES: dict[str, LossOf] = {
    "squared error": lambda p, y: (p - y) ** 2,
    "absolute error": lambda p, y: (p - y).abs(),
    "Huber's loss": lambda p, y: F.huber_loss(p, y, reduction="none"),
}
ENTRIES = {
    "reduction": "loss_reduction",
    "reads": "crossentropy_input",
    "smoothing": "label_smoothing",
}


def smoothed(p: torch.Tensor, y: torch.Tensor, e: float, is_logits: bool) -> torch.Tensor:
    """Cross-entropy of each row, with smoothed labels."""
    log = F.log_softmax(p, -1) if is_logits else p.clamp(TINY, 1 - TINY).log()
    target = F.one_hot(y.long(), p.shape[-1]) * (1 - e) + e / p.shape[-1]
    return -(target * log).sum(-1)


def forms() -> Iterator[Form]:
    """Every loss that is known, the usual ones first."""
    for factor in (1.0, 0.5, 2.0):
        for reduction in ("mean", "sum"):
            for smoothing in (0.0, *SMOOTHINGS):
                for kind in ("cross-entropy", "binary cross-entropy"):
                    for reads in ("probabilities", "logits"):
                        yield Form(kind, reads, smoothing, reduction, factor)
            for kind in OF_DISTANCES:
                yield Form(kind, reduction=reduction, factor=factor)


def recognised(loss: LossOf, points: list[torch.Tensor], y: torch.Tensor) -> Form | None:
    """The form that a loss has at every one of these results; None for one that is not known."""
    for form in forms():
        try:
            if largest(points, y, loss, form) <= SAME_LOSS:
                return form
        except (RuntimeError, ValueError, IndexError):
            continue  # the targets do not fit
    return None


def compare(
    result: torch.Tensor, y: torch.Tensor, a: LossOf, b: LossOf
) -> tuple[list[Cause], LossOf | None]:
    """Why the losses differ, and the loss to go on with; None if that is not known.

    Both are taken of the same result and of two others near it, so that agreement at one point is
    not believed. Their gradients may differ where the result is probabilities, by what softmax
    takes away again; the parameters' gradients decide.
    """
    points = [result.detach(), *moved(result.detach())]
    size = largest(points, y, a, b)
    if size <= SAME_LOSS:
        return [], b
    mine, its = recognised(a, points, y), recognised(b, points, y)
    if mine is not None and its is not None:
        words = [w for w in vars(mine) if getattr(mine, w) != getattr(its, w)]
        return [word_of(word, mine, its, points, y) for word in words], mine
    ratios = [float(a(p, y)) / (float(b(p, y)) or math.nan) for p in points]
    text = f"A is {ratios[0]:.6g} × B, and no simple relation holds at other points"
    if max(ratios) - min(ratios) <= SAME_LOSS * abs(ratios[0]):
        text = f"A = {ratios[0]:.9g} × B"
    place = Place("the loss", "the loss", size, size)
    return [Cause("loss", text, proved=False, places=[place])], None


def word_of(word: str, a: Form, b: Form, points: list[torch.Tensor], y: torch.Tensor) -> Cause:
    """One word in which two losses differ; its gap is what it alone leaves."""
    x, z = getattr(a, word), getattr(b, word)
    before = largest(points, y, a, replace(a, **{word: z}))
    text = {
        "kind": f"A's loss is {x}, B's {z}",
        "reads": f"A's loss reads {x}, B's {z}"
        + ": B takes softmax of what is softmax already"
        * (x == "probabilities" and a.kind == "cross-entropy"),
        "reduction": f"A takes the {x} over the batch, B the {z}",
        "smoothing": f"label smoothing is {x:g} in A, {z:g} in B" if word == "smoothing" else "",
        "factor": f"A's loss is {x:g} ×, B's {z:g} ×" if word == "factor" else "",
    }[word]
    edit = {"reduction": f"reduction={x!r}", "smoothing": f"label_smoothing={x}"}.get(word, str(x))
    place = Place("the loss", "the loss", before, 0.0)
    return Cause("loss", text, edit, ENTRIES.get(word, ""), places=[place])


def moved(result: torch.Tensor) -> list[torch.Tensor]:
    """Two other results of the same kind: probabilities stay some."""
    noise = torch.linspace(-0.5, 0.5, result.numel(), dtype=result.dtype).reshape(result.shape)
    if is_probability(result):
        log = result.clamp(TINY, 1).log()
        return [(log + noise).softmax(-1), (log - 2 * noise).softmax(-1)]
    return [result + noise, result - 2 * noise]


def largest(points: list[torch.Tensor], y: torch.Tensor, a: LossOf, b: LossOf) -> float:
    """The largest distance of two losses over these results."""
    with torch.no_grad():
        return max(apart(a(p, y), b(p, y)) for p in points)


def apart(a: torch.Tensor, b: torch.Tensor) -> float:
    """How far two losses are apart, in shares of A's; infinite if one is no single number."""
    if a.numel() != 1 or b.numel() != 1:
        return math.inf
    difference = abs(float(a) - float(b))
    return difference / max(abs(float(a)), 1e-300) if math.isfinite(difference) else math.inf
