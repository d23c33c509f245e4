"""The exercises of lesson 7: knobs, a window, a pool, a patch, zeros, layouts, a defect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from classroom.checks import carried_over, sliding
from classroom.checks.answers import expect_number, single
from classroom.checks.reference import EXACT
from classroom.exercise import exercise, expect, near
from classroom.student import Student


@exercise("knobs", title="Count the knobs", points=4, minutes=10)
def knobs(student: Student) -> None:
    """The knobs of a convolution and of a dense layer, and of a network of any size."""
    expect_number(
        student, "predicted_windows", 2432,
        "A window has 5 · 5 numbers for each of the three colours, and one bias. It is the same "
        "window at every place of the photograph.",
        within=EXACT,
    )  # fmt: skip
    expect_number(
        student, "predicted_dense", 98336,
        "A dense neuron has a weight of its own for each pixel and each colour, and one bias.",
        within=EXACT,
    )  # fmt: skip
    rng = student.random(71)
    some = rng.integers(2, 9, size=2).tolist()
    for height, width, channels, windows, classes in (
        (28, 28, 1, [8, 16], 10), (40, 30, 3, [5, 4, 6], 7), (22, 33, 2, some, 3),
    ):  # fmt: skip
        size = height, width, channels, windows, classes
        right = _count(*size)
        answer = student.call("knobs", *size)
        _not_one_of(single(answer), right, {
            "A window of the second layer looks at all pictures that the first one gives. So it "
            "has nine numbers for each of them.": _count(*size, deep=False),
            "Each window has a bias, and each score has one. Where are they?":
                _count(*size, biases=0),
            "The scores have a bias each, too.": right - classes,
            "The windows have a bias each, too.": right - sum(windows),
            "A window of 3 × 3 that stays inside the picture does not fit at every pixel. How many "
            "places are left in a row of 28?": _count(*size, lost=0),
            "What the dense layer reads has been through the pools, which halve its height and its "
            "width each time.": _count(*size, pooled=False),
            "A pool takes two rows at a time. One that is left over alone is dropped.":
                _count(*size, up=1),
            "The nine numbers are used again at every place. They are not counted again.":
                _count(*size, shared=False),
        })  # fmt: skip
        expect(
            near(single(answer), right, EXACT),
            f"A picture of {height} × {width} × {channels} and windows {windows}: not so many. Go "
            "through the network layer by layer, and write down the shape after each.",
        )


slide = sliding.slide
pool = sliding.pool


@exercise("field", title="How far does it see?", points=4, minutes=15)
def field(student: Student) -> None:
    """The receptive field of layers of any size and stride."""
    expect_number(
        student, "predicted_field", 7,
        "Count backwards. One number sees three; the first and the last of these see one more on "
        "their side, and so on.",
    )  # fmt: skip
    expect_number(
        student, "predicted_field_by_two", 11,
        "Behind the first layer two neighbours are two pixels of the picture apart. So each of the "
        "later windows reaches twice as far.",
    )  # fmt: skip
    some = [tuple(pair) for pair in student.random(74).integers(2, 5, size=(4, 2)).tolist()]
    for layers in (
        [(3, 1)], [(3, 1)] * 3, [(5, 3), (1, 1), (4, 2), (2, 2)], [(3, 2), (3, 1), (3, 1)],
        [(3, 1), (2, 2), (3, 1), (2, 2)], some,
    ):  # fmt: skip
        right = _field(layers)
        answer = single(student.call("field", list(layers)))
        _not_one_of(answer, right, {
            "After a layer that moves by two, neighbours are two pixels of the picture apart. Your "
            "number does not know by how much the layers move.":
                _field([(size, 1) for size, _ in layers]),
            "You add the whole window each time. Windows side by side overlap: what does one more "
            "step add?": _field([(size + 1, stride) for size, stride in layers]),
            "How far the neighbours of a layer are apart depends on the layers *before* it, and "
            "not on its own step.": _field(layers, own=True),
            "You have begun with the last layer. The first one is next to the picture.":
                _field(layers[::-1]),
            "Sizes are not multiplied: two windows of 3 see 5 pixels, and not 9.":
                float(np.prod([size for size, _ in layers])),
            "Two pools by two, one after the other, put neighbours *four* pixels apart. Only the "
            "step of the last layer is counted.": _field(layers, last=True),
        })  # fmt: skip
        expect(
            near(answer, right, EXACT),
            f"{layers}: another number comes out. Draw the layers below one another, and mark what "
            "one number at the bottom depends on.",
        )


zeros = carried_over.zeros
carry = carried_over.carry
way_back = carried_over.way_back


def _not_one_of(answer: Any, right: float, mistakes: Mapping[str, float]) -> None:
    """Raise Wrong with the hint of a known mistake that gives exactly this number."""
    for hint, wrong in mistakes.items():
        expect(wrong == right or not near(answer, wrong, EXACT), hint)


def _count(
    height: int, width: int, channels: int, windows: Sequence[int], classes: int, *,
    deep: bool = True, biases: int = 1, lost: int = 2, pooled: bool = True, up: int = 0,
    shared: bool = True,
) -> int:  # fmt: skip
    """The knobs of a network with windows of 3 × 3, and the numbers of wrong ways to count them.

    deep: each window sees all channels. lost: pixels of a side at which no window fits. up: 1 to
    round half a pixel up. shared: count a window once, and not once at each place.
    """
    count = 0
    for n in windows:
        height, width = height - lost, width - lost
        places = 1 if shared else height * width
        count += places * (9 * (channels if deep else 1) * n + biases * n)
        channels = n
        if pooled:
            height, width = (height + up) // 2, (width + up) // 2
    return count + height * width * channels * classes + biases * classes


def _field(layers: Sequence[tuple[int, int]], own: bool = False, last: bool = False) -> int:
    """The side of the patch; own and last: with wrong distances between neighbours."""
    wide, apart = 1, 1
    for size, stride in layers:
        wide += (size - 1) * apart * (stride if own else 1)
        apart = stride if last else apart * stride
    return wide
