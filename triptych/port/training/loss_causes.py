"""Why two losses differ."""

from __future__ import annotations

import math
from dataclasses import replace

import torch

from triptych.port.causes.cause import Cause, Place
from triptych.port.training.crossentropy import READS
from triptych.port.training.loss_forms import (
    NEARLY,
    OF_PAIRS,
    OVER_WEIGHTS,
    SAME_LOSS,
    Form,
    recognised,
)
from triptych.port.training.loss_points import Point, fits, points_of
from triptych.port.training.losses import LossOf

ENTRIES = {
    "reduction": "loss_reduction", "reads": "crossentropy_input", "smoothing": "label_smoothing",
    "weights": "class_weights", "positives": "class_weights",
}  # fmt: skip
DIVISORS = {"mean": "the rows", OVER_WEIGHTS: "the sum of the weights", "sum": "nothing"}


def compare(
    result: torch.Tensor, y: torch.Tensor, a: LossOf, b: LossOf
) -> tuple[list[Cause], LossOf | None]:
    """Why the losses differ, and the loss to go on with; None if that is not known.

    Their gradients may differ where the result is probabilities, by what softmax takes away again;
    the parameters' gradients decide.
    """
    points = points_of(result.detach(), y, a, b)
    size = fits(points, a, b)
    if size <= SAME_LOSS:
        return [], b
    if size <= NEARLY:
        text = f"the losses are the same but for {size:.1g}: constants in float32, or a bound"
        place = Place("the loss", "the loss", size, 0.0)
        return [Cause("loss", text, frameworks_differ=True, places=[place])], a
    mine, its = recognised(a, points), recognised(b, points)
    if mine is not None and its is not None:
        return [word_of(word, mine, its, points) for word in differing(mine, its)], mine
    found = of_ratio(points, a, b, size)
    if found is not None:
        return found
    ratio = float(a(*points[0])) / (float(b(*points[0])) or math.nan)
    known = f"; A's is {mine.kind} of {mine.reads}" if mine is not None else ""
    known += f"; B's is {its.kind} of {its.reads}" if its is not None else ""
    text = f"A is {ratio:.6g} × B, and no simple relation holds at other points{known}"
    place = Place("the loss", "the loss", size, size)
    return [Cause("loss", text, proved=False, places=[place])], None


def differing(a: Form, b: Form) -> list[str]:
    """The words in which two forms differ; the scale of weights is part of their reduction."""
    words = [word for word in vars(a) if getattr(a, word) != getattr(b, word)]
    if "weights" in words and are_proportional(a.weights, b.weights):
        words.remove("weights")
    elif "weights" in words and "reduction" in words and "sum" not in (a.reduction, b.reduction):
        words.remove("reduction")  # it comes with the weights
    return words


def are_proportional(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    """Whether two lists of weights are the same but for a factor."""
    if not a or len(a) != len(b):
        return False
    return all(is_near(x / max(a), z / max(b)) for x, z in zip(a, b, strict=True))


def of_ratio(
    points: list[Point], a: LossOf, b: LossOf, size: float
) -> tuple[list[Cause], LossOf] | None:
    """A loss that is the other's times a number, which may grow or fall with the rows."""
    rows = [len(p) for p, _ in points]
    ratios = [float(a(p, y)) / (float(b(p, y)) or math.nan) for p, y in points]
    result = points[0][0]
    for power in (0, -1, 1) if len(set(rows)) > 1 else (0,):
        factors = [ratio / n**power for ratio, n in zip(ratios, rows, strict=True)]
        if max(factors) - min(factors) <= NEARLY * abs(factors[0]):
            break
    else:
        return None
    factor = factors[0]
    numbers = {result.shape[-1]: "the classes", result[0].numel(): "all numbers of a row"}
    if len(set(rows)) == 1:
        numbers |= {len(result): "the rows of the batch", result.numel(): "all numbers"}
    over, entry = ["the rows of the batch"] if power else [], "loss_reduction"
    falls = power < 0
    for n, what in numbers.items():
        if n > 1 and (is_near(factor, 1 / n) or is_near(factor, n)):
            falls = falls or is_near(factor, 1 / n)
            entry = entry if power or what != "the classes" else "kl_reduction"
            over.append(what)
            break
    reading = ""
    if over:
        of_a, of_b = ("mean", "sum") if falls else ("sum", "mean")
        reading = f": A takes the {of_a} over {' and '.join(over)}, B the {of_b}"
    elif is_near(factor, 2.0) or is_near(factor, 0.5):
        entry = "squared_error_scale"
    cause = Cause(
        "loss", f"A = {ratios[0]:.9g} × B at every point{reading}", f"{ratios[0]:.9g} * loss",
        entry, places=[Place("the loss", "the loss", size, 0.0)],
    )  # fmt: skip
    return [cause], lambda p, y: factor * len(p) ** power * b(p, y)


def is_near(x: float, y: float) -> bool:
    """Whether two factors are the same but for NEARLY."""
    return math.isclose(x, y, rel_tol=NEARLY)


def word_of(word: str, a: Form, b: Form, points: list[Point]) -> Cause:
    """One word in which two losses differ; its gap is what it alone leaves."""
    x, z = getattr(a, word), getattr(b, word)
    before = fits(points, a, replace(a, **{word: z}))
    entry = ENTRIES.get(word, "")
    if word == "weights":
        entry = "ignore_index" if 0 in (*x, *z) else entry
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
    elif word == "reduction" and a.weights:
        text = f"A divides the weighted sum by {DIVISORS[x]}, B by {DIVISORS[z]}"
        entry = "class_weights"
    elif word == "reduction":
        text = f"A takes the {x} over the batch, B the {z}"
    else:
        name = "label smoothing" if word == "smoothing" else f"{word} of Huber's loss"
        text = f"{name} is {x:g} in A, {z:g} in B"
    edit = {"reduction": f"reduction={x!r}", "smoothing": f"label_smoothing={x}"}.get(word, str(x))
    place = Place("the loss", "the loss", before, 0.0)
    return Cause("loss", text, edit, entry, places=[place])
