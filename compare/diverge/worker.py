"""One backend's process: it is told what to run, a line of JSON at a time, and answers so.

    python -m compare.diverge.worker BACKEND|FILE:CLASS LESSON DTYPE SEED RECIPES [DATA]

RECIPES is the file where the recipes of this setting are kept, or will be.

Requests, each with the plants that its runs have in them:

    trace     walk every run, and write the trace to `file`
    suppose   plant one candidate after the other in a run; how far does each follow another trace?
    tensors   the arrays of one step of a run, written to `file`
    states    what each of the first steps of a run finds, and its layers' outputs, to `file`
    singles   make each of these steps from the states in `file`, against the other's trace
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from adapters import BACKENDS, load
from adapters.contract import Model, TriptychError
from compare.check_adapter.loading import load_class
from compare.diverge.gap import count_held, first_over, gaps
from compare.diverge.recipes import on, recipes
from compare.diverge.rounding_flips import flipped, magnified, under
from compare.diverge.sketch import STAGES, Quantity, Sketch, sketch
from compare.diverge.trace import Trace
from compare.diverge.walk import states, walk
from injections import INJECTIONS, inject
from injections.controls import CONTROLS

Answer = dict[str, Any]


class Worker:
    """The lesson's recipes on one backend, and what can be asked of them."""

    def __init__(
        self, backend: str, lesson: int, dtype: str, seed: int, kept: Path, data: str | None
    ) -> None:
        self.lesson, self.dtype = lesson, dtype
        found = recipes(lesson, dtype, seed, data, kept)
        self.Model = self._load(backend)
        self.recipes = {recipe.name: on(recipe, self.Model) for recipe in found}
        self.traces: dict[str, Trace] = {}

    def _load(self, backend: str) -> type[Model]:
        if backend in BACKENDS:
            return load(backend, dtype=self.dtype, device="cpu")
        file, _, name = backend.rpartition(":")
        return load_class(Path(file), name, self.dtype)

    def trace(self, file: str, injections: list[str], card: dict[str, Any]) -> Answer:
        """Walk every run to its end."""
        runs = {
            name: [sketch(q) for q in walk(inject(recipe, injections))]
            for name, recipe in self.recipes.items()
        }
        Trace(card, runs).write(Path(file))
        return {}

    def suppose(
        self, injections: list[str], candidates: list[str], run: str, against: str
    ) -> Answer:
        """How many quantities of the other trace each candidate explains, from the first on."""
        if against not in self.traces:
            self.traces[against] = Trace.read(Path(against))
        theirs = self.traces[against].runs[run]
        base = inject(self.recipes[run], injections)
        reached = {}
        for name in candidates:
            candidate = INJECTIONS[name] if name in INJECTIONS else CONTROLS[name]
            if candidate.shows(base):
                ours = (sketch(q) for q in walk(candidate.into(base)))
                reached[name] = count_held(gaps(run, ours, theirs, self.lesson, self.dtype))
        return {"reached": reached}

    def tensors(self, injections: list[str], run: str, step: int, file: str) -> Answer:
        """Every array of one step."""
        found = {}
        for q in walk(inject(self.recipes[run], injections)):
            if q.step == step:
                found[f"{q.stage}/{q.tensor}"] = q.array
            if q.step > step:
                break
        np.savez(file, **found)  # type: ignore[arg-type]
        return {}

    def states(self, injections: list[str], run: str, steps: int, file: str) -> Answer:
        """What each of the first steps finds, its layers put out, and the last of them leaves."""
        found: dict[str, Any] = {}
        recipe = inject(self.recipes[run], injections)
        i = 0
        for i, (state, outputs) in enumerate(states(recipe, steps)):
            found |= {f"{i}/state/{key}": array for key, array in state.items()}
            found |= {f"{i}/output/{k}": array for k, array in enumerate(outputs)}
        np.savez(file, **found)
        return {"steps": i}

    def singles(
        self, injections: list[str], run: str, steps: int, file: str, against: str
    ) -> Answer:
        """Each step from the other's state: the first that is over, and the first flip."""
        recipe = inject(self.recipes[run], injections)
        theirs = Trace.read(Path(against)).runs[run]
        said = ""
        with np.load(file, allow_pickle=False) as arrays:
            for i in range(steps):
                state, outputs = (under(arrays, f"{i}/{what}/") for what in ("state", "output"))
                seen = list(walk(recipe, (i, state), 1))
                wanted = {s.place: s for s in theirs if s.step in (-1, i)}
                ours = [sketch(q) for q in seen]
                pairs = [(s, wanted[s.place]) for s in ours if s.place in wanted]
                over = first_over(gaps(run, *_parted(pairs), self.lesson, self.dtype))
                flip = flipped(outputs, [q.array for q in seen if q.stage == "layer output"])
                born = "layer output"
                if over is not None and not flip:
                    flip = magnified(under(arrays, f"{i + 1}/state/"), _left_by(seen))
                    born = "optimizer slot"
                if over is not None and not (flip and _after(over.stage, born)):
                    return {"over": str(over), "flip": ""}
                said = said or (f"{flip} in step {i}" if flip else "")
        return {"over": "", "flip": said}


def _after(stage: str, other: str) -> bool:
    return STAGES.index(stage) > STAGES.index(other)


def _left_by(seen: list[Quantity]) -> dict[str, Any]:
    """Weights and first moments after a step, under their names in a state."""
    weights = [q.array for q in seen if q.stage == "update"]
    moments = [q.array for q in seen if q.tensor.startswith("first moment")]
    return {
        **{f"param_{i}": array for i, array in enumerate(weights)},
        **{f"first_moment_{i}": array for i, array in enumerate(moments)},
    }


def _parted(pairs: list[tuple[Sketch, Sketch]]) -> tuple[list[Sketch], list[Sketch]]:
    return [one for one, _ in pairs], [other for _, other in pairs]


def main() -> None:
    """Answer until nobody asks any more."""
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a framework or a lesson prints is no answer
    backend, lesson, dtype, seed, kept, *data = sys.argv[1:]
    given = data[0] if data else None
    try:
        worker = Worker(backend, int(lesson), dtype, int(seed), Path(kept), given)
        _say(channel, {"ready": worker.Model.backend})
    except TriptychError as error:
        _say(channel, {"error": str(error)})
        return
    for line in sys.stdin:
        request = json.loads(line)
        do: Callable[..., Answer] = getattr(worker, request.pop("do"))
        _say(channel, do(**request))
    channel.flush()
    os._exit(0)  # a framework's own shutdown has nothing to add


def _say(channel: Any, answer: Answer) -> None:
    channel.write(json.dumps(answer) + "\n")
    channel.flush()


if __name__ == "__main__":
    main()
