"""The benchmark loses and mixes up no measurement, and what it compares computes the same."""

from __future__ import annotations

import json
import math
import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, ClassVar

import pytest

from adapters import BACKENDS, environment
from adapters.laws.rounding import summed
from adapters.laws.tolerances import epsilon
from benchmarks import worker
from benchmarks.growth import points, slope, steepest
from benchmarks.implementations import framework_of
from benchmarks.interleaving import quartiles, take_turns
from benchmarks.native_program import NoEpochs, Program, in_pieces
from benchmarks.problem import EPOCHS, LESSONS, MAX_ROUNDS, MIN_ROUNDS, WARM, data_file
from benchmarks.report import repaid
from benchmarks.results_store import ResultsStore
from benchmarks.shares import AT_ITS_LIMIT, GOAL, Row, rows, shares
from compare.native.programs import FRAMEWORKS, STRAIGHT, file_of, frameworks_of
from course.json_process import JsonProcess, ProcessFailed
from course.lessons import NATIVE
from course.settings import ROOT
from tests.speed.children import module
from triptych.lesson_data import FILE

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


def test_a_share_is_what_is_left_of_the_avoidable_time() -> None:
    """A machine that is twice as slow for a while changes none."""
    slow = [1.0, 2.0, 1.0, 2.0, 1.0]
    times = {"backend": 0.5, "program": 0.75, "products": 0.25}
    laps = {who: [seconds * s for s in slow] for who, seconds in times.items()}
    assert shares(laps) == [0.5] * 5
    laps["sklearn"] = [1.25 * s for s in slow]
    assert shares(laps, "sklearn") == [0.25] * 5
    laps["backend"] = [0.0] * 5
    assert shares(laps) == [-0.5] * 5, "faster than the limit"


def row(*seconds: list[float]) -> Row:
    laps = dict(zip(("backend", "program", "products"), seconds, strict=True))
    return Row(4, "torch", "lesson4_torch.py", (0.0, 0.0, 0.0), quartiles(shares(laps)))


def test_where_the_program_is_at_its_limit_there_is_no_share() -> None:
    at_limit = row([5.0] * 5, [3.0] * 5, [3.0] * 5)
    assert at_limit.verdict == AT_ITS_LIMIT
    assert not any(cell.strip("-").replace(".", "").isdigit() for cell in at_limit.cells[6:])
    below = row([2.0] * 5, [2.5] * 5, [3.0] * 5)
    assert below.verdict == AT_ITS_LIMIT
    # Two rounds of five, in which the limit was disturbed: the median stands, a quartile does not.
    some = row([2.0] * 5, [4.0] * 5, [1.0, 9.0, 1.0, 9.0, 1.0])
    assert (some.share[1], some.cells[7]) == (1 / 3, "0.33 to ∞")
    assert some.verdict == "holds"


@pytest.mark.parametrize(("share", "verdict"), [(GOAL, "holds"), (GOAL + 0.01, "NO")])
def test_a_verdict_is_that_of_the_median(share: float, verdict: str) -> None:
    assert Row(4, "torch", "", (0.0, 0.0, 0.0), (0.0, share, 9.0)).verdict == verdict


def test_a_backend_is_repaid_after_the_epochs_that_make_up_for_its_start() -> None:
    costs = {"backend": {"seconds": [9.0]}, "program": {"seconds": [7.0]}}
    assert repaid(costs, {"backend": [1.0], "program": [1.5]}) == "6"  # two, and 2 s at 0.5 s each
    assert repaid(costs, {"backend": [1.5], "program": [1.5]}) == "never"
    assert repaid(dict(zip(costs, reversed(costs.values()), strict=True)), {}) == "at once"


# Turns: each epoch is made once, and on its own.

PROGRAM = """
# data
orders = [[3, 4], [5, 6], [7, 8]]

# model
made = [0, 0, 0]

# loss

# training
losses = []
for name in ("not", "this"):
    losses.append(len(name))
for epoch, order in enumerate(orders):
    made[epoch] += 1
    for row in order:
        losses.append(row)
        if row == 7:
            break

# result
predicted = sum(losses)
"""


def test_a_program_makes_an_epoch_in_each_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FILE, "")  # so that what a program finds there is taken away again
    file = tmp_path / "program.py"
    file.write_text(PROGRAM, encoding="utf-8")
    program = Program(file, tmp_path)
    names = program.names
    assert (names["made"], names["losses"]) == ([0, 0, 0], [3, 4])
    assert program.epoch() == 4
    assert (names["made"], names["losses"]) == ([1, 0, 0], [3, 4, 3, 4])
    assert [program.epoch(), program.epoch()] == [6, 7]
    assert "predicted" not in names
    whole = runpy.run_path(str(file))
    assert names["made"] == [1, 1, 1]
    for name in ("made", "losses", "predicted", "epoch", "order", "row"):
        assert program.finish()[name] == whole[name], name
    with pytest.raises(StopIteration):
        program.epoch()


@pytest.mark.parametrize("program", [(n, f) for n in LESSONS for f in frameworks_of(n)])
def test_a_program_has_one_loop_over_epochs_or_is_refused(program: tuple[int, str]) -> None:
    file = file_of(*program)
    if program in STRAIGHT:
        with pytest.raises(NoEpochs, match=r"^lesson3_sklearn\.py has no loop .*: expected one"):
            in_pieces(file)
    else:
        assert all(in_pieces(file))


def test_two_loops_over_epochs_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "twice.py"
    file.write_text(PROGRAM.replace("for name in", "for epoch in"), encoding="utf-8")
    with pytest.raises(NoEpochs, match=r"^twice\.py has 2 loops"):
        in_pieces(file)


