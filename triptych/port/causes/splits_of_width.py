"""How B splits the width of a layer into heads or groups, tried in every other way."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

import torch

from triptych.port.capture.tape import Edits, Function, Step
from triptych.port.causes.calls_of_a import Insertion
from triptych.port.forward import Comparison, Gap
from triptych.port.layers.alternative import Alternative, on_first

SPLITS = {"view", "reshape", "unflatten"}
MOST_PARTS = 3  # queries, keys and values; heads; the size of one


def hypotheses(comparison: Comparison, at: Gap, steps: list[Step]) -> Iterator[Insertion]:
    """The parts in another order, and then another number of heads, in all such calls at once."""
    yield from without_transposition(comparison, steps)
    for parts, calls in splits(comparison, steps).items():
        for order in permutations(range(len(parts))):
            if order != tuple(range(len(parts))):
                theirs = names([parts[i] for i in order])
                yield everywhere(
                    calls, read_as(parts, order), "order of the split",
                    f"the width is split into heads in another order: as {theirs} in A, "
                    f"{names(parts)} in B, of which A's axes are {listed(order)}",
                    f"split into {theirs}, and put the axes in order",
                )  # fmt: skip
        if len(parts) != 2:
            continue
        width = parts[0] * parts[1]
        for heads in (h for h in range(1, width + 1) if width % h == 0 and h != parts[0]):
            sizes = (heads, width // heads)
            yield everywhere(
                calls, split_into(sizes), "heads",
                f"{heads} heads of {sizes[1]} in A, {parts[0]} heads of {parts[1]} in B",
                f"split into {names(sizes)}",
            )  # fmt: skip


def without_transposition(comparison: Comparison, steps: list[Step]) -> Iterator[Insertion]:
    """Heads made, and put together again, by a view alone: it mixes steps and heads."""
    known = comparison.known
    calls, edits = list[Step](), dict[int, Function]()
    for step in steps:
        if step.name not in SPLITS or not step.inputs:
            continue
        before, after = known[step.inputs[0]].shape, known[step.outputs[0]].shape
        if len(before) == 3 and len(after) == 4 and after[2] == before[1]:
            split = split_into((after[1], after[3]))
            edits[step.index] = on_first(lambda x, split=split: split(x).transpose(1, 2))
            calls.append(step)
    merges = {
        step.index: on_first(lambda x: x.transpose(1, 2).flatten(2))
        for step in steps
        if step.name in SPLITS and known[step.inputs[0]].ndim == 4
        and known[step.outputs[0]].ndim == 3
    }  # fmt: skip
    for changes in (edits, {**edits, **merges}) if edits else ():
        found = Alternative(
            "heads by a view",
            "A splits the width into heads, and then transposes steps and heads; B's view alone "
            "mixes them", "view(n, steps, heads, -1).transpose(1, 2)", changes[calls[0].index],
        )  # fmt: skip
        yield found, calls[0].where, Edits(changes)


def splits(comparison: Comparison, steps: list[Step]) -> dict[tuple[int, ...], list[Step]]:
    """The calls that make several axes of the last one, by what they make."""
    known, found = comparison.known, dict[tuple[int, ...], list[Step]]()
    for step in steps:
        if step.name not in SPLITS or not step.inputs:
            continue
        before, after = known[step.inputs[0]].shape, known[step.outputs[0]].shape
        n = len(before) - 1
        parts = tuple(after[n:])
        if n and before[:n] == after[:n] and 1 < len(parts) <= MOST_PARTS and 1 not in parts:
            found.setdefault(parts, []).append(step)
    return found


def everywhere(calls: list[Step], change: Function, family: str, text: str, edit: str) -> Insertion:
    """The same change at each of these calls."""
    edits = Edits({step.index: on_first(change) for step in calls})
    return Alternative(family, text, edit, change), calls[0].where, edits


def read_as(parts: tuple[int, ...], order: tuple[int, ...]) -> Function:
    """The width read as the parts in another order; the axes stand as B has them."""
    back = [order.index(i) for i in range(len(order))]

    def change(x: torch.Tensor) -> torch.Tensor:
        n = x.ndim - 1
        wide = x.reshape(*x.shape[:n], *(parts[i] for i in order))
        return wide.permute(*range(n), *(n + i for i in back))

    return change


def split_into(sizes: tuple[int, ...]) -> Function:
    """The width in parts of other sizes."""
    return lambda x: x.reshape(*x.shape[:-1], *sizes)


def listed(order: tuple[int, ...]) -> str:
    """Axes counted from 1, for a reader."""
    ordinals = ("first", "second", "third")
    return ", ".join(f"the {ordinals[i]}" for i in order)


def names(parts: list[int] | tuple[int, ...]) -> str:
    """Sizes of axes, for a reader."""
    return " × ".join(str(n) for n in parts)
