"""The points of a class, as a table for spreadsheets (CSV) and for programs (JSON)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import mean, median
from typing import Any, Literal

from classroom.scores import Scored, format_points

Status = Literal["ok", "failed", "not graded"]
# A spreadsheet takes a cell that begins with one of these for a formula, which may run a program.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Line:
    """The result of one student in one lesson; reason: why it was not graded, or failed."""

    student: str
    file: str
    lesson: int | None
    status: Status
    reason: str = ""
    seconds: float = 0.0
    exercises: tuple[Scored, ...] = field(default=())

    @property
    def points(self) -> float:
        """The points earned."""
        return sum(exercise.points for exercise in self.exercises)

    @property
    def out_of(self) -> float:
        """The possible points; 0 if nothing could be judged."""
        return sum(exercise.out_of for exercise in self.exercises)


def columns(lines: Iterable[Line]) -> list[str]:
    """The names of the columns, such as `lesson1:by_hand`, in the order of the lessons."""
    ordered = sorted(lines, key=lambda line: line.lesson or 0)
    return list(dict.fromkeys(_column(line, e) for line in ordered for e in line.exercises))


def as_csv(lines: Sequence[Line]) -> str:
    """The table as CSV, without formulas."""
    exercises = columns(lines)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        ["student", "lesson", "points", "out_of", *exercises, "seconds", "status", "reason"]
    )
    for line in lines:
        earned = {_column(line, exercise): exercise.points for exercise in line.exercises}
        writer.writerow([
            safe(line.student), line.lesson or "",
            format_points(line.points), format_points(line.out_of),
            *(format_points(earned[name]) if name in earned else "" for name in exercises),
            f"{line.seconds:.1f}", line.status, safe(line.reason),
        ])  # fmt: skip
    return text.getvalue()


def as_json(lines: Sequence[Line]) -> str:
    """The table as JSON, with the possible points of each exercise."""
    submissions = [
        {
            "student": line.student,
            "file": line.file,
            "lesson": line.lesson,
            "points": line.points,
            "out_of": line.out_of,
            "exercises": {
                exercise.name: {"points": exercise.points, "out_of": exercise.out_of}
                for exercise in line.exercises
            },
            "seconds": round(line.seconds, 1),
            "status": line.status,
            "reason": line.reason,
        }
        for line in lines
    ]
    return json.dumps({"submissions": submissions}, indent=1, ensure_ascii=False) + "\n"


def summary(lines: Sequence[Line]) -> dict[str, Any]:
    """Statistics of a class: counts, mean and median in percent, and the exercises, hardest first.

    All but the counts include only submissions that could be judged. The share of an exercise is
    the mean share of its points that they earned.
    """
    judged = [line for line in lines if line.status == "ok"]
    shares: dict[str, list[float]] = {}
    for line in judged:
        for exercise in line.exercises:
            if exercise.out_of:
                share = exercise.points / exercise.out_of
                shares.setdefault(_column(line, exercise), []).append(share)
    hardest = sorted(((mean(values), name) for name, values in shares.items()))
    percent = [100 * line.points / line.out_of for line in judged if line.out_of]
    return {
        "submissions": len(lines),
        **{status: sum(line.status == status for line in lines) for status in
           ("ok", "failed", "not graded")},
        "mean": mean(percent) if percent else None,
        "median": median(percent) if percent else None,
        "hardest": [(name, share) for share, name in hardest],
    }  # fmt: skip


def safe(text: str) -> str:
    """Text for a cell; an apostrophe in front of a formula makes it plain text."""
    line = " ".join(text.split())
    return f"'{line}" if line.startswith(FORMULA) or text.startswith(FORMULA) else line


def _column(line: Line, exercise: Scored) -> str:
    return f"lesson{line.lesson}:{exercise.name}"
