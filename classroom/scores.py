"""What came of an exercise, and of a whole file of them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Scored:
    """What came of one exercise; `hint` is empty where all points are there."""

    name: str
    points: float
    out_of: float
    title: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Marks:
    """What came of a file; `problem` says why none of it could be judged, in a line."""

    file: str
    lesson: int
    backend: str
    exercises: tuple[Scored, ...]
    problem: str
    seconds: float

    @property
    def points(self) -> float:
        """All that were earned."""
        return sum(exercise.points for exercise in self.exercises)

    @property
    def out_of(self) -> float:
        """All that there are."""
        return sum(exercise.out_of for exercise in self.exercises)

    def as_json(self) -> str:
        """The marks for a gradebook: file, lesson, backend, exercises, points, out_of, …"""
        whole = asdict(self) | {"points": self.points, "out_of": self.out_of}
        return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def told(points: float) -> str:
    """Points as a person writes them: 2, or 1.5."""
    return f"{points:.2f}".rstrip("0").rstrip(".")
