"""python -m compare.native --lesson 4: write what a lesson fixes, for its native programs.

Prints how to run each program from it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from compare.native import fixed
from compare.native.programs import file_of, frameworks_of
from course.cli_errors import check_folder, run
from course.lessons import NATIVE
from course.options import OneOf, Whole
from course.settings import LARGEST_SEED, MOST_EPOCHS, relative_to_root
from course.settings_validation import checked
from triptych.lesson_data import FILE


@click.command(help="Write what a lesson fixes to a file, for its native programs.")
@click.option(
    "--lesson", type=OneOf([str(n) for n in NATIVE], "lesson"), required=True, help="Which one."
)
@click.option(
    "--dtype",
    type=OneOf(["float32", "float64"]),
    default="float64",
    show_default=True,
    help="Of the arrays, and so of the programs.",
)
@click.option("--seed", type=Whole(0, LARGEST_SEED), default=0, show_default=True)
@click.option("--epochs", type=Whole(1, MOST_EPOCHS), help="Default: those of the lesson.")
@click.option("--data", help="As for a lesson.")
@click.option("--out", type=Path, default=Path("results"), show_default=True)
def native(lesson: str, out: Path, **options: Any) -> None:
    """Write the file."""
    number = int(lesson)
    check_folder(out := out.expanduser().absolute())
    settings = checked(number, {"backend": "numpy", **options})
    name = f"lesson{number}-{settings.dtype}-seed{settings.seed}.npz"
    file = relative_to_root(fixed.write(number, settings, out / "native" / name))
    click.echo(f"{file} holds the data, the initial weights and the order of the rows. Run from it")
    for framework in frameworks_of(number):
        program = relative_to_root(file_of(number, framework))
        click.echo(f"  {FILE}={file} python {program}")
    click.echo(f"or without {FILE}= from weights and an order of its own.")


if __name__ == "__main__":
    run(native, "compare.native")
