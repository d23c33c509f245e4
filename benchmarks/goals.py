"""What `epoch` is to reach: the time of an epoch as a share of somebody else's, in the same run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from benchmarks.problem import NETWORKS

MARGIN = 1.1  # the floor: what was reached when it was tried by hand, and a tenth
Verdict = Literal["goal", "floor", "no", "not measured"]


@dataclass(frozen=True)
class Goal:
    """A row of the table."""

    backend: str  # or `fastest`: whichever backend is, on that network
    against: str  # a contestant of benchmarks/implementations.py
    goal: float
    tried: float | None = None  # by hand, on two cores; the slower end where it was a range
    networks: tuple[str, ...] = NETWORKS

    @property
    def floor(self) -> float:
        """The least to reach; the goal itself where nothing was tried."""
        return self.goal if self.tried is None else max(self.goal, MARGIN * self.tried)

    def verdict(self, ratio: float | None) -> Verdict:
        """What a measured ratio reaches."""
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
