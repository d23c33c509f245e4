"""The benchmark's arithmetic, and that measurements are neither lost nor mixed up."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from benchmarks.growth import points, slope, steepest
from benchmarks.interleaving import ratio
from benchmarks.ratios import rows
from benchmarks.results_store import ResultsStore
from course.json_process import JsonProcess, ProcessFailed
from tests.speed.children import module


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
