"""python -m classroom.build_exercises: the students' files, made anew from the solutions.

Somebody may have answered in one of them. What is neither what we write nor what git has is kept
beside it, as lesson1.py.bak, lesson1.py.bak2, …, which no tool of ours reads.
"""

from __future__ import annotations

import subprocess
from itertools import count
from pathlib import Path

import click

from classroom.solution_markers import students_version
from course.atomic_files import flush, write_whole
from course.cli_errors import run
from course.settings import ROOT
from datasets.files import LARGEST, Unreadable, content

SOLUTIONS, EXERCISES = ROOT / "lessons" / "solutions", ROOT / "lessons" / "exercises"


def made(folder: Path = SOLUTIONS) -> dict[str, str]:
    """The name and text of each student's file. Raises BadMark."""
    return {
        file.name: students_version(file.read_text(encoding="utf-8"), file)
        for file in sorted(folder.glob("lesson*.py"))
    }


def drifted(solutions: Path = SOLUTIONS, exercises: Path = EXERCISES) -> list[str]:
    """What is wrong with the students' files, a line for each: changed, missing, left over."""
    wanted, found = made(solutions), {file.name: file for file in exercises.glob("*.py")}
    wrong = [f"{name}: has no solution" for name in sorted(found.keys() - wanted.keys())]
    for name, text in wanted.items():
        if name not in found:
            wrong.append(f"{name}: is missing")
        elif _differs(found[name], text):
            wrong.append(f"{name}: is not what its solution makes")
    return wrong


def _differs(file: Path, text: str) -> bool:
    try:
        return content(file, LARGEST) != text.encode()
    except Unreadable:
        return True


def kept_aside(file: Path, new: bytes) -> Path | None:
    """Copy what somebody wrote in a file, before it is made anew; the copy, None if nobody did."""
    if not file.exists() or not file.stat().st_size:  # a pipe has no bytes either
        return None
    if (old := content(file, LARGEST)) in (new, _committed(file)):
        return None
    for number in count(1):
        copy = file.with_name(f"{file.name}.bak{number if number > 1 else ''}")
        try:
            with copy.open("xb") as stream:  # x: never over an earlier one
                stream.write(old)
        except FileExistsError:
            continue
        flush(copy)
        return copy
    raise AssertionError("there is always a next number")


def _committed(file: Path) -> bytes | None:
    """What git has of a file; None where there is no git, or it does not know the file."""
    command = ["git", "show", f"HEAD:./{file.name}"]
    try:
        done = subprocess.run(command, cwd=file.parent, capture_output=True, check=False)
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--check", is_flag=True, help="Write nothing; status 1 if a file has drifted.")
def exercises(check: bool) -> None:
    """Make the students' files in lessons/exercises/ from lessons/solutions/."""
    wrong = drifted()
    if check:
        for line in wrong:
            click.echo(f"lessons/exercises/{line}: run `make exercises`", err=True)
        click.get_current_context().exit(1 if wrong else 0)
    for name, text in made().items():
        kept = kept_aside(EXERCISES / name, text.encode())
        if kept is not None:
            click.echo(f"lessons/exercises/{name}: what was in it is kept in {kept.name}")
        write_whole(EXERCISES / name, text.encode())
    changed = ", ".join(line.split(":")[0] for line in wrong) or "nothing has changed"
    click.echo(f"lessons/exercises: {changed}")


if __name__ == "__main__":
    run(exercises, "python -m classroom.build_exercises")
