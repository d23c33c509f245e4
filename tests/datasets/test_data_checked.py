"""The checks of every image data set, and the mistakes in a user's own data that are refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from datasets import DataError
from datasets.images import checked
from tests.datasets.conftest import Arrays, both, images, scaled

NAN = np.full((12, 4, 3), 0.5)
NAN[7, 1, 2] = np.nan
X6 = np.zeros((6, 4, 3))
ONES = np.ones(12, int)

CASES: dict[str, tuple[dict[str, Any], str]] = {
    "flat images": ({"x_train": np.zeros((12, 12), np.uint8)}, r"x_train has shape \(12, 12\)"),
    "colour": ({"x_test": np.zeros((6, 4, 3, 3), np.uint8)}, r"x_test has shape \(6, 4, 3, 3\)"),
    "a number": ({"x_train": np.array(3)}, r"x_train has shape \(\)"),
    "no images": ({"x_train": np.zeros((0, 4, 3), np.uint8)}, "x_train is empty"),
    "no test images": ({"x_test": np.zeros((0, 4, 3), np.uint8)}, "x_test is empty"),
    "no height": ({"x_train": np.zeros((12, 0, 3), np.uint8)}, "x_train is empty"),
    "wide integers": (
        {"x_train": np.zeros((12, 4, 3), int)},
        "x_train has dtype int64; expected u",
    ),
    "signed bytes": ({"x_train": np.zeros((12, 4, 3), "i1")}, "x_train has dtype int8"),
    "bits": ({"x_test": np.zeros((6, 4, 3), bool)}, "x_test has dtype bool"),
    "objects": ({"x_train": np.zeros((12, 4, 3), object)}, "x_train has dtype object"),
    "complex": ({"x_train": np.zeros((12, 4, 3), complex)}, "x_train has dtype complex128"),
    "NaN": ({"x_train": NAN, "x_test": X6}, r"x_train\[7, 1, 2\] is nan; expected finite"),
    "infinity": ({"x_train": NAN * 0 + np.inf, "x_test": X6}, r"x_train\[0, 0, 0\] is inf"),
    "NaN, big-endian": ({"x_train": NAN.astype(">f4"), "x_test": X6}, r"x_train\[7, 1, 2\] is nan"),
    "NaN in the test": ({"x_train": NAN * 0 + 1, "x_test": X6 * np.nan}, r"x_(train|test)\[.* nan"),
    "other size": (
        {"x_test": np.zeros((6, 3, 4), np.uint8)},
        "uint8 images of 4×3 and x_test uint8",
    ),
    "other kind": ({"x_test": X6}, "uint8 images of 4×3 and x_test float64 images of 4×3"),
    "too few labels": (
        {"y_train": np.arange(11) % 3},
        "x_train has 12 images and y_train 11 labels",
    ),
    "too many labels": ({"y_test": np.arange(7) % 3}, "x_test has 6 images and y_test 7 labels"),
    "one-hot labels": ({"y_train": np.eye(12, dtype=int)}, r"y_train has shape \(12, 12\)"),
    "no labels": ({"y_test": np.zeros(0, int)}, "y_test is empty"),
    "float labels": ({"y_train": np.arange(12.0)}, "y_train has dtype float64; expected integers"),
    "boolean labels": ({"y_train": np.arange(12) > 5}, "y_train has dtype bool; expected integers"),
    "text labels": ({"y_train": np.array(["a"] * 12)}, "y_train has dtype <U1; expected integers"),
    "object labels": ({"y_train": ONES.astype(object)}, "y_train has dtype object"),
    "negative": ({"y_train": np.arange(12) - 3}, r"y_train\[0\] is -3; expected classes from 0"),
    "too large": (
        {"y_train": np.arange(12) + 250},
        r"y_train\[6\] is 256; expected classes from 0",
    ),
    "beyond int64": (
        {"y_test": np.full(6, 2**64 - 1, "u8")},
        r"y_test\[0\] is 18446744073709551615",
    ),
    "one class": ({"y_train": ONES}, r"y_train holds one class only \(1\); expected at least two"),
    "unseen class": ({"y_test": np.arange(6) % 4}, "y_test holds class 3, which is not among the"),
}


@pytest.mark.parametrize("case", CASES)
def test_wrong_arrays_are_one_clear_error(tiny: Any, case: str) -> None:
    changes, message = CASES[case]
    with pytest.raises(DataError, match=f"^mine: .*{message}"):
        checked("mine", {**tiny(), **changes})


@pytest.mark.parametrize("shape", [(1, 1), (28, 28), (3, 50)])
@pytest.mark.parametrize("dtype", ["u1", "f2", "f4", "f8", ">f4", ">f8"])
@pytest.mark.parametrize("label", ["i1", "u1", ">i4", "i8", "u8"])
def test_any_size_and_byte_order_is_accepted(
    shape: tuple[int, int], dtype: str, label: str
) -> None:
    x = np.asfortranarray(np.random.default_rng(0).integers(0, 2, (4, *shape)).astype(dtype))
    y = np.repeat(np.array([0, 2, 1, 0], label), 2)[::2]
    data = checked("mine", {"x_train": x, "y_train": y, "x_test": x[:2], "y_test": y[:2]})
    assert np.array_equal(data.x_train, x)
    assert data.x_train.flags.c_contiguous
    assert data.x_train.dtype == np.dtype(dtype).newbyteorder("=")
    assert data.y_train.tolist() == [0, 2, 1, 0]
    assert data.y_train.dtype == np.int64
    assert data.n_classes == 3
    assert data.class_names == ("0", "1", "2")


def test_256_classes_are_the_most(tiny: Any) -> None:
    y = np.arange(12)
    y[-2:] = 254, 255  # a lone 255 is a mark for no class
    assert checked("mine", {**tiny(), "y_train": y}).n_classes == 256


def test_uint8_is_scaled_and_floats_are_not(tiny: Any) -> None:
    arrays = tiny()
    assert checked("m", arrays).pixels("train")[0, 0] == arrays["x_train"][0, 0, 0] / 255
    for key in ("x_train", "x_test"):
        arrays[key] = arrays[key].astype(np.float32) - 7
    data = checked("m", arrays)
    rows = data.pixels("train")  # (12, 12)
    assert rows.dtype == np.float64
    assert rows.shape == (12, 12)
    assert np.array_equal(rows, arrays["x_train"].reshape(12, 12))
    rows[:] = 0  # a copy: the data stays
    assert data.x_train.any()


def test_a_digest_does_not_depend_on_the_name_or_the_layout(tiny: Any) -> None:
    arrays = tiny()
    other = {key: np.asfortranarray(array) for key, array in arrays.items()}
    assert checked("one", arrays).digest == checked("two", other).digest
    arrays["x_test"][0, 0, 0] ^= 1
    assert checked("one", arrays).digest != checked("two", other).digest


NEVER: dict[str, tuple[Callable[[Arrays], Arrays], str]] = {
    "one split scaled": (
        lambda a: {"x_train": scaled(a["x_train"]), "x_test": a["x_test"].astype(np.float32)},
        "x_train reaches 0.97.* and x_test 249; expected the same scale, so divide both",
    ),
    "the other split scaled": (
        lambda a: {"x_test": (a["x_test"] / 200).astype(np.uint8)},
        "x_train reaches 249 and x_test 1; expected the same scale",
    ),
    "a label of 255": (
        lambda a: {"y_train": np.where(a["y_train"] == 1, 255, a["y_train"])},
        "y_train holds 255 and no 254; is it -1 in eight bits, or a mark for no class",
    ),
    "a class that is only tested": (
        lambda a: {"y_train": np.where(a["y_train"] == 1, 2, a["y_train"])},
        "y_test holds class 1, which is not among the training labels 0 to 3",
    ),
    "columns of labels": (
        lambda a: {"y_test": a["y_test"][:, None]},
        r"class for each: y_test.ravel\(\)",
    ),
    "one-hot labels": (
        lambda a: {"y_train": np.eye(4, dtype=int)[a["y_train"]]},
        r"y_train.argmax\(1\) if they are one-hot",
    ),
    "one-hot labels, turned": (
        lambda a: {"y_train": np.eye(4, dtype=int)[a["y_train"]].T},
        r"y_train.argmax\(0\) if they are one-hot",
    ),
    "images last": (
        lambda a: {"x_train": np.concatenate([a["x_train"]] * 2).transpose(1, 2, 0)[..., :200]},
        r"8 images and y_train 200 labels; .*: np.moveaxis\(x_train, 2, 0\) puts",
    ),
    "rows of pixels": (
        lambda a: {"x_train": a["x_train"].reshape(200, 64)},
        r"x_train.reshape\(images, height",
    ),
    "colours last": (
        lambda a: {"x_test": np.stack([a["x_test"]] * 3, -1)},
        r"x_test.mean\(-1\) makes colours grey",
    ),
    "colours first": (
        lambda a: {"x_test": np.stack([a["x_test"]] * 3, 1)},
        r"x_test.mean\(1\) makes colours grey",
    ),
    "whole numbers": (both(np.int64), r"has dtype int64; .* x_train.astype\('uint8'\)"),
    "16 bits": (
        both(lambda x: x.astype(np.uint16) * 257),
        r"dtype uint16; .*: \(x_train / 63993\).astype\('float32'\) makes them 0 to 1",
    ),
    "black and white": (both(lambda x: x > 99), r"bool; .*: x_train.astype\('float32'\) keeps"),
    "one split in floats": (
        lambda a: {"x_test": scaled(a["x_test"])},
        "x_train has uint8 images of 8×8 and x_test float32 .*: make both in the same way",
    ),
}


@pytest.mark.parametrize("case", NEVER)
def test_certain_mistakes_are_refused_with_a_remedy(sound: Arrays, case: str) -> None:
    change, message = NEVER[case]
    with pytest.raises(DataError, match=message):
        images(sound, change)


@pytest.mark.parametrize(("times", "right"), [(50, True), (51, False)])
def test_the_limit_of_another_scale(sound: Arrays, times: int, right: bool) -> None:
    """A blank split has no scale, and is only doubted."""
    ones = {"x_train": np.ones((200, 2, 2)), "x_test": np.ones((80, 2, 2))}
    assert images(sound, lambda a: ones | {"x_test": ones["x_test"] * 0}).doubts == ()
    for key in ones:
        change = ones | {key: ones[key] * times}
        if right:
            images(sound, lambda a, change=change: change)  # type: ignore[misc]
        else:
            with pytest.raises(DataError, match="expected the same scale"):
                images(sound, lambda a, change=change: change)  # type: ignore[misc]
