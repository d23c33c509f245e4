"""Warnings about readable data that look like a mistake, one line each, with a remedy.

None of these mistakes is certain, so the data are not refused; images.py refuses certain mistakes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np

from datasets.files import Array
from datasets.images import Images, reach

DARK = 32  # a largest pixel of 255 below which an image can hardly be seen
BRIGHT = 128  # a largest value above which floats look like pixels of 0 to 255
FAR = 8.0  # a largest float: scaled to standard deviation 1, the pixels of MNIST stay below 3
FAINT = 1 / 32  # a largest float: divided by 255 twice, it is 1/255
APART = 3.0  # the largest ratio between the scales of the two splits, even of few images
SHARED = 0.01  # the share of test images that may be training images: Fashion-MNIST has a few
SAME = 0.1  # the share of a split that may be the same image, such as a blank one
ENOUGH = 64  # the fewest pixels or images for which a pattern is not just chance
LIKE = 0.9  # the correlation of equal mean images; sound splits reach 0.99
# A bound on `between_classes`. Random labels give 1 ± √(2/(k-1)d) for k classes and images that
# vary in d independent ways, at least a dozen; the classes of Fashion-MNIST give 6 in 100 images.
RANDOM = 1.5
MOST = 2000  # the most images of each split that `labelled` examines


def doubts(data: Images) -> tuple[str, ...]:
    """The warnings about images with labels, one line each; usually none."""
    warnings = [next(filter(None, (check(data) for check in checks)), "") for checks in GROUPS]
    return tuple(filter(None, warnings)) or tuple(filter(None, [labelled(data)]))


def scale(data: Images) -> str:
    """Pixels that were not scaled, scaled twice, or scaled before conversion to whole numbers."""
    for key, x in (("x_train", data.x_train), ("x_test", data.x_test)):
        largest = reach(x)
        if x.dtype == np.uint8 and 0 < largest < DARK:
            return (
                f"{key} is uint8, to be divided by 255 here, and its largest value is {largest:g}: "
                "was it scaled before? save pixels from 0 to 255, or floats"
            )
        if x.dtype != np.uint8 and largest > FAR:
            divisor = 255 if BRIGHT < largest < 255 else largest
            return (
                f"{key} has floats from {x.min():g} to {x.max():g}, which are taken as they are: "
                f"divide them by {divisor:g}, or save pixels as uint8"
            )
        if x.dtype != np.uint8 and 0 < largest < FAINT:
            return f"{key} has floats up to {largest:g} only: were they divided by 255 twice?"
    return ""


def scales(data: Images) -> str:
    """Training and test images that were scaled differently."""
    (a, b), (c, d) = ((float(x.min()), float(x.max())) for x in (data.x_train, data.x_test))
    ours, theirs = max(-a, b), max(-c, d)
    if (a < 0) == (c < 0) and max(ours, theirs) <= APART * min(ours, theirs):
        return ""
    return (
        f"x_train goes from {a:g} to {b:g} and x_test from {c:g} to {d:g}: "
        "were they scaled in two ways? do the same with both"
    )


def classes(data: Images) -> str:
    """Classes without training images or without test images."""
    present = np.bincount(data.y_train, minlength=data.n_classes) > 0
    missing = np.flatnonzero(~present)
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
    """Training and test images that were swapped."""
    n, m = len(data.x_train), len(data.x_test)
    return f"{m} test images for {n} training images: are the two swapped?" if m > n else ""


def alike(data: Images) -> str:
    """Many equal images, as in an array that was never, or only partly, filled."""
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
        f"{count} of {len(data.x_test)} test images are training images: their accuracy says "
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
    """Labels that do not belong to the images, as after shuffling only one of them."""
    for split, x, y in (("train", data.x_train, data.y_train), ("test", data.x_test, data.y_test)):
        step = -(-len(y) // MOST)
        if len(y) >= ENOUGH and between_classes(x[::step], y[::step]) < RANDOM:
            return (
                f"the classes of x_{split} look as alike as if y_{split} were drawn at random: do "
                "the labels belong to the images, in the same order?"
            )
    return ""


def between_classes(x: Array, y: Array) -> float:
    """The F of an analysis of variance over all pixels: how far the classes' mean images differ.

    x (n, h, w), y (n,). It is about 1 for random labels, and infinite if it is undefined or all
    images of a class are the same.
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
    """The first five of some numbers, as a list in words."""
    first = ", ".join(map(str, numbers[:5]))
    return f"{first}, …" if len(numbers) > 5 else first


# Only the first warning of each group, because the others would follow from it.
GROUPS: tuple[tuple[Callable[[Images], str], ...], ...] = (
    (alike, scale, scales, turned, shared),
    (classes,),
    (sizes,),
)
