"""Drawings of attention: a word by hand, who looks at whom, and the way around."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Rectangle

from adapters.contract import Array
from course.plotting.charts import BLUE, CENTRED, ORANGE
from course.plotting.diagrams import PAPER, sheet

SPACE = "␣"  # a space is drawn as a letter


def visible(letters: Sequence[str]) -> list[str]:
    """The letters, with a sign for each space."""
    return [SPACE if letter == " " else letter for letter in letters]


def looking_by_hand(
    word: str, question: Array, keys: Array, values: Array, shares: Array
) -> Figure:
    """One letter asks: the keys of a word's letters, their scores and shares, and what comes out.

    question (d,), keys (n, d), values (n, d), shares (n,): of the word's last letter.
    """
    n = len(word)
    scores = keys @ question
    found = shares @ values
    figure, axes = sheet(2.0 * n + 4.2, 6.4)
    x = 2.6 + 2.0 * np.arange(n)
    rows = {"key": 4.35, "score": 3.35, "share": 2.2, "value": 1.2}
    left: dict[str, Any] = {"fontsize": 15, "va": "center"}
    axes.text(0.3, 5.6, "letter", **left)
    axes.text(0.3, rows["key"], "key", **left)
    axes.text(0.3, rows["score"], "score", **left)
    axes.text(0.3, rows["share"], "share,\nafter ÷ √d", **left)
    axes.text(0.3, rows["value"], "value", **left)
    for i, letter in enumerate(visible(word)):
        _letter(axes, (x[i], 5.6), letter, bold=i == n - 1)
        _vector(axes, (x[i], rows["key"]), keys[i])
        axes.text(x[i], rows["score"], f"{scores[i]:g}", fontsize=17, **CENTRED)
        height = 0.75 * shares[i]
        axes.add_patch(
            Rectangle((x[i] - 0.5, rows["share"] - 0.3), 1.0, height, facecolor=BLUE, alpha=0.35)
        )
        axes.text(x[i], rows["share"], f"{shares[i]:.0%}", fontsize=17, **CENTRED)
        _vector(axes, (x[i], rows["value"]), values[i])
    right = 2.0 * n + 3.1
    axes.text(right, 5.6, "its question", fontsize=14, **CENTRED)
    _vector(axes, (right, rows["key"]), question)
    axes.text(right, 2.2, "it gets", fontsize=14, color=BLUE, **CENTRED)
    _vector(axes, (right, rows["value"]), found, BLUE)
    sums = " + ".join(
        f"{share:.2f}·{value:g}" for share, value in zip(shares, values[:, 0], strict=True)
    )
    axes.text(n + 2.1, 0.4, f"{sums} = {found[0]:.2f}", fontsize=15, color=BLUE, **CENTRED)
    return figure


def who_looks(axes: Axes, letters: Sequence[str], shares: Array, title: str = "") -> None:
    """Shares (n, n) as squares: the letter at the left looks at the letters along the top."""
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.grid(visible=False)
    names = visible(letters)
    axes.set_xticks(range(len(names)), names, fontsize=10)
    axes.set_yticks(range(len(names)), names, fontsize=10)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    if title:
        axes.set_title(title)


def shares_in_numbers(axes: Axes, letters: Sequence[str], shares: Array, title: str) -> None:
    """As `who_looks`, for a short word, with the share in each square."""
    who_looks(axes, letters, shares, title)
    for (i, j), share in np.ndenumerate(shares):
        colour = "white" if share > 0.5 else "black"
        axes.text(j, i, f"{share:.2f}" if share else "0", color=colour, fontsize=14, **CENTRED)


def looks_from(axes: Axes, letters: Sequence[str], shares: Array, title: str) -> None:
    """A bar above each letter for the share (n,) that it gets; the last letter looks."""
    place = np.arange(len(letters))
    axes.bar(place, shares, color=[*[BLUE] * (len(letters) - 1), ORANGE])
    axes.set_xticks(place, visible(letters))
    axes.tick_params(axis="x", length=0)
    axes.set(ylim=(0, 1), title=title)
    axes.yaxis.set_major_formatter("{x:.0%}")
    axes.grid(axis="x", visible=False)


def way_around() -> Figure:
    """A layer with a way around it: what comes in is added to what comes out."""
    figure, axes = sheet(10, 3.4)
    arrow = {"arrowstyle": "-|>", "lw": 3, "color": "black"}
    _box(axes, 4.6, 1.4, 2.6, 1.2, "norm, then\nattention", BLUE)
    axes.text(0.3, 1.4, "a list for\neach letter", fontsize=14, va="center")
    axes.annotate("", (3.3, 1.4), (1.9, 1.4), arrowprops=arrow)
    axes.annotate("", (7.0, 1.4), (5.9, 1.4), arrowprops=arrow)
    around = {**arrow, "connectionstyle": "angle,angleA=90,angleB=180,rad=12", "color": ORANGE}
    axes.plot([2.4, 2.4, 7.35, 7.35], [1.4, 2.8, 2.8, 1.9], color=ORANGE, linewidth=3)
    axes.annotate("", (7.35, 1.75), (7.35, 2.3), arrowprops={**around, "connectionstyle": "arc3"})
    axes.text(4.9, 3.1, "the way around", fontsize=14, **CENTRED)
    axes.text(7.35, 1.4, "+", fontsize=26, **CENTRED)
    axes.annotate("", (8.6, 1.4), (7.7, 1.4), arrowprops=arrow)
    axes.text(8.7, 1.4, "the same\nlist, and a\nlittle more", fontsize=14, va="center")
    return figure


def _letter(axes: Axes, at: tuple[float, float], letter: str, bold: bool) -> None:
    axes.add_patch(
        FancyBboxPatch((at[0] - 0.4, at[1] - 0.4), 0.8, 0.8, facecolor=PAPER if bold else "white",
                       edgecolor=BLUE if bold else "0.6", linewidth=3 if bold else 1.5,
                       boxstyle="round,pad=0,rounding_size=0.1")
    )  # fmt: skip
    axes.text(*at, letter, fontsize=24, **CENTRED)


def _vector(axes: Axes, at: tuple[float, float], values: Array, colour: str = "black") -> None:
    text = ", ".join(f"{value:.3g}" for value in values)
    axes.text(*at, f"({text})", fontsize=16, color=colour, **CENTRED)


def _box(
    axes: Axes, x: float, y: float, width: float, height: float, text: str, colour: str
) -> None:
    axes.add_patch(
        FancyBboxPatch((x - width / 2, y - height / 2), width, height, facecolor=PAPER,
                       edgecolor=colour, linewidth=2.5, boxstyle="round,pad=0,rounding_size=0.1")
    )  # fmt: skip
    axes.text(x, y, text, fontsize=15, **CENTRED)
