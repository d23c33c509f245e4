"""Which records are compared, seed by seed, and when accuracies over seeds are equivalent."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from compare.backends import Plan
from compare.chaotic_runs import judge_final_accuracy
from compare.compare_records import compare
from compare.comparison import Comparison, Outcome
from compare.comparison_run import ComparisonRun
from compare.drift import comparison
from compare.equivalence import ENOUGH, LEVEL, MARGIN, SPREAD, equivalence
from course.record import Staging, read_record

# A comparison compares each backend with the reference, seed by seed.
#
# Records are made by hand, each with numbers of its own, so that a gap says which two were
# compared. No process is started.

# The loss of each backend and seed; no two differences are equal.
LOSS = {("numpy", 0): 1.0, ("numpy", 1): 2.0, ("numpy", 2): 4.0, ("torch", 0): 9.0,
        ("torch", 1): 18.0, ("torch", 2): 36.0, ("jax", 0): 129.0, ("jax", 1): 258.0,
        ("jax", 2): 516.0}  # fmt: skip
OTHER_DTYPE, OTHER_SEED, TWICE = 1025.0, 2050.0, 1.5


def publish(out: Path, backend: str, seed: int, loss: float, accuracy: float = 0.5) -> Path:
    """A record of lesson 4 with a run of one step, as far as it is judged."""
    hashes = {"data": "d", "initial_weights": "w", "batch_order": "b"}
    run = {"layers": [[2, 3, "relu"], [3, 2, "identity"]], "status": "complete",
           "accuracy": accuracy, "hashes": hashes}  # fmt: skip
    card = {"lesson": 4, "dtype": "float32", "seed": seed, "engine": backend, "device": "cpu",
            "status": "complete", "settings": {}, "accuracy": accuracy, "runs": {"sgd": run},
            "hashes": hashes}  # fmt: skip
    staging = Staging(str(out), 4)
    arrays = {"search/losses": np.array([loss], np.float32),
              "search/param_0": np.array([2 * loss], np.float32)}  # fmt: skip
    staging.write(arrays, card)
    return staging.publish(f"{backend}-float32-cpu-seed{seed}", complete=True)


def compared(
    out: Path, seeds: int, monkeypatch: pytest.MonkeyPatch, *, each_seed: bool = False,
    noise: Any = "none", accuracies: dict[str, list[float]] | None = None,
) -> Comparison:  # fmt: skip
    """NumPy, PyTorch and JAX, whose tasks are done at once."""
    monkeypatch.setattr("adapters.Backend.missing", [])
    accuracies = accuracies or {}
    work = ComparisonRun(Plan(4, seeds=seeds, out=str(out)), ["torch", "jax"], noise, each_seed)
    work.begin(str(out / "scratch"))
    for backend, tasks in work.lesson_tasks.items():
        folders = [
            publish(
                out, backend, seed, LOSS[backend, seed], accuracies.get(backend, [0.5] * 9)[seed]
            )
            for seed in range(seeds)
        ]
        for i, task in enumerate(tasks):
            mine = [folders[i]] if each_seed else folders
            task.state, task.records = "done", mine
    for task in work.noise_tasks:
        backend = task.name.split()[0].rstrip(",")
        loss = LOSS[backend, 0] * TWICE if task.name.endswith("twice") else (
            OTHER_SEED if "seed" in task.name else OTHER_DTYPE
        )  # fmt: skip
        folder = publish(out / task.name, backend, 0, loss)
        task.state, task.records = "done", [folder]
    work.judge_finished()
    return work.end()


@pytest.mark.parametrize("each_seed", [False, True])
@pytest.mark.parametrize("seeds", [1, 3])
def test_each_record_is_compared_with_the_reference_of_its_seed(
    seeds: int, each_seed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = compared(tmp_path, seeds, monkeypatch, each_seed=each_seed)
    assert [o.backend for o in result.outcomes] == ["numpy", "torch", "jax"]
    assert result.outcomes[0].findings == []
    for outcome in result.outcomes[1:]:
        backend = outcome.backend
        gaps = {(f.seed or 0): f.gap for f in outcome.findings if f.tensor == "losses"}
        assert gaps == {s: LOSS[backend, s] - LOSS["numpy", s] for s in range(seeds)}
        weights = {(f.seed or 0): f.gap for f in outcome.findings if f.tensor == "param_0"}
        assert weights == {seed: 2 * gap for seed, gap in gaps.items()}
        assert not outcome.agrees
        assert outcome.folder is not None
        assert read_record(outcome.folder)[1]["engine"] == backend
    assert not result.agrees
    assert result.largest is not None
    assert (result.largest.losses, result.largest.weights) == (128, 256)  # JAX's, on the first seed


def test_noise_is_between_a_run_and_another_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twice the same, another seed, another dtype: none of them a run and itself."""
    result = compared(tmp_path, 1, monkeypatch, noise="all")
    assert {n.what: (n.losses, n.weights) for n in result.noise} == {
        "numpy twice": (0.5, 1.0), "torch twice": (4.5, 9.0), "jax twice": (64.5, 129.0),
        "numpy, seed 1 for seed 0": (OTHER_SEED - 1, 2 * (OTHER_SEED - 1)),
        "numpy, float64 for float32": (OTHER_DTYPE - 1, 2 * (OTHER_DTYPE - 1)),
    }  # fmt: skip
    for outcome in result.outcomes:
        (twice,) = [f for f in outcome.findings if "run twice" in f.tensor]
        assert (twice.gap, twice.budget, twice.holds) == (LOSS[outcome.backend, 0], 0, False)
        assert not outcome.agrees


