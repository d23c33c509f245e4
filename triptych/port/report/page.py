"""One page without network: both models as columns of layers, the gaps by depth, the causes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from triptych.port.result import Result, Row

FOLDER = Path(__file__).parent
WIDTH, HEIGHT, MARGIN = 900, 260, 46
FLOOR = 1e-17  # where a gap of 0 is drawn: below the rounding of float64
CEILING = 1e3  # where an infinite one is drawn


@dataclass(frozen=True)
class Mark:
    """A gap in the chart."""

    x: float
    y: float
    text: str


def page(result: Result, a: str, b: str) -> str:
    """The page's text; a, b: what the models are called."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    before = [marks(result.rows, after=False), marks(result.rows, after=True)]
    return environment.get_template("page.html").render(
        result=result, a=a, b=b, verdict=result.verdict, before=before[0], after=before[1],
        ticks=[(f"1e{e}", height(10.0**e)) for e in range(-16, 4, 4)],
        budget=height(result.tolerance), width=WIDTH, height=HEIGHT, margin=MARGIN,
        first=first_row(result), size=size, worst=worst,
    )  # fmt: skip


def marks(rows: list[Row], after: bool) -> list[Mark]:
    """One mark a pair of layers, in B's order."""
    step = (WIDTH - 2 * MARGIN) / max(len(rows) - 1, 1)
    return [
        Mark(MARGIN + i * step, height(gap), f"{row.a} and {row.b}: {size(gap)}")
        for i, row in enumerate(rows)
        if (gap := worst(row, after)) is not None
    ]


def worst(row: Row, after: bool = False) -> float | None:
    """The larger of the gaps before and in a layer."""
    both = (row.after_in, row.after_out) if after else (row.gap_in, row.gap_out)
    known = [gap for gap in both if gap is not None]
    return max(known) if known else None


def height(gap: float) -> float:
    """A gap's place on the logarithmic axis."""
    low, high = math.log10(FLOOR), math.log10(CEILING)
    share = (math.log10(min(max(gap, FLOOR), CEILING)) - low) / (high - low)
    return HEIGHT - MARGIN / 2 - share * (HEIGHT - MARGIN)


def first_row(result: Result) -> int:
    """The position of the first pair over the budget, or −1."""
    return next(
        (i for i, row in enumerate(result.rows) if not (worst(row) or 0.0) <= result.tolerance), -1
    )


def size(gap: float | None) -> str:
    """A gap for a reader."""
    if gap is None:
        return "not compared"
    return "other shapes" if math.isinf(gap) else f"{gap:.1e}"
