"""Verdicts: agreement, the first difference, suspicion, and accuracies over seeds."""

from __future__ import annotations

import math
from dataclasses import FrozenInstanceError, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from adapters.contract import SettingsError
from compare.chaotic_runs import judge_final_accuracy
from compare.comparison import STAGES, Comparison, Finding, Noise, Outcome
from compare.equivalence import ENOUGH, LEVEL, MARGIN, SPREAD, Verdict, equivalence
from compare.summary import complaints, independent

HELD = Finding("gradient", "softmax", "gradient_0", 1.0, 2.0)
OVER = replace(HELD, gap=4.0)


def test_a_gap_beside_its_budget() -> None:
    assert HELD.holds
    assert replace(HELD, gap=2.0).holds
    assert not replace(HELD, gap=2.5).holds
    assert not replace(HELD, gap=math.nan).holds
    shares = [replace(HELD, gap=g, budget=b).share for g, b in ((1.0, 2.0), (0.0, 0.0), (1.0, 0.0))]
    assert shares == [0.5, 0.0, math.inf]
    with pytest.raises(FrozenInstanceError):
        HELD.gap = 0.0  # type: ignore[misc]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "gradient: softmax/gradient_0: gap 1.0e+00 ≤ 2.0e+00"),
        ({"run": ""}, "gradient: gradient_0: gap 1.0e+00 ≤ 2.0e+00"),
        (
            {"gap": 4.0, "where": "[1, 2]"},
            "gradient: softmax/gradient_0[1, 2]: gap 4.0e+00 > 2.0e+00",
        ),
        ({"step": 0}, "gradient: softmax/gradient_0 at step 0: gap 1.0e+00 ≤ 2.0e+00"),
        (
            {"step": 3, "seed": 0},
            "gradient: softmax/gradient_0 at step 3, seed 0: gap 1.0e+00 ≤ 2.0e+00",
        ),
        ({"gap": 2.0}, "gradient: softmax/gradient_0: gap 2.0e+00 ≤ 2.0e+00"),
        (
            {"gap": 2.0 + 2**-40},
            "gradient: softmax/gradient_0: gap 2.0000000000009095e+00 > 2.0000000000000000e+00",
        ),
    ],
)  # fmt: skip
def test_a_finding_in_words(changes: dict[str, Any], expected: str) -> None:
    assert str(replace(HELD, **changes)) == expected


def test_a_backend_agrees_where_it_ran_and_every_stage_holds() -> None:
    assert Outcome("torch", "complete", findings=[HELD, HELD]).agrees
    assert Outcome("torch", "complete").agrees
    assert not Outcome("torch", "complete", findings=[HELD, OVER]).agrees
    assert not Outcome("torch", "failed", findings=[HELD]).agrees
    assert not Outcome("torch", "not run").agrees


def test_the_worst_of_a_stage_and_the_first_that_is_over() -> None:
    late = replace(OVER, step=7)
    findings = [HELD, replace(OVER, gap=9.0, stage="metric"), late, replace(OVER, step=3), OVER,
             replace(HELD, budget=1.0)]  # fmt: skip
    outcome = Outcome("torch", "complete", findings=findings)
    assert outcome.worst("forward") is None
    assert outcome.worst("metric").gap == 9.0  # type: ignore[union-attr]
    assert outcome.worst("gradient") is late  # the first of equals
    assert outcome.first_over() is OVER
    for over in ([late, replace(OVER, step=0)], [replace(OVER, step=0), late]):
        assert Outcome("torch", "complete", findings=over).first_over().step == 0  # type: ignore[union-attr]
    whole = Outcome("torch", "complete", findings=[replace(OVER, step=0), OVER])
    assert whole.first_over() is OVER  # what has no step comes before the first
    assert Outcome("torch", "complete", findings=[HELD]).first_over() is None
    within_budget = [HELD, replace(HELD, gap=1.5), replace(HELD, gap=0.0, budget=0.0)]
    assert Outcome("torch", "complete", findings=within_budget).worst("gradient").gap == 1.5  # type: ignore[union-attr]
    nan = replace(HELD, gap=math.nan)
    assert Outcome("torch", "complete", findings=[HELD, nan]).worst("gradient") is nan
    assert STAGES.index("data") < STAGES.index("gradient") < STAGES.index("metric")


