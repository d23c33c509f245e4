"""The table of measured agreement prints gaps that were worked out by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from adapters import BACKENDS
from compare import agreement_page, matrix
from course.record import Staging
from course.settings import folder_name

DENSE = [[2, 3, "tanh"], [3, 2, "identity"]]
RELU = [[2, 3, "relu"], [3, 2, "identity"]]
EPS = 2.0**-52
# Of lesson 3: the loss falls to a sixteenth, and what is far off there is little of the first one.
LOSSES = [4.0, 8.0, 0.25]


def publish(
    out: Path, backend: str, *, lesson: int = 3, dtype: str = "float64", seed: int = 0,
    layers: Any = DENSE, status: str = "complete", **arrays: Any,
) -> None:  # fmt: skip
    """A record with a run sgd of three steps, as numbers are given."""
    hashes = {"data": "d", "initial_weights": "w", "batch_order": "b"}
    run = {"layers": layers, "status": status, "accuracy": None, "hashes": hashes}
    card = {"lesson": lesson, "dtype": dtype, "seed": seed, "engine": backend, "device": "cpu",
            "status": "complete", "settings": {}, "accuracy": None, "runs": {"sgd": run},
            "hashes": hashes}  # fmt: skip
    usual: dict[str, Any] = {"losses": LOSSES, "param_0": [0.5, -2.0], "predictions": [0, 1, 1]}
    contents = {f"sgd/{key}": np.asarray(value, None if key == "predictions" else dtype)
            for key, value in (usual | arrays).items()}  # fmt: skip
    staging = Staging(str(out), lesson)
    staging.write(contents, card)
    staging.publish(folder_name(backend, dtype, "cpu", seed, {}), complete=True)


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """made("torch"): the status of a matrix of the records that are there, its page and README."""
    readme = tmp_path / "README.md"
    readme.write_text("before\n<!-- agreement -->\nold\n<!-- /agreement -->\nafter\n", "utf-8")
    monkeypatch.setattr(matrix, "README", readme)
    monkeypatch.setattr("adapters.Backend.missing", [])
    # What has no record cannot be run either, in a moment.
    monkeypatch.setattr(matrix, "run", lambda cell, args: None)

    def matrix_of(
        *backends: str, lessons: str = "3", dtypes: str = "float64", seeds: str = "0"
    ) -> tuple[int, dict[str, list[str]], list[str]]:
        status = matrix.main(
            ["--resume", f"--out={tmp_path}", f"--report={tmp_path / 'page.md'}",
             "--backends", *backends, "--lessons", *lessons.split(), "--dtypes", *dtypes.split(),
             "--seeds", *seeds.split()]
        )  # fmt: skip
        page = (tmp_path / "page.md").read_text(encoding="utf-8")
        rows = [[cell.strip() for cell in line.replace("\\|", "¦").strip("|").split("|")]
                for line in page.splitlines() if line.startswith("| ")]  # fmt: skip
        assert rows[0] == ["lesson", "backend", "dtype", "largest ¦ΔL¦ / max(L, L₀)",
                           "largest ¦ΔW¦", "labels that differ", "share of the budget used",
                           "verdict"]  # fmt: skip
        text = readme.read_text(encoding="utf-8")
        assert text.startswith("before\n<!-- agreement -->\n| | lesson ")
        assert text.endswith("\n<!-- /agreement -->\nafter\n")
        short = [line for line in text.splitlines() if line.startswith("| ")]
        return status, {" ".join(row[:3]): row[3:] for row in rows[1:]}, short

    return matrix_of


def test_gaps_are_those_worked_out_by_hand(tmp_path: Path, made: Any) -> None:
    """Of the loss over the larger of it and the first one; of a weight as it is."""
    publish(tmp_path, "numpy")
    # 32 ε of 4, 16 ε of 8, and 16 ε at 0.25, which are 4 ε of the run's first loss
    losses = [4 + 32 * EPS, 8 + 16 * EPS, 0.25 + 16 * EPS]
    publish(tmp_path, "torch", losses=losses, param_0=[0.5 + 2 * EPS, -2 - 6 * EPS])
    status, rows, short = made("torch")
    loss, weight = f"{8 * EPS:.1e}", f"{6 * EPS:.1e}"
    assert status == 0
    # of 4,500 ε for a loss; and of 2 · 4,500 ε for a weight
    assert rows == {"3 torch float64": [loss, weight, "0", f"{8 / 4500:.0%}", "agree"]}
    assert short == ["| | lesson 3 |", f"| float64 | {8 * EPS:.0e} / {6 * EPS:.0e} |"]


def test_a_vanishing_loss_is_compared_with_the_first(tmp_path: Path, made: Any) -> None:
    publish(tmp_path, "numpy")
    publish(tmp_path, "torch", losses=[4, 8, 0.25 + 2**-46])
    status, rows, _ = made("torch")
    assert (status, rows["3 torch float64"][0]) == (0, f"{2**-48:.1e}")


def test_float32_is_measured_in_the_same_way(tmp_path: Path, made: Any) -> None:
    """Though its budget is an absolute and a relative part: the table is no share of a budget."""
    publish(tmp_path, "numpy", dtype="float32")
    losses = np.array([4, 8, 0.25], np.float32)
    moved = losses + np.array([0, 2**-20, 2**-22], np.float32)
    publish(tmp_path, "torch", dtype="float32", losses=moved)
    _, rows, _ = made("torch", dtypes="float32")
    assert rows["3 torch float32"][0] == f"{2**-23:.1e}"  # 2⁻²⁰ of 8; 2⁻²² are 2⁻²⁴ of 4


def test_a_broken_budget_is_a_verdict_and_a_status(
    tmp_path: Path, made: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(tmp_path, "numpy")
    publish(tmp_path, "torch", param_0=[0.5, -2 - 1e-9])
    publish(tmp_path, "jax")
    status, rows, short = made("torch", "jax")
    assert status == 1
    assert rows["3 torch float64"][-1] == "**over**"
    assert rows["3 jax float64"] == ["0.0e+00", "0.0e+00", "0", "0%", "agree"]
    assert short[1] == "| float64 | **over** torch |"
    assert "over budget (3, 'torch', 'float64', 0): trajectory: sgd/param_0" in (
        capsys.readouterr().err
    )


def test_the_worst_of_all_seeds_is_printed(tmp_path: Path, made: Any) -> None:
    for seed, far in ((0, 4), (1, 16), (7, 8)):
        publish(tmp_path, "numpy", seed=seed)
        publish(tmp_path, "torch", seed=seed, param_0=[0.5 + far * EPS, -2.0])
    status, rows, short = made("torch", seeds="0 1 7")
    assert (status, rows["3 torch float64"][1]) == (0, f"{16 * EPS:.1e}")
    assert short[1] == f"| float64 | 0e+00 / {16 * EPS:.0e} |"


def test_a_failure_is_not_shown_as_equal(tmp_path: Path, made: Any) -> None:
    """Without a record there is no gap: no 0, and no "="."""
    publish(tmp_path, "numpy")
    publish(tmp_path, "jax")
    status, rows, short = made("torch", "jax")
    assert status == 1
    assert rows["3 torch float64"] == ["–", "–", "–", "–", "**failed**"]
    assert short[1] == "| float64 | **failed** torch |"


def test_without_a_reference_nobody_agrees(tmp_path: Path, made: Any) -> None:
    publish(tmp_path, "torch")
    status, rows, _ = made("torch")
    assert (status, rows["3 torch float64"][-1]) == (1, "**failed**")


def test_one_seed_that_failed_is_a_row_that_did(tmp_path: Path, made: Any) -> None:
    for seed in (0, 1):
        publish(tmp_path, "numpy", seed=seed)
    publish(tmp_path, "torch", seed=0)
    status, rows, _ = made("torch", seeds="0 1")
    assert (status, rows["3 torch float64"][-1]) == (1, "**failed**")


def test_what_is_not_installed_is_not_run(
    tmp_path: Path, made: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It neither agrees nor fails."""
    publish(tmp_path, "numpy")
    publish(tmp_path, "jax")
    lacking = property(lambda backend: ["torch"] if backend is BACKENDS["torch"] else [])
    monkeypatch.setattr("adapters.Backend.missing", lacking)
    status, rows, short = made("torch", "jax")
    assert status == 0
    assert rows["3 torch float64"] == ["–", "–", "–", "–", "not run"]
    assert short[1] == "| float64 | not run torch |"


