"""Judge mutants: those of a suite by its tests, and an adapter's by the laws."""

from __future__ import annotations

import json
import os
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from tests.mutation.mutants import ROOT, Mutant, Outcome
from tests.mutation.suites import Suite
from tests.mutation.survivors import Killers
from tests.mutation.workers import Worker, copied_tree, free

# Judge the mutants of a suite by its tests: those that run the changed line, the fastest first.

ENOUGH = 8.0  # seconds of tests that a mutant is tried on at most, the fastest of them
MEASURING_TESTS = 900.0  # seconds that all tests of a suite may take, once
UNMEASURED = 120.0  # a mutant's processor time where its tests were not measured
# A mutant's processor time: this many times its tests' seconds, and this more.
LIMIT_BY_TESTS = (3.0, 10.0)
_numbers = count()  # another one for each job of a worker

OnOutcome = Callable[[Outcome], None]


@dataclass
class Map:
    """Which tests run which lines, how long each takes, and which have killed what so far."""

    suite: Suite
    seconds: dict[str, float]
    lines: dict[str, dict[str, list[str]]]
    remembered: Killers = field(default_factory=Killers)
    killers: dict[tuple[str, int], str] = field(default_factory=dict)
    kills: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def tests_of(self, mutant: Mutant) -> list[str]:
        """The tests to try, best first.

        Where a test runs the line, all the tests of its file are tried, as a fixture may have run
        it for them; a line that no test runs was run by an import, and all are tried.
        """
        lines = self.lines.get(mutant.file, {})
        near = {t for n in range(mutant.line, mutant.line + 1) for t in lines.get(str(n), []) if t}
        files = {test.partition("::")[0] for test in near}
        kin = {test for test in self.seconds if test.partition("::")[0] in files}
        always = {t for t in self.seconds if t.startswith(self.suite.always or ("\0",))}
        kills, last = self.kills[mutant.file], self.killers.get((mutant.file, mutant.line), "")
        last = last or next(iter(self.remembered.first(mutant)), "")

        def rank(test: str) -> tuple[bool, bool, float]:
            return test != last, test not in near, self.seconds.get(test, 0) / (1 + kills[test])

        chosen, total = [], 0.0
        for test in sorted((kin or set(self.seconds)) | always, key=rank):
            total += self.seconds.get(test, 0)
            if test in self.seconds and (total <= ENOUGH or test == last):
                chosen.append(test)
        return chosen

    def note(self, mutant: Mutant, by: str) -> None:
        """Remember what killed a mutant: its neighbours may die of the same."""
        if by in self.seconds:
            self.killers[mutant.file, mutant.line] = by
            self.kills[mutant.file][by] += 1


def measure(worker: Worker, suite: Suite) -> Map:
    """The map of a suite; an error where one of its tests fails without a mutant."""
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder) / "map.json"
        tests = [t for t in suite.tests if (ROOT / t).exists()]
        job = {
            "files": list(suite.files),
            "tests": tests,
            "into": str(into),
            "limit": MEASURING_TESTS,
        }
        answer = worker.ask(job, MEASURING_TESTS * 8)
        if answer is None or not into.exists():
            raise RuntimeError(f"the tests of {suite.name} cannot be run: {answer}")
        results: dict[str, Any] = json.loads(into.read_text(encoding="utf-8"))
    if results["failed"]:
        raise RuntimeError(f"without a mutant these fail: {', '.join(results['failed'])}")
    return Map(suite, results["seconds"], results["lines"])


def unmeasured(worker: Worker, mutant: Mutant, first: list[str], files: Sequence[str]) -> Outcome:
    """The outcome of one mutant by all tests of these files, the named ones first."""
    job = {"file": mutant.file, "source": mutant.source, "tests": first, "others": list(files),
           "number": next(_numbers), "limit": UNMEASURED}  # fmt: skip
    answer = worker.ask(job, 10 * UNMEASURED)
    answer = answer or {"status": "timed out", "by": "its time limit"}
    return Outcome(mutant, answer["status"], answer["by"])