def comparison(reference: str = "numpy", **by_backend: Any) -> Comparison:
    outcomes = [Outcome(reference, "complete")]
    for name, findings in by_backend.items():
        backend = name.replace("_", "-")
        status = "complete" if isinstance(findings, list) else findings
        backend_findings = findings if isinstance(findings, list) else []
        outcomes.append(Outcome(backend, status, "a reason", findings=backend_findings))
    return Comparison(3, "float64", 0, reference, outcomes)


def test_all_agree_but_for_those_that_were_not_to_run() -> None:
    assert comparison(torch=[HELD], jax="not run").agrees
    assert not comparison(torch=[HELD], jax="failed").agrees
    assert not comparison(torch=[HELD], jax=[OVER]).agrees


def test_independent_backends_have_kernels_of_their_own() -> None:
    def names(**by_backend: Any) -> list[str]:
        return [o.backend for o in independent(comparison(**by_backend))]

    assert names(torch=[], tensorflow=[], keras=[], pytensor=[]) == ["torch", "tensorflow"]
    assert names(keras=[], keras_torch=[], jax="failed") == ["keras", "keras-torch"]
    assert names(keras=[], tensorflow="failed") == ["keras"]


ALONE = "only torch was compared with numpy: a second backend would tell which is wrong"


def test_the_lines_of_complaints() -> None:
    assert complaints(comparison(torch=[HELD], jax=[HELD])) == []
    assert complaints(comparison(jax="failed", torch=[HELD])) == ["jax failed: a reason"]
    parts = f"torch first differs from numpy at {OVER}"
    assert complaints(comparison(torch=[OVER])) == [parts, ALONE]
    assert complaints(comparison(torch=[OVER], jax=[HELD])) == [parts]
    assert complaints(comparison(torch=[HELD])) == []


def test_the_reference_is_suspected_where_all_differ_at_one_place() -> None:
    suspicion = "torch and jax differ from numpy at the same place: suspect numpy itself"
    assert complaints(comparison(torch=[OVER], jax=[replace(OVER, gap=5.0)]))[-1] == suspicion
    elsewhere = replace(OVER, run="other")
    for other in (elsewhere, replace(OVER, stage="metric"), replace(OVER, tensor="gradient_1")):
        assert len(complaints(comparison(torch=[OVER], jax=[other]))) == 2
    records = comparison("records of May", torch=[OVER], jax=[OVER])
    assert len(complaints(records)) == 2


def test_a_comparison_survives_json(tmp_path: Any) -> None:
    ours = comparison(torch=[replace(OVER, gap=math.inf)], jax="failed")
    ours.noise = [Noise("x", math.inf, 0.5, None)]
    assert [o.seconds for o in ours.outcomes] == [0.0] * 3
    assert ours.seconds == 0.0
    ours.seconds = 1.5
    ours.write(tmp_path / "c.json")
    assert Comparison.read(tmp_path / "c.json") == ours

    ours.outcomes[1].reason = "größer als ≤"
    ours.write(tmp_path / "c.json")
    text = (tmp_path / "c.json").read_text(encoding="utf-8")
    assert "größer als ≤" in text  # for people too: no escapes, and a line for each value
    assert '\n "lesson": 3,\n' in text
    noise: Any = Noise("x", 0.0, 0.0, None)
    with pytest.raises(FrozenInstanceError):
        noise.losses = 1.0


def test_the_interval_is_student_s() -> None:
    rng = np.random.default_rng(0)
    ours, theirs = rng.normal(size=(2, 7))
    verdict = equivalence(ours, theirs)
    want = stats.ttest_rel(theirs, ours).confidence_interval(1 - 2 * LEVEL)
    assert (verdict.low, verdict.high) == pytest.approx((want.low, want.high), rel=1e-12)
    assert verdict.seeds == 7
    assert (LEVEL, SPREAD, MARGIN, ENOUGH) == (0.05, 0.004, 0.005, 10)


