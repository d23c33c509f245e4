"""The loss of either side, in words that both frameworks share."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import torch
from torch.nn import functional as F  # noqa: N812 - as PyTorch is written

from triptych.port.causes.cause import Cause, Place
from triptych.port.errors import PortError
from triptych.port.layouts import gap
from triptych.port.training.crossentropy import (
    READS,
    TINY,
    crossentropy_rows,
    relative_weights,
    weight_of_positives,
)

LossOf = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]  # result of a model, targets
SAME_LOSS = 1e-9
SMOOTHINGS = (0.01, 0.05, 0.1, 0.2)
OF_PAIRS = " of every pair of rows, which broadcasting made"  # of shapes (n, 1) and (n,)
DELTAS = (0.1, 0.5, 1.0, 1.5, 2.0)


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


@dataclass(frozen=True)
class Form:
    """A loss in words that both frameworks share.

    reads: logits, probabilities, or logits of which it takes softmax once too often. delta: of
    Huber's loss. weights: of the classes, relative to the largest. positives: the weight of what
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
            if self.reduction == "mean of the weighted":
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
ENTRIES = {
    "reduction": "loss_reduction", "reads": "crossentropy_input", "smoothing": "label_smoothing",
    "weights": "class_weights", "positives": "class_weights",
}  # fmt: skip


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


def recognised(loss: LossOf, points: list[torch.Tensor], y: torch.Tensor) -> Form | None:
    """The form that a loss has at every one of these results; None for one that is not known."""
    for form in [*forms(), *weighted_forms(loss, points[0], y)]:
        if fits(points, y, loss, form) <= SAME_LOSS:
            return form
    return None


def weighted_forms(loss: LossOf, p: torch.Tensor, y: torch.Tensor) -> Iterator[Form]:
    """Forms with the weights that the loss's own gradient shows."""
    for reads in READS[:2]:
        weights = relative_weights(loss, p, y, reads)
        if weights is not None:
            for reduction in ("mean of the weighted", "mean", "sum"):
                yield Form("cross-entropy", reads, 0.0, reduction, weights=weights)
        positives = weight_of_positives(loss, p, y, Form("binary cross-entropy", reads))
        if positives is not None:
            for reduction in ("mean", "sum"):
                yield Form("binary cross-entropy", reads, 0.0, reduction, positives=positives)


def compare(
    result: torch.Tensor, y: torch.Tensor, a: LossOf, b: LossOf
) -> tuple[list[Cause], LossOf | None]:
    """Why the losses differ, and the loss to go on with; None if that is not known.

    Both are taken of the same result and of two others near it, so that agreement at one point is
    not believed. Their gradients may differ where the result is probabilities, by what softmax
    takes away again; the parameters' gradients decide.
    """
    points = [result.detach(), *moved(result.detach())]
    size = fits(points, y, a, b)
    if size <= SAME_LOSS:
        return [], b
    mine, its = recognised(a, points, y), recognised(b, points, y)
    if mine is not None and its is not None:
        words = [w for w in vars(mine) if getattr(mine, w) != getattr(its, w)]
        if "weights" in words and "sum" not in (mine.reduction, its.reduction):
            words.remove("reduction") if "reduction" in words else None  # it comes with weights
        return [word_of(word, mine, its, points, y) for word in words], mine
    ratios = [float(a(p, y)) / (float(b(p, y)) or math.nan) for p in points]
    if max(ratios) - min(ratios) <= SAME_LOSS * abs(ratios[0]):
        return [of_ratio(ratios[0], result, size)], lambda p, y: ratios[0] * b(p, y)
    known = f"; A's is {mine.kind} of {mine.reads}" if mine is not None else ""
    known += f"; B's is {its.kind} of {its.reads}" if its is not None else ""
    text = f"A is {ratios[0]:.6g} × B, and no simple relation holds at other points{known}"
    place = Place("the loss", "the loss", size, size)
    return [Cause("loss", text, proved=False, places=[place])], None


