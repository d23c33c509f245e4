"""One lesson on many backends at once, each judged as soon as it and the reference are there."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from adapters import BACKENDS
from adapters.contract import Array
from compare.backends import REFERENCE, LessonTask, Plan, start_order, record_folders
from compare.chaotic_runs import judge_final_accuracy
from compare.comparison import Comparison, Finding, Noise, Outcome
from compare.findings import findings
from compare.noise import largest, noise, same_bits
from course.record import read_record

Record = tuple[dict[str, Array], dict[str, Any]]
NoiseRuns = Literal["none", "reference", "all"]
WRONG_INPUT = 2  # a lesson's exit status for what its user can mend


@dataclass
class ComparisonRun:
    """A comparison in the making: `begin`, then `take` whenever tasks have ended, then `end`."""

    plan: Plan
    backends: list[str]
    runs: NoiseRuns = "reference"
    each_seed: bool = False  # in a process of its own
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    references: list[Record] = field(default_factory=list)  # one for each seed
    memos: list[dict[str, Any]] = field(default_factory=list)
    between: list[Noise] = field(default_factory=list)
    refusals: set[str] = field(default_factory=set)  # what backends said of their input
    cells: dict[str, list[LessonTask]] = field(default_factory=dict)  # of each backend that is installed
    extra: list[LessonTask] = field(default_factory=list)  # what only measures noise
    begun: float = 0.0

    @property
    def refused(self) -> str:
        """The complaint of every backend that ran, where all have the same: the input is wrong."""
        ran = [o for o in self.outcomes.values() if o.status != "not run"]
        same = len(self.refusals) == 1 and all({o.reason} == self.refusals for o in ran)
        return next(iter(self.refusals)) if same else ""

    @property
    def tasks(self) -> list[LessonTask]:
        """All there is to run, the most urgent first."""
        return [cell for cells in self.cells.values() for cell in cells] + self.extra

    @property
    def finished(self) -> bool:
        """Whether all of it has ended."""
        return all(task.finished for task in self.tasks)

    def begin(self, scratch: str) -> None:
        """Lay out the tasks of every backend that is installed; scratch: a folder that goes away."""
        self.begun = time.perf_counter()
        for backend in start_order(self.backends):
            lacking = BACKENDS[backend].missing
            if lacking:
                reason = f"{', '.join(lacking)} is not installed"
                self.outcomes[backend] = Outcome(backend, "not run", reason)
                continue
            plans = self.plan.each_seed() if self.each_seed else [self.plan]
            self.cells[backend] = [plan.task(backend, probes=True) for plan in plans]
        self.extra = self._noise_tasks(list(self.cells), scratch)
        for cell in self.tasks if self.each_seed else []:
            cell.label = f"lesson {self.plan.lesson}, {self.plan.dtype}: {cell.name}"
        for cells in self.cells.values() if self.plan.seeds > 1 and self.each_seed else []:
            for i, cell in enumerate(cells):
                cell.label += f", seed {self.plan.seed + i}"

    def take(self) -> None:
        """Judge every backend whose tasks have all ended, once the reference is there."""
        for backend, cells in self.cells.items():  # the reference is the first
            if backend in self.outcomes or not all(cell.finished for cell in cells):
                continue
            if backend == REFERENCE:
                self._keep_reference(cells)
            elif REFERENCE in self.outcomes:
                self._judge(backend, cells)

    def end(self) -> Comparison:
        """What was found, once everything has ended."""
        noises = self._noises(self.extra)
        ranked = dict.fromkeys([REFERENCE, *self.backends])
        comparison = Comparison(
            self.plan.lesson, self.plan.dtype, self.plan.seed, REFERENCE,
            [self.outcomes[backend] for backend in ranked], noises, largest=largest(self.between),
        )  # fmt: skip
        comparison.seconds = time.perf_counter() - self.begun
        return comparison

    def _noise_tasks(self, ready: list[str], out: str) -> list[LessonTask]:
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

    def _keep_reference(self, cells: list[LessonTask]) -> None:
        outcome = self.outcomes[REFERENCE] = self._outcome(REFERENCE, cells)
        if outcome.status == "complete":
            self.references = [read_record(folder, probes=True) for folder in _records(cells)]
            outcome.notes += self.references[0][1].get("doubts", [])
            self.memos = [{} for _ in self.references]

    def _judge(self, backend: str, cells: list[LessonTask]) -> None:
        outcome = self.outcomes[backend] = self._outcome(backend, cells)
        if outcome.status != "complete":
            return
        if not self.references:
            outcome.status = "failed"
            outcome.reason = f"there is no {REFERENCE} to judge it by"
            return
        cards = []
        for i, folder in enumerate(_records(cells)):
            record = read_record(folder, probes=True)
            found = findings(self.references[i], record, self.memos[i])
            outcome.findings += [replace(f, seed=self.plan.seed + i) for f in found] if i else found
            if i == 0:
                self.between.append(noise(backend, self.references[0], record))
            cards.append(record[1])
        judge_final_accuracy(outcome, [card for _, card in self.references], cards)

    def _noises(self, tasks: list[LessonTask]) -> list[Noise]:
        found = []
        for task in tasks:
            backend = task.name.removesuffix(" twice")
            first = self.outcomes.get(backend if backend != task.name else REFERENCE)
            if first is None or first.folder is None:
                continue
            if task.state == "failed":
                first.notes.append(f"{task.name} failed: {task.reason}")
                continue
            one, other = read_record(first.folder), read_record(record_folders(task.out)[0])
            found.append(noise(task.name, one, other))
            if backend != task.name:
                tensor, gap = same_bits(one, other)
                run, _, tensor = tensor.rpartition("/")
                tensor = f"{tensor or 'all'}, run twice"
                first.findings.append(Finding("trajectory", run, tensor, gap, 0.0))
        if len(self.references) > 1:
            what = f"{REFERENCE}, seed {self.plan.seed + 1} for seed {self.plan.seed}"
            found.append(noise(what, self.references[0], self.references[1]))
        return found

    def _outcome(self, backend: str, cells: list[LessonTask]) -> Outcome:
        seconds = sum(cell.seconds for cell in cells)
        for cell in cells:
            if cell.state == "failed":
                if cell.status == WRONG_INPUT:
                    self.refusals.add(cell.reason)
                return Outcome(backend, "failed", cell.reason, seconds=seconds)
        folders = _records(cells)
        if len(folders) != self.plan.seeds:
            return Outcome(backend, "failed", "it ended without a record", seconds=seconds)
        return Outcome(backend, "complete", folder=folders[0], seconds=seconds)


def _records(cells: Sequence[LessonTask]) -> list[Path]:
    return [folder for cell in cells for folder in record_folders(cell.out)]