def test_the_noise_of_another_seed_is_of_the_second_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = compared(tmp_path, 3, monkeypatch, noise="reference")
    losses = {n.what: n.losses for n in result.noise}
    assert losses["numpy, seed 1 for seed 0"] == LOSS["numpy", 1] - LOSS["numpy", 0]


ACCURACIES = [0.5, 0.51, 0.49, 0.5, 0.505, 0.495, 0.5, 0.502, 0.498, 0.5]


def test_the_final_accuracies_are_the_backends_and_the_references(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Accuracies over seeds are those of two sides, not of one side twice."""
    for seed in range(3, 10):
        for i, backend in enumerate(("numpy", "torch", "jax")):
            monkeypatch.setitem(LOSS, (backend, seed), 1.0 + i)
    shifted = {"numpy": ACCURACIES, "torch": [a + 0.2 for a in ACCURACIES], "jax": ACCURACIES}
    result = compared(tmp_path, 10, monkeypatch, accuracies=shifted)
    ends = {
        o.backend: [f for f in o.findings if f.tensor.startswith("accuracy over 10 seeds")]
        for o in result.outcomes
    }
    assert ends["numpy"] == []
    (torch,), (jax,) = ends["torch"], ends["jax"]
    assert (torch.holds, jax.holds) == (False, True)
    assert torch.gap == pytest.approx(0.2)
    assert (torch.run, jax.gap) == ("sgd", 0)


def test_the_final_accuracy_is_judged_with_both_sides_cards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[Any] = []
    for module in ("comparison_run", "compare_records"):
        target = f"compare.{module}.judge_final_accuracy"
        monkeypatch.setattr(target, lambda *arguments: calls.append(arguments))
    compared(tmp_path / "live", 2, monkeypatch)
    for (outcome, ours, theirs), backend in zip(calls, ("torch", "jax"), strict=True):
        assert isinstance(outcome, Outcome)
        assert outcome.backend == backend
        assert [(c["engine"], c["seed"]) for c in ours] == [("numpy", 0), ("numpy", 1)]
        assert [(c["engine"], c["seed"]) for c in theirs] == [(backend, 0), (backend, 1)]
    calls.clear()
    publish(tmp_path / "old", "torch", 0, 1.0, accuracy=0.25)
    publish(tmp_path / "new", "torch", 0, 2.0, accuracy=0.75)
    compare(tmp_path / "old", tmp_path / "new")
    ((_, ours, theirs),) = calls
    assert ([c["accuracy"] for c in ours], [c["accuracy"] for c in theirs]) == ([0.25], [0.75])


def test_two_folders_of_records_are_compared(tmp_path: Path) -> None:
    for seed in (0, 1):
        publish(tmp_path / "old", "torch", seed, LOSS["numpy", seed])
        publish(tmp_path / "new", "torch", seed, LOSS["torch", seed])
    result = compare(tmp_path / "old", tmp_path / "new")
    assert [c.seed for c in result] == [0, 1]
    for judged, seed in zip(result, (0, 1), strict=True):
        (outcome,) = judged.outcomes
        (losses,) = [f for f in outcome.findings if f.tensor == "losses" and f.step == 0][:1]
        assert losses.gap == LOSS["torch", seed] - LOSS["numpy", seed]
        assert not judged.agrees


def test_another_version_is_compared_with_the_locked_one(tmp_path: Path) -> None:
    ours = publish(tmp_path / "locked", "torch", 0, 3.0)
    theirs = publish(tmp_path / "other", "torch", 0, 7.0)
    gaps = [f.gap for f in comparison.findings_of(ours, theirs) if f.tensor == "losses"]
    assert set(gaps) == {4.0}


def test_records_made_by_hand_agree_with_themselves(tmp_path: Path) -> None:
    """The control: these records differ in their numbers only."""
    folder = publish(tmp_path, "torch", 0, 3.0)
    assert all(f.holds for f in comparison.findings_of(folder, folder))
    again = deepcopy(read_record(folder))
    assert again[1]["runs"]["sgd"]["accuracy"] == 0.5


# The equivalence test on data where the answer is known.

SEEDS = np.random.default_rng(0).normal(0.88, SPREAD, 20)  # accuracies, spread as seeds spread


def other(shift: float, noise: float, n: int = ENOUGH, seed: int = 1) -> np.ndarray:
    return SEEDS[:n] + shift + np.random.default_rng(seed).normal(0, noise, n)


def test_equal_backends_are_equivalent() -> None:
    verdict = equivalence(SEEDS[:ENOUGH], other(0, SPREAD / 4))
    assert verdict.equivalent
    assert verdict.low < 0 < verdict.high


def test_the_same_numbers_are_equivalent() -> None:
    verdict = equivalence(SEEDS, SEEDS)
    assert (verdict.low, verdict.high, verdict.equivalent) == (0, 0, True)


@pytest.mark.parametrize("sign", [-1, 1])
def test_a_shift_beyond_the_margin_is_not(sign: int) -> None:
    for n in (3, ENOUGH):  # what is certainly different needs no more seeds
        verdict = equivalence(SEEDS[:n], other(sign * 2 * MARGIN, SPREAD / 20, n))
        assert not verdict.equivalent
        assert verdict.different
        assert not verdict.too_few


def test_no_difference_found_is_not_equivalence() -> None:
    """Too noisy: the mean may be anywhere, and a t-test would find nothing."""
    verdict = equivalence(SEEDS[:ENOUGH], other(0, 5 * SPREAD))
    assert verdict.low < 0 < verdict.high
    assert not verdict.equivalent
    assert not verdict.different
    assert not verdict.too_few


def test_too_few_seeds_are_reported() -> None:
    verdict = equivalence(SEEDS[:2], other(0, SPREAD, 2))
    assert not verdict.equivalent
    assert verdict.too_few


def test_unequal_backends_are_called_equivalent_at_most_at_the_level() -> None:
    """A shift of exactly the margin passes in a share LEVEL of trials, or less."""
    trials = 2000
    rng = np.random.default_rng(2)
    passed = sum(
        equivalence(np.zeros(ENOUGH), rng.normal(MARGIN, SPREAD / 2, ENOUGH)).equivalent
        for _ in range(trials)
    )
    # four standard errors of a share of 0.05 in so many trials
    assert passed / trials <= LEVEL + 4 * (LEVEL * (1 - LEVEL) / trials) ** 0.5


def test_enough_seeds_are_enough_at_the_spread_that_is_expected() -> None:
    """Even if rounding separated all runs, ENOUGH seeds would show most healthy pairs equal."""
    rng = np.random.default_rng(3)
    shown = sum(
        equivalence(rng.normal(0, SPREAD, ENOUGH), rng.normal(0, SPREAD, ENOUGH)).equivalent
        for _ in range(500)
    )
    assert shown >= 250


def cards(accuracies: np.ndarray) -> list[dict]:
    layers = [[784, 128, "relu"], [128, 10, "identity"]]
    return [
        {"dtype": "float32", "runs": {"momentum": {"layers": layers, "accuracy": float(a)}}}
        for a in accuracies
    ]


def judged(theirs: np.ndarray) -> Outcome:
    outcome = Outcome("torch", "complete")
    judge_final_accuracy(outcome, cards(SEEDS[: len(theirs)]), cards(theirs))
    return outcome


def test_the_final_accuracy_of_chaotic_runs_is_judged() -> None:
    good, bad = judged(other(0, SPREAD / 4)), judged(other(2 * MARGIN, SPREAD / 4))
    (finding,) = good.findings
    assert good.agrees
    assert (finding.stage, finding.run, finding.budget) == ("metric", "momentum", MARGIN)
    assert f"{ENOUGH} seeds" in finding.tensor
    assert not bad.agrees
    assert any("diverges by rounding" in note for note in good.notes)


def test_too_few_seeds_are_a_note_and_no_verdict() -> None:
    outcome = judged(other(0, SPREAD, 2))
    assert outcome.findings == []
    assert f"SEEDS={ENOUGH}" in outcome.notes[-1]
    assert judged(other(0, SPREAD, 1)).findings == []
