"""The ratios of an epoch's time to its peers', as the rows of a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from adapters import BACKENDS
from benchmarks.baselines import PEERS
from benchmarks.goals import GOALS, Goal, Verdict
from benchmarks.interleaving import quartiles, ratio
from benchmarks.problem import NETWORKS
from benchmarks.results_store import ResultsStore

MARKS: dict[Verdict, str] = {
    "goal": "holds",
    "floor": "floor",
    "no": "NO",
    "not measured": "not measured",
}
AGAINST = {"products": "matrix products alone", "sklearn": "scikit-learn MLPClassifier"}


@dataclass(frozen=True)
class Row:
    """A ratio, its times and its goal."""

    network: str
    backend: str
    against: str
    ours: tuple[float, float, float]  # seconds of an epoch, quartiles
    theirs: tuple[float, float, float]
    ratio: tuple[float, float, float]
    goal: Goal | None
    limit: float | None  # the products' share of their time: no ratio is smaller

    @property
    def verdict(self) -> str:
        """The verdict on the median ratio."""
        return MARKS[self.goal.verdict(self.ratio[1])] if self.goal else ""

    @property
    def cells(self) -> list[str]:
        """The row of a table."""
        low, middle, high = self.ratio
        goal = [f"{self.goal.goal:g}", f"{self.goal.floor:.3g}"] if self.goal else ["", ""]
        return [
            self.network, self.backend, self.against, f"{1e3 * self.ours[1]:.1f}",
            f"{1e3 * self.theirs[1]:.1f}", f"{middle:.2f}", f"{low:.2f} to {high:.2f}",
            f"{self.limit:.2f}" if self.limit is not None else "", *goal, self.verdict,
        ]  # fmt: skip


HEADER = ["network", "backend", "against", "ms", "theirs", "ratio", "quartiles", "limit"]
HEADER += ["goal", "floor", ""]


def rows(results: ResultsStore) -> Iterator[Row]:
    """Every ratio that was measured, network by network."""
    for network in NETWORKS:
        for backend in BACKENDS:
            laps = results.measured.get(f"pace {backend} {network}", {}).get("laps")
            if laps:
                yield _row(
                    network, backend, PEERS[backend][1], laps, "peer", _goal(backend, "peer")
                )
        final = results.measured.get(f"final {network}", {})
        if "laps" in final:
            for other, what in AGAINST.items():
                words = f"{what} ({final['products']})" if other == "products" else what
                goal = _goal("fastest", other)
                goal = goal if goal and network in goal.networks else None
                yield _row(
                    network, f"fastest: {final['backend']}", words, final["laps"], other, goal
                )


def _row(
    network: str, backend: str, words: str, laps: dict[str, list[float]], to: str, goal: Goal | None
) -> Row:
    ours, theirs = quartiles(laps["backend"]), quartiles(laps[to])
    limit = ratio(laps, "products", to)[1] if "products" in laps and to != "products" else None
    return Row(network, backend, words, ours, theirs, ratio(laps, "backend", to), goal, limit)


def _goal(backend: str, against: str) -> Goal | None:
    return next((g for g in GOALS if (g.backend, g.against) == (backend, against)), None)
