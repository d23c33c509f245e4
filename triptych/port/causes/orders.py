"""The same numbers with the channels, the steps or the features in another order."""

from __future__ import annotations

from collections.abc import Iterator

import torch

from triptych.port.forward import Gap
from triptych.port.layers.alternative import Alternative
from triptych.port.layouts import EXACT, gap

SHOWN = 6  # positions of an order


def orders(at: Gap) -> Iterator[Alternative]:
    """The order along one axis in which B's numbers are A's."""
    if at.a.shape != at.b.shape or not at.b.is_floating_point():
        return
    for axis in range(1, at.b.ndim):
        order = order_along(at.a, at.b, axis)
        if order is not None:
            yield Alternative(
                "order", *words(order, axis, at.b.shape),
                lambda x, axis=axis, order=order: x.index_select(axis, order),
            )  # fmt: skip
            return


def order_along(a: torch.Tensor, b: torch.Tensor, axis: int) -> torch.Tensor | None:
    """The positions in b of a's slices along an axis; None if they are others, or in b's order."""
    x, y = (t.movedim(axis, 0).flatten(1).double() for t in (a, b))
    for order in shuffles(len(x)):  # first, since slices that are equal may stand in any order
        if gap(x, y[order]) <= EXACT:
            return order
    marks = torch.linspace(1, 2, x.shape[1], dtype=x.dtype).sin()  # a weighted sum tells slices
    order = torch.empty(len(x), dtype=torch.long)
    order[(x @ marks).argsort(stable=True)] = (y @ marks).argsort(stable=True)
    if torch.equal(order, torch.arange(len(x))) or gap(x, y[order]) > EXACT:
        return None
    return order


def shuffles(n: int) -> Iterator[torch.Tensor]:
    """One of each group in turn, for every number of groups."""
    for groups in range(2, n):
        if n % groups == 0:
            yield torch.arange(n).view(groups, -1).T.flatten()


def words(order: torch.Tensor, axis: int, shape: torch.Size) -> tuple[str, str]:
    """The order for a reader, and what to write."""
    n = len(order)
    for shuffle in shuffles(n):
        if torch.equal(order, shuffle):
            groups = n // int(shuffle[1])
            return (
                f"A shuffles axis {axis}: one of each of {groups} groups in turn, B does not",
                f"x.unflatten({axis}, ({groups}, -1)).transpose({axis}, {axis + 1})"
                f".flatten({axis}, {axis + 1})",
            )
    listed = ", ".join(str(int(i)) for i in order[:SHOWN]) + (", …" if n > SHOWN else "")
    return (
        f"axis {axis} stands in another order: A reads B's {listed} in turn",
        f"x.index_select({axis}, [{listed}])",
    )
