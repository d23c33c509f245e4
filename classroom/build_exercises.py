"""python -m classroom.build_exercises: build the students' files from the solutions.

A file may contain answers. A file that differs from both the new text and the committed one is
copied to lesson1.py.bak, lesson1.py.bak2, … first. No program of the course reads these copies.
"""

from __future__ import annotations

import subprocess
from itertools import count
from pathlib import Path

import click

from classroom.solution_markers import students_version
from course.cli_errors import run
from course.settings import ROOT
from datasets.atomic_files import flush, write_whole
from datasets.files import LARGEST, Unreadable, content

SOLUTIONS, EXERCISES = ROOT / "lessons" / "solutions", ROOT / "lessons" / "exercises"


def student_files(folder: Path = SOLUTIONS) -> dict[str, str]:
    """The student version of each solution: its text by file name. Raises BadMark."""
    return {
        file.name: students_version(file.read_text(encoding="utf-8"), file)
        for file in sorted(folder.glob("lesson*.py"))
    }


def find_differences(solutions: Path = SOLUTIONS, exercises: Path = EXERCISES) -> list[str]:
    """One line for each student file that differs from its solution, is missing or is left over."""
    expected, existing = (
        student_files(solutions),
        {file.name: file for file in exercises.glob("*.py")},
    )
    lines = [f"{name}: has no solution" for name in sorted(existing.keys() - expected.keys())]
    for name, text in expected.items():
        if name not in existing:
            lines.append(f"{name}: is missing")
        elif _differs(existing[name], text):
            lines.append(f"{name}: differs from its solution")
    return lines


def _differs(file: Path, text: str) -> bool:
    try:
        return content(file, LARGEST) != text.encode()
    except Unreadable:
        return True


def back_up(file: Path, new: bytes) -> Path | None:
    """Copy a file that contains answers, before it is overwritten; None if there are none."""
    if not file.exists() or not file.stat().st_size:  # a pipe has size 0 too
        return None
    if (old := content(file, LARGEST)) in (new, _committed(file)):
        return None
    for number in count(1):
        copy = file.with_name(f"{file.name}.bak{number if number > 1 else ''}")
        try:
            with copy.open("xb") as stream:  # x: never overwrite an earlier copy
                stream.write(old)
        except FileExistsError:
            continue
        flush(copy)
        return copy
    raise AssertionError("count() does not end")


def _committed(file: Path) -> bytes | None:
    """The committed content of a file; None without git, or for a file that is not committed."""
    command = ["git", "show", f"HEAD:./{file.name}"]
    try:
        done = subprocess.run(command, cwd=file.parent, capture_output=True, check=False)
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--check", is_flag=True, help="Write nothing; status 1 if a file differs.")
def exercises(check: bool) -> None:
    """Build the students' files in lessons/exercises/ from lessons/solutions/."""
    differences = find_differences()
    if check:
        for line in differences:
            click.echo(f"lessons/exercises/{line}: run `make exercises`", err=True)
        click.get_current_context().exit(1 if differences else 0)
    for name, text in student_files().items():
        copy = back_up(EXERCISES / name, text.encode())
        if copy is not None:
            click.echo(f"lessons/exercises/{name}: the old file is kept as {copy.name}")
        write_whole(EXERCISES / name, text.encode())
    changed = ", ".join(line.split(":")[0] for line in differences) or "nothing has changed"
    click.echo(f"lessons/exercises: {changed}")


if __name__ == "__main__":
    run(exercises, "python -m classroom.build_exercises")
