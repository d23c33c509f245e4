"""The marks of a class, as a table for a spreadsheet (CSV) and for a program (JSON)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import mean, median
from typing import Any, Literal

from classroom.scores import Scored, told

Status = Literal["ok", "failed", "not graded"]
# A cell that begins with one of these is a formula to a spreadsheet, and may start a program.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Line:
    """What one student reached in one lesson; `reason` says why it is not graded, or failed."""

    student: str
    file: str
    lesson: int | None
    status: Status
    reason: str = ""
    seconds: float = 0.0
    exercises: tuple[Scored, ...] = field(default=())

    @property
    def points(self) -> float:
        """All the points reached."""
        return sum(exercise.points for exercise in self.exercises)

    @property
    def out_of(self) -> float:
        """All the points there were to reach; 0 where nothing could be judged."""
        return sum(exercise.out_of for exercise in self.exercises)


def columns(lines: Iterable[Line]) -> list[str]:
    """A column for each exercise, in the order of the lessons: `lesson1:by_hand`."""
    ordered = sorted(lines, key=lambda line: line.lesson or 0)
    return list(dict.fromkeys(_column(line, e) for line in ordered for e in line.exercises))


def as_csv(lines: Sequence[Line]) -> str:
    """The table, with nothing in it that a spreadsheet would run."""
    exercises = columns(lines)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        ["student", "lesson", "points", "out_of", *exercises, "seconds", "status", "reason"]
    )
    for line in lines:
        reached = {_column(line, exercise): exercise.points for exercise in line.exercises}
        writer.writerow([
            safe(line.student), line.lesson or "", told(line.points), told(line.out_of),
            *(told(reached[name]) if name in reached else "" for name in exercises),
            f"{line.seconds:.1f}", line.status, safe(line.reason),
        ])  # fmt: skip
    return text.getvalue()


def as_json(lines: Sequence[Line]) -> str:
    """The same for a program, with the points that each exercise is worth."""
    written = [
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
    return json.dumps({"submissions": written}, indent=1, ensure_ascii=False) + "\n"


def summary(lines: Sequence[Line]) -> dict[str, Any]:
    """How a class did: counts, mean and median of the points, and the exercises, hardest first.

    All but the counts are of the submissions that could be judged. An exercise's share is what
    those reached of its points.
    """
    judged = [line for line in lines if line.status == "ok"]
    shares: dict[str, list[float]] = {}
    for line in judged:
        for exercise in line.exercises:
            if exercise.out_of:
                share = exercise.points / exercise.out_of
                shares.setdefault(_column(line, exercise), []).append(share)
    hardest = sorted(((mean(some), name) for name, some in shares.items()))
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
    """Text for a cell: where it begins as a formula, an apostrophe says that it is none."""
    line = " ".join(text.split())
    return f"'{line}" if line.startswith(FORMULA) or text.startswith(FORMULA) else line


def _column(line: Line, exercise: Scored) -> str:
    return f"lesson{line.lesson}:{exercise.name}"
