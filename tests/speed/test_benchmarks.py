"""The benchmark loses and mixes up no measurement, and its peers compute the same numbers."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest

from adapters import BACKENDS, environment
from adapters.laws.tolerances import epsilon
from benchmarks.baselines import PEERS
from benchmarks.goals import GOALS, Goal
from benchmarks.growth import points, slope, steepest
from benchmarks.interleaving import ratio
from benchmarks.problem import NETWORKS
from benchmarks.ratios import rows
from benchmarks.results_store import ResultsStore
from course.json_process import JsonProcess, ProcessFailed
from course.settings import ROOT
from tests.speed.children import module

# The benchmark's arithmetic, and that measurements are neither lost nor mixed up.


def test_a_run_continues_from_its_measurements(tmp_path: Path) -> None:
    file = tmp_path / "bench" / "bench.json"
    first = ResultsStore(file, threads=1, resume=False)
    first.store("a", {"laps": {}}, 2.0)
    first.store("b", {"failed": "killed"}, 1.0)
    again = ResultsStore(file, threads=1, resume=True)
    assert "a" in again
    assert "b" not in again, "what failed is measured again"
    assert again.seconds == 3.0
    assert "a" not in ResultsStore(file, threads=2, resume=True), "other settings, other numbers"
    assert "a" not in ResultsStore(file, threads=1, resume=False)


def test_the_results_file_names_the_machine_and_no_folder(tmp_path: Path) -> None:
    ResultsStore(tmp_path / "b.json", threads=1, resume=False).store("a", {}, 0.0)
    text = (tmp_path / "b.json").read_text()
    card = json.loads(text)["card"]
    assert {"cpu", "cores", "threads", "platform", "versions", "date"} <= set(card)
    assert str(Path.home()) + "/" not in text
    assert str(tmp_path) not in text


def test_a_slope_is_the_exponent() -> None:
    xs = [1.0, 2.0, 5.0, 60.0]
    # Two logarithms, a quotient: a few roundings of numbers near 1.
    assert math.isclose(slope(xs, [3 * x**0.7 for x in xs]), 0.7, rel_tol=1e-12)
    cliff = [1.0, 2.0, 5.0, 600.0]
    assert steepest(xs, cliff) == pytest.approx(math.log(120) / math.log(12), rel=1e-12)


def test_each_point_of_the_growth_is_measured_once() -> None:
    names = [tuple(point.values()) for point in points()]
    assert len(set(names)) == len(names) == 6 + 6 + 7 - 2  # the middle is in all three


def test_a_ratio_is_taken_within_a_round() -> None:
    """A machine that is twice as slow for a while changes no ratio."""
    slow = [1.0, 2.0, 1.0, 2.0, 1.0]
    laps = {"a": [0.3 * s for s in slow], "b": [0.6 * s for s in slow]}
    assert ratio(laps, "a", "b") == (0.5, 0.5, 0.5)


def test_a_process_that_ends_gives_its_reason() -> None:
    with (
        JsonProcess("benchmarks.worker", "--backend=nonesuch", "--threads=1") as process,
        pytest.raises(ProcessFailed, match="unknown backend 'nonesuch'"),
    ):
        process.ask({"make": "backend", "network": "784-10"})


@pytest.mark.slow
def test_the_command_measures_one_backend(tmp_path: Path) -> None:
    options = ["--backends=numpy", "--networks=784-10", "--seconds=0", "--threads=1"]
    cost = module(tmp_path, "benchmarks", *options, "--report=speed.md")
    assert cost.status == 0, cost.output
    results = ResultsStore(tmp_path / "results" / "bench" / "bench.json", threads=1, resume=True)
    (own, products, sklearn) = rows(results)
    assert own.goal is not None
    assert own.verdict in ("holds", "floor", "NO")
    assert "numpy" in products.against
    assert sklearn.ours[1] > 0
    page = (tmp_path / "speed.md").read_text(encoding="utf-8")
    assert "![The time of an epoch" in page
    assert (tmp_path / "speed.png").stat().st_size > 10_000
    again = module(tmp_path, "benchmarks", *options, "--resume=auto")
    assert again.status == 0, again.output
    assert "pace numpy" not in again.output, "nothing is measured twice"


# A peer computes the same numbers as its backend, so that their times can be compared.

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
