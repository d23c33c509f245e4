"""The command line: `python -m course lesson3 --backend torch`.

Every error is one line that says what was expected, with exit status 2 (130 for Ctrl-C).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from math import isfinite
from pathlib import Path
from typing import Any

import click

from adapters import BACKENDS
from adapters.contract import SettingsError
from course.cli_errors import run
from course.lessons import LESSONS, WITH_WORKERS
from course.options import Number, OneOf, Whole
from course.settings import (
    LARGEST_SEED,
    MOST_EPOCHS,
    MOST_THREADS,
    MOST_WORKERS,
    ROOT,
    Settings,
    interval,
)
from datasets import NAMES


def _knobs(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> tuple[float, ...] | None:
    try:
        knobs = tuple(map(float, value.split())) if value else None
        if not all(map(isfinite, knobs or ())):
            raise ValueError
        return knobs
    except ValueError:
        raise click.BadParameter(
            f"{value!r} is not a list of numbers, such as '0.1 200 3'"
        ) from None


def _checkpoint(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> str | None:
    if value is not None:
        try:
            interval(value)
        except SettingsError as error:
            raise click.BadParameter(str(error)) from None
    return value


OPTIONS: dict[str, Callable[[Any], Any]] = {
    "backend": click.option(
        "--backend", type=OneOf(list(BACKENDS), "backend"), default="torch", show_default=True,
        help="The backend that computes.",
    ),
    "dtype": click.option(
        "--dtype", type=OneOf(["float32", "float64"]), default="float32",
        show_default=True, help="The precision of every number.",
    ),
    "device": click.option(
        "--device", type=OneOf(["auto", "cpu", "gpu"]), default="auto", show_default=True,
        help="Where it computes; gpu means CUDA, and auto takes it if it is there.",
    ),
    "seed": click.option(
        "--seed", type=Whole(0, LARGEST_SEED), default=0, show_default=True,
        help="The seed of all randomness.",
    ),
    "seeds": click.option(
        "--seeds", type=Whole(min=1), default=1, show_default=True,
        help="Run with this many seeds, from --seed on, and show the spread.",
    ),
    "threads": click.option(
        "--threads", type=Whole(1, MOST_THREADS),
        help="Threads of the backend  [default: 1]"
    ),
    "out": click.option(
        "--out", type=str, default="results", show_default=True,
        help="The folder for records and figures.",
    ),
    "epochs": click.option(
        "--epochs", type=Whole(1, MOST_EPOCHS), help="How often training visits every row."
    ),
    "data": click.option(
        "--data", type=str,
        help=f"One of {', '.join(NAMES)}, a folder of IDX files, or an .npz file.",
    ),
    "learning_rate": click.option(
        "--learning-rate", type=Number(0, above=True), help="The learning rate of the main runs."
    ),
    "knobs": click.option(
        "--knobs", type=str, callback=_knobs, help="The knobs set by hand: numbers in quotes."
    ),
    "language": click.option(
        "--language", type=str, default="en", show_default=True,
        help="The language of texts and figures, where the lesson is translated.",
    ),
    "probes": click.option(
        "--probes", "--looks", "probes", is_flag=True,  # --looks: the name before this release
        help="After each training run, also record single-step probes (looks.npz): steps from "
        "weights that are the same in every backend, by which `python -m compare` compares them.",
    ),
    "checkpoint": click.option(
        "--checkpoint", type=str, metavar="N", callback=_checkpoint,
        help="Write a checkpoint every N epochs (2 or 2epochs) or steps (100steps) and at the end "
        "of each run; all are removed when the record is complete.",
    ),
    "resume": click.option(
        "--resume", type=OneOf(["auto"]),
        help="Resume from the newest sound checkpoint, to the same record bit for bit.",
    ),
    "workers": click.option(
        "--workers", type=Whole(1, MOST_WORKERS), default=1, show_default=True,
        help="Train on this many processes, each on its share of every batch "
        f"(lessons {' and '.join(map(str, WITH_WORKERS))}).",
    ),
    "worker_timeout": click.option(
        "--worker-timeout", type=Number(1, 86_400), default=60, show_default=True,
        metavar="SECONDS", help="End all workers if one keeps the others waiting for longer.",
    ),
    "hosts": click.option(
        "--hosts", type=str, metavar="FILE",
        help="A file of the workers' machines: lines of address, workers, first port.",
    ),
    "host": click.option(
        "--host", type=Whole(min=1), help="The number of this machine's line in --hosts."
    ),
    "dry_run": click.option(
        "--dry-run", is_flag=True, help="Print the command for each machine, and do nothing."
    ),
    "result": click.option(
        "--result", type=click.Path(dir_okay=False, path_type=Path), hidden=True,
        help="The file in which to name the records, for the program that started this one.",
    ),
    "figures": click.option(
        "--figures/--no-figures", "draw", default=True, help="Draw the figures  [default: yes]"
    ),
}  # fmt: skip
ALWAYS = (
    "backend", "dtype", "device", "seed", "seeds", "threads", "out", "language", "probes",
    "checkpoint", "resume", "workers", "worker_timeout", "hosts", "host", "dry_run", "result",
    "figures",
)  # fmt: skip


@click.group(
    help="Deep learning, one lesson in every framework, with the same numbers.",
    context_settings={"help_option_names": ["-h", "--help"]},
)
def cli() -> None:
    """The group of all commands."""


def _lesson_command(number: int) -> None:
    lesson = LESSONS[number]

    def command(
        seeds: int, workers: int, worker_timeout: float, hosts: str | None, host: int | None,
        dry_run: bool, result: Path | None, **options: Any,
    ) -> None:  # fmt: skip
        if workers == 1 and hosts is None and host is None and not dry_run:
            from course.runner import run_seeds

            run_seeds(number, Settings(**options), seeds, result)
            return
        from course.workers.start import start

        status = start(
            number, Settings(**options), seeds, size=workers, timeout=worker_timeout,
            hosts=hosts, host=host, dry_run=dry_run, result=result,
        )  # fmt: skip
        sys.exit(status)

    for name in reversed([*ALWAYS, *lesson.takes]):
        command = OPTIONS[name](command)
    cli.command(f"lesson{number}", help=f"{lesson.title}: {lesson.question}")(command)


for _number in LESSONS:
    _lesson_command(_number)


@cli.command(help='Tab completion: eval "$(python kit.py completion bash)" gives you `course`.')
@click.argument("shell", type=OneOf(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print a shell function `course` and click's completion script for it."""
    from click.shell_completion import get_completion_class

    call = f"'{sys.executable}' '{ROOT / 'kit.py'}'"
    click.echo(
        f"function course; {call} $argv; end" if shell == "fish" else f'course() {{ {call} "$@"; }}'
    )
    completion_class = get_completion_class(shell)
    assert completion_class is not None
    script = completion_class(cli, {}, "course", "_COURSE_COMPLETE").source()
    # click runs a program `course`; ours is a shell function, which `env` cannot run.
    program = f"PYTHONPATH='{ROOT}' '{sys.executable}' -P -m course"
    script = re.sub(r" (?:\$1|course)\)", lambda _: f" {program})", script)
    click.echo(script.replace("$+commands[course]", "$+functions[course]"))


def main() -> None:
    """Run the command line; every error that a user can fix becomes one line."""
    run(cli, "course")
