"""Images with labels: the data class, and the checks for every image data set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from datasets.files import Array, DataError, digest, show

KEYS = ("x_train", "y_train", "x_test", "y_test")
MAX_CLASSES = 256
CHANNELS = (1, 3, 4)  # grey, colours, colours and transparency
# The largest ratio between the scales of the two splits. Images of 0 to 255 beside images of
# standard deviation 1, which reach 3, have a ratio of 85.
OTHER_SCALE = 50.0


@dataclass(frozen=True, eq=False)
class Images:
    """Grey images of one size, each with the number of its class; made by `checked`.

    x_train (n, h, w), x_test (m, h, w): uint8 from 0 to 255, or floats of any scale. y_train (n,),
    y_test (m,): int64, from 0 to n_classes - 1. digest: sha256 over the four arrays. doubts:
    warnings about data that look like a mistake, one line each.
    """

    name: str
    x_train: NDArray[Any]
    y_train: NDArray[np.int64]
    x_test: NDArray[Any]
    y_test: NDArray[np.int64]
    class_names: tuple[str, ...]
    digest: str
    doubts: tuple[str, ...] = ()

    @property
    def n_classes(self) -> int:
        return len(self.class_names)

    def pixels(self, split: Literal["train", "test"]) -> NDArray[np.float64]:
        """One row per image, (n, h·w) float64: uint8 divided by 255, floats as they are."""
        if split not in ("train", "test"):
            raise DataError(f"unknown split {show(split)}: expected 'train' or 'test'")
        x = self.x_train if split == "train" else self.x_test
        rows = x.reshape(len(x), -1).astype(np.float64)  # (n, h·w)
        if x.dtype == np.uint8:
            rows /= 255
        return rows


def checked(
    name: str,
    arrays: dict[str, Array],
    class_names: tuple[str, ...] | None = None,
    source: str | None = None,
) -> Images:
    """Images from four arrays, after checking them.

    arrays: x_train, y_train, x_test, y_test in any byte order and memory layout; images (n, h, w)
    uint8 or float, labels (n,) of any integer dtype. class_names: by default the class numbers.
    source: the name of the data in error messages. Raises DataError that names the wrong array.
    """
    where = source or name
    x_train, x_test = (_images(where, key, arrays[key]) for key in ("x_train", "x_test"))
    y_train, y_test = (_labels(where, key, arrays[key]) for key in ("y_train", "y_test"))
    for split, x, y in (("train", x_train, y_train), ("test", x_test, y_test)):
        if len(x) != len(y):
            raise DataError(
                f"{where}: x_{split} has {len(x)} images and y_{split} {len(y)} labels; "
                f"expected one label per image{_hint_at_axes(split, x, y)}"
            )
    if x_train.shape[1:] != x_test.shape[1:] or x_train.dtype != x_test.dtype:
        raise DataError(
            f"{where}: x_train has {_kind(x_train)} and x_test {_kind(x_test)}; expected the same: "
            "make both in the same way"
        )
    scales = [reach(x) for x in (x_train, x_test)]
    if min(scales) and max(scales) > OTHER_SCALE * min(scales):
        raise DataError(
            f"{where}: x_train reaches {scales[0]:g} and x_test {scales[1]:g}; expected the same "
            "scale, so divide both by the same number"
        )
    n_classes = int(y_train.max()) + 1
    if y_train.min() == y_train.max():
        raise DataError(
            f"{where}: y_train holds one class only ({y_train[0]}); expected at least two"
        )
    if n_classes == MAX_CLASSES and MAX_CLASSES - 2 not in y_train:
        raise DataError(
            f"{where}: y_train holds {MAX_CLASSES - 1} and no {MAX_CLASSES - 2}; is it -1 in eight "
            "bits, or a mark for no class? leave such images out"
        )
    if (unseen := np.setdiff1d(y_test, y_train)).size:
        raise DataError(
            f"{where}: y_test holds class {unseen[-1]}, which is not among the training labels "
            f"{y_train.min()} to {y_train.max()}; expected only classes that can be learned"
        )
    clean = dict(zip(KEYS, (x_train, y_train, x_test, y_test), strict=True))
    names = class_names or tuple(map(str, range(n_classes)))
    return Images(name, x_train, y_train, x_test, y_test, names, digest(clean))


def _hint_at_axes(split: str, x: Array, y: Array) -> str:
    """A remedy if the images are along another axis, as in MATLAB; else an empty text."""
    axes = [axis for axis in (1, 2) if x.shape[axis] == len(y)]
    return f": np.moveaxis(x_{split}, {axes[0]}, 0) puts the images first" if axes else ""


def reach(x: Array) -> float:
    """The largest absolute value of images (n, h, w); 0 if all of them are blank."""
    return max(-float(x.min()), float(x.max()))


def _images(where: str, key: str, x: Array) -> Array:
    if x.ndim != 3:
        remedy = ""
        if x.ndim == 2:
            remedy = f": {key}.reshape(images, height, width) makes images of rows"
        if x.ndim == 4:
            axis = -1 if x.shape[-1] in CHANNELS else 1
            remedy = f": {key}.mean({axis}) makes colours grey"
        raise DataError(
            f"{where}: {key} has shape {x.shape}; expected (images, height, width){remedy}"
        )
    if x.size == 0:
        raise DataError(f"{where}: {key} is empty, shape {x.shape}; expected at least one pixel")
    if x.dtype != np.uint8 and x.dtype.kind != "f":
        raise DataError(
            f"{where}: {key} has dtype {x.dtype}; expected uint8 (0 to 255, divided by 255 here) "
            f"or floats (taken as they are): {_as_pixels(key, x)}"
        )
    x = np.ascontiguousarray(x, x.dtype.newbyteorder("="))
    if x.dtype.kind == "f" and not (good := np.isfinite(x)).all():
        at = tuple(int(i) for i in np.argwhere(~good)[0])
        raise DataError(f"{where}: {key}{list(at)} is {x[at]}; expected finite numbers only")
    return x


def _as_pixels(key: str, x: Array) -> str:
    """A remedy for images (n, h, w) of whole numbers: a dtype that keeps their values."""
    if x.dtype.kind not in "iu" or x.max() <= 1 or x.min() < 0:
        return f"{key}.astype('float32') keeps them as they are"
    if x.max() <= 255:
        return f"{key}.astype('uint8') keeps pixels from 0 to 255"
    return f"({key} / {x.max()}).astype('float32') makes them 0 to 1"


def _labels(where: str, key: str, y: Array) -> NDArray[np.int64]:
    if y.ndim != 1:
        axis = int(y.ndim > 1 and y.shape[0] >= y.shape[1])  # more images than classes
        one_hot = f"{key}.argmax({axis}) if they are one-hot"
        remedy = one_hot if y.shape[-1:] > (1,) else f"{key}.ravel()"
        raise DataError(
            f"{where}: {key} has shape {y.shape}; expected (images,), a class for each: {remedy}"
        )
    if y.size == 0:
        raise DataError(f"{where}: {key} is empty; expected at least one label")
    if y.dtype.kind not in "iu":
        raise DataError(
            f"{where}: {key} has dtype {y.dtype}; expected integers, the class numbers: "
            "np.unique(y, return_inverse=True)[1] numbers whatever the classes are"
        )
    wrong = (y < 0) | (y >= MAX_CLASSES)
    if wrong.any():
        at = int(np.argmax(wrong))
        raise DataError(
            f"{where}: {key}[{at}] is {y[at]}; expected classes from 0 to {MAX_CLASSES - 1}"
        )
    return np.ascontiguousarray(y, np.int64)


def _kind(x: Array) -> str:
    return f"{x.dtype} images of {x.shape[1]}×{x.shape[2]}"
