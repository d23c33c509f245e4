"""Where two losses are compared: at a result, near it, and on a part of the batch."""

from __future__ import annotations

import math

import torch

from triptych.port.layouts import gap
from triptych.port.training.crossentropy import TINY
from triptych.port.training.losses import LossOf, is_probability

Point = tuple[torch.Tensor, torch.Tensor]  # a result, and the targets
FAILURES = (RuntimeError, ValueError, IndexError)  # of a loss on targets of another kind


def points_of(result: torch.Tensor, y: torch.Tensor, *losses: LossOf) -> list[Point]:
    """The result, two others near it, and the first rows of one, where every loss takes these.

    Agreement at one point may be chance, and at one batch may depend on its rows.
    """
    near = moved(result)
    points = [(p, y) for p in (result, *near)]
    rows = len(result) // 2 + 1
    part = (near[0][:rows], y[:rows])
    if len(result) > 2 and all(runs(loss, part) for loss in losses):
        points.append(part)
    return points


def runs(loss: LossOf, point: Point) -> bool:
    """Whether a loss takes this many rows."""
    try:
        with torch.no_grad():
            loss(*point)
    except FAILURES:
        return False
    return True


def moved(result: torch.Tensor) -> list[torch.Tensor]:
    """Two other results of the same kind: probabilities stay some."""
    noise = torch.linspace(-0.5, 0.5, result.numel(), dtype=result.dtype).reshape(result.shape)
    noise = noise.sin() + noise * noise.roll(1, 0)
    if is_probability(result.exp()):
        return [(result + noise).log_softmax(-1), (result - 2 * noise).log_softmax(-1)]
    if is_probability(result):
        log = result.clamp(TINY, 1).log()
        return [(log + noise).softmax(-1), (log - 2 * noise).softmax(-1)]
    if bool(((result > 0) & (result < 1)).all()):
        odds = result.logit()
        return [(odds + noise).sigmoid(), (odds - 2 * noise).sigmoid()]
    spread = max(1.0, float(result.abs().max()))
    return [result + noise * spread, result - 20 * noise * spread]


def fits(points: list[Point], a: LossOf, b: LossOf) -> float:
    """The largest distance of two losses over these points; infinite where one does not fit."""
    try:
        with torch.no_grad():
            return max(apart(a(p, y), b(p, y)) for p, y in points)
    except FAILURES:
        return math.inf


def apart(a: torch.Tensor, b: torch.Tensor) -> float:
    """How far two losses are apart, in shares of A's; infinite if one is no single number."""
    if a.numel() != 1 or b.numel() != 1:
        return math.inf
    return gap(a.reshape(1), b.reshape(1))