def of_ratio(ratio: float, result: torch.Tensor, size: float) -> Cause:
    """A loss that is the other's, times a number."""
    numbers = {
        len(result): "the rows of the batch", result.shape[-1]: "the classes",
        result.numel(): "all numbers of the result",
    }  # fmt: skip
    reading = ""
    for n, what in numbers.items():
        if n > 1 and math.isclose(ratio, 1 / n):
            reading = f": A takes the mean over {what}, B the sum"
        elif n > 1 and math.isclose(ratio, n):
            reading = f": A takes the sum over {what}, B the mean"
    entry = "kl_reduction" if reading.find("the classes") > 0 else "loss_reduction"
    if math.isclose(ratio, 2.0) or math.isclose(ratio, 0.5):
        entry = "squared_error_scale"
    return Cause(
        "loss", f"A = {ratio:.9g} × B at every point{reading}", f"{ratio:.9g} * loss",
        entry, places=[Place("the loss", "the loss", size, 0.0)],
    )  # fmt: skip


def word_of(word: str, a: Form, b: Form, points: list[torch.Tensor], y: torch.Tensor) -> Cause:
    """One word in which two losses differ; its gap is what it alone leaves."""
    x, z = getattr(a, word), getattr(b, word)
    before = fits(points, y, a, replace(a, **{word: z}))
    entry = ENTRIES.get(word, "")
    if word == "weights":
        if 0 in (*x, *z):
            entry = "ignore_index"
        wording = [", ".join(f"{w:.4g}" for w in v) or "alike" for v in (x, z)]
        text = f"the classes are weighted {wording[0]} in A, {wording[1]} in B"
    elif word == "positives":
        text = f"the weight of positives is {x:.6g} in A, {z:.6g} in B"
    elif word == "reads":
        text = f"A's loss reads {x}, B's {z}"
        entry = "nll_of_probabilities" if READS[3] in (x, z) else entry
    elif word == "kind":
        text = f"A's loss is the {x}, B's the {z}"
        entry = "mse_broadcasting" if x.endswith(OF_PAIRS) or z.endswith(OF_PAIRS) else entry
    elif word == "reduction":
        text = f"A takes the {x} over the batch, B the {z}"
    else:
        name = "label smoothing" if word == "smoothing" else f"{word} of Huber's loss"
        text = f"{name} is {x:g} in A, {z:g} in B"
    edit = {"reduction": f"reduction={x!r}", "smoothing": f"label_smoothing={x}"}.get(word, str(x))
    place = Place("the loss", "the loss", before, 0.0)
    return Cause("loss", text, edit, entry, places=[place])


def moved(result: torch.Tensor) -> list[torch.Tensor]:
    """Two other results of the same kind: probabilities stay some."""
    noise = torch.linspace(-0.5, 0.5, result.numel(), dtype=result.dtype).reshape(result.shape)
    noise = noise.sin() + noise * noise.roll(1, 0)
    if is_probability(result):
        log = result.clamp(TINY, 1).log()
        return [(log + noise).softmax(-1), (log - 2 * noise).softmax(-1)]
    if bool(((result > 0) & (result < 1)).all()):
        odds = result.logit()
        return [(odds + noise).sigmoid(), (odds - 2 * noise).sigmoid()]
    spread = max(1.0, float(result.abs().max()))
    return [result + noise * spread, result - 20 * noise * spread]


def fits(points: list[torch.Tensor], y: torch.Tensor, a: LossOf, b: LossOf) -> float:
    """The largest distance of two losses over these results; infinite where one does not fit."""
    try:
        with torch.no_grad():
            return max(apart(a(p, y), b(p, y)) for p in points)
    except (RuntimeError, ValueError, IndexError):
        return math.inf  # the targets are of another kind


def apart(a: torch.Tensor, b: torch.Tensor) -> float:
    """How far two losses are apart, in shares of A's; infinite if one is no single number."""
    if a.numel() != 1 or b.numel() != 1:
        return math.inf
    return gap(a.reshape(1), b.reshape(1))
