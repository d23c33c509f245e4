"""The findings on two records made by hand that differ in one thing."""

from __future__ import annotations

import warnings
from copy import deepcopy
from typing import Any

import numpy as np
import pytest

from compare.budgets import EPS32, TRAJECTORY
from compare.comparison import Finding
from compare.findings import diverges, findings, is_chaotic

INF = float("inf")
HASHES = {"data": "d", "initial_weights": "w", "batch_order": "b"}
Record = tuple[dict[str, Any], dict[str, Any]]


def record(dtype: str = "float64", status: str = "complete", activation: str = "tanh") -> Record:
    """A lesson 4 of one run of three steps on four rows, and of a search that is no run."""
    run = {
        "layers": [[2, 3, activation], [3, 2, "identity"]], "loss": "softmax", "l2": 0.0,
        "status": status, "accuracy": 0.75,
        "hashes": {key: HASHES[key] for key in ("initial_weights", "batch_order")},
    }  # fmt: skip
    arrays = {
        "sgd/losses": np.array([4.0, 2.0, 1.0], dtype),
        "sgd/param_0": np.array([[0.5, -8.0], [1.0, 0.0]], dtype),
        "sgd/predictions": np.array([0, 1, 1, 0]),
        "sgd/mistakes": np.array([3, 1]),
        "search/random/losses": np.array([9.0], dtype),
    }
    return arrays, {"lesson": 4, "dtype": dtype, "seed": 0, "hashes": dict(HASHES),
                    "accuracy": 0.75, "runs": {"sgd": run}}  # fmt: skip


def over(ours: Record, theirs: Record) -> list[Finding]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return [finding for finding in findings(ours, theirs) if not finding.holds]


def changed(ours: Record, key: str, value: Any) -> Record:
    return ours[0] | {key: np.asarray(value, ours[0][key].dtype)}, ours[1]


def test_a_record_and_itself() -> None:
    finding = findings(record(), record())
    assert {(f.stage, f.run, f.tensor) for f in finding} == {
        ("data", "", "hash"), ("initial weights", "", "hash"), ("batch order", "", "hash"),
        ("trajectory", "sgd", "losses"), ("trajectory", "sgd", "param_0"),
        ("metric", "sgd", "predictions"), ("metric", "sgd", "mistakes"),
        ("metric", "sgd", "accuracy"), ("trajectory", "search/random", "losses"),
    }  # fmt: skip
    assert all(f.gap == 0 and f.holds for f in finding)


def test_an_exact_lesson_has_one_finding_for_each_array() -> None:
    ours = record()[0], record()[1] | {"lesson": 1}
    losses = [f for f in findings(ours, ours) if (f.run, f.tensor) == ("sgd", "losses")]
    assert len(losses) == 1


def test_the_first_run_whose_hash_differs_is_named() -> None:
    ours = record()
    ours[1]["runs"]["tanh"] = deepcopy(ours[1]["runs"]["sgd"])
    theirs = ours[0], deepcopy(ours[1])
    for card in (theirs[1], *theirs[1]["runs"].values()):
        card["hashes"]["batch_order"] = "another"
    assert [f.run for f in over(ours, theirs)] == ["sgd"]


@pytest.mark.parametrize("stage", ["data", "initial weights", "batch order"])
def test_a_hash_of_the_whole_and_of_a_run(stage: str) -> None:
    ours, key = record(), stage.replace(" ", "_")
    whole = ours[0], deepcopy(ours[1])
    whole[1]["hashes"][key] = "another"
    (finding,) = over(ours, whole)
    assert (finding.stage, finding.run, finding.gap, finding.budget) == (stage, "", 1.0, 0.0)
    if stage != "data":
        whole[1]["runs"]["sgd"]["hashes"][key] = "another"
        assert over(ours, whole)[0].run == "sgd"
        whole[1]["hashes"][key] = ours[1]["hashes"][key]
        assert over(ours, whole) == []  # the whole's hash is of all its runs
    without = deepcopy(ours[1]) | {"runs": {}}
    assert {f.run for f in over((ours[0], ours[1]), (ours[0], without))} == set()


