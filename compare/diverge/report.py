"""Show a diagnosis in the terminal, as JSON and as a figure."""

from __future__ import annotations

import math
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from adapters.contract import Array
from compare.diverge.answers import remembered
from compare.diverge.diagnose import Diagnosis, Divergence
from compare.diverge.gap import Gap, count_within_budget
from compare.diverge.going_on import HARMLESS
from compare.diverge.side import Side
from compare.diverge.sketch import STAGES
from compare.gaps import gaps
from injections import get

# The entry with the largest gap in a quantity that differs.


@dataclass(frozen=True)
class Values:
    """One entry of a tensor, on both sides."""

    where: str  # such as [12, 3]; empty for a single number
    ours: float
    theirs: float


def furthest(a: Side, b: Side, divergence: Divergence) -> Values | None:
    """The entry with the largest gap; None if a side lacks the tensor or is only a trace."""
    first, inside_of = divergence.gap, divergence.inside
    if divergence.pair is not None:
        a, b = divergence.pair.a, divergence.pair.b
    if a.is_file or b.is_file or first.why:
        return None
    decides = [
        "values", *(side.identity(more) for side, more in zip((a, b), inside_of, strict=True)),
        first.run, first.step, first.stage, first.tensor,
    ]  # fmt: skip
    found = remembered(a.folder, decides, lambda: _furthest(a, b, inside_of, first))
    return None if found is None else Values(found[0], float(found[1]), float(found[2]))


def _furthest(
    a: Side, b: Side, inside_of: tuple[list[str], list[str]], first: Gap
) -> list[str] | None:  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="triptych-values-") as folder:
        arrays: list[Array] = []
        for side, inside in zip((a, b), inside_of, strict=True):
            file = Path(folder, f"{len(arrays)}.npz")
            injections = [*side.injections, *inside]
            place: dict[str, Any] = {"run": first.run, "step": first.step}
            side.request("tensors", injections=injections, file=str(file), **place)
            with np.load(file, allow_pickle=False) as saved:
                arrays.append(saved[f"{first.stage}/{first.tensor}"])
    ours, theirs = arrays
    if ours.shape != theirs.shape:
        return None
    gap = gaps(ours, theirs)
    at = np.unravel_index(int(gap.argmax()), gap.shape)
    where = str([int(i) for i in at]) if at else ""
    return [where, repr(float(ours[at])), repr(float(theirs[at]))]


SMALLEST_SHARE = 1e-6  # of a budget; anything smaller has no bar
BAR = 24  # characters


def headline(a: Side, b: Side, diagnosis: Diagnosis) -> str:
    """The outcome in one line."""
    what = f"{diagnosis.runs} runs, {diagnosis.quantities:,} quantities"
    if not diagnosis.divergences:
        return f"no divergence within the budget: {a.title} and {b.title}, {what}"
    if diagnosis.agrees:
        return f"no divergence except by rounding: {a.title} and {b.title}, {what}"
    counts = Counter(kind(d) for d in diagnosis.divergences)
    parts = [f"{counts[of]} {of}" for of in KINDS if counts[of]]
    return f"{a.title} and {b.title} differ: {', '.join(parts)}"


KINDS = ("proved", "likely", "harmless", "unknown", "by rounding")


def kind(divergence: Divergence) -> str:
    """What is known of the cause of a divergence, one of KINDS."""
    if divergence.flip:
        return "by rounding"
    if divergence.cause is not None:
        return "proved"
    if divergence.likely is not None:
        return "likely"
    return "harmless" if divergence.note == HARMLESS else "unknown"


def show(
    screen: Console, a: Side, b: Side, diagnosis: Diagnosis, values: list[Values | None]
) -> None:
    """Print where the sides differ, why, and what to do."""
    for number, (divergence, value) in enumerate(zip(diagnosis.divergences, values, strict=True)):
        first = "First divergence" if number == 0 else "Next divergence"
        screen.print(f"\n[bold]{first}: {escape(_where(divergence.gap))}[/]")
        screen.print(escape(_numbers(a, b, divergence.gap, value)), soft_wrap=True)
        if number == 0:
            screen.print(_stages(diagnosis.gaps[divergence.gap.run]))
        for line in reasons(divergence, {a.name: a.title, b.name: b.title}):
            screen.print(line, soft_wrap=True)
    for line in [*overflows(diagnosis), *filter(None, [diagnosis.end])]:
        screen.print(f"\n{escape(line)}", soft_wrap=True)
    screen.print(f"\n[bold]{escape(headline(a, b, diagnosis))}[/]", soft_wrap=True)


