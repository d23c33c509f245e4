"""An injected difference is located and named, and nothing else is found."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from compare.diverge.diagnose import Diagnosis, diagnose
from compare.diverge.evaluation import rows
from compare.diverge.largest_entry import furthest
from compare.diverge.side import Setting, Side
from injections import INJECTIONS

DRAWN = 1  # injections, by the seed of the run; `make test-all` tries all of them

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
HALF_A_STEP = """
    def step(self, x, y):
        before = self.params()
        loss = super().step(x, y)
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


def test_drawn_injections_are_found(traces: Path, request: pytest.FixtureRequest) -> None:
    drawn = random.Random(request.config.getoption("--seed")).sample(sorted(INJECTIONS), DRAWN)
    for row in rows([("numpy", "torch")], drawn, 0, "float64", traces):
        assert row.right, row


def test_an_unknown_defect_is_located_and_has_no_cause(tmp_path: Path, traces: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(ADAPTER.format(body=PERTURBED), encoding="utf-8")
    setting = Setting(4)
    with Side("numpy", setting, traces) as a, Side(f"{file}:Mine", setting, traces) as b:
        (divergence,) = diagnose(a, b).divergences
    gap = divergence.gap
    assert (gap.run, gap.step, gap.stage, gap.tensor) == ("sgd", 10, "gradient", "W1")
    assert divergence.cause is None


def test_a_defect_that_shows_at_the_second_call_of_epoch_is_located(
    tmp_path: Path, traces: Path
) -> None:
    file = tmp_path / "mine.py"
    file.write_text(ADAPTER.format(body=FORGETS_AT_EACH_CALL), encoding="utf-8")
    setting = Setting(3)
    with Side("numpy", setting, traces) as a, Side(f"{file}:Mine", setting, traces) as b:
        divergence, *_ = diagnose(a, b).divergences
        assert furthest(a, b, divergence) is not None
    assert (divergence.gap.stage, divergence.gap.tensor) == ("epoch", "losses in call 2")
    assert divergence.cause is not None
    assert divergence.cause.suspects == ("loop_forgets_memory",)


@pytest.mark.parametrize(
    ("lesson", "body"),
    [(2, HALF_A_STEP), pytest.param(4, FORGETS_ITS_STEPS, marks=pytest.mark.slow)],
)
def test_an_injection_that_repairs_the_faulty_side_proves_nothing(
    tmp_path: Path, traces: Path, lesson: int, body: str
) -> None:
    """It does so by replacing the backend's own step, whatever it injects."""
    file = tmp_path / "mine.py"
    file.write_text(ADAPTER.format(body=body), encoding="utf-8")
    setting = Setting(lesson)
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