def test_labels_are_counted_and_predicted_numbers_are_none(tmp_path: Path, made: Any) -> None:
    publish(tmp_path, "numpy", dtype="float32")
    publish(tmp_path, "torch", dtype="float32", predictions=[1, 1, 1])
    publish(tmp_path, "numpy", lesson=2, predictions=[0.5])
    publish(tmp_path, "torch", lesson=2, predictions=[2.5])
    _, rows, _ = made("torch", lessons="2 3", dtypes="float64 float32")
    assert rows["3 torch float32"][2] == "1"
    assert rows["2 torch float64"][2] == "0"  # a price is no label
    assert rows["2 torch float64"][-1] == "**over**"


def test_chaotic_runs_are_left_out(tmp_path: Path, made: Any) -> None:
    publish(tmp_path, "numpy", lesson=4, dtype="float32", layers=RELU)
    publish(tmp_path, "torch", lesson=4, dtype="float32", layers=RELU, losses=[9, 9, 9],
            param_0=[9, 9], predictions=[1, 0, 0])  # fmt: skip
    status, rows, _ = made("torch", lessons="4", dtypes="float32")
    assert (status, rows["4 torch float32"]) == (0, ["0.0e+00", "0.0e+00", "0", "0%", "agree"])


def test_a_run_that_diverges_is_measured_up_to_there(tmp_path: Path, made: Any) -> None:
    publish(tmp_path, "numpy", status="diverged", losses=[1.0, 4.0, 1e9])
    publish(tmp_path, "torch", status="diverged", losses=[1.0, 4.0 + 8 * EPS, 7e9], param_0=[9, 9])
    status, rows, _ = made("torch")
    assert (status, rows["3 torch float64"][:2]) == (0, [f"{2 * EPS:.1e}", "0.0e+00"])


