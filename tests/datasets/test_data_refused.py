"""Certain mistakes in the user's own data are refused, with a fitting remedy."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from datasets import DataError
from tests.datasets.mistaken import Arrays, both, images, scaled

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
