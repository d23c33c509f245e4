"""A difference in a layer that no lesson has is located and named, from a file of run specs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from adapters.contract import SGD, Dense, Net
from adapters.laws.subject import reference
from compare.budgets import budget_of_net
from compare.diverge.diagnose import diagnose
from compare.diverge.evaluation import Place, shown_by
from compare.diverge.gap import first_over, gaps
from compare.diverge.run_specs import read_specs, write_specs
from compare.diverge.side import Setting, Side
from compare.diverge.sketch import sketch
from compare.diverge.walk import walk
from course.settings import ROOT
from injections import INJECTIONS, RunSpec
from tests.injections.small_nets import KINDS, small_specs

# The second of each pair has the injection. The first pair runs in `make test`, the others in
# `make test-all`.
PAIRS = [
    ("numpy", "torch"),
    pytest.param("numpy", "jax", marks=pytest.mark.slow),
    pytest.param("torch", "keras", marks=pytest.mark.slow),
]
# By layer: convolution, pooling, the row of a picture; embedding, norm, attention, residual.
SOUGHT = [
    "conv_kernels_as_oihw", "kernel_flipped", "same_padded_before",
    "mean_for_max_pool", "max_pool_ties_split", "max_pool_pads_zeros", "padding_counts_in_mean",
    "flatten_channels_first",
    "repeated_word_counted_once", "embedding_scaled",
    "layer_norm_epsilon_outside", "layer_norm_by_n_minus_one", "layer_norm_over_places",
    "attention_not_scaled", "attention_mask_forgotten", "heads_split_by_reshape",
    "attention_softmax_over_queries", "attention_softmax_in_float32",
    "residual_left_out",
]  # fmt: skip


@pytest.fixture(scope="module")
def setting(tmp_path_factory: pytest.TempPathFactory) -> Setting:
    """The runs of the small networks, as a user would hand them to `--specs`."""
    file = tmp_path_factory.mktemp("specs") / "small.npz"
    write_specs(small_specs(reference("float64")), file)
    return Setting(0, specs=str(file))


def test_run_specs_are_read_as_they_were_written(setting: Setting) -> None:
    written, backend = small_specs(reference("float64")), reference("float64")
    assert setting.specs is not None
    for ours, theirs in zip(written, read_specs(Path(setting.specs), backend), strict=True):
        assert theirs.net == ours.net
        assert theirs.x.dtype == ours.x.dtype
        assert all(map(np.array_equal, theirs.initial, ours.initial))
        assert all(map(np.array_equal, theirs.batches, ours.batches))
        assert np.array_equal(theirs.x, ours.x)
        assert np.array_equal(theirs.y, ours.y)


def test_run_specs_of_another_dtype_are_refused(setting: Setting, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "compare.diverge", f"--specs={setting.specs}", "--a=numpy",
         "--b=numpy", "--inject=average_pool_padding", "--dtype=float32", f"--out={tmp_path}"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2, done.stdout
    assert "data in float64: you asked for float32" in done.stderr


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_sound_backends_agree(
    started: Callable[[str, Setting], Side], setting: Setting, one: str, other: str
) -> None:
    diagnosis = diagnose(started(one, setting), started(other, setting))
    assert diagnosis.divergences == []
    assert diagnosis.runs == len(KINDS)


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", SOUGHT)
@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_an_injection_into_a_layer_is_found(
    started: Callable[[str, Setting], Side], setting: Setting, one: str, other: str, name: str
) -> None:
    a, b, numpy = (started(side, setting) for side in (one, other, "numpy"))
    expected = shown_by(INJECTIONS[name], small_specs(reference("float64")))
    b.injections = (name,)
    try:
        first = diagnose(a, b, screener=numpy).divergences[0]
    finally:
        b.injections = ()
    gap = first.gap
    assert Place(gap.run, gap.step, gap.stage, gap.tensor) == expected
    assert first.cause is not None
    assert first.cause.suspects[:1] == (name,)
    assert first.cause.culprit == other


def test_the_command_takes_a_file_of_run_specs(setting: Setting, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "compare.diverge", f"--specs={setting.specs}", "--a=numpy",
         "--b=numpy", "--inject=average_pool_padding", f"--out={tmp_path}"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert "windows: step 0, layer output, layer 3, Pool2D" in done.stdout
    assert "padding_counts_in_mean" in done.stdout
    assert [file.name[:5] for file in (tmp_path / "diverge").glob("*.png")] == ["small"]


def test_a_lesson_without_a_budget_has_its_networks(setting: Setting) -> None:
    """What rounding does to a sum over the places of a row is within it, and a defect is not."""
    windows, *_ = small_specs(reference("float64"))
    budget = budget_of_net(windows.net, len(windows.batches), "float64")
    sound = [sketch(quantity) for quantity in walk(windows)]

    def first(scale: float) -> str:
        class Off(windows.Model):  # type: ignore[misc, name-defined]
            def gradients(self, x, y):  # type: ignore[no-untyped-def]
                return [g * (1 + scale) for g in super().gradients(x, y)]

        changed = RunSpec(**{**vars(windows), "Model": Off})
        gap = first_over(gaps("windows", sound, map(sketch, walk(changed)), budget, "float64"))
        return "" if gap is None else f"{gap.stage} {gap.tensor}"

    assert first(1e-14) == ""
    assert first(1e-9) == "gradient 0.kernel"


def test_names_of_dense_networks_stay() -> None:
    net = Net((Dense(3, 4, "relu"), Dense(4, 2)), "softmax")
    rng = np.random.default_rng(0)
    x, y, rows = rng.normal(size=(6, 3)), rng.integers(0, 2, 6), (np.arange(6),)
    initial = [rng.normal(size=shape) for shape in net.shapes]
    model = reference("float64")
    spec = RunSpec("a", net, SGD(0.1), initial, x, y, rows, rows, 1, 1, 1.0, 0, model)
    names = {(q.stage, q.tensor) for q in walk(spec)}
    assert {("gradient", name) for name in ("W0", "b0", "W1", "b1")} <= names
    assert {("layer output", "layer 0"), ("layer output", "layer 1")} <= names
