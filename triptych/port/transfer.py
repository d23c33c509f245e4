"""Carry the weights of one model over to the other, pair by pair, by the rules of the layers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import torch

from triptych.port.layers.unit import Parameter, Unit
from triptych.port.pairing import Pair, squeezed

NEUTRAL = {"weight": 1.0, "running_var": 1.0}  # what a missing parameter amounts to; others 0


@dataclass
class Transfer:
    """What was carried over.

    missing: parameters that only one side has, as (side, unit's index, parameter's name).
    """

    entries: int = 0
    missing: list[tuple[str, int, str]] = field(default_factory=list)


def transfer(
    a: Sequence[Unit], b: Sequence[Unit], pairs: Sequence[Pair],
    rows: dict[int, tuple[int, ...]],
) -> Transfer:  # fmt: skip
    """Write A's weights into B.

    rows: for a unit of A that reads a flattened picture, channels last, the picture's shape: the
    columns of its weight are put in the order of channels first.
    """
    done = Transfer()
    for one in pairs:
        source, target = a[one.a], b[one.b]
        for name, from_a, to_b in matched(source, target):
            if to_b is None:
                done.missing.append(("B", one.b, name))
            elif from_a is None:
                done.missing.append(("A", one.a, name))
                to_b.write(torch.full(to_b.shape, NEUTRAL.get(name, 0.0)))
            else:
                value = from_a.read()
                if name == "weight" and one.a in rows:
                    value = by_channels_first(value, rows[one.a])
                if target.kind == "embedding" and len(value) != to_b.shape[0]:
                    value = shifted(value, to_b.read())
                to_b.write(shaped(value, to_b.shape))
                done.entries += value.numel()
    return done


def matched(a: Unit, b: Unit) -> Iterator[tuple[str, Parameter | None, Parameter | None]]:
    """The parameters of two units side by side, by name; None where one lacks it."""
    if len(a.parameters) == len(b.parameters) == 1:
        (name, x), (_, y) = *a.parameters.items(), *b.parameters.items()
        yield name, x, y
        return
    for name in dict.fromkeys([*a.parameters, *b.parameters]):
        yield name, a.parameters.get(name), b.parameters.get(name)


def shaped(value: torch.Tensor, shape: tuple[int, ...]) -> torch.Tensor:
    """A value in another shape of the same numbers."""
    if tuple(value.shape) == shape:
        return value
    if squeezed(value.shape) == squeezed(shape) or value.ndim != len(shape):
        return value.reshape(shape)
    axes = list(value.shape)
    return value.permute([axes.index(n) for n in shape])


def by_channels_first(weight: torch.Tensor, picture: tuple[int, ...]) -> torch.Tensor:
    """A dense weight (out, height · width · channels) for a picture flattened channels first."""
    n = len(picture)
    wide = weight.reshape(len(weight), *picture)
    return wide.permute(0, n, *range(1, n)).reshape(len(weight), -1)


def shifted(rows: torch.Tensor, table: torch.Tensor) -> torch.Tensor:
    """A's rows at the end of B's longer table, or the last of A's in a shorter one."""
    more = len(table) - len(rows)
    return torch.cat([table[:more], rows]) if more > 0 else rows[-more:]
