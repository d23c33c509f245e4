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
    changed: parameters of A that do not come back from B as they were, by their units' indices.
    """

    entries: int = 0
    changed: list[tuple[int, str]] = field(default_factory=list)
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
                if target.kind != "embedding" and not comes_back(from_a, to_b, rows.get(one.a)):
                    done.changed.append((one.a, name))
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


def back_in_a(from_b: Parameter, to_a: Parameter, picture: tuple[int, ...] | None) -> torch.Tensor:
    """B's values as A's framework holds them, by the same rules the other way.

    picture: of a dense layer that reads a flattened one, channels last.
    """
    value = from_b.read()
    if value.ndim == len(to_a.shape) and squeezed(value.shape) != squeezed(to_a.shape):
        value = shaped(value, to_a.shape)
    value = value.reshape(to_a.shape)
    if picture is not None and value.ndim == 2:
        value = by_channels_last(value, picture)
    return to_a.from_shared(value)


def comes_back(a: Parameter, b: Parameter, picture: tuple[int, ...] | None) -> bool:
    """Whether B's values, carried back, are A's to the bit."""
    back = back_in_a(b, a, picture)
    own = a.tensor[a.part] if a.shadow is None else a.from_shared(a.read())
    return torch.equal(back.reshape(own.shape).to(own.dtype), own)


def by_channels_last(weight: torch.Tensor, picture: tuple[int, ...]) -> torch.Tensor:
    """The other way round of by_channels_first."""
    n = len(picture)
    wide = weight.reshape(len(weight), picture[-1], *picture[:-1])
    return wide.permute(0, *range(2, n + 1), 1).reshape(len(weight), -1)


def by_channels_first(weight: torch.Tensor, picture: tuple[int, ...]) -> torch.Tensor:
    """A dense weight (out, height · width · channels) for a picture flattened channels first."""
    n = len(picture)
    wide = weight.reshape(len(weight), *picture)
    return wide.permute(0, n, *range(1, n)).reshape(len(weight), -1)


def shifted(rows: torch.Tensor, table: torch.Tensor) -> torch.Tensor:
    """A's rows at the end of B's longer table, or the last of A's in a shorter one."""
    more = len(table) - len(rows)
    return torch.cat([table[:more], rows]) if more > 0 else rows[-more:]
