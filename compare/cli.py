"""python -m compare --lesson 3 --backends "torch keras": does every engine compute the same?

Exit status 0 if all that ran agree, 1 if one is over a budget or failed, 2 for wrong input, and 130
for Ctrl-C.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

import click

from adapters import ENGINES, TriptychError
from compare import junit
from compare.comparison import Comparison
from compare.engines import Plan
from compare.page import write_page
from compare.show import console, progress, show
from compare.side_by_side import NoiseRuns, SideBySide
from course.command import check_folder, check_place
from course.settings import CHAPTERS, LARGEST_SEED, MOST_EPOCHS

AGREE, OVER = 0, 1  # exit status; wrong input is 2, Ctrl-C 130, as for every command


def _engines(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> list[str] | None:
    names = None if value is None else value.replace(",", " ").split()
    for name in names or []:
        if name not in ENGINES:
            raise click.BadParameter(f"{name!r} is none of {', '.join(ENGINES)}")
    if names == []:
        raise click.BadParameter("it names no engine; leave it out for all of them")
    return names


def outputs(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options for machines that read."""
    file = click.Path(dir_okay=False, path_type=Path)
    command = click.option("--junit", type=file, help="Also write JUnit XML here.")(command)
    return click.option("--json", "as_json", type=file, help="Also write JSON here.")(command)


@click.command(help="Run a lesson on every engine, and judge each against NumPy, stage by stage.",
               context_settings={"help_option_names": ["-h", "--help"]})  # fmt: skip
@click.option("--lesson", type=click.Choice([str(n) for n in CHAPTERS]), help="Default: all.")
@click.option("--backends", callback=_engines, help='Such as "torch keras"; default: all.')
@click.option("--dtype", type=click.Choice(["float32", "float64"]), default="float32",
              show_default=True)  # fmt: skip
@click.option("--device", type=click.Choice(["auto", "cpu", "gpu"]), default="auto",
              show_default=True)  # fmt: skip
@click.option("--seed", type=click.IntRange(0, LARGEST_SEED), default=0, show_default=True)
@click.option("--seeds", type=click.IntRange(min=1), default=1, show_default=True,
              help="How many; where runs must part, they judge the end.")  # fmt: skip
@click.option("--epochs", type=click.IntRange(1, MOST_EPOCHS))
@click.option("--data", help="As for a lesson.")
@click.option("--out", default="results", show_default=True)
@click.option("--figures/--no-figures", default=False, help="Have the lessons draw; default: no.")
@click.option("--jobs", type=click.IntRange(min=1), help="Engines at once; default: the cores.")
@click.option("--noise", type=click.Choice(["reference", "all", "none"]), default="reference",
              is_flag=False, flag_value="reference", show_default=True,
              help="Gaps that do not matter: of the reference twice, of other seeds and dtypes; "
              "all: of every engine twice.")  # fmt: skip
@click.option("--no-noise", "noise", flag_value="none", help="The same as --noise none.")
@outputs
def cli(
    lesson: str | None, backends: list[str] | None, noise: NoiseRuns, jobs: int | None,
    junit: Path | None, as_json: Path | None, **options: Any,
) -> int:  # fmt: skip
    """Compare one lesson or all, one after the other."""
    signal.signal(signal.SIGTERM, _terminated)
    screen, done = console(), []
    check_places(junit, as_json)
    check_folder(Path(options["out"]).expanduser())
    for number in [int(lesson)] if lesson else CHAPTERS:
        plan = Plan(number, **options)
        work = SideBySide(plan, backends or list(ENGINES), noise, jobs or os.cpu_count() or 1)
        with progress(screen, f"Lesson {number}: {CHAPTERS[number].title}") as watch:
            comparison = work.run(watch)
        if work.refused:
            raise TriptychError(work.refused)
        show(screen, comparison)
        folder = Path(plan.out).expanduser().absolute() / f"lesson{number}"
        comparison.write(folder / "comparison.json")
        page = write_page(comparison, folder)
        screen.print(f"{comparison.seconds:.1f} s: {page}", markup=False, soft_wrap=True)
        done.append(comparison)
    return finish(done, junit, as_json)


def check_places(*files: Path | None) -> None:
    """Raise SettingsError, before anything runs, where a file for machines could not be written."""
    for file in filter(None, files):
        check_place(file)


def _terminated(number: int, frame: object) -> NoReturn:
    """Leave as Ctrl-C does, by way of every block that has children to end."""
    sys.exit(128 + number)


def finish(done: Sequence[Comparison], xml: Path | None, as_json: Path | None) -> int:
    """Write what machines read; the exit status."""
    try:
        for file in filter(None, (xml, as_json)):
            file.parent.mkdir(parents=True, exist_ok=True)
        if xml is not None:
            junit.write(done, xml)
        if as_json is not None:
            plain = [comparison.plain() for comparison in done]
            text = json.dumps(plain, indent=1, ensure_ascii=False, allow_nan=False)
            as_json.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise TriptychError(f"cannot write {error.filename!r}: {error.strerror}") from None
    return AGREE if all(comparison.agrees for comparison in done) else OVER