def test_what_only_one_holds() -> None:
    ours = record()
    for key, stage in (("sgd/param_0", "trajectory"), ("sgd/mistakes", "metric"),
                       ("sgd/predictions", "metric")):  # fmt: skip
        fewer = {k: v for k, v in ours[0].items() if k != key}, ours[1]
        (finding,) = over(ours, fewer)
        assert finding == Finding(stage, "sgd", key[4:], INF, 0.0, " (in the reference only)")
        (finding,) = over(fewer, ours)
        assert finding.where == " (not in the reference)"


def test_a_probe_in_one_record_only_is_missing_if_both_have_probes() -> None:
    ours, look, other = record(), "looks/sgd/0/gradient_0", "looks/sgd/1/scores"
    empty = np.zeros(0)
    one, both = ours[0] | {look: empty}, ours[0] | {look: empty, other: empty}
    assert over((one, ours[1]), ours) == over(ours, (one, ours[1])) == []
    (finding,) = over((both, ours[1]), (one, ours[1]))
    assert (finding.stage, finding.run, finding.tensor) == ("forward", "sgd/1", "scores")


def test_labels_are_counted_and_the_first_five_rows_named() -> None:
    ours = record("float32")
    ours[0]["sgd/predictions"] = np.zeros(8, int)
    assert over(ours, changed(ours, "sgd/predictions", [0] * 7 + [1])) == []  # one may differ
    (finding,) = over(ours, changed(ours, "sgd/predictions", [0, *[1] * 7]))
    assert (finding.gap, finding.budget, finding.where) == (7.0, 1.0, " rows [1, 2, 3, 4, 5]")
    none = [f for f in findings(ours, ours) if f.tensor == "predictions"]
    assert [f.where for f in none] == [""]
    ours[0]["sgd/predictions"] = np.zeros((9, 2), int)  # of two places each
    two_rows = np.zeros((9, 2), int)
    two_rows[[3, 8]] = 1
    (finding,) = over(ours, changed(ours, "sgd/predictions", two_rows))
    assert (finding.gap, finding.where) == (4.0, " rows [3, 8]")


def test_predicted_numbers_have_the_budget_of_weights() -> None:
    ours = record("float32")
    ours[0]["sgd/predictions"] = np.array([-4.0, 1.0], np.float32)
    (finding,) = [f for f in findings(ours, ours) if f.tensor == "predictions"]
    assert finding.budget == pytest.approx(4 * 84 * EPS32)


def test_counts_must_be_the_same() -> None:
    ours = record("float32")
    (finding,) = over(ours, changed(ours, "sgd/mistakes", [3, 2]))
    assert (finding.gap, finding.budget, finding.where) == (1.0, 0.0, "[1]")


def test_another_shape_or_dtype_is_over_in_a_single_finding() -> None:
    ours = record()
    for key in ("sgd/losses", "sgd/param_0", "sgd/predictions"):
        for other in (ours[0][key][:-1], ours[0][key].astype(np.float32)):
            (finding,) = over(ours, (ours[0] | {key: other}, ours[1]))
            assert (finding.gap, finding.run, finding.tensor) == (INF, "sgd", key[4:])
            assert finding.budget == 0
            assert str(other.dtype) in finding.where


