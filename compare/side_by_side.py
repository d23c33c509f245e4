"""One lesson on many engines at once, each judged as soon as it and the reference are there."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from adapters import ENGINES
from adapters.contract import Array
from compare.children import Children, Task
from compare.comparison import Comparison, Finding, Noise, Outcome
from compare.engines import REFERENCE, Plan, in_order, records_named
from compare.noise import largest, noise, same_bits
from compare.records import findings
from compare.the_end import judge_the_end
from course.record import read_record
from course.settings import ROOT

Record = tuple[dict[str, Array], dict[str, Any]]
NoiseRuns = Literal["none", "reference", "all"]
Watch = Callable[[Sequence[Task]], None]  # is shown the tasks, again and again
WRONG_INPUT = 2  # a lesson's exit status for what its user can mend
BLINK = 0.1  # seconds between two looks at the children
# So that a line is seen when it is printed, in whatever language the terminal speaks.
AT_ONCE = {"PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"}


@dataclass
class SideBySide:
    """A comparison in the making."""

    plan: Plan
    engines: list[str]
    runs: NoiseRuns = "reference"
    jobs: int = field(default_factory=lambda: os.cpu_count() or 1)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    references: list[Record] = field(default_factory=list)  # one for each seed
    memos: list[dict[str, Any]] = field(default_factory=list)
    between: list[Noise] = field(default_factory=list)
    refusals: set[str] = field(default_factory=set)  # what engines said of their input

    @property
    def refused(self) -> str:
        """The complaint of every engine that ran, where all have the same: the input is wrong."""
        ran = [o for o in self.outcomes.values() if o.status != "not run"]
        same = len(self.refusals) == 1 and all({o.reason} == self.refusals for o in ran)
        return next(iter(self.refusals)) if same else ""

    def run(self, watch: Watch) -> Comparison:
        """Run every engine that is installed, and judge it; raises what Ctrl-C raises."""
        start = time.perf_counter()
        order = in_order(self.engines)
        for engine in order:
            lacking = ENGINES[engine].missing
            if lacking:
                reason = f"{', '.join(lacking)} is not installed"
                self.outcomes[engine] = Outcome(engine, "not run", reason)
        ready = [engine for engine in order if engine not in self.outcomes]
        with tempfile.TemporaryDirectory(prefix="triptych-noise-") as folder:
            tasks = [self.plan.task(engine, looks=True) for engine in ready]
            extra = self._noise_tasks(ready, folder)
            self._work([*tasks, *extra], watch)
            noises = self._noises(extra)
        ranked = dict.fromkeys([REFERENCE, *self.engines])
        comparison = Comparison(
            self.plan.lesson, self.plan.dtype, self.plan.seed, REFERENCE,
            [self.outcomes[engine] for engine in ranked], noises, largest=largest(self.between),
        )  # fmt: skip
        comparison.seconds = time.perf_counter() - start
        return comparison

    def _noise_tasks(self, ready: list[str], out: str) -> list[Task]:
        """Cheap runs, without looks and figures, in a folder that goes away."""
        if self.runs == "none":
            return []
        other = "float32" if self.plan.dtype == "float64" else "float64"
        quick = {"out": out, "seeds": 1, "no-figures": True}
        twice = ready if self.runs == "all" else [REFERENCE]
        tasks = [
            self.plan.task(e, f"{e} twice", **quick | {"out": str(Path(out, e))}) for e in twice
        ]
        next_seed = self.plan.seed + 1
        if self.plan.seeds == 1:
            what = f"{REFERENCE}, seed {next_seed} for seed {self.plan.seed}"
            tasks.append(self.plan.task(REFERENCE, what, **quick | {"seed": next_seed}))
        what = f"{REFERENCE}, {other} for {self.plan.dtype}"
        tasks.append(self.plan.task(REFERENCE, what, **quick | {"dtype": other}))
        return tasks

    def _work(self, tasks: list[Task], watch: Watch) -> None:
        waiting: list[Task] = []  # engines that ended before the reference
        with Children(
            tasks, self.jobs, os.environ | {"PYTHONPATH": str(ROOT), **AT_ONCE}
        ) as children:
            while not children.finished:
                ended = [task for task in children.poll() if "--looks" in task.command]
                watch(tasks)
                reference = [task for task in ended if task.name == REFERENCE]
                waiting += [task for task in ended if task.name != REFERENCE]
                for task in reference:
                    self._keep_reference(task)
                if REFERENCE in self.outcomes:
                    for task in waiting:
                        self._judge(task)
                    waiting.clear()
                if not ended:
                    time.sleep(BLINK)
            watch(tasks)

    def _keep_reference(self, task: Task) -> None:
        outcome = self._outcome(task)
        self.outcomes[REFERENCE] = outcome
        if outcome.status == "complete":
            self.references = [
                read_record(folder, looks=True) for folder in records_named(task.out)
            ]
            self.memos = [{} for _ in self.references]

    def _judge(self, task: Task) -> None:
        outcome = self.outcomes[task.name] = self._outcome(task)
        if outcome.status != "complete":
            return
        if not self.references:
            outcome.status = "failed"
            outcome.reason = f"there is no {REFERENCE} to judge it by"
            return
        cards = []
        for i, folder in enumerate(records_named(task.out)):
            record = read_record(folder, looks=True)
            found = findings(self.references[i], record, self.memos[i])
            outcome.findings += [replace(f, seed=self.plan.seed + i) for f in found] if i else found
            if i == 0:
                self.between.append(noise(task.name, self.references[0], record))
            cards.append(record[1])
        judge_the_end(outcome, [card for _, card in self.references], cards)

    def _noises(self, tasks: list[Task]) -> list[Noise]:
        found = []
        for task in tasks:
            engine = task.name.removesuffix(" twice")
            first = self.outcomes.get(engine if engine != task.name else REFERENCE)
            if first is None or first.folder is None:
                continue
            if task.state == "failed":
                first.notes.append(f"{task.name} failed: {task.reason}")
                continue
            one, other = read_record(first.folder), read_record(records_named(task.out)[0])
            found.append(noise(task.name, one, other))
            if engine != task.name:
                tensor, gap = same_bits(one, other)
                run, _, tensor = tensor.rpartition("/")
                tensor = f"{tensor or 'all'}, run twice"
                first.findings.append(Finding("trajectory", run, tensor, gap, 0.0))
        if len(self.references) > 1:
            what = f"{REFERENCE}, seed {self.plan.seed + 1} for seed {self.plan.seed}"
            found.append(noise(what, self.references[0], self.references[1]))
        return found

    def _outcome(self, task: Task) -> Outcome:
        if task.state == "failed":
            if task.status == WRONG_INPUT:
                self.refusals.add(task.reason)
            return Outcome(task.name, "failed", task.reason, seconds=task.seconds)
        folders = records_named(task.out)
        if len(folders) != self.plan.seeds:
            return Outcome(task.name, "failed", "it ended without a record", seconds=task.seconds)
        return Outcome(task.name, "complete", folder=folders[0], seconds=task.seconds)
