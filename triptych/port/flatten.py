"""Dense layers that read a flattened picture: channels last in Keras, channels first in PyTorch."""

from __future__ import annotations

from collections.abc import Sequence

from triptych.port.pairing import Pair
from triptych.port.side import Side, input_of

FLATTENS = {"Flatten", "Reshape", "flatten", "reshape", "view"}


def flattened(a: Side, b: Side, pairs: Sequence[Pair]) -> dict[int, tuple[int, ...]]:
    """Units of A whose input is a picture flattened in another order than in B, with its shape."""
    found = {}
    for one in pairs:
        if a.units[one.a].kind != "dense" or b.units[one.b].kind != "dense":
            continue
        mine, theirs = (picture(side, unit) for side, unit in ((a, one.a), (b, one.b)))
        if mine is None or theirs is None:
            continue
        first = (mine[-1], *mine[:-1])
        if (mine != theirs and first == theirs) or (
            mine == theirs == first and not turns(b, one.b) and a.is_keras != b.is_keras
        ):
            found[one.a] = mine
    return found


def picture(side: Side, unit: int) -> tuple[int, ...] | None:
    """The shape, without the batch, of what is flattened right before a unit."""
    step = side.tape.steps[side.units[unit].calls[0]]
    value = input_of(step)
    for _ in range(4):  # an activation or a dropout may stand between
        maker = side.tape.maker.get(value) if value is not None else None
        if maker is None or maker in {i for u in side.units for i in u.calls if u.kind != "free"}:
            return None
        before = side.tape.steps[maker]
        value = input_of(before)
        if value is None:
            return None
        if before.name in FLATTENS and side.values[value].ndim > 3:
            shape = tuple(side.values[value].shape[1:])
            return shape if max(shape[1:]) > 1 or max(shape[:-1]) > 1 else None
    return None


def turns(side: Side, unit: int) -> bool:
    """Whether a model puts the channels last itself, right before it flattens."""
    steps = side.tape.before([input_of(side.tape.steps[side.units[unit].calls[0]]) or 0], {})
    return any(step.name in ("permute", "transpose", "movedim") for step in steps[-4:])