def test_the_worst_step_and_the_first() -> None:
    ours = record()
    gap = TRAJECTORY[4, "float64"].relative * 4
    assert over(ours, changed(ours, "sgd/losses", [4.0, 2 + gap / 2, 1.0])) == []
    both = over(ours, changed(ours, "sgd/losses", [4.0, 2 + 2 * gap, 1 + 9 * gap]))
    assert [f.step for f in both] == [2, 1]
    assert both[1].gap == pytest.approx(2 * gap)
    assert both[1].budget == pytest.approx(gap)
    one = over(ours, changed(ours, "sgd/losses", [5.0, 2.0, 1.0]))
    assert [f.step for f in one] == [0, 0]
    nan = over(ours, changed(ours, "sgd/losses", [4.0, np.nan, 1.0]))
    assert [(f.step, f.gap) for f in nan] == [(1, INF), (1, INF)]


def test_the_same_infinity_is_no_gap() -> None:
    ours = changed(record(), "sgd/losses", [4.0, np.inf, 1.0])
    assert over(ours, ours) == []


@pytest.mark.parametrize("status", ["complete", "diverged"])
def test_a_run_that_diverged_is_judged_up_to_there_without_weights(status: str) -> None:
    ours = changed(record(status=status), "sgd/losses", [4.0, 2.0, 1e9])
    wild = changed(changed(ours, "sgd/losses", [4.0, 2.0, 2e9]), "sgd/param_0", np.zeros((2, 2)))
    assert diverges(ours[1], "sgd") == (status == "diverged")
    assert not diverges(ours[1], "search/random")
    assert {f.tensor for f in over(ours, wild)} == (
        set() if status == "diverged" else {"losses", "param_0"}
    )
    early = changed(ours, "sgd/losses", [4.0, 3.0, 1e9])
    assert {f.step for f in over(ours, early)} == {1}
    tame = changed(record(status=status), "sgd/param_0", np.zeros((2, 2)))
    assert {f.tensor for f in over(record(status=status), tame)} == {"param_0"}


def test_relu_in_float32_has_no_trajectory_to_be_judged_by() -> None:
    for dtype, activation, parts in (
        ("float32", "relu", True), ("float32", "tanh", False), ("float64", "relu", False),
    ):  # fmt: skip
        ours = record(dtype, activation=activation)
        assert is_chaotic(ours[1], "sgd") == parts
        assert not is_chaotic(ours[1], "search/random")
        theirs = changed(ours, "sgd/losses", [9.0, 9.0, 9.0])
        runs = {f.run for f in findings(ours, theirs) if f.stage == "trajectory"}
        assert ("sgd" in runs) != parts
        assert "search/random" in runs
        of_sgd = [f for f in findings(ours, theirs) if f.run == "sgd" and f.stage == "metric"]
        assert ([f.tensor for f in of_sgd] == ["accuracy"]) == parts  # that, and nothing else


def test_an_accuracy_may_differ_as_the_labels_may() -> None:
    ours = record("float32")
    theirs = ours[0], deepcopy(ours[1])
    theirs[1]["runs"]["sgd"]["accuracy"] = 0.25
    (finding,) = over(ours, theirs)
    assert (finding.stage, finding.tensor) == ("metric", "accuracy")
    assert (finding.gap, finding.budget) == (0.5, 0.25)
    theirs[1]["runs"]["sgd"]["accuracy"] = None
    assert over(ours, theirs) == over(theirs, ours) == []
    ours[1]["runs"]["sgd"]["accuracy"] = theirs[1]["runs"]["sgd"]["accuracy"] = 0.5
    results = findings(changed(ours, "sgd/predictions", []), theirs)
    assert "accuracy" not in {f.tensor for f in results}


def test_computations_on_the_reference_are_cached(monkeypatch: pytest.MonkeyPatch) -> None:
    memos: list[Any] = []
    monkeypatch.setattr(
        "compare.findings.probe_findings", lambda *arguments: memos.append(arguments[3]) or []
    )
    look = {"looks/sgd/0/x": np.zeros(1)}
    ours = record()[0] | look, record()[1]
    memo: Any = {}
    assert not [f for f in findings(ours, ours, memo) if f.run.startswith("looks")]
    findings(ours, ours)
    assert memos[0] is memo
    assert memos[1] == {}
