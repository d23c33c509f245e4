"""A peer computes the same numbers as its backend, so that their times can be compared."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from adapters import BACKENDS, environment
from adapters.laws.tolerances import epsilon
from benchmarks.baselines import PEERS
from benchmarks.goals import GOALS, Goal
from benchmarks.problem import NETWORKS
from course.settings import ROOT

# Nine steps of a network with relu in float32. A product of 784 terms errs by about √784 = 28
# roundings, and each step adds a tenth of them (its learning rate): a few tens of ε for a weight
# and for a loss. Another order of the rows, or a missing update, makes 1e-3.
SAME_NUMBERS = 100 * epsilon("float32")
# Weights move by more than this; otherwise agreement would mean little.
MOVED = 1e-2
# Products of three matrices, summed over 784, 64 and 128 terms, against float64.
SAME_PRODUCTS = 100 * epsilon("float32")


@pytest.mark.sampled(3)
@pytest.mark.parametrize("backend", BACKENDS)
def test_a_peer_has_the_numbers_of_the_backend(backend: str) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "tests.speed.same_numbers", backend],
        cwd=ROOT, text=True, capture_output=True, check=False, stdin=subprocess.DEVNULL,
        env=environment.allowed(os.environ) | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    results = json.loads(done.stdout)
    limit = results.pop("products", None)
    assert PEERS[backend][0] in results
    for name, gap in results.items():
        assert gap["moved"] > MOVED, name
        assert gap["weight"] <= SAME_NUMBERS, name
        assert gap["loss"] <= SAME_NUMBERS, name
    assert limit is None or limit["share"] <= SAME_PRODUCTS


def test_every_backend_has_a_peer_and_every_goal_a_backend() -> None:
    assert set(PEERS) == set(BACKENDS)
    for goal in GOALS:
        assert goal.backend in {*BACKENDS, "fastest"}
        assert set(goal.networks) <= set(NETWORKS)


@pytest.mark.parametrize(
    ("ratio", "verdict"),
    [(0.5, "goal"), (0.6, "goal"), (0.61, "floor"), (0.76, "floor"), (0.78, "no"),
     (None, "not measured")],
)  # fmt: skip
def test_a_verdict(ratio: float | None, verdict: str) -> None:
    assert Goal("torch", "peer", goal=0.6, tried=0.7).verdict(ratio) == verdict


def test_where_nothing_was_tried_the_goal_is_the_floor() -> None:
    assert Goal("jax", "peer", goal=0.5).verdict(0.501) == "no"
