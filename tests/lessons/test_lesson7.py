"""The claims of lesson 7, on the reference backend."""

from __future__ import annotations

from pathlib import Path
from statistics import mean
from typing import NamedTuple

import numpy as np
import pytest

import datasets
from adapters.contract import Array, Layer
from adapters.laws.tolerances import epsilon
from adapters.layers import Conv2D, Pool2D
from adapters.numpy_layers import outputs
from course.lesson import Lesson
from course.plotting.convolution import receptive_fields, window_at_work
from course.record import read_record
from course.training import Run
from tests.images import few_images
from tests.lessons.running import (
    ODD_IMAGES,
    Runner,
    Tables,
    check_figures,
    own_images,
    recorded_tables,
    runner,
)

pytestmark = pytest.mark.lesson7

RUNS = ["dense", "windows", "tanh"]
FIGURES = ["window", "training", "slid", "learned_windows", "walk", "receptive_fields"]
MIXED = "The trained network, carried over"
EPOCHS, FEW = 3, 1_000  # short, and with a last third
# The least share of the test pictures by which windows are better when all are slid by two pixels.
FORGIVEN = 0.05


class Finished(NamedTuple):
    """The lesson after its end, the tables that it printed, and its sentences."""

    lesson: Lesson
    tables: Tables
    messages: list[str]

    def message(self, begin: str) -> str:
        """The rest of the only sentence with this beginning."""
        (found,) = (line.removeprefix(begin) for line in self.messages if line.startswith(begin))
        return found


@pytest.fixture(scope="module")
def run(request: pytest.FixtureRequest) -> Runner:
    """Lesson 7 on the reference."""
    return runner(request, 7)


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> str:
    return few_images(tmp_path_factory.mktemp("data"), FEW)


@pytest.fixture(scope="module")
def finished(run: Runner, few: str, tmp_path_factory: pytest.TempPathFactory) -> Finished:
    """One run on few pictures, with its figures, tables and sentences."""
    messages: list[str] = []
    with pytest.MonkeyPatch.context() as patch, recorded_tables() as tables:
        patch.setattr(Lesson, "say", lambda _, text: messages.append(text))
        lesson = run(tmp_path_factory.mktemp("lesson7"), epochs=EPOCHS, data=few)
    return Finished(lesson, tables, messages)


def test_both_are_trained_with_the_same_care(finished: Finished) -> None:
    """The same pictures, batches, rule and penalty, and the rate lowered in the last third."""
    runs = finished.lesson.runs
    assert list(runs) == RUNS
    dense, windows, tanh = (runs[name] for name in RUNS)
    assert dense.optimizer == windows.optimizer
    assert (dense.epochs, windows.epochs, tanh.epochs) == (5, 3, 2)
    assert len({run.net.l2 for run in runs.values()}) == 1
    assert all(np.array_equal(dense.x, run.x) for run in (windows, tanh))
    for run in (dense, windows):
        rates = [run.optimizer_at(epoch).learning_rate for epoch in range(run.epochs)]
        lowered = [rate == pytest.approx(rates[0] / 10) for rate in rates]
        first = int(np.ceil(run.epochs * 2 / 3))
        assert lowered == [False] * first + [True] * (run.epochs - first)
    kinds = [layer for layer in tanh.net.layers if isinstance(layer, Conv2D | Pool2D)]
    assert [getattr(layer, "activation", None) or layer.kind for layer in kinds] == [
        "tanh", "mean", "tanh", "mean",
    ]  # fmt: skip


def test_the_opponent_is_lesson_4(
    request: pytest.FixtureRequest, finished: Finished, few: str, tmp_path: Path
) -> None:
    """From the same initial weights, which do not know of the pictures' shape."""
    other = runner(request, 4)(tmp_path, epochs=5, draw=False, data=few).runs["momentum"]
    ours = finished.lesson.runs["dense"]
    assert all(np.array_equal(a, b) for a, b in zip(ours.initial, other.initial, strict=True))
    assert np.array_equal(ours.losses, other.losses)


def test_the_knobs_are_counted(finished: Finished) -> None:
    """Each line of both tables, and the numbers that the text has on paper."""
    for name, total, lines in (
        ("dense", 109_386, [0, 100_480, 8_256, 650]),
        ("windows", 5_258, [80, 0, 1_168, 0, 0, 4_010]),
    ):
        table = finished.tables[f"{name}: {total:,} knobs"]
        assert table.column("knobs") == [f"{line:,}" for line in lines]
        assert sum(p.size for p in finished.lesson.runs[name].params) == sum(lines) == total
        shapes = [" × ".join(map(str, shape)) for shape in finished.lesson.runs[name].net.outputs]
        assert table.column("gives") == shapes


