"""Data that can be read and are hardly meant: one line for each doubt, with what to do about it.

None of these is certain, so none is refused. What cannot be meant is, in images.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np

from datasets.files import Array
from datasets.images import Images, reach

DARK = 32  # a largest pixel of 255 below which a picture can hardly be seen
BRIGHT = 128  # a largest pixel above which pictures of 0 to 255 lie, though none is quite white
FAR = 8.0  # deviations from the mean: scaled to deviation 1, the pixels of MNIST stay below 3
FAINT = 1 / 32  # of a float: divided by 255 twice, the largest is 1/255
APART = 3.0  # times that one split may reach further than the other, with few images in it
SHARED = 0.01  # of the test images may be training images: Fashion-MNIST has a few by itself
SAME = 0.1  # of a split may be one and the same image, such as a blank one
ENOUGH = 64  # pixels or test images below which chance alone looks like a pattern
LIKE = 0.9  # correlation of two mean images that are the same picture; sound splits reach 0.99
# Of `between_classes`. Random labels give 1 ± √(2/(k-1)d) for k classes and images that vary in d
# independent ways, a dozen at least; the classes of Fashion-MNIST give 6 in 100 images.
RANDOM = 1.5
MOST = 2000  # images of each split that are looked at to see whether labels belong to them


def doubts(data: Images) -> tuple[str, ...]:
    """What is doubtful about images with labels, a line each; usually nothing."""
    found = [next(filter(None, (check(data) for check in checks)), "") for checks in GROUPS]
    return tuple(filter(None, found)) or tuple(filter(None, [labelled(data)]))


def scale(data: Images) -> str:
    """Pixels that were scaled not at all, twice, or before they became whole numbers."""
    for key, x in (("x_train", data.x_train), ("x_test", data.x_test)):
        far = reach(x)
        if x.dtype == np.uint8 and 0 < far < DARK:
            return (
                f"{key} is uint8, to be divided by 255 here, and its largest value is {far:g}: was "
                "it scaled before? save pixels from 0 to 255, or floats"
            )
        if x.dtype != np.uint8 and far > FAR:
            return (
                f"{key} has floats from {x.min():g} to {x.max():g}, which are taken as they are: "
                f"divide them by {255 if BRIGHT < far < 255 else far:g}, or save pixels as uint8"
            )
        if x.dtype != np.uint8 and 0 < far < FAINT:
            return f"{key} has floats up to {far:g} only: were they divided by 255 twice?"
    return ""


def scales(data: Images) -> str:
    """Training and test images that were scaled in two ways."""
    (a, b), (c, d) = ((float(x.min()), float(x.max())) for x in (data.x_train, data.x_test))
    ours, theirs = max(-a, b), max(-c, d)
    if (a < 0) == (c < 0) and max(ours, theirs) <= APART * min(ours, theirs):
        return ""
    return (
        f"x_train goes from {a:g} to {b:g} and x_test from {c:g} to {d:g}: "
        "were they scaled in two ways? do the same with both"
    )


def classes(data: Images) -> str:
    """Classes that nobody can learn, or that are never asked for."""
    seen = np.bincount(data.y_train, minlength=data.n_classes) > 0
    missing = np.flatnonzero(~seen)
    if missing.tolist() == [0]:
        return "no training image has label 0: do the labels count from 1? subtract 1 from all"
    if missing.size:
        return (
            f"no training image has label {_some(missing)}, of 0 to {data.n_classes - 1}: number "
            "the classes without gaps, as np.unique(y, return_inverse=True)[1] does"
        )
    untested = np.flatnonzero(~np.isin(np.arange(data.n_classes), data.y_test))
    if untested.size:
        return (
            f"no test image has label {_some(untested)}: were the test images cut off, or sorted?"
        )
    return ""


def sizes(data: Images) -> str:
    """Training and test images in each other's place."""
    n, m = len(data.x_train), len(data.x_test)
    return f"{m} test images for {n} training images: are the two swapped?" if m > n else ""


def alike(data: Images) -> str:
    """Images that are the same, such as those of an array that was never filled, or in part."""
    for key, x in (("x_train", data.x_train), ("x_test", data.x_test)):
        count = Counter(hash(image.tobytes()) for image in x).most_common(1)[0][1]
        if 1 < count == len(x):
            return f"all images of {key} are the same: was the array filled?"
        if len(x) >= ENOUGH and count > SAME * len(x):
            return f"{count} of {len(x)} images of {key} are the same: was all of it filled?"
    return ""


def shared(data: Images) -> str:
    """Test images that are training images."""
    ours = {hash(image.tobytes()) for image in data.x_train}
    count = sum(hash(image.tobytes()) in ours for image in data.x_test)
    if count <= SHARED * len(data.x_test):
        return ""
    return (
        f"{count} of {len(data.x_test)} test images are training images: their accuracy tells "
        "nothing about new ones; split the data before copying any"
    )


def turned(data: Images) -> str:
    """Test images that are inverted or transposed, by the mean image of each split."""
    ours, theirs = data.x_train.mean(0, np.float64), data.x_test.mean(0, np.float64)  # (h, w)
    if ours.size < ENOUGH or not ours.std() or not theirs.std():
        return ""
    same = np.corrcoef(ours.ravel(), theirs.ravel())[0, 1]
    if same < -LIKE:
        return "x_test looks like the negative of x_train: invert one of them"
    square = ours.shape[0] == ours.shape[1]
    if square and same < LIKE < np.corrcoef(ours.T.ravel(), theirs.ravel())[0, 1]:
        return "x_test looks like x_train with rows and columns exchanged: transpose one of them"
    return ""


def labelled(data: Images) -> str:
    """Labels that do not belong to the images, as after shuffling only one of the two."""
    for split, x, y in (("train", data.x_train, data.y_train), ("test", data.x_test, data.y_test)):
        step = -(-len(y) // MOST)
        if len(y) >= ENOUGH and between_classes(x[::step], y[::step]) < RANDOM:
            return (
                f"the classes of x_{split} look as alike as if y_{split} were drawn at random: do "
                "the labels belong to the images, in the same order?"
            )
    return ""


def between_classes(x: Array, y: Array) -> float:
    """How much further the mean images of classes lie apart than those of random groups do.

    x (n, h, w), y (n,). The F of an analysis of variance, over all pixels: about 1 where labels say
    nothing; infinite where nothing can be told, or all images of a class are the same.
    """
    rows = x.reshape(len(x), -1).astype(np.float64)  # (n, h·w)
    rows -= rows.mean(0)
    classes, count = np.unique(y, return_counts=True)
    means = np.array([rows[y == c].mean(0) for c in classes])  # (classes, h·w)
    between = float(count @ (means**2).sum(1))
    within = float((rows**2).sum()) - between
    freedom = len(classes) - 1, len(y) - len(classes)
    if not min(freedom) or within <= 0:
        return np.inf
    return between / freedom[0] / (within / freedom[1])


def _some(numbers: Any) -> str:
    """The first of some numbers, as a person lists them."""
    first = ", ".join(map(str, numbers[:5]))
    return f"{first}, …" if len(numbers) > 5 else first


# Of each the first doubt only, for the others would follow from it.
GROUPS: tuple[tuple[Callable[[Images], str], ...], ...] = (
    (alike, scale, scales, turned, shared),
    (classes,),
    (sizes,),
)
