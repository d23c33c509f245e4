"""python -m classroom.exercises: the students' files, made anew from the solutions."""

from __future__ import annotations

from pathlib import Path

import click

from classroom.markers import students_version
from course.command import run
from course.files import write_whole
from course.settings import ROOT

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
        elif found[name].read_text(encoding="utf-8") != text:
            wrong.append(f"{name}: is not what its solution makes")
    return wrong


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
        write_whole(EXERCISES / name, text.encode())
    changed = ", ".join(line.split(":")[0] for line in wrong) or "nothing has changed"
    click.echo(f"lessons/exercises: {changed}")


if __name__ == "__main__":
    run(exercises, "python -m classroom.exercises")