def right(run: Run, x: Array, y: Array) -> float:
    """The share of right answers, from the scores of a new model with the run's weights."""
    model = type(run.model)(run.net, run.params, run.optimizer)
    return float(np.mean(model.forward(x).argmax(1) == y))


def test_pictures_slide_to_the_right(finished: Finished, few: str) -> None:
    """The accuracies of both networks on pictures that are moved here by an index."""
    images = datasets.load(few)
    assert isinstance(images, datasets.Images)
    dtype = finished.lesson.runs["dense"].x.dtype
    x = (images.x_test / 255).astype(dtype)[..., None]
    found = {}
    for name in ("dense", "windows"):
        shares = []
        for by in range(5):
            moved = np.array([[[row[j - by] if j >= by else [0] for j in range(len(row))]
                               for row in picture] for picture in x], dtype)  # fmt: skip
            shares.append(right(finished.lesson.runs[name], moved, images.y_test))
        found[name] = shares
    begin = "dense, test pictures slid by 0, 1, 2 … pixels: "
    assert finished.message(begin) == ", ".join(f"{share:.1%}" for share in found["dense"])
    gain = finished.lesson.measures["gain when slid by two pixels"]
    assert abs(gain - (found["windows"][2] - found["dense"][2])) <= 4 * epsilon("float64")
    (alt,) = (f["alt"] for f in finished.lesson.figures if f["file"] == "slid.png")
    for by in range(5):
        dense, windows = (found[name][by] for name in ("dense", "windows"))
        assert f"slid by {by}: dense {dense:.0%}, windows {windows:.0%}" in alt


def test_each_mix_up_fits_and_is_another_network(finished: Finished) -> None:
    table = finished.tables[MIXED]
    accuracies = [float(share.rstrip("%")) / 100 for share in table.column("test accuracy")]
    assert len(accuracies) == 5
    assert accuracies[0] == pytest.approx(finished.lesson.accuracies["windows"], abs=5e-4)
    assert max(accuracies[1:]) < accuracies[0]


def test_the_last_mix_up_is_a_flattening_in_the_other_order(finished: Finished, few: str) -> None:
    """Weights that were sorted window by window, on features that are flattened place by place."""
    images, run = datasets.load(few), finished.lesson.runs["windows"]
    assert isinstance(images, datasets.Images)
    assert run.model is not None
    x = (images.x_test / 255).astype(run.x.dtype)[..., None]
    features = run.model.activations(x)[3]  # (n, h, w, c)
    h, w, c = features.shape[1:]
    kernel, bias = run.params[-2:]
    order = np.arange(h * w * c).reshape(h, w, c).transpose(2, 0, 1).ravel()
    scores = features.reshape(len(x), -1) @ kernel[order] + bias
    share = np.mean(scores.argmax(1) == images.y_test)
    assert finished.tables[MIXED].column("test accuracy")[-1] == f"{share:.1%}"


def test_zeros_after_the_picture_and_before_it(finished: Finished) -> None:
    """A window of 3 that moves by two over 4 × 4 pixels, numbered from 1 row by row."""
    stands = "the picture: the windows stand on "
    assert finished.message(f"zeros after {stands}").split() == ["[", "6", "8", "14", "16]"]
    assert finished.message(f"zeros before {stands}").split() == ["[", "1", "3", "9", "11]"]


def test_the_first_of_equal_numbers_has_all_of_the_slope(finished: Finished) -> None:
    assert finished.message("four equal pixels, and what each of them gets of the slope: ") == (
        "[2. 0. 0. 0.]"
    )


def test_the_last_table_agrees_with_the_record(finished: Finished) -> None:
    assert finished.lesson.finished_in
    arrays, card = read_record(finished.lesson.finished_in)
    assert list(card["runs"]) == RUNS
    assert card["accuracy"] == card["runs"]["windows"]["accuracy"]
    accuracies = {name: card["runs"][name]["accuracy"] for name in RUNS}
    assert card["measures"]["gain"] == accuracies["windows"] - accuracies["dense"]
    table = finished.tables["On the same 100 test pictures"]
    assert table.column("") == RUNS
    assert table.column("test accuracy") == [f"{accuracies[name]:.2%}" for name in RUNS]
    assert table.column("final loss") == [f"{arrays[f'{name}/losses'][-1]:.4f}" for name in RUNS]
    assert table.column("epochs") == [str(card["runs"][name]["epochs"]) for name in RUNS]
    assert table.column("knobs") == ["109,386", "5,258", "5,258"]


