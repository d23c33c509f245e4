"""Warnings about the user's own data: one line for a probable mistake, none for sound data."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from datasets import Images, load, plausible
from datasets.images import checked
from datasets.plausible import doubts
from tests.datasets.conftest import Arrays, both, images, scaled


def blank(a: Arrays) -> Arrays:
    return {"x_test": np.zeros_like(a["x_test"])}


def shuffled(key: str) -> Callable[[Arrays], Arrays]:
    return lambda a: {key: np.random.default_rng(2).permutation(a[key])}


def twice_the_test(a: Arrays) -> Arrays:
    """More test images than training images, none of which is among them."""
    rest = [(a["x_test"] ^ i, a["y_test"]) for i in range(3)]
    return {"x_test": np.concatenate([x for x, _ in rest]), "y_test": np.tile(a["y_test"], 3)}


TWO_WAYS = "were they scaled in two ways"
AT_RANDOM = "look as alike as if y_(train|test) were drawn at random: do the labels belong"

DOUBTFUL: dict[str, tuple[Callable[[Arrays], Arrays], str]] = {
    "floats from 0 to 255": (both(np.float32), "x_train has floats from 0 to 249, .* by 255"),
    "16 bits": (both(lambda x: x * 257.0), "floats .* divide them by 63993"),
    "from 0 to 16": (  # as scikit-learn's digits are
        both(lambda x: np.round(x / 255.0 * 16)),
        "x_train has floats from 0 to 16, .* divide them by 16, or",
    ),
    "filled in part": (
        lambda a: {"x_train": np.concatenate([a["x_train"][:90], a["x_train"][90:] * 0])},
        "110 of 200 images of x_train are the same: was all of it filled",
    ),
    "scaled twice": (both(lambda x: scaled(x) / 255), r"x_train has floats up to 0.0038.* twice\?"),
    "cut to whole numbers": (
        both(lambda x: (x / 200).astype(np.uint8)),
        "x_train is uint8, .* its largest value is 1: was it scaled",
    ),
    "one split from -1": (
        lambda a: both(scaled)(a) | {"x_train": scaled(a["x_train"]) * 2 - 1},
        f"x_train goes from -1 to .* x_test from 0 to .*: {TWO_WAYS}",
    ),
    "one split brighter": (
        lambda a: both(scaled)(a) | {"x_test": scaled(a["x_test"]) * 4},
        TWO_WAYS,
    ),
    "labels from 1": (both(lambda y: y + 1, "y"), "no training image has label 0: .* subtract 1"),
    "labels with a gap": (
        both(lambda y: y * 2, "y"),
        "no training image has label 1, 3, 5, of 0 to 6: number",
    ),
    "labels with many gaps": (
        both(lambda y: y * 5, "y"),
        "no training image has label 1, 2, 3, 4, 6, …, of 0 to 15",
    ),
    "a class that is not tested": (
        lambda a: {"y_test": a["y_test"] % 3},
        "no test image has label 3: ",
    ),
    "test labels all equal": (
        lambda a: {"y_test": a["y_test"] * 0},
        "no test image has label 1, 2, 3: ",
    ),
    "training and test swapped": (
        twice_the_test,
        "240 test images for 200 training images: are the two swapped",
    ),
    "no test image filled": (blank, "all images of x_test are the same: was the array filled"),
    "no training image filled": (
        lambda a: {"x_train": a["x_train"] * 0 + 7},
        "all images of x_train are the same",
    ),
    "training images tested": (
        lambda a: {"x_test": a["x_train"][:80]},
        "80 of 80 test images are training images",
    ),
    "inverted": (
        lambda a: {"x_test": 255 - a["x_test"]},
        "x_test looks like the negative of x_train",
    ),
    "transposed": (
        lambda a: {"x_test": a["x_test"].transpose(0, 2, 1)},
        "x_test looks like x_train with rows and columns exchanged",
    ),
    "shuffled labels": (shuffled("y_train"), f"classes of x_train {AT_RANDOM}"),
    "shuffled test labels": (shuffled("y_test"), f"classes of x_test {AT_RANDOM}"),
    "shuffled images": (shuffled("x_train"), f"classes of x_train {AT_RANDOM}"),
    "shuffled test images": (shuffled("x_test"), f"classes of x_test {AT_RANDOM}"),
}


def half_shared(a: Arrays) -> Arrays:
    return {"x_test": np.concatenate([a["x_train"][:40], a["x_test"][40:]])}


def some_blank(a: Arrays) -> Arrays:
    """A quarter of the training images."""
    return {"x_train": np.concatenate([a["x_train"][:150], a["x_train"][150:] * 0])}


def inverted(a: Arrays) -> Arrays:
    return {"x_test": 255 - a["x_test"]}


SOUND: dict[str, Callable[[Arrays], Arrays]] = {
    "as they are": lambda a: {},
    "from 0 to 1": both(scaled),
    "from -1 to 1": both(lambda x: scaled(x) * 2 - 1),
    "mean 0, deviation 1": both(lambda x: (scaled(x) - 0.3) / 0.25),
    "half precision": both(lambda x: scaled(x).astype(np.float16)),
    "both transposed": both(lambda x: x.transpose(0, 2, 1)),
    "both inverted": both(lambda x: 255 - x),
    "labels in eight bits": both(lambda y: y.astype(np.int8), "y"),
    "one image tested": lambda a: {"x_test": a["x_test"][:4], "y_test": a["y_test"][:4]},
}


@pytest.mark.parametrize("case", DOUBTFUL)
def test_a_probable_mistake_is_one_warning(sound: Arrays, case: str) -> None:
    change, message = DOUBTFUL[case]
    (line,) = doubts(images(sound, change))
    assert re.search(message, line), line
    assert "\n" not in line
    assert len(line) < 220


@pytest.mark.parametrize("case", SOUND)
def test_sound_data_give_no_warning(sound: Arrays, case: str) -> None:
    assert doubts(images(sound, SOUND[case])) == ()


def test_the_committed_set_gives_no_warning() -> None:
    clothing = load("fashion10k")
    assert isinstance(clothing, Images)
    assert doubts(clothing) == ()


def test_each_of_two_mistakes_has_its_warning(sound: Arrays) -> None:
    found = doubts(images(sound, lambda a: both(np.float32)(a) | both(lambda y: y + 1, "y")(a)))
    assert [line.split()[0] for line in found] == ["x_train", "no"]


def test_loaded_data_have_their_warnings(tmp_path: Path, sound: Arrays) -> None:
    np.savez(tmp_path / "mine.npz", **sound | {"x_test": 255 - sound["x_test"]})
    data = load(tmp_path / "mine.npz")
    assert isinstance(data, Images)
    assert data.doubts == ("x_test looks like the negative of x_train: invert one of them",)
    assert data.digest == replace(data, doubts=()).digest


@pytest.mark.parametrize(
    ("name", "value", "change", "doubted"),
    [
        ("DARK", 249, lambda a: {}, False),
        ("DARK", 250, lambda a: {}, True),
        ("FAR", 249.0, both(np.float64), False),
        ("FAR", 248.9, both(np.float64), True),
        ("SAME", 0.24, some_blank, True),
        ("SAME", 0.25, some_blank, False),
        ("SHARED", 0.5, half_shared, False),
        ("SHARED", 0.49, half_shared, True),
        ("ENOUGH", 64, inverted, True),
        ("ENOUGH", 65, inverted, False),
        ("ENOUGH", 80, shuffled("y_test"), True),
        ("ENOUGH", 81, shuffled("y_test"), False),
    ],
)  # fmt: skip
def test_the_limits_of_warnings(
    sound: Arrays, monkeypatch: pytest.MonkeyPatch, name: str, value: float,
    change: Callable[[Arrays], Arrays], doubted: bool,
) -> None:  # fmt: skip
    monkeypatch.setattr(plausible, name, value)
    assert bool(doubts(images(sound, change))) == doubted


@pytest.mark.parametrize("times", [3.0, 3.1])
def test_the_limit_of_different_scales(sound: Arrays, times: float) -> None:
    """Three times as far is allowed, on either side."""
    for key in ("x_train", "x_test"):
        same: Arrays = {"x_train": np.full((9, 2, 2), 0.5), "x_test": np.full((9, 2, 2), 0.5)}
        changed: Any = same | {key: same[key] * times}
        data = replace(checked("mine", sound), **changed)
        assert bool(plausible.scales(data)) == (times > plausible.APART)


def test_between_classes_is_an_analysis_of_variance() -> None:
    """By hand: two pixels, classes at 0 and 4 with one to either side of each."""
    x = np.array([[-1.0, 0], [1, 0], [3, 0], [5, 0]]).reshape(4, 1, 2)
    assert plausible.between_classes(x, np.array([0, 0, 1, 1])) == 16 / 1 / (4 / 2)
    assert plausible.between_classes(x, np.array([0, 1, 0, 1])) == 4 / 1 / (16 / 2)
    assert plausible.between_classes(x, np.array([0, 1, 2, 3])) == np.inf
    assert plausible.between_classes(x, np.zeros(4, int)) == np.inf
    assert plausible.between_classes(np.sign(x - 2), np.array([0, 0, 1, 1])) == np.inf


@pytest.mark.parametrize("most", [199, 200])
def test_labels_are_judged_by_evenly_spaced_images(
    sound: Arrays, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """Sorted by class, the first images would be of one."""
    monkeypatch.setattr(plausible, "MOST", most)
    order = np.argsort(sound["y_train"], kind="stable")
    data = images(sound, lambda a: {k: a[k][order] for k in ("x_train", "y_train")})
    assert doubts(data) == ()
    assert doubts(replace(data, y_train=data.y_train[::-1][np.argsort(order)]))
