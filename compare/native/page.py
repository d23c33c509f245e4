"""The page of native programs side by side: one HTML file that needs no network."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from adapters.contract import Array
from compare.native.programs import FRAMEWORKS, OF_EPOCHS, PARTS, STRAIGHT
from compare.native.witness import Outcome
from compare.page import template
from compare.page.backends import APPEARANCES, UNKNOWN
from compare.page.charts import envelope, own_settings
from compare.page.formatting import short
from compare.page.native_programs import column
from compare.page.svg import inline, placeholder
from course.lessons import LESSONS
from course.settings import Settings
from datasets.atomic_files import write_whole

HERE = Path(__file__).parent
SIZE = (9.6, 4.4)  # inches of the chart


def write(
    number: int, settings: Settings, found: Sequence[Outcome], summary: str, file: Path
) -> Path:
    """Write the page; return its file. summary: the sentence on how far apart the numbers are."""
    text = template(HERE / "page.html").render(
        number=number,
        lesson=LESSONS[number],
        settings=settings,
        summary=summary,
        agrees=all(outcome.agrees for outcome in found),
        parts=PARTS,
        programs=[column(outcome.framework, outcome.source) for outcome in found],
        rows=[_row(number, outcome) for outcome in found],
        chart=curves(number, found),
        appearances={f: APPEARANCES.get(f, UNKNOWN) for f in FRAMEWORKS},
    )
    return write_whole(file, text.encode())


def _row(number: int, outcome: Outcome) -> list[str]:
    """A program in the table: seconds, its last loss, its accuracy, and its largest gap."""
    title, arrays = FRAMEWORKS[outcome.framework].title, outcome.arrays
    if outcome.error:
        return [title, "", "", "", outcome.error]
    final = f"{arrays['losses'][-1]:.6f}" if "losses" in arrays else ""
    if outcome.framework in OF_EPOCHS and number in (3, 4, 7, 8):
        final += " (mean of the epoch)"
    if "mistakes" in arrays:
        final = f"{arrays['mistakes'].sum():,} mistakes"
    accuracy = f"{outcome.accuracy:.2%}" if outcome.accuracy is not None else ""
    gap = max(outcome.gaps, key=lambda gap: gap.share)
    within = "within" if gap.holds else "over"
    what = "arrives lower" if (number, outcome.framework) in STRAIGHT and not gap.gap else ""
    return [
        title, f"{float(arrays['seconds']):.1f} s", final, accuracy,
        what or f"{gap.tensor}: {short(gap.gap)}, {within} {short(gap.budget)}",
    ]  # fmt: skip


def curves(number: int, found: Sequence[Outcome]) -> str:
    """The losses of all programs in one drawing, or the mistakes of lesson 1; empty for none."""
    from matplotlib.figure import Figure

    drawn = [o for o in found if {"losses", "mistakes"} & set(o.arrays)]
    drawn = [o for o in drawn if (number, o.framework) not in STRAIGHT]
    if not drawn:
        return ""
    steps = max(len(o.arrays.get("losses", ())) for o in drawn)
    what = "loss" if steps else "mistakes in this pass"
    with own_settings():
        figure = Figure(figsize=SIZE)
        axes = figure.subplots()
        for i, outcome in enumerate(drawn):
            look = APPEARANCES.get(outcome.framework, UNKNOWN)
            at, values = _curve(outcome, steps)
            beads = slice(i, None, max(len(drawn), len(at) // 6))
            style: dict[str, Any] = {"color": placeholder(i), "gid": f"backend:{outcome.framework}"}
            axes.plot(at, values, linestyle=look.dashes, linewidth=2.0, **style)
            axes.plot(
                at[beads], values[beads], linestyle="", marker=look.marker, markersize=8,
                label=FRAMEWORKS[outcome.framework].title, **style,
            )  # fmt: skip
        axes.set(xlabel="step" if steps else "pass", ylabel=what)
        axes.set_ylim(bottom=0)
        axes.legend(frameon=False, ncols=2)
        colours = {placeholder(i): f"var(--{o.framework})" for i, o in enumerate(drawn)}
        names = ", ".join(FRAMEWORKS[o.framework].title for o in drawn)
        return inline(
            figure, f"native-{number}", f"The {what} of {names}, drawn over each other.", colours
        )


def _curve(outcome: Outcome, steps: int) -> tuple[Array, Array]:
    if "mistakes" in outcome.arrays:
        values = outcome.arrays["mistakes"]
        return np.arange(1, len(values) + 1), values
    losses = outcome.arrays["losses"]
    if len(losses) < steps:  # the mean of each epoch, in its middle
        length = steps / len(losses)
        return (np.arange(len(losses)) + 0.5) * length, losses
    at, mean, _, _ = envelope(losses)
    return at, mean
