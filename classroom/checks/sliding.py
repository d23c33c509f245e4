"""Exercises of lesson 7 that look at one picture: a window that slides, and a pool."""

from __future__ import annotations

import numpy as np

from adapters.contract import Array
from classroom.checks.answers import CHANGED, expect_number
from classroom.checks.reference import EXACT, no_mistake, shape
from classroom.exercise import exercise, expect, near
from classroom.student import Student


@exercise("slide", title="Slide it by hand", points=5, minutes=15)
def slide(student: Student) -> None:
    """Multiply and sum at every place where the window fits, without turning it."""
    expect_number(
        student, "predicted_sum", -1,
        "Lay the window on the corner: four numbers below four numbers. The window is not turned.",
    )  # fmt: skip
    expect(
        near(student.value("predicted_places"), [3, 4], EXACT),
        "Where may the window's *first* row stand, if the last one has to be inside? Count in "
        "steps of two, and begin with 0. Then the same for the columns.",
        worth=1,
    )
    rng = student.random(72)
    for (h, w), (k, m), stride in (
        ((5, 5), (3, 3), 1), ((6, 9), (2, 3), 1), ((9, 8), (3, 3), 2), ((11, 7), (4, 2), 3),
    ):  # fmt: skip
        picture, window = rng.normal(size=(h, w)), rng.normal(size=(k, m))
        right = _slid(picture, window, stride)
        answer = student.call("slide", picture.copy(), window.copy(), stride)
        case = f"A window of {k} × {m} on {h} × {w}, by {stride}"
        rows, columns = right.shape
        by_one = _slid(picture, window, 1).shape
        for hint, wrong in {
            "the window stops before it has been at the last row and the last column.":
                (-(-(h - k) // stride), -(-(w - m) // stride)),
            "it leaves the picture. Only the places count at which all of it is inside.":
                (-(-h // stride), -(-w // stride)),
            "it moves by one pixel. By how many should it?": by_one,
            "it moves by the stride in one direction only.": (rows, by_one[1]),
            "it moves by the stride in one direction alone.": (by_one[0], columns),
            "rows and columns are exchanged.": (columns, rows),
        }.items():  # fmt: skip
            expect(shape(answer) != wrong or wrong == (rows, columns), f"{case}: {hint}")
        expect(
            shape(answer) == (rows, columns),
            f"{case}: an array of {rows} × {columns} sums should come out.",
        )
        no_mistake(answer, right, {
            "You have turned the window by half a turn, as mathematicians do. Here it is used as "
            "it is written.": _slid(picture, window[::-1, ::-1], stride),
            "You have turned the window upside down.": _slid(picture, window[::-1], stride),
            "Left and right are exchanged in the window.": _slid(picture, window[:, ::-1], stride),
            "You have divided by the size of the window. It is a sum, and not a mean.":
                right / window.size,
            "A square of the picture is *multiplied* by the window, number by number, and then "
            "summed.": _slid(picture, np.ones_like(window), stride),
        })  # fmt: skip
        if k == m:
            no_mistake(answer, right, {
                "Rows and columns of the window are exchanged.": _slid(picture, window.T, stride),
                "A row meets a column in what you compute: that is the product of matrices. Here "
                "each number meets the one that it lies on.": _crossed(picture, window, stride),
            })  # fmt: skip
        expect(
            near(answer, right),
            f"{case}: the sums are others. Take the place in row 0 and column 1, and work it out "
            "on paper.",
        )
        expect(not student.changed, CHANGED.format("picture and the window"))


@exercise("pool", title="The largest of four", points=5, minutes=15)
def pool(student: Student) -> None:
    """Max-pooling and its gradient, with equal numbers and sides that are odd."""
    expect(
        near(student.value("predicted_shares"), [0, 5, 0, 0]),
        "All of it goes to one of them, and two are equally large. Which of these comes first, row "
        "by row?",
        worth=1,
    )
    rng = student.random(73)
    for h, w in ((4, 6), (5, 7), (2, 9)):
        picture = rng.integers(0, 3, size=(h, w))  # full of equal numbers
        slope = rng.uniform(1, 9, size=(h // 2, w // 2))
        squares = _squares(picture)  # (rows, columns, 4)
        answer = student.call("pool", picture.copy())
        expect(
            shape(answer) == slope.shape,
            f"From {h} × {w} pixels come {h // 2} × {w // 2} squares of two by two. What is left "
            "over is dropped.",
        )
        no_mistake(answer, squares.max(-1), {
            "These are the means of the squares. The largest number goes on.": squares.mean(-1),
            "These are the sums of the squares. The largest number goes on.": squares.sum(-1),
            "These are the smallest numbers of the squares.": squares.min(-1),
        })  # fmt: skip
        expect(
            near(answer, squares.max(-1)),
            "`pool` gives other numbers than the largest ones of each square. Which four pixels "
            "belong to the square in row 0 and column 1?",
        )
        expect(not student.changed, CHANGED.format("picture"))
        answer = student.call("back", picture.copy(), slope.copy())
        expect(
            shape(answer) == (h, w),
            f"`back` should give a number to each of the {h} × {w} pixels. Those that nobody looks "
            "at get 0.",
        )
        largest = squares == squares.max(-1, keepdims=True)
        shares = {
            "Equal numbers have shared the slope. All of it goes to the first of them.":
                largest / largest.sum(-1, keepdims=True),
            "Each of the equal numbers has got the whole slope, so more goes back than has come. "
            "All of it goes to the first of them.": largest,
            "It has gone to the last of the equal numbers, and should go to the first.":
                _only(3 - np.argmax(squares[..., ::-1], -1)),
            "You have looked for the first one column by column. It is row by row.":
                _only(np.array([0, 2, 1, 3])[np.argmax(squares[..., [0, 2, 1, 3]], -1)]),
            "Each pixel has got a quarter. That is the way back from a mean.":
                np.full(squares.shape, 0.25),
            "The slope is in the first pixel of each square, whether it is the largest or not.":
                _only(np.zeros(slope.shape, int)),
            "It has gone to the smallest number.": _only(np.argmin(squares, -1)),
            "The slope goes back as it is. It is not multiplied by the pixel.":
                squares * _only(np.argmax(squares, -1)),
        }  # fmt: skip
        right = _unsquared(_only(np.argmax(squares, -1)) * slope[..., None], (h, w))
        no_mistake(answer, right, {
            hint: _unsquared(share * slope[..., None], (h, w)) for hint, share in shares.items()
        })  # fmt: skip
        expect(
            near(answer, right),
            "The slope of a square goes to one of its own four pixels, and the others get 0. Try a "
            "picture of 2 × 2 by hand.",
        )
        expect(not student.changed, CHANGED.format("picture and the slopes"))


def _slid(picture: Array, window: Array, stride: int) -> Array:
    """Multiply and sum at each place, (rows, columns)."""
    parts = _parts(picture, window, stride)
    return np.einsum("rckm,km->rc", parts, window)


def _crossed(picture: Array, window: Array, stride: int) -> Array:
    """The sum of each part's matrix product with the window, (rows, columns)."""
    return np.sum(_parts(picture, window, stride) @ window, (2, 3))


def _parts(picture: Array, window: Array, stride: int) -> Array:
    """What lies under the window at each place, (rows, columns, k, m)."""
    parts = np.lib.stride_tricks.sliding_window_view(picture, window.shape)
    return parts[::stride, ::stride]


def _squares(picture: Array) -> Array:
    """The four numbers of each square, row by row, (h // 2, w // 2, 4)."""
    h, w = (side // 2 for side in picture.shape)
    squares = picture[: 2 * h, : 2 * w].reshape(h, 2, w, 2).swapaxes(1, 2)
    return squares.reshape(h, w, 4)


def _unsquared(squares: Array, size: tuple[int, int]) -> Array:
    """The way back from `_squares`, with zeros where no square is."""
    h, w, _ = squares.shape
    picture = np.zeros(size)
    picture[: 2 * h, : 2 * w] = squares.reshape(h, w, 2, 2).swapaxes(1, 2).reshape(2 * h, 2 * w)
    return picture


def _only(which: Array) -> Array:
    """1 for one of four, and 0 for the others, (..., 4)."""
    return np.eye(4)[which]
