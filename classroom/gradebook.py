"""The points of a class, as a table for spreadsheets (CSV) and for programs (JSON)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from classroom import spreadsheets
from classroom.plots import Plot
from classroom.scores import Scored

Status = Literal["ok", "failed", "not graded"]


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
    plots: tuple[Plot, ...] = field(default=(), repr=False)
    notes: tuple[str, ...] = ()  # as of `Marks`

    @property
    def points(self) -> float:
        """The points earned."""
        return sum(exercise.points for exercise in self.exercises)

    @property
    def out_of(self) -> float:
        """The possible points; 0 if the lesson is not known."""
        return sum(exercise.out_of for exercise in self.exercises)


def columns(lines: Iterable[Line]) -> list[str]:
    """The names of the columns, such as `lesson1:by_hand`, in the order of the lessons."""
    ordered = sorted(lines, key=lambda line: line.lesson or 0)
    return list(dict.fromkeys(column(line, e) for line in ordered for e in line.exercises))


def as_csv(lines: Sequence[Line]) -> str:
    """The table as CSV, without formulas."""
    exercises = columns(lines)
    header = ["student", "lesson", "points", "out_of", *exercises, "seconds", "status", "reason"]
    rows = []
    for line in lines:
        earned = {column(line, exercise): exercise.points for exercise in line.exercises}
        rows.append([
            line.student, line.lesson, line.points, line.out_of,
            *(earned.get(name) for name in exercises),
            round(line.seconds, 1), line.status, line.reason,
        ])  # fmt: skip
    return spreadsheets.as_csv(header, rows)


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


def column(line: Line, exercise: Scored) -> str:
    """The name of an exercise in a table, such as `lesson1:by_hand`."""
    return f"lesson{line.lesson}:{exercise.name}"
