"""One run in several frameworks, one after another: `python -m course.relay --legs "torch:100 …"`

Each leg is a process of its own. It reads weights and optimizer slots from the previous leg's
checkpoint, which is independent of frameworks, makes its steps in float64, and writes a checkpoint
for the next leg. NumPy also makes all the steps alone, and the relay has to end where NumPy does.
Backends differ only by rounding, a few units in the last place for each step, so a budget of 1e-11
suffices for thousands of steps. Losing the optimizer slots costs eight orders of magnitude more.

Exit status 0 if every gap is within the budget, 1 if one is not, 2 for wrong input.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import click
import numpy as np

from adapters import BACKENDS, environment
from adapters.contract import Array, State, TriptychError, require
from course import checkpoint_format
from course.cli_errors import check_folder
from course.cli_errors import run as run_command
from course.console import console, table
from course.lessons import RELAYED
from course.options import OneOf, Whole
from course.overflow import quietly
from course.plotting.style import COLOURS, LINES, start_drawing, write
from course.relay.leg import collect, plain, steps
from course.settings import LARGEST_SEED, ROOT
from course.training import Run
from spelling import unknown

# Relative to the largest weight or slot (at least 1), and to the larger of a loss and the first.
BUDGET = 1e-11
LEGS = "torch:100 tensorflow:100 numpy:100 keras:100 jax:100"
MOST_STEPS = 10_000


@dataclass(frozen=True)
class Leg:
    """The steps that one backend makes."""

    backend: str
    first: int
    count: int

    @property
    def stop(self) -> int:
        """The first step of the next leg."""
        return self.first + self.count


def _legs(context: click.Context, parameter: click.Parameter, value: str) -> list[Leg]:
    legs: list[Leg] = []
    for word in value.split():
        backend, _, count = word.partition(":")
        if backend not in BACKENDS:
            raise click.BadParameter(unknown("backend", backend, BACKENDS))
        if not (count.isascii() and count.isdigit() and 0 < int(count) <= MOST_STEPS):
            raise click.BadParameter(
                f"{word!r} has no number of steps: expected 1 to {MOST_STEPS}, as in torch:100"
            )
        legs.append(Leg(backend, legs[-1].stop if legs else 0, int(count)))
    if not legs:
        raise click.BadParameter(f"there is no leg: expected some, such as {LEGS!r}")
    return legs


def run_legs(run: Run, legs: list[Leg], lesson: int, data: str | None, out: Path,
             forget: bool) -> tuple[Array, list[State]]:  # fmt: skip
    """Run the legs; return all losses (steps,), and the state at the end of each leg."""
    environ = environment.allowed(os.environ) | {"PYTHONPATH": str(ROOT)}
    losses, states, baton = [], [], None
    for leg in legs:
        options: dict[str, object] = {
            "lesson": lesson, "run": run.name, "backend": leg.backend, "first": leg.first,
            "steps": leg.count, "seed": run.seed, "data": data, "baton": baton, "out": out,
        }  # fmt: skip
        arguments = [f"--{name}={value}" for name, value in options.items() if value is not None]
        process = subprocess.run(
            [sys.executable, "-m", "course.relay.leg", *arguments], env=environ, text=True,
            capture_output=True, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        if process.returncode:
            error = (process.stderr.strip() or f"status {process.returncode}").splitlines()[-1]
            raise TriptychError(f"{run.name}, leg {leg.backend}: {error.removeprefix('error: ')}")
        baton = out / f"step-{leg.stop:06}.json"
        state, card = checkpoint_format.read(baton)
        losses.append(state.pop("losses"))
        states.append(state)
        console.print(f"{run.name}: {leg.backend}, steps {leg.first} to {leg.stop - 1}")
        if forget:
            fresh = {k: v if k.startswith("param_") else np.zeros_like(v) for k, v in state.items()}
            checkpoint_format.write(
                out, baton.stem, {**fresh, "losses": losses[-1]}, {"of": card["of"]}
            )
    return np.concatenate(losses), states


@quietly
def gap(state: State, alone: State) -> float:
    """The largest difference of two states, relative to each array's largest number, at least 1.

    Infinite if they do not have the same arrays, or if a number is not finite.
    """
    if state.keys() != alone.keys():
        return np.inf
    shares = [np.abs(state[k] - a).max() / max(1.0, np.abs(a).max()) for k, a in alone.items()]
    return float(np.max(np.nan_to_num(shares, nan=np.inf, posinf=np.inf)))


@quietly
def gap_of_losses(losses: Array, alone: Array) -> float:
    """The largest difference, relative to the larger of the loss and the first one.

    Infinite if a loss is not finite.
    """
    difference = losses - alone
    size = np.abs(alone)
    shares = np.where(difference == 0, 0.0, np.abs(difference) / np.maximum(size, size[0]))
    return float(np.nan_to_num(shares, nan=np.inf, posinf=np.inf).max())


def draw(name: str, legs: list[Leg], losses: Array, alone: Array, file: Path) -> None:
    """Plot the relay's loss, in a colour for each backend, on top of NumPy's alone."""
    from matplotlib import pyplot as plt

    figure, ax = plt.subplots(figsize=(9, 4.8))
    ax.plot(alone, color="0.8", linewidth=7, label="numpy alone")
    backends = list(dict.fromkeys(leg.backend for leg in legs))
    for leg in legs:
        i = backends.index(leg.backend)
        stop = min(leg.stop + 1, len(losses))  # joined to the next leg
        label = f"{leg.backend}, from step {leg.first}"
        ax.plot(range(leg.first, stop), losses[leg.first : stop], LINES[i % len(LINES)],
                color=COLOURS[i % len(COLOURS)], label=label)  # fmt: skip
        ax.axvline(leg.first, color="0.85", linewidth=1, zorder=0)
    ax.set(xlabel="step", ylabel="loss", title=f"{name}: one run, passed on {len(legs) - 1} times")
    ax.set_ylim(bottom=0)
    ax.legend(loc="upper right", fontsize=10)
    words = ", ".join(f"{leg.backend} from step {leg.first}" for leg in legs)
    write(figure, file, f"The loss at every step of {name}, run by {words}; numpy alone beneath.")
    plt.close(figure)


@click.command(help="Pass one training run from framework to framework: does it end the same?")
@click.option("--lesson", type=OneOf([str(n) for n in RELAYED]), default="4",
              show_default=True)  # fmt: skip
@click.option("--legs", default=LEGS, show_default=True, callback=_legs,
              help="Backends, and the number of steps that each makes.")  # fmt: skip
@click.option("--seed", type=Whole(0, LARGEST_SEED), default=0, show_default=True)
@click.option("--data", help="As for a lesson.")
@click.option("--out", default="results", show_default=True)
@click.option("--forget", is_flag=True, help="Pass on the weights only: this has to fail.")
def relay(
    lesson: str, legs: list[Leg], seed: int, data: str | None, out: str, forget: bool
) -> None:
    """Run the relay for each run, print a table, draw a figure."""
    require(len(legs) > 1 or not forget, "--forget needs a second leg to lose the memory")
    check_folder(Path(out).expanduser())
    start_drawing()
    numpy, runs = collect(int(lesson), "numpy", seed, data)
    missing = [leg.backend for leg in legs if BACKENDS[leg.backend].missing]
    if missing:
        raise TriptychError(
            f"{missing[0]} is not installed here: `python kit.py setup {missing[0]}`"
        )
    folder = Path(out).expanduser().absolute() / "relay" / f"lesson{lesson}"
    failures: list[str] = []
    for run in runs:
        home = folder / run.name
        losses, states = run_legs(run, legs, int(lesson), data, home, forget)
        model, rows, alone = numpy(run.net, run.initial, run.optimizer), [], np.zeros(0)
        for leg, state in zip(legs, states, strict=True):
            alone = np.concatenate([alone, steps(run, model, leg.first, leg.count)])
            gaps = gap(state, plain(model.state())), gap_of_losses(losses[: leg.stop], alone)
            holds = max(gaps) <= BUDGET
            last = leg.stop - 1
            cells = [f"{leg.first} to {last}", f"{losses[last]:.6f}", *(f"{g:.1e}" for g in gaps)]
            rows.append([leg.backend, *cells, "yes" if holds else "NO"])
            if not holds:
                failures.append(f"{run.name} after {leg.backend}, step {last}: {max(gaps):.1e}")
        header = ["leg", "steps", "loss", "gap of the state", "gap of the losses", "within"]
        table(f"{run.name}, against numpy alone; budget {BUDGET:g}", header, rows)
        draw(run.name, legs, losses, alone, home / "relay.png")
        console.print(str(home / "relay.png"), markup=False)
    if failures:
        console.print(
            f"FAILED: the relay left its budget of {BUDGET:g}; first {failures[0]}", markup=False
        )
        sys.exit(1)
    console.print(f"passed on {len(legs) - 1} times, and within {BUDGET:g} everywhere")


if __name__ == "__main__":
    run_command(relay, "relay")
