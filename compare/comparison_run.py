"""Run one lesson on many backends at once, and judge each as soon as it and the reference end."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from adapters import BACKENDS
from adapters.contract import Array
from compare.backends import REFERENCE, LessonTask, Plan, start_order
from compare.chaotic_runs import judge_final_accuracy
from compare.comparison import Comparison, Finding, Noise, Outcome
from compare.findings import findings
from compare.noise import largest, noise, same_bits
from course.record import read_record

Record = tuple[dict[str, Array], dict[str, Any]]
NoiseRuns = Literal["none", "reference", "all"]
WRONG_INPUT = 2  # a lesson's exit status for input that the user can correct


@dataclass
class ComparisonRun:
    """A comparison in progress: `begin`, then `judge_finished` whenever tasks end, then `end`."""

    plan: Plan
    backends: list[str]
    runs: NoiseRuns = "reference"
    each_seed: bool = False  # run every seed in a process of its own
    recorded: Mapping[str, Path] = field(default_factory=dict)  # records of backends that have run
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    references: list[Record] = field(default_factory=list)  # one for each seed
    memos: list[dict[str, Any]] = field(default_factory=list)
    backend_gaps: list[Noise] = field(default_factory=list)
    refusals: set[str] = field(default_factory=set)  # the backends' messages about their input
    lesson_tasks: dict[str, list[LessonTask]] = field(default_factory=dict)  # by installed backend
    noise_tasks: list[LessonTask] = field(default_factory=list)  # they only measure noise
    started: float = 0.0

    @property
    def refused(self) -> str:
        """The message of every backend that ran, if all give the same one: the input is wrong."""
        ran = [o for o in self.outcomes.values() if o.status != "not run"]
        same = len(self.refusals) == 1 and all({o.reason} == self.refusals for o in ran)
        return next(iter(self.refusals)) if same else ""

    @property
    def tasks(self) -> list[LessonTask]:
        """All tasks, the most urgent first."""
        return [task for tasks in self.lesson_tasks.values() for task in tasks] + self.noise_tasks

    @property
    def finished(self) -> bool:
        """Whether every task has ended."""
        return all(task.finished for task in self.tasks)

    def begin(self, scratch: str) -> None:
        """Create the tasks of every backend that is installed. scratch: a temporary folder."""
        self.started = time.perf_counter()
        for backend in start_order(self.backends):
            missing = BACKENDS[backend].missing
            if missing:
                reason = f"{', '.join(missing)} is not installed"
                self.outcomes[backend] = Outcome(backend, "not run", reason)
                continue
            plans = self.plan.each_seed() if self.each_seed else [self.plan]
            self.lesson_tasks[backend] = [plan.task(backend, probes=True) for plan in plans]
            if backend in self.recorded:
                (task,) = self.lesson_tasks[backend]  # a record is of one seed
                task.state, task.records = "done", [self.recorded[backend]]
        self.noise_tasks = self._make_noise_tasks(list(self.lesson_tasks), scratch)
        for i, task in enumerate(self.tasks):
            task.report_to(Path(scratch, f"task{i}.json"))
        for task in self.tasks if self.each_seed else []:
            task.label = f"lesson {self.plan.lesson}, {self.plan.dtype}: {task.name}"
        for tasks in self.lesson_tasks.values() if self.plan.seeds > 1 and self.each_seed else []:
            for i, task in enumerate(tasks):
                task.label += f", seed {self.plan.seed + i}"

    def judge_finished(self) -> None:
        """Judge every backend whose tasks have all ended, once the reference has."""
        for backend, tasks in self.lesson_tasks.items():  # the reference is the first
            if backend in self.outcomes or not all(task.finished for task in tasks):
                continue
            if backend == REFERENCE:
                self._read_reference(tasks)
            elif REFERENCE in self.outcomes:
                self._judge(backend, tasks)

    def end(self) -> Comparison:
        """The result, once every task has ended."""
        noises = self._noises(self.noise_tasks)
        ranked = dict.fromkeys([REFERENCE, *self.backends])
        comparison = Comparison(
            self.plan.lesson, self.plan.dtype, self.plan.seed, REFERENCE,
            [self.outcomes[backend] for backend in ranked], noises,
            largest=largest(self.backend_gaps),
        )  # fmt: skip
        comparison.seconds = time.perf_counter() - self.started
        return comparison

    def _make_noise_tasks(self, ready: list[str], out: str) -> list[LessonTask]:
        """Cheap runs without probes and figures, in a temporary folder."""
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

    def _read_reference(self, tasks: list[LessonTask]) -> None:
        outcome = self.outcomes[REFERENCE] = self._outcome(REFERENCE, tasks)
        if outcome.status == "complete":
            self.references = [read_record(folder, probes=True) for folder in _records(tasks)]
            outcome.notes += self.references[0][1].get("doubts", [])
            self.memos = [{} for _ in self.references]

    def _judge(self, backend: str, tasks: list[LessonTask]) -> None:
        outcome = self.outcomes[backend] = self._outcome(backend, tasks)
        if outcome.status != "complete":
            return
        if not self.references:
            outcome.status = "failed"
            outcome.reason = f"it cannot be judged without {REFERENCE}, the reference"
            return
        cards = []
        for i, folder in enumerate(_records(tasks)):
            record = read_record(folder, probes=True)
            new = findings(self.references[i], record, self.memos[i])
            outcome.findings += [replace(f, seed=self.plan.seed + i) for f in new] if i else new
            if i == 0:
                self.backend_gaps.append(noise(backend, self.references[0], record))
            cards.append(record[1])
        judge_final_accuracy(outcome, [card for _, card in self.references], cards)

    def _noises(self, tasks: list[LessonTask]) -> list[Noise]:
        noises = []
        for task in tasks:
            backend = task.name.removesuffix(" twice")
            first = self.outcomes.get(backend if backend != task.name else REFERENCE)
            if first is None or first.folder is None:
                continue
            if task.state == "failed":
                first.notes.append(f"{task.name} failed: {task.reason}")
                continue
            one, other = read_record(first.folder), read_record(task.records[0])
            noises.append(noise(task.name, one, other))
            if backend != task.name:
                tensor, gap = same_bits(one, other)
                run, _, tensor = tensor.rpartition("/")
                tensor = f"{tensor or 'all'}, run twice"
                first.findings.append(Finding("trajectory", run, tensor, gap, 0.0))
        if len(self.references) > 1:
            what = f"{REFERENCE}, seed {self.plan.seed + 1} for seed {self.plan.seed}"
            noises.append(noise(what, self.references[0], self.references[1]))
        return noises

    def _outcome(self, backend: str, tasks: list[LessonTask]) -> Outcome:
        seconds = sum(task.seconds for task in tasks)
        for task in tasks:
            if task.state == "failed":
                if task.status == WRONG_INPUT:
                    self.refusals.add(task.reason)
                return Outcome(backend, "failed", task.reason, seconds=seconds)
        folders = _records(tasks)
        if len(folders) != self.plan.seeds:
            return Outcome(backend, "failed", "it ended without a record", seconds=seconds)
        return Outcome(backend, "complete", folder=folders[0], seconds=seconds)


def compare_recorded(plan: Plan, recorded: Mapping[str, Path]) -> Comparison:
    """Judge backends by the records that they have left; nothing runs.

    recorded: a record with probes of each backend, among them the reference's.
    """
    run = ComparisonRun(plan, list(recorded), "none", recorded=recorded)
    with tempfile.TemporaryDirectory(prefix="triptych-") as scratch:
        run.begin(scratch)
        run.judge_finished()
    return run.end()


def _records(tasks: Sequence[LessonTask]) -> list[Path]:
    return [folder for task in tasks for folder in task.records]
