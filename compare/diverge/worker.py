"""One backend's process: it reads requests and answers them, each a line of JSON.

    python -m compare.diverge.worker BACKEND|FILE:CLASS LESSON DTYPE SEED SPECS [DATA]

SPECS is the file in which the run specs of this setting are cached. LESSON 0 is none: then SPECS
is the user's own.

Requests, each with the injections that its runs have:

    become        go on with another lesson or seed
    prepare       read the run specs, or collect them
    trace         walk every run, and write the trace to `file`
    evaluate      inject one candidate after the other: how far does each follow another trace?
    tensors       write the arrays of one step of a run to `file`
    states        write the state before each of the first steps, and its layers' outputs, to `file`
    single_steps  make each of these steps from the states in `file`, and compare with a trace
    optimizer     the optimizer that a step should have
    random        what differs between two calls from the same weights and batch
    still_epoch   the losses of an epoch that hardly moves the weights
    fits_together whether loss and gradients of a step are those of the model's own scores
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from adapters import BACKENDS, load
from adapters.contract import Model, TriptychError
from compare.budgets import budget_of_run
from compare.check_adapter.loading import load_class
from compare.diverge.gap import count_within_budget, first_over, gaps
from compare.diverge.kinks import Pass, find_kink
from compare.diverge.probing import random_calls, still_epoch
from compare.diverge.replaced import fits_together, prepared
from compare.diverge.rounding_flips import find_flip, find_magnified, with_prefix
from compare.diverge.run_specs import specs_of, with_backend
from compare.diverge.sketch import STAGES, Quantity, Sketch, sketch
from compare.diverge.trace import Trace
from compare.diverge.walk import states, walk
from course.json_process import answer_channel, requests
from course.networks import as_json
from injections import RunSpec, get
from injections.reference_network import CONTROLS

Response = dict[str, Any]


class Worker:
    """The lesson's run specs on one backend, and a method for each request."""

    def __init__(
        self, backend: str, lesson: int, dtype: str, seed: int, spec_file: Path, data: str | None
    ) -> None:
        self.dtype = dtype
        self.setting = lesson, dtype, seed, data, spec_file
        self.Model = self._load(backend)
        self.numpy = load("numpy", dtype=dtype, device="cpu")
        self.networks: dict[str, Any] = {}
        self.traces: dict[str, Trace] = {}
        self.walked: dict[tuple[str, tuple[str, ...]], list[Sketch]] = {}  # runs with injections

    def become(self, lesson: int, seed: int, data: str | None, spec_file: str) -> Response:
        """Go on with another lesson or seed; the backend and its precision stay."""
        self.setting = lesson, self.dtype, seed, data, Path(spec_file)
        self.networks, self.traces, self.walked = {}, {}, {}
        return {}

    def prepare(self) -> Response:
        """Read the run specs, or collect them from the lesson, if that has not been done."""
        if not self.networks:
            lesson, dtype, *_ = self.setting
            specs = specs_of(*self.setting)
            self.networks = {s.name: as_json(s.net) | {"steps": len(s.batches)} for s in specs}
            card = {"lesson": lesson, "dtype": dtype, "runs": self.networks}
            self.budgets = {spec.name: budget_of_run(card, spec.name) for spec in specs}
            self.run_specs = {spec.name: with_backend(spec, self.Model) for spec in specs}
        return {"runs": list(self.run_specs)}

    def _load(self, backend: str) -> type[Model]:
        if backend in BACKENDS:
            return load(backend, dtype=self.dtype, device="cpu")
        file, _, name = backend.rpartition(":")
        return load_class(Path(file), name, self.dtype)

    def _spec(self, run: str, names: list[str]) -> RunSpec:
        return prepared(self.run_specs[run], names, self.numpy)

    def trace(
        self, file: str, injections: list[str], card: dict[str, Any],
        only: list[str] | None = None, known: str = "",
    ) -> Response:  # fmt: skip
        """Walk every run to its end, or only these.

        known: a trace without injections. Runs that they leave as they are are taken from it.
        """
        before = Trace.read(Path(known)).runs if known else {}
        runs = {}
        for name in self.run_specs if only is None else only:
            spec = self._spec(name, injections)
            same = name in before and spec is self.run_specs[name]
            walked = before.get(name) if same else self.walked.get((name, tuple(injections)))
            runs[name] = walked or [sketch(q) for q in walk(spec)]
        Trace(card | {"runs": self.networks}, runs).write(Path(file))
        return {}

    def evaluate(
        self, injections: list[str], candidates: list[str], run: str, against: str
    ) -> Response:
        """How many quantities of the other trace each candidate explains, from the first one on.

        A run that it explains to the end is kept for the trace, which comes next.
        """
        if against not in self.traces:
            self.traces[against] = Trace.read(Path(against))
        theirs = self.traces[against].runs[run]
        base = self._spec(run, injections)
        explained = {}
        for name in candidates:
            candidate = CONTROLS[name] if name in CONTROLS else get(name)
            if candidate.shows(base):
                changed = (
                    candidate.into(base) if name in CONTROLS
                    else self._spec(run, [*injections, name])
                )  # fmt: skip
                ours = self._sketches(run, changed, [*injections, name])
                found = gaps(run, ours, theirs, self.budgets[run], self.dtype)
                explained[name] = count_within_budget(found)
        return {"explained": explained}

    def _sketches(self, run: str, spec: RunSpec, injections: list[str]) -> Iterator[Sketch]:
        walked = []
        for quantity in walk(spec):
            walked.append(sketch(quantity))
            yield walked[-1]
        if injections == sorted(injections):  # as the trace applies them
            self.walked[run, tuple(injections)] = walked

    def tensors(self, injections: list[str], run: str, step: int, file: str) -> Response:
        """Write every array of one step to a file."""
        arrays = {}
        for q in walk(self._spec(run, injections)):
            if q.step == step:
                arrays[f"{q.stage}/{q.tensor}"] = q.array
            if q.step > step:
                break
        np.savez(file, **arrays)  # type: ignore[arg-type]
        return {}

    def states(self, injections: list[str], run: str, steps: int, file: str) -> Response:
        """Write the state before each of the first steps and after the last, and layer outputs."""
        arrays: dict[str, Any] = {}
        spec = self._spec(run, injections)
        i = 0
        for i, (state, outputs) in enumerate(states(spec, steps)):
            arrays |= {f"{i}/state/{key}": array for key, array in state.items()}
            arrays |= {f"{i}/x": spec.batch(i)[0]} if outputs else {}
            arrays |= {f"{i}/output/{k}": array for k, array in enumerate(outputs)}
        np.savez(file, **arrays)
        return {"steps": i}

    def single_steps(
        self, injections: list[str], run: str, steps: int, file: str, against: str
    ) -> Response:
        """Make each step from the other's state; the first over its budget, and the first flip."""
        spec = self._spec(run, injections)
        theirs = Trace.read(Path(against)).runs[run]
        first_flip = ""
        with np.load(file, allow_pickle=False) as arrays:
            for i in range(steps):
                state = with_prefix(arrays, f"{i}/state/")
                outputs = with_prefix(arrays, f"{i}/output/")
                quantities = list(walk(spec, (i, state), 1))
                expected = {s.place: s for s in theirs if s.step in (-1, i)}
                ours = [sketch(q) for q in quantities]
                pairs = [(s, expected[s.place]) for s in ours if s.place in expected]
                over = first_over(gaps(run, *_unzip(pairs), self.budgets[run], self.dtype))
                layer_outputs = [q.array for q in quantities if q.stage == "layer output"]
                flip, flipped_at = find_flip(outputs, layer_outputs), "layer output"
                if not flip and not spec.net.is_dense:
                    params = [state[f"param_{k}"] for k in range(len(spec.net.shapes))]
                    passes = [Pass(params, spec.batch(i)[0], outs)
                              for outs in (list(outputs.values()), layer_outputs)]  # fmt: skip
                    flip = find_kink(spec.net, *passes)
                if over is not None and not flip:
                    after = with_prefix(arrays, f"{i + 1}/state/")
                    flip = find_magnified(after, _state_after(quantities), spec.net)
                    flipped_at = "optimizer slot"
                if over is not None and not (flip and _is_after(over.stage, flipped_at)):
                    return {"over": str(over), "flip": ""}
                first_flip = first_flip or (f"{flip} in step {i}" if flip else "")
        return {"over": "", "flip": first_flip}

    def optimizer(self, run: str, step: int) -> Response:
        """The optimizer that a step should have, by kind and constants."""
        o = self.run_specs[run].optimizer_at(step)
        return {"kind": type(o).__name__, "constants": asdict(o)}

    def random(self, run: str, injections: list[str]) -> Response:
        """What differs between two calls from the same weights and batch."""
        return {"calls": random_calls(self._spec(run, injections))}

    def still_epoch(self, run: str, injections: list[str]) -> Response:
        """The losses of an epoch that hardly moves the weights, and those expected."""
        return still_epoch(self._spec(run, injections), self.numpy)

    def fits_together(self, run: str, step: int, injections: list[str]) -> Response:
        """Whether loss and gradients are those of the model's own scores."""
        spec = self._spec(run, injections)
        model = spec.Model(spec.net, spec.initial, spec.optimizer)
        for i in range(step):
            model.step(*spec.batch(i))
        loss, gradient = fits_together(model, *spec.batch(step))
        return {"loss": loss, "gradient": gradient}


