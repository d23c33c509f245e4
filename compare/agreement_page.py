"""The page of measured agreement, and its summary in the README."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from compare.agreement import Agreement, Cell, Row, by_row
from compare.comparison import Finding
from course.provenance import made_by

ROW = (
    re.compile(  # of the report: lesson, backend, dtype, gaps, labels, share of the budget, verdict
        r"^\| (\d+) \| (\S+) \| (\S+) \| (\S+) \| (\S+) \| (\d+) \| (\d+)% \| (.+) \|$",
        re.MULTILINE,
    )
)
NO_ROWS: Mapping[Row, Agreement] = MappingProxyType({})


def rows_left(report: Path, judged: Iterable[Cell]) -> dict[Row, Agreement]:
    """The rows of an existing report that these cells do not replace, with their gaps."""
    text = report.read_text(encoding="utf-8") if report.is_file() else ""
    replaced = {(lesson, backend, dtype) for lesson, backend, dtype, _ in judged}
    rows = {}
    for line in ROW.finditer(text):
        lesson, backend, dtype, loss, weight, labels, share, verdict = line.groups()
        row = int(lesson), backend, dtype
        if row not in replaced and verdict == "agree":
            worst = Finding("", "", "", float(share) / 100, budget=1.0)
            rows[row] = Agreement("complete", float(loss), float(weight), int(labels), [worst])
    return rows


def report(
    judged: dict[Cell, Agreement], seeds: list[int], earlier: Mapping[Row, Agreement] = NO_ROWS
) -> str:
    """A table in Markdown: the gaps, and the largest share of a budget that any stage used.

    earlier: rows of an earlier run, which stay.
    """
    lessons = sorted({lesson for lesson, _, _ in earlier})
    lines = [
        "# Measured agreement",
        "",
        made_by("python -m compare.matrix --report docs/reports/agreement.md"),
        "",
        f"Each backend against the NumPy reference of the same dtype, on {platform.machine()} with "
        f"Python {platform.python_version()}, {'seeds' if len(seeds) > 1 else 'seed'} "
        f"{', '.join(map(str, seeds))}: the largest gap of a loss, |ΔL| / max(L, L₀), L being the "
        "reference's loss at that step and L₀ its first loss of that run, over all steps of all "
        "runs of the lesson; and the largest gap of a final weight, |ΔW|, as it is. The relu runs "
        "of lessons 4 and 5 in float32 are in neither: the tests compare them by single steps."
        + (f" Lessons {', '.join(map(str, lessons))}: of an earlier run." if lessons else ""),
        "",
        "| lesson | backend | dtype | largest \\|ΔL\\| / max(L, L₀) | largest \\|ΔW\\| | "
        "labels that differ | share of the budget used | verdict |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for (lesson, backend, dtype), result in sorted({**by_row(judged), **earlier}.items()):
        cells = ["–"] * 4
        if result.status == "complete":
            share = max((f.share for f in result.findings), default=0.0)
            gaps_shown = [f"{result.loss:.1e}", f"{result.weight:.1e}", str(result.labels)]
            cells = [*gaps_shown, f"{share:.0%}"]
        cells.append(_verdict(result))
        lines.append(f"| {lesson} | {backend} | {dtype} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _verdict(result: Agreement) -> str:
    if result.status == "complete":
        return "agree" if result.agrees else "**over**"
    return "**failed**" if result.status == "failed" else "not run"


def summary(rows: Mapping[Row, Agreement]) -> str:
    """A short table for the README: a row for each dtype, a column for each lesson.

    A cell shows the largest gaps of any backend, or the backend that does not agree.
    """
    lessons = sorted({lesson for lesson, _, _ in rows})
    head = " | ".join(f"lesson {n}" for n in lessons)
    lines = [f"| | {head} |", "|---" * (len(lessons) + 1) + "|"]
    for dtype in _each(dtype for _, _, dtype in rows):
        cells = [
            _least_exact({b: row for (n, b, d), row in rows.items() if (n, d) == (lesson, dtype)})
            for lesson in lessons
        ]
        lines.append(f"| {dtype} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _each(values: Iterable[Any]) -> list[Any]:
    return list(dict.fromkeys(values))


def _least_exact(results: dict[str, Agreement]) -> str:
    failed = [f"{_verdict(result)} {backend}" for backend, result in results.items()
              if not result.agrees]  # fmt: skip
    if failed or not results:
        return ", ".join(failed) or "–"
    loss, weight = (max(getattr(r, gap) for r in results.values()) for gap in ("loss", "weight"))
    return "=" if loss == weight == 0 else f"{loss:.0e} / {weight:.0e}"


def insert(table: str, file: Path, mark: str = "agreement") -> None:
    """Replace the table between its two marks in a page."""
    before, start, rest = file.read_text(encoding="utf-8").partition(f"<!-- {mark} -->")
    _, end, after = rest.partition(f"<!-- /{mark} -->")
    file.write_text(f"{before}{start}\n{table}\n{end}{after}", encoding="utf-8")


def marked(mark: str, file: Path) -> str:
    """The part of a page between two marks, with them; empty where there is none.

    tools.playground.agreement writes such a part into the report of this module.
    """
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    _, start, rest = text.partition(f"<!-- {mark} -->")
    part, end, _ = rest.partition(f"<!-- /{mark} -->")
    return f"\n{start}{part}{end}\n" if end else ""
