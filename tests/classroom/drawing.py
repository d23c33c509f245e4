"""python -m tests.classroom.drawing LESSON EXERCISE SEED …: with which seeds its check refuses.

A process of its own, since a solution opens a backend in the precision of a lesson. Prints a JSON
list: the seeds of the check with which the solution does not have all points.
"""

from __future__ import annotations

import json
import runpy
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout

from classroom.judging import exercises, score
from classroom.notebook_check import SECONDS, NotebookStudent
from course.settings import ROOT, Settings


def refused(lesson: int, name: str, seeds: Sequence[int]) -> list[int]:
    """The seeds with which the solution of an exercise loses points."""
    file = ROOT / "lessons" / "solutions" / f"lesson{lesson}.py"
    names = runpy.run_path(str(file)) | {"__file__": str(file)}
    (item,) = [each for each in exercises(lesson) if each.name == name]
    student = NotebookStudent(lesson, Settings(backend="numpy"), names, SECONDS)
    found = []
    for seed in seeds:
        student.check_seed = seed
        if score(item, student).points < item.points:
            found.append(seed)
    return found


if __name__ == "__main__":
    with redirect_stdout(sys.stderr):  # what the solution prints
        result = refused(int(sys.argv[1]), sys.argv[2], [int(seed) for seed in sys.argv[3:]])
    print(json.dumps(result))