def _is_after(stage: str, other: str) -> bool:
    return STAGES.index(stage) > STAGES.index(other)


def _state_after(quantities: list[Quantity]) -> dict[str, Any]:
    """Weights and first moments after a step, by their names in a state."""
    weights = [q.array for q in quantities if q.stage == "update"]
    moments = [q.array for q in quantities if q.tensor.startswith("first moment")]
    return {
        **{f"param_{i}": array for i, array in enumerate(weights)},
        **{f"first_moment_{i}": array for i, array in enumerate(moments)},
    }


def _unzip(pairs: list[tuple[Sketch, Sketch]]) -> tuple[list[Sketch], list[Sketch]]:
    return [one for one, _ in pairs], [other for _, other in pairs]


def main() -> None:
    """Answer requests until standard input is closed."""
    answer = answer_channel()
    backend, lesson, dtype, seed, spec_file, *rest = sys.argv[1:]
    data = rest[0] if rest else None
    try:
        worker = Worker(backend, int(lesson), dtype, int(seed), Path(spec_file), data)
        answer({"ready": worker.Model.backend})
    except TriptychError as error:
        answer({"error": str(error)})
        return
    for request in requests():
        do: Callable[..., Response] = getattr(worker, request.pop("do"))
        try:
            if do != worker.become:
                worker.prepare()
            answer(do(**request))
        except TriptychError as error:
            answer({"error": str(error)})
    os._exit(0)  # skip the framework's own shutdown, which can hang


if __name__ == "__main__":
    main()