@pytest.mark.parametrize(
    ("low", "high", "reach", "equivalent", "different"),
    [
        (-0.001, 0.004, 0.004, True, False),
        (-0.004, 0.001, 0.004, True, False),
        (-MARGIN, MARGIN, MARGIN, True, False),
        (-0.001, 0.006, 0.006, False, False),
        (-0.006, 0.001, 0.006, False, False),
        (0.006, 0.007, 0.007, False, True),
        (-0.007, -0.006, 0.007, False, True),
        (MARGIN, 0.006, 0.006, False, False),
        (-0.006, -MARGIN, 0.006, False, False),
    ],
)
def test_what_an_interval_shows(
    low: float, high: float, reach: float, equivalent: bool, different: bool
) -> None:
    verdict = Verdict(low, high, ENOUGH)
    assert (verdict.reach, verdict.equivalent, verdict.different) == (reach, equivalent, different)
    assert not verdict.too_few
    assert Verdict(low, high, ENOUGH - 1).too_few == (not equivalent and not different)
    with pytest.raises(FrozenInstanceError):
        verdict.low = 0.0  # type: ignore[misc]


def cards(dtype: str, activation: str, *accuracies: float) -> list[dict[str, Any]]:
    run = {"layers": [[4, 3, activation], [3, 2, "identity"]], "status": "complete"}
    return [
        {"dtype": dtype, "lesson": 4, "runs": {"sgd": run | {"accuracy": a}}} for a in accuracies
    ]


def test_only_relu_in_float32_is_judged_by_its_final_accuracy() -> None:
    for dtype, activation in (("float64", "relu"), ("float32", "tanh")):
        outcome = Outcome("torch", "complete")
        judge_final_accuracy(
            outcome, cards(dtype, activation, 0.1, 0.2), cards(dtype, activation, 0.9, 0.9)
        )
        assert (outcome.notes, outcome.findings) == ([], [])


@pytest.mark.parametrize(
    ("theirs", "findings", "notes"),
    [
        ([0.5], 0, 1),
        ([0.5, 0.51, 0.49], 0, 1),  # another number of seeds
        ([0.5, 0.7], 0, 2),  # too few to tell
        ([0.5, 0.5001], 1, 1),
        ([0.9, 0.9001], 1, 1),  # certainly different
    ],
)
def test_accuracies_are_judged_on_the_same_seeds(
    theirs: list[float], findings: int, notes: int
) -> None:
    outcome = Outcome("torch", "complete")
    ours = cards("float32", "relu", 0.5, 0.5)
    judge_final_accuracy(outcome, ours, cards("float32", "relu", *theirs))
    assert (len(outcome.findings), len(outcome.notes)) == (findings, notes)
    if findings:
        (finding,) = outcome.findings
        assert finding.holds == (theirs[0] == 0.5)
        assert ("different" in finding.tensor) == (theirs[0] != 0.5)
        assert (finding.stage, finding.run, finding.budget) == ("metric", "sgd", MARGIN)


def test_one_seed_shows_nothing() -> None:
    outcome = Outcome("torch", "complete")
    judge_final_accuracy(outcome, cards("float32", "relu", 0.5), cards("float32", "relu", 0.9))
    assert (len(outcome.findings), len(outcome.notes)) == (0, 1)


def test_enough_seeds_that_spread_too_far_show_no_equivalence() -> None:
    rng = np.random.default_rng(0)
    ours, theirs = rng.normal(0.5, 0.05, (2, ENOUGH)).tolist()
    outcome = Outcome("torch", "complete")
    both = [cards("float32", "relu", *accuracies) for accuracies in (ours, theirs)]
    judge_final_accuracy(outcome, *both)
    (finding,) = outcome.findings
    assert not finding.holds
    assert "not shown equivalent" in finding.tensor


@pytest.mark.parametrize(
    "text", ["x", "null", "[]", "{}", '"x"', "[" * 50_000, '{"noise": 1}', "9" * 9999, "\0"]
)
def test_a_file_that_is_not_a_comparison_is_named(text: str, tmp_path: Path) -> None:
    (tmp_path / "c.json").write_text(text)
    with pytest.raises(SettingsError, match=r"c.json' was not written by `make compare`"):
        Comparison.read(tmp_path / "c.json")