def reasons(divergence: Divergence, titles: dict[str, str]) -> list[str]:
    """The cause, its remedy and its proof, a line each."""
    if divergence.flip:
        return [f"  rounding: {escape(divergence.flip)}"]
    cause = divergence.cause
    if cause is None:
        return _without_proof(divergence, titles)
    lines = []
    for i, name in enumerate(cause.suspects):
        injection = get(name)
        what = escape(injection.cause.format(backend=titles[cause.culprit]))
        lead = "cause, proved" if i == 0 else "or, indistinguishable here"
        lines += [f"  {lead}: [bold]{name}[/]: {what}", f"  remedy: {escape(injection.remedy)}"]
    one = len(cause.suspects) == 1
    lines.append(
        f"  proof: of {cause.tried} differences injected into the other backend, "
        f"only {'this one reproduces' if one else 'these reproduce'} the divergence"
    )
    return lines


def _without_proof(divergence: Divergence, titles: dict[str, str]) -> list[str]:
    """The likely cause with its statistics, or what can be said of the numbers."""
    title = titles.get(divergence.culprit, divergence.culprit)
    lines = []
    if divergence.likely is not None:
        found = divergence.likely
        lines += [
            f"  cause, likely: [bold]{found.name}[/]: {escape(found.cause.format(backend=title))}",
            f"  statistics: {escape(found.statistics)}", f"  remedy: {escape(found.remedy)}",
        ]  # fmt: skip
    else:
        lines.append(
            "  cause: [bold]unknown[/]: no known difference, injected into the other backend, "
            "reproduces this one"
        )
        if divergence.description:
            lines.append(f"  the numbers of {escape(title)}: {escape(divergence.description)}")
    return [*lines, *([f"  {divergence.note}"] if divergence.note else [])]


def overflows(diagnosis: Diagnosis) -> list[str]:
    """A line for each run that overflows on both sides: where the comparison stops."""
    starts = [
        next((gap for gap in gaps if not gap.compared and gap.stage != "epoch"), None)
        for gaps in diagnosis.gaps.values()
    ]
    return [f"{gap}: finite on neither side, not compared from here on" for gap in starts if gap]


def _where(gap: Gap) -> str:
    return f"{gap}" if not gap.why else f"{gap} ({gap.why})"


def _numbers(a: Side, b: Side, gap: Gap, value: Values | None) -> str:
    budget = f"‖gap‖ {gap.gap:.1e}, budget {gap.budget:.1e}"
    if value is None:
        return f"  norm: {a.title} {gap.ours:.9g}, {b.title} {gap.theirs:.9g}; {budget}"
    both = f"{a.title} {value.ours!r}, {b.title} {value.theirs!r}"
    return f"  {gap.tensor}{value.where}: {both}; {budget}"


def _stages(gaps: list[Gap]) -> Table:
    """The largest share of a budget that each stage of a run used, up to the divergence."""
    gaps = gaps[: count_within_budget(gaps) + 1]
    table = Table(box=None, pad_edge=False, padding=(0, 2))
    for name in ("  stage", "largest share of the budget", ""):
        table.add_column(name)
    for stage in STAGES:
        shares = [gap.share for gap in gaps if gap.stage == stage and gap.compared]
        if shares:
            share = max(shares)
            table.add_row(f"  {stage}", "same bits" if share == 0 else f"{share:.1e}", _bar(share))
    return table


def _bar(share: float) -> str:
    if share <= SMALLEST_SHARE:
        return ""
    full = min(1.0, 1 - math.log10(min(share, 1.0)) / math.log10(SMALLEST_SHARE))
    return ("[red]" if share > 1 else "[green]") + "█" * max(1, round(full * BAR)) + "[/]"


def plain(a: Side, b: Side, diagnosis: Diagnosis, values: list[Values | None]) -> dict[str, Any]:
    """The diagnosis as JSON values."""
    return {
        "a": a.title, "b": b.title, "lesson": a.setting.lesson, "dtype": a.setting.dtype,
        "seed": a.setting.seed, "agrees": diagnosis.agrees, "headline": headline(a, b, diagnosis),
        "overflows": overflows(diagnosis),
        "divergences": [
            {
                "run": d.gap.run, "step": d.gap.step, "stage": d.gap.stage, "tensor": d.gap.tensor,
                "gap": str(d.gap.gap), "budget": d.gap.budget, "why": d.gap.why,
                "values": None if v is None else [v.where, str(v.ours), str(v.theirs)],
                "causes": list(d.cause.suspects) if d.cause else [],
                "culprit": d.cause.culprit if d.cause else d.culprit or None, "rounding": d.flip,
                "known": kind(d), "description": d.description, "note": d.note,
                "likely": d.likely and {"name": d.likely.name, "statistics": d.likely.statistics},
            }
            for d, v in zip(diagnosis.divergences, values, strict=True)
        ],
    }  # fmt: skip


def start_drawing() -> None:
    """Import what `draw` needs, and set the style of its figure."""
    import compare.diverge.figure  # noqa: F401
    from course.plotting.style import start_drawing

    start_drawing()


def draw(a: Side, b: Side, diagnosis: Diagnosis, file: Path) -> None:
    """Write a figure of the share of its budget that each quantity uses, run by run."""
    from compare.diverge.figure import figure

    figure(a.title, b.title, diagnosis).savefig(file, dpi=110)