def test_a_run_without_a_first_loss(tmp_path: Path, made: Any) -> None:
    """A perceptron begins at 0: no gap of it is none, and any other is over."""
    publish(tmp_path, "numpy", lesson=1, losses=[0, 0, 1])
    publish(tmp_path, "torch", lesson=1, losses=[0, 0, 1])
    publish(tmp_path, "jax", lesson=1, losses=[0, 0.5, 1])
    status, rows, _ = made("torch", "jax", lessons="1")
    assert status == 1
    assert rows["1 torch float64"][0] == "0.0e+00"
    assert rows["1 jax float64"][0] == "inf"


def test_the_least_exact_backend_of_each_lesson_is_shown(tmp_path: Path, made: Any) -> None:
    """The loss of one and the weight of another: each gap is the largest there is."""
    for lesson in (3, 4):
        publish(tmp_path, "numpy", lesson=lesson)
        publish(tmp_path, "jax", lesson=lesson)
    publish(tmp_path, "torch", losses=[4 + 32 * EPS, 8, 0.25])
    publish(tmp_path, "tensorflow", param_0=[0.5, -2 - 16 * EPS])
    publish(tmp_path, "torch", lesson=4)
    publish(tmp_path, "tensorflow", lesson=4)
    status, _, short = made("torch", "tensorflow", "jax", lessons="3 4")
    assert status == 0
    assert short == ["| | lesson 3 | lesson 4 |",
                     f"| float64 | {8 * EPS:.0e} / {16 * EPS:.0e} | = |"]  # fmt: skip


def test_a_part_that_another_command_wrote_stays(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    assert agreement_page.marked("browser", page) == ""
    page.write_text("a\n<!-- browser -->\nold\n<!-- /browser -->\n", encoding="utf-8")
    agreement_page.insert("new", page, "browser")
    assert agreement_page.marked("browser", page) == "\n<!-- browser -->\nnew\n<!-- /browser -->\n"


def test_lessons_that_did_not_run_keep_their_rows(made: Any, tmp_path: Path) -> None:
    """A run of one lesson wrote a page and a README without the others."""
    for lesson, steps in ((3, 8), (4, 16)):
        publish(tmp_path, "numpy", lesson=lesson)
        publish(tmp_path, "torch", lesson=lesson, losses=[4, 8 + steps * EPS, 0.25])
    _, alone, _ = made("torch", lessons="3")
    _, rows, short = made("torch", lessons="4")
    assert list(rows) == ["3 torch float64", "4 torch float64"]
    assert rows["3 torch float64"] == alone["3 torch float64"]
    assert short[0] == "| | lesson 3 | lesson 4 |"
