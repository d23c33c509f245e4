"""Healthy backends agree in every pair, and an injected difference is located and named."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from pathlib import Path

import pytest

import compare.diverge.__main__  # noqa: F401 - once here, and not in each copy of this process
from adapters import BACKENDS
from compare.diverge.diagnose import Diagnosis, diagnose
from compare.diverge.evaluation import rows
from compare.diverge.report import furthest
from compare.diverge.side import Setting, Side
from course.lessons import TRACEABLE
from injections import INJECTIONS, pictures, sequences
from tests.forked import Outcome, module
from tests.images import FIELD_OF_WINDOWS, small_images

# An injected difference is located and named, and nothing else is found.

# `test_layers.py` looks for these, in networks of their own.
IN_LAYERS = {one.name for one in (*pictures.INJECTIONS, *sequences.INJECTIONS)}
INJECTED = 1  # injections, by the seed of the run; `make test-all` tries all of them

ADAPTER = '''
"""An adapter with an unknown defect."""
import numpy as np
from adapters.numpy_adapter import *
from adapters.numpy_adapter import NumpyModel

class Mine(NumpyModel):
    steps = 0
{body}
'''
PERTURBED = """
    def step(self, x, y):
        Mine.steps += 1
        return super().step(x, y)

    def gradients(self, x, y):
        gradients = super().gradients(x, y)
        if len(gradients) > 2 and len(x) == 33:
            gradients[2][3, 5] += 1e-6
        return gradients
"""
HALF_A_STEP_AT_TIMES = """
    made = 0

    def step(self, x, y):
        before = self.params()
        loss = super().step(x, y)
        self.made += 1
        if self.made % 3 == 2:
            self.assign([(a + b) / 2 for a, b in zip(before, self.params(), strict=True)])
        return loss

    def epoch(self, x, y, order, batch_size):
        batches = [order[i : i + batch_size] for i in range(0, len(order), batch_size)]
        return np.array([self.step(x[rows], y[rows]) for rows in batches], self.dtype)
"""
FORGETS_AT_EACH_CALL = """
    def epoch(self, x, y, order, batch_size):
        self._slots = [[np.zeros_like(a) for a in slot] for slot in self._slots]
        self._t = 0
        return super().epoch(x, y, order, batch_size)
"""
FORGETS_ITS_STEPS = """
    def restore(self, state):
        super().restore(state)
        self._t = 0
"""


def injected(sides: tuple[Side, Side], *names: str) -> Diagnosis:
    sides[1].injections = names
    try:
        return diagnose(*sides)
    finally:
        sides[1].injections = ()


def test_healthy_backends_agree(sides: tuple[Side, Side]) -> None:
    diagnosis = injected(sides)
    assert diagnosis.divergences == []
    assert diagnosis.runs == 5
    assert all(gap.holds for gaps in diagnosis.gaps.values() for gap in gaps)


def test_two_defects_are_found_one_after_the_other(sides: tuple[Side, Side]) -> None:
    diagnosis = injected(sides, "adam_epsilon", "l2_without_half")
    causes = [d.cause.suspects[0] for d in diagnosis.divergences if d.cause]
    assert causes == ["l2_without_half", "adam_epsilon"]
    assert [d.gap.run for d in diagnosis.divergences] == ["softmax", "adam"]


def test_the_side_that_errs_is_the_culprit(sides: tuple[Side, Side]) -> None:
    ours, theirs = sides
    ours.injections = ("dampening",)
    try:
        (divergence,) = diagnose(ours, theirs).divergences
    finally:
        ours.injections = ()
    assert divergence.cause is not None
    assert divergence.cause.suspects == ("dampening",)
    assert divergence.cause.culprit == "numpy"


def test_drawn_injections_are_found(
    traces: Path, images: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    visible = sorted(INJECTIONS.keys() - IN_LAYERS)
    drawn = random.Random(request.config.getoption("--seed")).sample(visible, INJECTED)
    data = {4: images, 7: small_images(tmp_path, field=FIELD_OF_WINDOWS)}
    for row in rows([("numpy", "torch")], drawn, 0, "float64", traces, data):
        assert row.right, row


def test_an_unknown_defect_is_located_and_has_no_cause(
    tmp_path: Path, traces: Path, images: str
) -> None:
    file = tmp_path / "mine.py"
    file.write_text(ADAPTER.format(body=PERTURBED), encoding="utf-8")
    setting = Setting(4, data=images)
    with Side("numpy", setting, traces) as a, Side(f"{file}:Mine", setting, traces) as b:
        (divergence,) = diagnose(a, b).divergences
    gap = divergence.gap
    assert (gap.run, gap.step, gap.stage, gap.tensor) == ("sgd", 10, "gradient", "W1")
    assert divergence.cause is None


def test_a_defect_that_shows_at_the_second_call_of_epoch_is_located(
    tmp_path: Path, traces: Path, images: str
) -> None:
    file = tmp_path / "mine.py"
    file.write_text(ADAPTER.format(body=FORGETS_AT_EACH_CALL), encoding="utf-8")
    setting = Setting(3, data=images)
    with Side("numpy", setting, traces) as a, Side(f"{file}:Mine", setting, traces) as b:
        divergence, *_ = diagnose(a, b).divergences
        assert furthest(a, b, divergence) is not None
    assert (divergence.gap.stage, divergence.gap.tensor) == ("epoch", "losses in call 2")
    assert divergence.cause is not None
    assert divergence.cause.suspects == ("loop_forgets_memory",)


@pytest.mark.slow
def test_a_count_that_is_not_restored_is_found(tmp_path: Path, traces: Path, images: str) -> None:
    file = tmp_path / "mine.py"
    file.write_text(ADAPTER.format(body=FORGETS_ITS_STEPS), encoding="utf-8")
    setting = Setting(4, data=images)
    with Side("numpy", setting, traces) as a, Side(f"{file}:Mine", setting, traces) as b:
        (divergence,) = diagnose(a, b).divergences
    assert divergence.cause is not None
    assert divergence.cause.suspects == ("step_count_not_restored",)


def test_an_injection_that_repairs_the_faulty_side_proves_nothing(
    tmp_path: Path, traces: Path
) -> None:
    """It does so by replacing the backend's own step, whatever it injects."""
    file = tmp_path / "mine.py"
    file.write_text(ADAPTER.format(body=HALF_A_STEP_AT_TIMES), encoding="utf-8")
    setting = Setting(2)
    with Side("numpy", setting, traces) as a, Side(f"{file}:Mine", setting, traces) as b:
        diagnosis = diagnose(a, b)
    assert [divergence.cause for divergence in diagnosis.divergences] == [None]