def test_every_figure_is_there_and_described(finished: Finished) -> None:
    assert [figure["file"] for figure in finished.lesson.figures] == [f"{f}.png" for f in FIGURES]
    check_figures(finished.lesson)
    (alt,) = (f["alt"] for f in finished.lesson.figures if f["file"] == "receptive_fields.png")
    for side in (3, 4, 8, 10):
        assert f"{side} by {side}" in alt


def test_one_may_choose_how_many_windows(run: Runner, few: str, tmp_path: Path) -> None:
    lesson = run(tmp_path, epochs=1, data=few, knobs=(3, 5), draw=False)
    shapes = [parameter.shape for parameter in lesson.runs["windows"].params]
    assert shapes == [(3, 3, 1, 3), (3,), (3, 3, 3, 5), (5,), (125, 10), (10,)]


# The drawings.


@pytest.mark.parametrize("at", [(0, 0), (1, 2)])
def test_a_window_at_work_shows_its_sums(at: tuple[int, int]) -> None:
    picture, window = np.arange(20).reshape(4, 5) % 7, np.array([[1, 0, -2], [0, 3, 0], [0, 0, -1]])
    figure = window_at_work(picture, window, at)
    texts = [text.get_text() for text in figure.axes[0].texts]
    sums = [(picture[i : i + 3, j : j + 3] * window).sum() for i in (0, 1) for j in (0, 1, 2)]
    shown = texts[texts.index("multiply and sum") + 1 :]
    assert [int(text.replace("−", "-")) for text in shown[:6]] == sums
    assert any(text.endswith(f"= {sums[3 * at[0] + at[1]]}") for text in texts)


@pytest.mark.parametrize("layers", [
    (Conv2D(1, 1, 3),),
    (Conv2D(1, 1, 3), Pool2D("mean", 2), Conv2D(1, 1, 3), Pool2D("mean", 2)),
    (Conv2D(1, 1, 5, 3), Conv2D(1, 1, 2), Pool2D("mean", 3, 2)),
])  # fmt: skip
def test_a_receptive_field_is_what_a_number_depends_on(layers: tuple[Layer, ...]) -> None:
    """One pixel after the other is bright: which of them does the first number notice?"""
    side = 30
    params = [np.ones(parameter.shape) for layer in layers for parameter in layer.parameters]
    for depth, field in enumerate(receptive_fields(layers), 1):
        used = [np.zeros_like(p) if p.ndim == 1 else p for p in params]
        bright = np.eye(side)[:, None, :, None] * np.ones((1, side, 1, 1))  # a column each
        first = outputs(layers, used, bright)[depth - 1][:, 0, 0, 0]
        assert list(np.flatnonzero(first)) == list(range(field))


# Other pictures, and other seeds.


@pytest.mark.sampled(2)
@pytest.mark.parametrize(("shape", "classes", "kind", "rows"), ODD_IMAGES)
def test_images_of_your_own(
    run: Runner, tmp_path: Path, shape: tuple[int, int], classes: int, kind: str, rows: int
) -> None:
    path = own_images(tmp_path / "own.npz", shape, classes, kind, rows)
    lesson = run(tmp_path / "out", data=path, epochs=2)
    assert lesson.runs["windows"].params[-1].shape == (classes,)
    check_figures(lesson)


@pytest.mark.slow
def test_the_same_accuracy_and_a_slide_that_is_forgiven(run: Runner, tmp_path: Path) -> None:
    """Over five seeds: no gain that the spread would not cover, and one when pictures slide."""
    lessons = [run(tmp_path, seed=seed, draw=False) for seed in range(5)]
    gains = [lesson.measures["gain"] for lesson in lessons]
    assert abs(mean(gains)) <= max(np.std(gains, ddof=1), 0.005), gains
    slid = [lesson.measures["gain when slid by two pixels"] for lesson in lessons]
    assert min(slid) >= FORGIVEN, slid
