"""The points of an exercise, and of a whole file."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass


class Wrong(Exception):
    """An answer is wrong; the message is the hint for the student."""


@dataclass(frozen=True)
class Scored:
    """The points of one exercise; `hint` is empty if none is missing.

    excerpt: the line in which the exercise stopped, with a mark beneath it, or empty.
    """

    name: str
    points: float
    out_of: float
    title: str = ""
    hint: str = ""
    excerpt: str = ""


@dataclass(frozen=True)
class Marks:
    """The points of a file; problem: one line on why nothing could be judged, or empty.

    notes: for each statement that stopped, and that no hint is about, a sentence, and below it the
    line with a mark.
    """

    file: str
    lesson: int
    backend: str
    exercises: tuple[Scored, ...]
    problem: str
    seconds: float
    notes: tuple[str, ...] = ()

    @property
    def points(self) -> float:
        """The points earned in all exercises."""
        return sum(exercise.points for exercise in self.exercises)

    @property
    def out_of(self) -> float:
        """The points of all exercises."""
        return sum(exercise.out_of for exercise in self.exercises)

    def as_json(self) -> str:
        """The fields of this object, points and out_of, as JSON."""
        fields = asdict(self) | {"points": self.points, "out_of": self.out_of}
        return json.dumps(fields, indent=2, ensure_ascii=False) + "\n"


def format_points(points: float) -> str:
    """Points without trailing zeros: 2, or 1.5."""
    return f"{points:.2f}".rstrip("0").rstrip(".")
