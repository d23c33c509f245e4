"""python -m compare.native.side_by_side --lesson 4: a lesson in each framework's own words.

The native programs run from what the lesson fixed, and the lesson itself on NumPy. The page shows
the programs in two columns, the same step of each beside the other, and under them the curves and
how far apart the numbers are, all of this very run. Exit status 0 if they are within the budgets, 1
if not, 2 for wrong input.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import click

from adapters.contract import TriptychError
from compare.native import fixed, page
from compare.native.programs import FRAMEWORKS, MISSING, STRAIGHT, file_of
from compare.native.run import left_by, started
from compare.native.witness import Outcome, accuracy, gaps
from course import console
from course.cli_errors import check_folder, run
from course.json_process import ProcessFailed
from course.lesson_context import LessonContext
from course.lessons import LESSONS, NATIVE
from course.options import OneOf, SeveralOf, Whole
from course.record import read_record
from course.runner import run_lesson
from course.settings import LARGEST_SEED, MOST_EPOCHS, Settings, relative_to_root
from course.settings_validation import checked


def outcomes(number: int, settings: Settings, frameworks: list[str]) -> Iterator[Outcome]:
    """Run the lesson on NumPy and each program, as many at once as there are cores."""
    with tempfile.TemporaryDirectory(prefix="triptych-native-") as folder:
        given = fixed.write(number, settings, Path(folder) / "fixed.npz")
        with console.silent():
            lesson = run_lesson(number, settings, LessonContext(table=lambda *_: None))
        assert lesson.finished_in
        record = read_record(lesson.finished_in)
        arrays = fixed.read(given)

        def one(framework: str) -> Outcome:
            source = file_of(number, framework).read_text(encoding="utf-8")
            out = Path(folder) / f"{framework}.npz"
            try:
                with started(framework, threads=1) as process:
                    left = left_by(process, number, given, out)
            except ProcessFailed as error:
                return Outcome(framework, source, {}, [], error=str(error))
            found = gaps(number, framework, left, record, arrays)
            return Outcome(framework, source, left, found, accuracy(left, arrays))

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            yield from pool.map(one, frameworks)


def sentence(number: int, found: list[Outcome]) -> str:
    """How far apart the numbers of this run are, in one sentence."""
    failed = [FRAMEWORKS[o.framework].title for o in found if o.error]
    apart = [FRAMEWORKS[o.framework].title for o in found if not o.error and not o.agrees]
    missing = f"; {', '.join(failed)} could not be run" if failed else ""
    if apart:
        return f"not the same numbers: {', '.join(apart)} went over its budget{missing}"
    return _agreement(number, [o for o in found if not o.error]) + missing


def _agreement(number: int, done: list[Outcome]) -> str:
    if number == 1:
        return "the same numbers: every mistake on the same picture, and equal weights to the bit"
    steps = [o for o in done if (number, o.framework) not in STRAIGHT]
    if not steps:
        return "the lowest point of the loss, to which the lesson's steps lead"
    apart = [gap.gap for o in steps for gap in o.gaps if gap.tensor == "losses"]
    if not apart:  # the witness judges no step of such a run
        return (
            "the same accuracy within its budget: in float32 rounding alone separates the steps of "
            "a relu network; with DTYPE=float64 they are the same numbers"
        )
    largest = max(apart)
    count = max(len(o.arrays["losses"]) for o in steps)
    summary = f"{largest:.1e}" if largest else "0"
    return f"the same numbers: the largest difference of a loss over {count:,} steps is {summary}"


@click.command(help="Show a lesson in each framework's own words, side by side, with its numbers.")
@click.option(
    "--lesson", type=OneOf([str(n) for n in NATIVE], "lesson"), required=True, help="Which one."
)
@click.option(
    "--backends",
    "frameworks",
    type=SeveralOf(FRAMEWORKS, "framework"),
    help='Such as "torch keras"; default: all.',
)
@click.option("--dtype", type=OneOf(["float32", "float64"]), default="float64", show_default=True)
@click.option("--seed", type=Whole(0, LARGEST_SEED), default=0, show_default=True)
@click.option("--epochs", type=Whole(1, MOST_EPOCHS), help="Default: those of the lesson.")
@click.option("--data", help="As for a lesson.")
@click.option("--out", type=Path, default=Path("results"), show_default=True)
def side_by_side(lesson: str, frameworks: list[str] | None, out: Path, **options: Any) -> None:
    """Run the programs, write the page, and print how far apart they are."""
    number = int(lesson)
    check_folder(out := out.expanduser().absolute())
    missing = [f for f in frameworks or FRAMEWORKS if (number, f) in MISSING]
    chosen = [f for f in frameworks or FRAMEWORKS if f not in missing]
    for framework in missing:
        click.echo(f"{FRAMEWORKS[framework].title:12} not run: {MISSING[number, framework]}")
    with tempfile.TemporaryDirectory(prefix="triptych-native-") as folder:
        own = {"backend": "numpy", "device": "cpu", "out": folder, "draw": False, **options}
        settings = checked(number, own)
        found = []
        for outcome in outcomes(number, settings, chosen):
            found.append(outcome)
            title = FRAMEWORKS[outcome.framework].title
            if outcome.error:
                click.echo(f"{title:12} {outcome.error}", err=True)
                continue
            gap = max(outcome.gaps, key=lambda gap: gap.share)
            click.echo(f"{title:12} {float(outcome.arrays['seconds']):6.1f} s  {gap}")
    if all(outcome.error for outcome in found):
        raise TriptychError("no program could be run, so there is nothing to show")
    summary = sentence(number, found)
    file = page.write(
        number, settings, found, summary, out / f"lesson{number}" / "side_by_side.html"
    )
    click.echo(f"{LESSONS[number].title}: {summary}\n{relative_to_root(file)}")
    sys.exit(0 if all(outcome.agrees for outcome in found) else 1)


if __name__ == "__main__":
    run(side_by_side, "compare.native.side_by_side")
