"""A small class as a teacher meets it: good, unfinished, empty and failing submissions."""

from __future__ import annotations

import csv
from pathlib import Path

from course.settings import ROOT

DONE, OPEN, EMPTY, FAILING = "Zoë Ångström", "Ben Okri", "Cleo Marsh", "O'Neil, Dan"


def write_class(folder: Path, lesson: int) -> None:
    """Write one submission of each kind for a lesson."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        DONE: (ROOT / f"lessons/solutions/lesson{lesson}.py").read_text(encoding="utf-8"),
        OPEN: (ROOT / f"lessons/exercises/lesson{lesson}.py").read_text(encoding="utf-8"),
        EMPTY: "",
        FAILING: f"from classroom import open_exercises\n\nopen_exercises({lesson})\n1 / 0\n",
    }
    for student, text in texts.items():
        (folder / f"{student}.py").write_text(text, encoding="utf-8")


def points(table: Path) -> dict[str, tuple[str, str]]:
    """The points of each student, and the possible ones, in a table of `make grade`."""
    with table.open(encoding="utf-8-sig", newline="") as lines:
        return {row["student"]: (row["points"], row["out_of"]) for row in csv.DictReader(lines)}
