"""Goals for `epoch`: its time as a share of another implementation's, in the same run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from benchmarks.problem import NETWORKS

MARGIN = 1.1  # the floor is the share reached by hand, plus a tenth
Verdict = Literal["goal", "floor", "no", "not measured"]


@dataclass(frozen=True)
class Goal:
    """A row of the table."""

    backend: str  # or `fastest`: the fastest backend on that network
    against: str  # a name of benchmarks/implementations.py
    goal: float
    tried: float | None = None  # reached by hand, on two cores; the slower end of a range
    networks: tuple[str, ...] = NETWORKS

    @property
    def floor(self) -> float:
        """The ratio to reach at least; the goal itself if nothing was tried by hand."""
        return self.goal if self.tried is None else max(self.goal, MARGIN * self.tried)

    def verdict(self, ratio: float | None) -> Verdict:
        """The verdict on a measured ratio."""
        if ratio is None:
            return "not measured"
        return "goal" if ratio <= self.goal else "floor" if ratio <= self.floor else "no"


GOALS = (
    #    backend         against     goal  tried
    Goal("tensorflow", "peer", 0.25, 0.23),
    Goal("keras", "peer", 0.35, 0.42),
    Goal("torch", "peer", 0.6, 0.7),
    Goal("jax", "peer", 0.5),
    Goal("keras-jax", "peer", 0.5),
    Goal("keras-torch", "peer", 0.5),
    Goal("numpy", "peer", 1.0, 1.0),
    Goal("fastest", "products", 1.2, 1.22, ("784-256-10",)),
    Goal("fastest", "sklearn", 0.4, 0.42),
)