class Counter:
    """An implementation, or a worker, that counts what it is asked for."""

    made: ClassVar[dict[str, int]] = {}

    def __init__(self, who: str = "") -> None:
        self.who, self.laps = who, list[str]()
        self.made[who] = 0

    def epoch(self) -> None:
        self.made[self.who] += 1

    def ask(self, request: dict[str, Any]) -> dict[str, float]:
        self.laps += [request["lap"]] if "lap" in request else []
        return {"seconds": float(len(self.laps))}


def test_a_worker_makes_an_epoch_for_each_lap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "implementation", lambda who, *_: Counter(who))
    one = worker.Worker("numpy", 1, Path())
    for who in ("backend", "program"):
        one.answer({"make": who, "lesson": 4})
    assert Counter.made == {"backend": WARM, "program": WARM}
    for _ in range(3):
        assert "seconds" in one.answer({"lap": "program"})
    assert Counter.made == {"backend": WARM, "program": WARM + 3}


def test_laps_alternate_and_end_before_the_learning_rate_is_lowered() -> None:
    one: Any = Counter()
    laps = take_turns([("backend", one), ("program", one)], 4, seconds=0)
    assert one.laps == ["backend", "program"] * MIN_ROUNDS
    assert laps["program"] == [2.0, 4.0, 6.0, 8.0, 10.0]
    a, b = Counter(), Counter()  # in two processes an untimed lap comes first
    laps = take_turns([("backend", a), ("sklearn", b)], 4, seconds=math.inf)  # type: ignore[list-item]
    assert laps["sklearn"] == [2.0 * k for k in range(1, MAX_ROUNDS + 1)]
    assert WARM + len(b.laps) <= 2 * EPOCHS / 3  # after that a lesson lowers its rate


def test_a_process_that_ends_gives_its_reason() -> None:
    options = ("--backend=nonesuch", "--threads=1", "--folder=.")
    with (
        JsonProcess("benchmarks.worker", *options) as process,
        pytest.raises(ProcessFailed, match="unknown backend 'nonesuch'"),
    ):
        process.ask({"make": "backend", "lesson": 3})


@pytest.mark.slow
def test_the_command_measures_one_backend(tmp_path: Path) -> None:
    options = ["--backends=numpy", "--lessons=4", "--seconds=0", "--threads=1"]
    cost = module(tmp_path, "benchmarks", *options, "--report=speed.md")
    assert cost.status == 0, cost.output
    results = ResultsStore(tmp_path / "results" / "bench" / "bench.json", threads=1, resume=True)
    (own, sklearn) = rows(results)
    assert (own.against, sklearn.against) == ("lesson4_numpy.py", "lesson4_sklearn.py")
    assert own.verdict in ("holds", "NO", AT_ITS_LIMIT)
    assert min(sklearn.seconds) > 0
    page = (tmp_path / "speed.md").read_text(encoding="utf-8")
    assert "![The avoidable time of an epoch" in page
    assert "| 4 | numpy | lesson4_numpy.py | " in page.partition("## Whole processes")[2]
    assert (tmp_path / "speed.png").stat().st_size > 10_000
    again = module(tmp_path, "benchmarks", *options, "--resume=auto")
    assert again.status == 0, again.output
    assert "pace numpy" not in again.output, "nothing is measured twice"


# A program computes the same numbers as its backend, so that their times can be compared.
# Products of up to four matrices, summed over 784, 128, 64 and 100 terms, against float64.
SAME_PRODUCTS = 100 * epsilon("float32")
SAME_CONVOLUTIONS = summed(100 * 26 * 26, epsilon("float32"))  # over all places of a batch


@pytest.fixture(scope="module")
def fixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The short files of all lessons: to compress ten thousand pictures takes seconds."""
    folder = tmp_path_factory.mktemp("fixed")
    for lesson in LESSONS:
        options = (f"--lesson={lesson}", "--threads=1", f"--folder={folder}", "--size=short")
        with JsonProcess("benchmarks.problem", *options) as process:
            process.answer()
    return folder


@pytest.mark.sampled(1)
@pytest.mark.parametrize("backend", BACKENDS)
def test_a_program_has_the_numbers_of_the_backend(backend: str, fixed: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "tests.speed.same_numbers", backend, fixed],
        cwd=ROOT, text=True, capture_output=True, check=False, stdin=subprocess.DEVNULL,
        env=environment.allowed(os.environ) | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    results = json.loads(done.stdout)
    for lesson in LESSONS:
        error = results.pop(f"{lesson} products")["error"]
        assert error <= (SAME_CONVOLUTIONS if lesson == 7 else SAME_PRODUCTS)
        assert f"{lesson} {framework_of(backend)}" in results
    for what, used in results.items():
        assert max(used["losses"], used["weights"]) <= 1, what


@pytest.mark.parametrize("lesson", [3, 7])
def test_other_work_is_not_timed(lesson: int, fixed: Path, tmp_path: Path) -> None:
    file = shutil.copy(data_file(fixed, lesson, "short"), data_file(tmp_path, lesson, "short"))
    network = json.loads(data_file(fixed, lesson, "short").with_suffix(".json").read_text("utf-8"))
    network["optimizer"][1]["learning_rate"] *= 1.001
    file.with_suffix(".json").write_text(json.dumps(network), encoding="utf-8")
    options = ("--backend=numpy", "--threads=1", f"--folder={tmp_path}")
    with (
        JsonProcess("benchmarks.worker", *options) as process,
        pytest.raises(
            ProcessFailed, match=f"lesson {lesson}: numpy and numpy's native program do not"
        ),
    ):
        process.ask({"make": "program", "lesson": lesson})


def test_the_lessons_whose_networks_are_timed_have_programs() -> None:
    assert set(LESSONS) <= set(NATIVE)
    assert {framework_of(backend) for backend in BACKENDS} < set(FRAMEWORKS)
