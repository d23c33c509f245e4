"""Where a warning begins and a remedy changes: the last value of one side, the first of the other.

The limits are written as numbers here, and not read from the code that they are limits of.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from datasets import DataError, Images, plausible
from datasets.images import checked, reach


def noise(*shape: int) -> Any:
    """The same random numbers in every test, whichever of them run."""
    return np.random.default_rng(0).normal(size=shape)


def of(x_train: Any, x_test: Any = None, y_train: Any = None, y_test: Any = None) -> Images:
    """Images that nothing has checked; the test images are the training images by default."""
    x_test = x_train if x_test is None else x_test
    y_train = np.arange(len(x_train)) % 2 if y_train is None else np.asarray(y_train)
    y_test = np.arange(len(x_test)) % 2 if y_test is None else np.asarray(y_test)
    names = tuple(map(str, range(int(y_train.max()) + 1)))
    return Images("mine", x_train, y_train, x_test, y_test, names, "")


def up_to(largest: float, dtype: Any = np.float64) -> Images:
    """Images whose largest pixel is known."""
    return of(np.array([[[0, largest]]], dtype))


@pytest.mark.parametrize(
    ("largest", "dtype", "words"),
    [
        (0, np.uint8, ""), (1, np.uint8, "was it scaled before"),
        (31, np.uint8, "was it scaled before"), (32, np.uint8, ""), (255, np.uint8, ""),
        (0.0, float, ""), (1e-9, float, "255 twice"), (1 / 32.5, float, "255 twice"),
        (1 / 32, float, ""), (1 / 31.5, float, ""), (7.5, float, ""), (8.0, float, ""),
        (8.5, float, "divide them by 8.5,"), (127.5, float, "divide them by 127.5,"),
        (128.0, float, "divide them by 128,"), (128.5, float, "divide them by 255,"),
        (254.5, float, "divide them by 255,"), (255.0, float, "divide them by 255,"),
        (255.5, float, "divide them by 255.5,"),
    ],
)  # fmt: skip
def test_the_scale_of_pixels(largest: float, dtype: Any, words: str) -> None:
    found = plausible.scale(up_to(largest, dtype))
    assert words in found
    assert bool(found) == bool(words)


@pytest.mark.parametrize(
    ("ours", "theirs", "doubted"),
    [
        ((0, 1), (0, 3), False), ((0, 1), (0, 3.1), True), ((0, 3.1), (0, 1), True),
        ((-1, 1), (-3, 1), False), ((-1, 1), (-4, 1), True), ((-4, 1), (-1, 1), True),
        ((-1, 1), (0, 1), True), ((0, 1), (-1, 1), True),
    ],
)  # fmt: skip
def test_the_scales_of_two_splits(ours: Any, theirs: Any, doubted: bool) -> None:
    data = of(np.array([[ours]], float), np.array([[theirs]], float))
    assert bool(plausible.scales(data)) == doubted


def test_one_image_of_a_class_is_enough() -> None:
    x = np.zeros((3, 1, 1))
    assert plausible.classes(of(x, x, [0, 1, 2], [0, 1, 2])) == ""
    assert "no training image has label 1, of" in plausible.classes(of(x, x, [0, 2, 2]))


@pytest.mark.parametrize(("classes", "words"), [(6, "1, 2, 3, 4, 5:"), (7, "1, 2, 3, 4, 5, …:")])
def test_five_classes_are_listed(classes: int, words: str) -> None:
    x = np.zeros((classes, 1, 1))
    found = plausible.classes(of(x, x, np.arange(classes), np.zeros(classes, int)))
    assert f"no test image has label {words}" in found


def test_as_many_test_images_as_training_images() -> None:
    x = np.zeros((3, 1, 1))
    assert plausible.sizes(of(x)) == ""
    assert "3 test images for 2" in plausible.sizes(of(x[:2], x))


def test_equal_images() -> None:
    different = noise(100, 2, 2)
    assert plausible.alike(of(different[:1])) == ""
    assert "all images of x_train are the same" in plausible.alike(of(different[[0, 0]]))
    assert plausible.alike(of(different[[0, 0, 1]])) == ""
    for images, doubted in ((63, False), (64, True)):  # of fewer images nothing is said
        seven = np.concatenate([different[[0] * 7], different[7:images]])
        assert bool(plausible.alike(of(seven))) == doubted
    ten = np.concatenate([different[[0] * 10], different[10:]])
    assert plausible.alike(of(ten)) == ""
    assert "11 of 101" in plausible.alike(of(np.concatenate([different[:1], ten])))


def test_mean_images_that_differ_are_not_turned() -> None:
    ours, theirs = noise(2, 1, 8, 8)
    assert plausible.turned(of(ours, theirs)) == ""
    assert "the negative" in plausible.turned(of(ours, -ours))
    assert "exchanged" in plausible.turned(of(ours, ours.transpose(0, 2, 1)))
    small = ours[:, :7]
    assert plausible.turned(of(small, -small)) == ""


@pytest.mark.parametrize("blank", ["x_train", "x_test", "both"])
def test_a_blank_mean_image_correlates_with_nothing(blank: str) -> None:
    full, empty = noise(1, 8, 8), np.ones((1, 8, 8))
    splits = {"x_train": (empty, full), "x_test": (full, empty), "both": (empty, empty)}
    assert plausible.turned(of(*splits[blank])) == ""  # of which NumPy would warn


def test_only_a_square_can_be_transposed() -> None:
    ours = noise(1, 4, 16)
    reordered = ours[0].T.reshape(1, 4, 16)  # not what a person would call exchanged
    assert plausible.turned(of(ours, reordered)) == ""


@pytest.mark.parametrize(("ratio", "doubted"), [(1.4, True), (1.6, False), (2.4, False)])
def test_labels_at_random(monkeypatch: pytest.MonkeyPatch, ratio: float, doubted: bool) -> None:
    monkeypatch.setattr(plausible, "between_classes", lambda x, y: ratio)
    assert bool(plausible.labelled(of(np.zeros((64, 1, 1))))) == doubted
    assert not plausible.labelled(of(np.zeros((63, 1, 1))))


@pytest.mark.parametrize(
    ("images", "examined"), [(1999, 1999), (2000, 2000), (2001, 1001), (4001, 1334)]
)
def test_at_most_2000_images_are_examined(
    monkeypatch: pytest.MonkeyPatch, images: int, examined: int
) -> None:
    seen: list[int] = []

    def record(x: Any, y: Any) -> float:
        assert len(x) == len(y)
        seen.append(len(x))
        return np.inf

    monkeypatch.setattr(plausible, "between_classes", record)
    plausible.labelled(of(np.zeros((images, 1, 1))))
    assert seen == [examined] * 2


def test_between_classes_does_not_depend_on_the_scale() -> None:
    x, y = noise(6, 1, 2), np.array([0, 0, 0, 1, 1, 1])
    expected = plausible.between_classes(x, y)
    assert plausible.between_classes(x / 1024, y) == pytest.approx(expected, rel=1e-12)
    assert plausible.between_classes(x * 1024 + 5, y) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(("low", "high"), [(-5, 1), (1, 5), (-5, 5), (-1, 5), (-5, -1)])
def test_how_far_images_reach(low: float, high: float) -> None:
    assert reach(np.array([[[low, high]]])) == 5


# The remedy in an error about arrays that are no images or no labels.


def error(**changed: Any) -> str:
    """What is said about two classes of grey images, but for these arrays."""
    x, y = np.zeros((4, 2, 3), np.uint8), np.arange(4) % 2
    arrays: dict[str, Any] = {"x_train": x, "y_train": y, "x_test": x, "y_test": y}
    with pytest.raises(DataError) as raised:
        checked("mine", arrays | changed)
    return str(raised.value)


@pytest.mark.parametrize(
    ("shape", "remedy"),
    [
        ((4, 2, 3, 1), "mean(-1)"), ((4, 2, 3, 3), "mean(-1)"), ((4, 2, 3, 4), "mean(-1)"),
        ((4, 3, 2, 5), "mean(1)"), ((4, 3, 5, 2), "mean(1)"), ((4, 3, 2, 0), "mean(1)"),
        ((4, 6), "x_train.reshape(images, height, width)"),
    ],
)  # fmt: skip
def test_the_remedy_for_another_number_of_axes(shape: tuple[int, ...], remedy: str) -> None:
    assert remedy in error(x_train=np.zeros(shape, np.uint8))


def test_numbers_in_a_row_have_no_remedy() -> None:
    assert not error(x_train=np.zeros((6,), np.uint8)).endswith("grey")


@pytest.mark.parametrize(
    ("shape", "remedy"),
    [((2, 4, 3), "np.moveaxis(x_train, 1, 0)"), ((2, 3, 4), "np.moveaxis(x_train, 2, 0)"),
     ((2, 4, 4), "np.moveaxis(x_train, 1, 0)"), ((5, 2, 3), "")],
)  # fmt: skip
def test_the_remedy_for_images_along_another_axis(shape: tuple[int, ...], remedy: str) -> None:
    found = error(x_train=np.zeros(shape, np.uint8), x_test=np.zeros(shape, np.uint8))
    assert remedy in found
    assert ("moveaxis" in found) == bool(remedy)


@pytest.mark.parametrize(
    ("values", "remedy"),
    [
        ([0, 1], "astype('float32') keeps"), ([0, 2], "astype('uint8')"),
        ([-1, 2], "astype('float32') keeps"), ([0, 255], "astype('uint8')"),
        ([0, 256], "/ 256)"), ([0, 254], "astype('uint8')"), ([0, 65535], "/ 65535)"),
        ([0, 5j], "astype('float32') keeps"), ([False, True], "astype('float32') keeps"),
    ],
)  # fmt: skip
def test_the_remedy_for_another_dtype(values: list[Any], remedy: str) -> None:
    assert remedy in error(x_train=np.array(values).reshape(1, 1, 2))


@pytest.mark.parametrize(
    ("shape", "remedy"),
    [
        ((4, 2), "y_train.argmax(1)"), ((4, 4), "y_train.argmax(1)"), ((2, 4), "y_train.argmax(0)"),
        ((4, 1), "y_train.ravel()"), ((4, 3, 1), "y_train.ravel()"), ((), "y_train.ravel()"),
    ],
)  # fmt: skip
def test_the_remedy_for_labels_of_another_shape(shape: tuple[int, ...], remedy: str) -> None:
    assert error(y_train=np.zeros(shape, int)).partition("each: ")[2].startswith(remedy)
