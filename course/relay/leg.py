"""One leg: take over a run from its checkpoint, make some steps, and hand it on.

    python -m course.relay.leg --lesson 4 --run adam --backend torch --first 100 --steps 100
        --seed 0 --baton in.json --out folder

What is handed on is the state under the contract's names, so any backend can take it over. An
backend's own rounding (`…_remainder`) stays behind: it means nothing to another backend.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import click
import numpy as np

from adapters.contract import Array, Model, Net, Optimizer, Params, SettingsError, State, require
from course import checkpoint_format, lesson_context
from course.card import digest_of_arrays
from course.cli_errors import run as run_command
from course.console import console
from course.lesson import Lesson
from course.runner import compiled
from course.settings import Settings
from course.training import Run

RUNS = {4: ("momentum", "adam")}  # of a lesson, those that are relayed
LATER = 10**6  # epochs: as many as a relay may want, at the first learning rate


class _Found(Exception):
    """All runs that were looked for are there."""


class Listener(Lesson):
    """A lesson that trains nothing, and stops as soon as it has said what it would train."""

    def train(
        self, name: str, net: Net, optimizer: Optimizer, x: Array, y: Array, *,
        batch_size: int, initial: Params | None = None, shuffle: bool = True, **rest: Any,
    ) -> Run:  # fmt: skip
        """Remember the run."""
        start = self.initial_weights(net) if initial is None else initial
        rows = y if net.loss == "softmax" else self.numbers(y)
        self.runs[name] = Run(
            name, net, optimizer, start, LATER, batch_size, self.seed, shuffle, 1.0,
            self.numbers(x), rows,
        )  # fmt: skip
        if set(RUNS[self.number]) <= set(self.runs):
            raise _Found
        return self.runs[name]


def listen(lesson: int, backend: str, seed: int, data: str | None) -> tuple[type[Model], list[Run]]:
    """The backend in float64, and the runs of the lesson that are relayed, from its own file."""
    with tempfile.TemporaryDirectory(prefix="triptych-relay-") as out:
        settings = Settings(backend, "float64", "cpu", seed, data=data, out=out, draw=False)
        listener = Listener(lesson, settings)
        lesson_context.waiting.append(listener)
        console.quiet = True  # what the lesson says has been said in the lesson
        try:
            exec(compiled(lesson, settings.language), {"__name__": "__main__"})
        except _Found:
            pass
        finally:
            console.quiet = False
            lesson_context.waiting.pop()
            listener.abandon()
    return listener.Model, [listener.runs[name] for name in RUNS[lesson]]


def steps(run: Run, model: Model, first: int, count: int) -> Array:
    """Make the steps [first, first + count) of a run; the losses (count,) before each."""
    losses = []
    for step in range(first, first + count):
        epoch, batch = divmod(step, run.steps_per_epoch)
        rows = run.order(epoch)[batch * run.batch_size : (batch + 1) * run.batch_size]
        losses.append(model.step(run.x[rows], run.y[rows]))
    return np.array(losses)


def plain(state: State) -> State:
    """What every backend understands of a state."""
    return {name: array for name, array in state.items() if not name.endswith("_remainder")}


def told(run: Run, step: int) -> dict[str, Any]:
    """What the card of a baton says: of which run, and after how many steps."""
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
    """Run one leg; its baton is OUT/<step>.json, with the losses of its own steps."""
    cls, runs = listen(lesson, backend, seed, data)
    (run,) = (run for run in runs if run.name == name)
    model = cls(run.net, run.initial, run.optimizer)
    if baton is not None:
        state, card = checkpoint_format.read(baton)
        require(
            card["of"] == told(run, first),
            f"{baton} is of another run: {card['of']} instead of {told(run, first)}",
            SettingsError,
        )
        del state["losses"]
        model.restore(state)
    losses = steps(run, model, first, count)
    arrays = plain(model.state()) | {"losses": losses}
    checkpoint_format.write(
        out, f"step-{first + count:06}", arrays, {"of": told(run, first + count)}
    )


if __name__ == "__main__":
    run_command(leg, "leg")
