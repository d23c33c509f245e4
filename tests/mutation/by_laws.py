"""Judge an adapter's mutants by the laws, in a warm process of each backend that runs it."""

from __future__ import annotations

from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from tests.mutation.by_tests import OnOutcome
from tests.mutation.mutants import Mutant, Outcome
from tests.mutation.survivors import Killers
from tests.mutation.workers import Worker, free

MEASURING = 1200.0  # seconds that all trials of a backend may take, once
LIMIT = (4.0, 20.0)  # a mutant's processor time: this many times its trials' seconds, and this more
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


def judge(
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
        results = workers[0].ask(job, MEASURING)
        if results is None or results["failed"]:
            failed = results and results["failed"]
            raise RuntimeError(f"{backend} {dtype}, without a mutant: {failed}")
        order = Order(results["seconds"], results["groups"], results["lines"], killers)
        queue = free(workers)

        def tried(mutant: Mutant) -> Outcome:
            trials = order.of(mutant)
            limit = LIMIT[0] * sum(order.seconds[name] for name in trials) + LIMIT[1]
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
