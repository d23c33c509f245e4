"""One leg: read a run from its checkpoint, make some steps, and write the next checkpoint.

    python -m course.relay.leg --lesson 4 --run adam --backend torch --first 100 --steps 100
        --seed 0 --baton in.json --out folder

The checkpoint (the baton) is the state under the contract's names, so any backend can restore it. A
backend's own rounding errors (`…_remainder`) are left out: no other backend uses them.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import click
import numpy as np

from adapters.contract import Array, Model, SettingsError, State, require
from course import checkpoint_format
from course.card import digest_of_arrays
from course.cli_errors import run as run_command
from course.console import silent
from course.lesson_context import LessonContext, StopLesson
from course.lessons import LESSONS
from course.runner import run_lesson
from course.settings import Settings
from course.training import Run

EPOCHS = 10**6  # more than a relay needs, all at the first learning rate


def collect(
    lesson: int, backend: str, seed: int, data: str | None
) -> tuple[type[Model], list[Run]]:
    """The backend's model class in float64, and the lesson's relayed runs, from its file."""
    relayed: dict[str, Run] = {}

    def collect_run(run: Run) -> None:
        """Take the run instead of training it."""
        run.epochs, run.lower_by = EPOCHS, 1.0
        relayed[run.name] = run
        if set(LESSONS[lesson].relayed) <= set(relayed):
            raise StopLesson

    with tempfile.TemporaryDirectory(prefix="triptych-relay-") as out:
        settings = Settings(backend, "float64", "cpu", seed, data=data, out=out, draw=False)
        with silent():
            collected = run_lesson(lesson, settings, LessonContext(train=collect_run))
    return collected.Model, [relayed[name] for name in LESSONS[lesson].relayed]


def steps(run: Run, model: Model, first: int, count: int) -> Array:
    """Make the steps [first, first + count) of a run; return the losses (count,) before each."""
    losses = []
    for step in range(first, first + count):
        epoch, batch = divmod(step, run.steps_per_epoch)
        rows = run.order(epoch)[batch * run.batch_size : (batch + 1) * run.batch_size]
        losses.append(model.step(run.x[rows], run.y[rows]))
    return np.array(losses)


def plain(state: State) -> State:
    """A state without remainders, as every backend can restore it."""
    return {name: array for name, array in state.items() if not name.endswith("_remainder")}


def identity(run: Run, step: int) -> dict[str, Any]:
    """The metadata of a baton: its run, and the number of steps so far."""
    data, start = digest_of_arrays([run.x, run.y]), digest_of_arrays(run.initial)
    return {"run": run.name, "seed": run.seed, "step": step, "data": data, "initial": start}


@click.command()
@click.option("--lesson", type=int, required=True)
@click.option("--run", "name", required=True)
@click.option("--backend", required=True)
@click.option("--first", type=int, required=True)
@click.option("--steps", "count", type=int, required=True)
@click.option("--seed", type=int, required=True)
@click.option("--data")
@click.option("--baton", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True)
def leg(
    lesson: int, name: str, backend: str, first: int, count: int, seed: int, data: str | None,
    baton: Path | None, out: Path,
) -> None:  # fmt: skip
    """Run one leg; its baton is OUT/step-<step>.json, with the losses of its own steps."""
    cls, runs = collect(lesson, backend, seed, data)
    (run,) = (run for run in runs if run.name == name)
    model = cls(run.net, run.initial, run.optimizer)
    if baton is not None:
        state, card = checkpoint_format.read(baton)
        require(
            card["of"] == identity(run, first),
            f"{baton} is of another run: {card['of']} instead of {identity(run, first)}",
            SettingsError,
        )
        del state["losses"]
        model.restore(state)
    losses = steps(run, model, first, count)
    arrays = plain(model.state()) | {"losses": losses}
    checkpoint_format.write(
        out, f"step-{first + count:06}", arrays, {"of": identity(run, first + count)}
    )


if __name__ == "__main__":
    run_command(leg, "leg")
