"""The avoidable time of an epoch that an adapter leaves, as a share of a native program's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf, isinf

from adapters import BACKENDS
from benchmarks.implementations import framework_of
from benchmarks.interleaving import Laps, quartiles
from benchmarks.problem import LESSONS
from benchmarks.results_store import ResultsStore
from compare.native.programs import file_of

# Of an epoch no program can avoid the matrix products, and what else it takes is avoidable: calls
# of the framework, copies, the arithmetic between the products. Half of that is the goal, on every
# backend and network: the adapter then is at least as near to the limit as to the native program.
GOAL = 0.5
HEADER = ["lesson", "backend", "against", "ms", "theirs", "limit", "share", "quartiles", ""]
AT_ITS_LIMIT = "at its limit"


def shares(laps: Laps, program: str = "program") -> list[float]:
    """(ours − limit) / (theirs − limit) of each round; inf where theirs leaves nothing to avoid."""
    rounds = zip(laps["backend"], laps[program], laps["products"], strict=True)
    return [(a - limit) / (b - limit) if b > limit else inf for a, b, limit in rounds]


@dataclass(frozen=True)
class Row:
    """An adapter and a native program on the network of a lesson."""

    lesson: int
    backend: str
    against: str
    seconds: tuple[float, float, float]  # of an epoch, medians: the backend, the program, the limit
    share: tuple[float, float, float]  # quartiles

    @property
    def verdict(self) -> str:
        """Whether the median reaches the goal, if the program leaves anything to avoid."""
        if isinf(self.share[1]):
            return AT_ITS_LIMIT
        return "holds" if self.share[1] <= GOAL else "NO"

    @property
    def cells(self) -> list[str]:
        """The row of a table."""
        milliseconds = [f"{1e3 * seconds:.1f}" for seconds in self.seconds]
        low, middle, high = ("" if isinf(share) else f"{share:.2f}" for share in self.share)
        spread = f"{low} to {high or '∞'}" if low else ""
        return [
            str(self.lesson), self.backend, self.against, *milliseconds, middle, spread,
            self.verdict,
        ]  # fmt: skip


def rows(results: ResultsStore) -> Iterator[Row]:
    """Every share that was measured, lesson by lesson."""
    for lesson in LESSONS:
        for backend in BACKENDS:
            laps = results.measured.get(f"pace {backend} lesson {lesson}", {}).get("laps")
            if laps:
                yield _row(lesson, backend, laps, framework_of(backend), "program")
        final = results.measured.get(f"final lesson {lesson}", {})
        if "laps" in final:
            who = f"fastest: {final['backend']}, limit of {final['products']}"
            yield _row(lesson, who, final["laps"], "sklearn", "sklearn")


def _row(lesson: int, backend: str, laps: Laps, framework: str, program: str) -> Row:
    medians = [quartiles(laps[who])[1] for who in ("backend", program, "products")]
    against = file_of(lesson, framework).name
    return Row(
        lesson, backend, against, (medians[0], medians[1], medians[2]),
        quartiles(shares(laps, program)),
    )  # fmt: skip
