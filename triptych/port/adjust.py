"""Tables of embeddings that do not fit row for row, and parameters that only one model has.

RoBERTa counts its positions from 2 in transformers and from 0 in Keras Hub: the table has two rows
more there. A table that B adds and A lacks is nothing if its rows are zero.
"""

from __future__ import annotations

import torch

from triptych.port.causes.cause import Cause, Place
from triptych.port.matching import Matching


def adjust(matching: Matching, tolerance: float) -> list[Cause]:
    """What had to be shifted or left out for the inputs of the next layers to agree, proved.

    Each is undone alone: without it a gap is there, with it none.
    """
    found = []
    shifts = [p for p in matching.pairs if row_offset(matching, p.a, p.b)]
    extra = [
        u.index for u in matching.b.units
        if u.index not in {p.b for p in matching.pairs} and u.kind == "embedding"
    ]  # fmt: skip
    tables = {i: parameter(matching, i) for i in extra}
    before = {i: table.clone() for i, table in tables.items()}
    with torch.no_grad():
        for table in tables.values():
            table.zero_()
    for p in shifts:
        unit = matching.b.units[p.b]
        k = row_offset(matching, p.a, p.b)
        after, own = worst(matching, p.b), parameter(matching, p.b).clone()
        with torch.no_grad():
            parameter(matching, p.b).copy_(own.roll(-k, 0))
            without = worst(matching, p.b)
            parameter(matching, p.b).copy_(own)
        if after <= tolerance < without:
            name = matching.a.units[p.a].name
            found.append(
                Cause(
                    "transfer", f"B's table has {k} rows more: row i of A is row i + {k} of B",
                    f"carry A's rows to B's rows {k}, {k + 1}, …",
                    places=[Place(name, unit.name, without, after)],
                )
            )  # fmt: skip
    for i in extra:
        unit = matching.b.units[i]
        after = worst(matching, i)
        with torch.no_grad():
            tables[i].copy_(before[i])
            without = worst(matching, i)
            tables[i].zero_()
        if after <= tolerance < without:
            found.append(
                Cause(
                    "transfer", f"B adds {unit.name}, which A does not have",
                    f"set {unit.name}.weight to zero, or leave it out",
                    places=[Place("none", unit.name, without, after)],
                )
            )  # fmt: skip
            matching.left_out.add(i)
    return found


def row_offset(matching: Matching, a: int, b: int) -> int:
    """How many rows more B's table has."""
    x, y = matching.a.units[a], matching.b.units[b]
    if x.kind != "embedding" or y.kind != "embedding":
        return 0
    return y.shapes["weight"][0] - x.shapes["weight"][0]


def parameter(matching: Matching, unit: int) -> torch.Tensor:
    """The table of a unit of B."""
    return matching.b.units[unit].parameters["weight"].tensor


def worst(matching: Matching, unit: int) -> float:
    """The largest gap of what a unit makes, and of what the units after it read."""
    mine = matching.b.units[unit]
    after = {s for t in mine.targets for s in matching.b.units[t].calls[:1]}
    return max(
        (
            g.size
            for g in matching.comparison().gaps()
            if (g.what == "in" and g.at in after) or (g.what == "out" and g.at in mine.calls)
        ),
        default=0.0,
    )
