"""What a diagnosis looks like in a terminal, in JSON and as a figure."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from compare.diverge.diagnose import Diagnosis, Divergence
from compare.diverge.gap import Gap, count_held
from compare.diverge.largest_entry import Values
from compare.diverge.side import Side
from compare.diverge.sketch import STAGES
from injections import INJECTIONS

LEAST = 1e-6  # of a budget: what a figure and a bar draw as nothing
BAR = 24  # characters


def headline(a: Side, b: Side, diagnosis: Diagnosis) -> str:
    """The outcome in one line."""
    what = f"{diagnosis.runs} runs, {diagnosis.quantities:,} quantities"
    if not diagnosis.divergences:
        return f"no divergence within the budget: {a.title} and {b.title}, {what}"
    if diagnosis.agrees:
        return f"no divergence but rounding's: {a.title} and {b.title}, {what}"
    unknown = any(d.cause is None and not d.flip for d in diagnosis.divergences)
    causes = sum(d.cause is not None for d in diagnosis.divergences)
    found = f"{causes} cause{'s' if causes != 1 else ''} found"
    return f"{a.title} and {b.title} part: {found}" + (", and one unknown" if unknown else "")


def show(
    screen: Console, a: Side, b: Side, diagnosis: Diagnosis, values: list[Values | None]
) -> None:
    """Print where they part, why, and what to do."""
    for number, (divergence, value) in enumerate(zip(diagnosis.divergences, values, strict=True)):
        first = "First divergence" if number == 0 else "Then"
        screen.print(f"\n[bold]{first}: {escape(_where(divergence.gap))}[/]")
        screen.print(escape(_numbers(a, b, divergence.gap, value)), soft_wrap=True)
        if number == 0:
            screen.print(_stages(diagnosis.shares[divergence.gap.run]))
        for line in reasons(divergence, {a.name: a.title, b.name: b.title}):
            screen.print(line, soft_wrap=True)
    for line in overflows(diagnosis):
        screen.print(f"\n{escape(line)}", soft_wrap=True)
    screen.print(f"\n[bold]{escape(headline(a, b, diagnosis))}[/]", soft_wrap=True)


def reasons(divergence: Divergence, titles: dict[str, str]) -> list[str]:
    """The cause with its proof and its remedy, a line each."""
    if divergence.flip:
        return [f"  rounding: {escape(divergence.flip)}"]
    cause = divergence.cause
    if cause is None:
        return [
            "  cause: [bold]unknown[/]: nothing that is known, planted in the other backend, makes "
            "it err so"
        ]
    lines = []
    for i, name in enumerate(cause.suspects):
        injection = INJECTIONS[name]
        what = escape(injection.cause.format(backend=titles[cause.culprit]))
        lead = "cause" if i == 0 else "or, which nothing here tells apart"
        lines += [f"  {lead}: [bold]{name}[/]: {what}", f"  remedy: {escape(injection.remedy)}"]
    lines.append(
        f"  proof: of {cause.tried} suspects, planted in the other backend, "
        f"{'this one makes' if len(cause.suspects) == 1 else 'these make'} it err in the same way"
    )
    return lines


def overflows(diagnosis: Diagnosis) -> list[str]:
    """For each run that is no longer finite on either side: from where on nothing was compared."""
    lost = [
        next((gap for gap in found if not gap.compared and gap.stage != "epoch"), None)
        for found in diagnosis.shares.values()
    ]
    return [f"{gap}: finite on neither side, and not compared from here on" for gap in lost if gap]


def _where(gap: Gap) -> str:
    return f"{gap}" if not gap.why else f"{gap} ({gap.why})"


def _numbers(a: Side, b: Side, gap: Gap, value: Values | None) -> str:
    budget = f"‖gap‖ {gap.gap:.1e}, budget {gap.budget:.1e}"
    if value is None:
        return f"  norm: {a.title} {gap.ours:.9g}, {b.title} {gap.theirs:.9g}; {budget}"
    both = f"{a.title} {value.ours!r}, {b.title} {value.theirs!r}"
    return f"  {gap.tensor}{value.where}: {both}; {budget}"


def _stages(gaps: list[Gap]) -> Table:
    """The largest share of its budget that each stage of a run used, up to the divergence."""
    gaps = gaps[: count_held(gaps) + 1]
    table = Table(box=None, pad_edge=False, padding=(0, 2))
    for name in ("  stage", "largest share of its budget", ""):
        table.add_column(name)
    for stage in STAGES:
        shares = [gap.share for gap in gaps if gap.stage == stage and gap.compared]
        if shares:
            share = max(shares)
            table.add_row(f"  {stage}", "same bits" if share == 0 else f"{share:.1e}", _bar(share))
    return table


def _bar(share: float) -> str:
    if share <= LEAST:
        return ""
    full = min(1.0, 1 - math.log10(min(share, 1.0)) / math.log10(LEAST))
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
                "culprit": d.cause.culprit if d.cause else None, "rounding": d.flip,
            }
            for d, v in zip(diagnosis.divergences, values, strict=True)
        ],
    }  # fmt: skip


def draw(a: Side, b: Side, diagnosis: Diagnosis, file: Path) -> None:
    """The share of its budget that each quantity uses, run by run, as a figure."""
    from compare.diverge.figure import figure

    figure(a.title, b.title, diagnosis).savefig(file, dpi=110)
