"""The points of a class as Moodle, Canvas, Gradescope and nbgrader's users import them.

Each file has the form that the platform documents; docs/guide/grade.md says where to import it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from classroom.exports import canvas, gradescope, moodle, nbgrader
from classroom.gradebook import Line
from classroom.roster import Class
from datasets.atomic_files import write_whole


def write_exports(lines: Sequence[Line], of: Class, out: Path) -> list[Path]:
    """Write the files of every platform into a folder, each whole or not at all."""
    files: dict[str, bytes] = {
        "moodle.csv": moodle.as_csv(lines, of).encode(),
        "canvas.csv": canvas.as_csv(lines, of).encode(),
        "nbgrader.csv": nbgrader.as_csv(lines, of).encode(),
    }
    if any(person.email for person in of.everybody(line.student for line in lines)):
        files["gradescope/roster.csv"] = gradescope.roster(lines, of).encode()
    for lesson, packed in gradescope.autograders(lines, of).items():
        files[f"gradescope/lesson{lesson}.zip"] = packed
    return [write_whole(out / name, content) for name, content in files.items()]