def judge_by_tests(
    suite: Suite, mutants: list[Mutant], jobs: int, killers: Killers, on_outcome: OnOutcome
) -> list[Outcome]:
    """The outcome of each mutant, in the order given; each is reported as soon as it is known.

    Tests are measured first, so that only those that run a changed line are tried.
    """
    with ExitStack() as stack:
        workers = [
            Worker("tests.mutation.forked", tree=stack.enter_context(copied_tree()))
            for _ in range(jobs)
        ]
        for worker in workers:
            stack.callback(worker.close)
        tests = measure(workers[0], suite)
        tests.remembered, queue = killers, free(workers)

        def tried(numbered: tuple[int, Mutant]) -> Outcome:
            number, mutant = numbered
            order = tests.tests_of(mutant)
            factor, more = LIMIT_BY_TESTS
            limit = factor * sum(tests.seconds[t] for t in order) + more
            job = {"file": mutant.file, "source": mutant.source, "tests": order, "others": [],
                   "number": number, "limit": limit}  # fmt: skip
            worker = queue.get()
            try:
                answer = worker.ask(job, 10 * limit)
            finally:
                queue.put(worker)
            answer = answer or {"status": "timed out", "by": "its time limit"}
            tests.note(mutant, answer["by"])
            outcome = Outcome(mutant, answer["status"], answer["by"])
            on_outcome(outcome)
            return outcome

        with ThreadPoolExecutor(jobs) as pool:
            return list(pool.map(tried, enumerate(mutants)))


def cores() -> int:
    """How many mutants to try at a time."""
    return max(1, len(os.sched_getaffinity(0)))


# Judge an adapter's mutants by the laws, in a warm process of each backend that runs it.

MEASURING_LAWS = 1200.0  # seconds that all trials of a backend may take, once
# A mutant's processor time: this many times its trials' seconds, and this more.
LIMIT_BY_LAWS = (4.0, 20.0)
PATIENCE = 8  # times that, in seconds on the wall, before its process is ended


@dataclass
class Order:
    """The order of the trials for a mutant: those that run its line, the deadliest first."""

    seconds: dict[str, float]
    groups: dict[str, str]
    lines: dict[str, dict[str, list[str]]]
    remembered: Killers
    killers: dict[tuple[str, int], str] = field(default_factory=dict)
    kills: Counter[str] = field(default_factory=Counter)

    def of(self, mutant: Mutant) -> list[str]:
        """The trials of a mutant, group by group, since those of a group share a model.

        A line that no trial runs was run by the import, or is compiled before anyone can look:
        then all are tried.
        """
        near = set(self.lines.get(mutant.file, {}).get(str(mutant.line), []))
        near = near or set(self.groups.values())
        cost: dict[str, float] = defaultdict(float)
        deaths: Counter[str] = Counter()
        for name, group in self.groups.items():
            cost[group] += self.seconds[name]
            deaths[group] += self.kills[name]
        last = self.killers.get((mutant.file, mutant.line), "")
        last = last or next(iter(self.remembered.first(mutant)), "")

        def rank(name: str) -> tuple[bool, float, str, int]:
            group = self.groups[name]
            return name != last, cost[group] / (1 + deaths[group]), group, -self.kills[name]

        return sorted((n for n, group in self.groups.items() if group in near), key=rank)

    def note(self, mutant: Mutant, by: str) -> None:
        """Remember what killed a mutant: its neighbours may die of the same."""
        if by in self.groups:
            self.killers[mutant.file, mutant.line] = by
            self.kills[by] += 1


def judge_by_laws(
    backend: str,
    dtype: str,
    mutants: list[Mutant],
    jobs: int,
    killers: Killers,
    on_outcome: OnOutcome,
) -> list[Outcome]:
    """The outcome of each mutant on one backend and precision, in the order given."""
    with ExitStack() as stack:
        workers = [Worker("tests.mutation.backend", backend, dtype) for _ in range(jobs)]
        for worker in workers:
            stack.callback(worker.close)
        job: dict[str, Any] = {"files": sorted({m.file for m in mutants})}
        results = workers[0].ask(job, MEASURING_LAWS)
        if results is None or results["failed"]:
            failed = results and results["failed"]
            raise RuntimeError(f"{backend} {dtype}, without a mutant: {failed}")
        order = Order(results["seconds"], results["groups"], results["lines"], killers)
        queue = free(workers)

        def tried(mutant: Mutant) -> Outcome:
            trials = order.of(mutant)
            factor, more = LIMIT_BY_LAWS
            limit = factor * sum(order.seconds[name] for name in trials) + more
            job = {"file": mutant.file, "source": mutant.source, "order": trials, "limit": limit}
            worker = queue.get()
            try:
                answer = worker.ask(job, PATIENCE * limit)
                if answer is not None and answer["full"]:
                    worker.close()
            finally:
                queue.put(worker)
            answer = answer or {"status": "timed out", "by": "its process"}
            order.note(mutant, answer["by"])
            outcome = Outcome(mutant, answer["status"], answer["by"])
            on_outcome(outcome)
            return outcome

        with ThreadPoolExecutor(jobs) as pool:
            return list(pool.map(tried, mutants))