def test_a_finished_trace_can_stand_for_a_backend(traces: Path, sides: tuple[Side, Side]) -> None:
    ours, theirs = sides
    theirs.injections = ("nesterov",)
    try:
        file = theirs.trace_file()
    finally:
        theirs.injections = ()
    with Side(str(file), ours.setting, traces) as finished:
        (divergence,) = diagnose(ours, finished).divergences
    assert divergence.cause is not None
    assert divergence.cause.suspects == ("nesterov",)


# A trace of each backend serves all its pairs, and every pair of healthy backends agrees.

# The seed draws a short lesson and this many backends. The slow test takes all of them, in both
# dtypes.
QUICK = (1, 2, 3)
DRAWN = 2


def pairs(
    setting: Setting, folder: Path, backends: Sequence[str] = tuple(BACKENDS)
) -> Iterator[tuple[str, str, list[str]]]:
    """Each pair of backends with the differences between them."""

    def make_trace(backend: str) -> Side:
        with Side(backend, setting, folder) as side:
            side.trace_file()
            return side

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(make_trace, reversed(backends)))
    for one, other in combinations(backends, 2):
        with Side(one, setting, folder) as a, Side(other, setting, folder) as b:
            diagnosis = diagnose(a, b)
            started = [side.name for side in (a, b) if side.process is not None]
            assert diagnosis.divergences or not started, "a cached trace was made again"
            yield one, other, [str(d.gap) for d in diagnosis.divergences if not d.flip]


def test_healthy_backends_drawn_by_the_seed_agree_in_every_pair(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    seed = request.config.getoption("--seed")
    draw = random.Random(seed)
    setting = Setting(draw.choice(QUICK), seed=seed % 1000)
    for one, other, differences in pairs(setting, tmp_path, draw.sample(list(BACKENDS), DRAWN)):
        assert differences == [], f"{one} and {other}, {setting}"


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("lesson", TRACEABLE)
def test_all_lessons_agree_in_every_pair(lesson: int, dtype: str, tmp_path: Path) -> None:
    for one, other, differences in pairs(Setting(lesson, dtype), tmp_path):
        assert differences == [], f"{one} and {other}"


# python -m compare.diverge: its output, files and exit status.

Diverge = Callable[..., Outcome]


@pytest.fixture
def diverge(tmp_path: Path) -> Diverge:
    """diverge("--lesson=2", …): run the command with its files in a temporary folder."""

    def run(*arguments: str) -> Outcome:
        return module("compare.diverge", [*arguments, f"--out={tmp_path}"], tmp_path)

    return run


def test_it_prints_place_values_cause_remedy_and_proof(diverge: Diverge, tmp_path: Path) -> None:
    file = tmp_path / "new" / "diverge.json"
    done = diverge("--lesson=2", "--a=numpy", "--b=torch", "--inject=squared_error_scale",
                   f"--json={file}")  # fmt: skip
    assert done.status == 1, done.err
    for expected in ("just_below: step 0, loss", "numpy", "torch", "budget", "half_of_the_square",
                     "remedy:", "proof:"):  # fmt: skip
        assert expected in done.out
    (divergence,) = json.loads(file.read_text(encoding="utf-8"))["divergences"]
    assert divergence["causes"] == ["half_of_the_square"]
    _, ours, theirs = divergence["values"]
    assert float(ours) == pytest.approx(2 * float(theirs), rel=1e-12)
    (picture,) = (tmp_path / "diverge").glob("*.png")
    assert picture.read_bytes()[1:4] == b"PNG"


def test_backends_that_agree_end_with_status_0(diverge: Diverge) -> None:
    done = diverge("--lesson=2", "--a=numpy", "--b=torch")
    assert done.status == 0, done.err
    assert "no divergence within the budget" in done.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--a=numpi"], "'numpi'"),
        (["--a=numpy", "--b=numpy"], "both sides are numpy"),
        (["--inject=adam_epsilom"], "'adam_epsilom'"),
        (["--b=nowhere.npz"], "nowhere.npz"),
        (["--b=nowhere.py:Mine"], "nowhere.py"),
        (["--lesson=9"], "9"),
        (["--seed=-1"], "-1"),
    ],
)
def test_wrong_input_is_one_line_and_status_2(
    diverge: Diverge, tmp_path: Path, arguments: list[str], message: str
) -> None:
    done = diverge("--lesson=2", *arguments)
    errors = [line for line in done.err.splitlines() if line.startswith("error: ")]
    assert done.status == 2
    assert len(errors) == 1
    assert message in errors[0]
    assert "Traceback" not in done.err
    assert not list(tmp_path.rglob("*.png"))


def test_the_list_of_injections_needs_no_backend(diverge: Diverge) -> None:
    done = diverge("--inject=list")
    assert done.status == 0
    assert "adam_epsilon:" in done.out
