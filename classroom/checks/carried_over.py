"""Exercises of lesson 7 about what differs between frameworks: zeros, layouts, the way back."""

from __future__ import annotations

from typing import Any

from adapters.layers import Conv2D
from adapters.layers.pictures import around
from adapters.numpy_layers import conv2d, conv2d_backward
from classroom.checks.answers import CHANGED, expect_names, expect_number
from classroom.checks.reference import EXACT, all_near, no_mistake, numbers, shape
from classroom.exercise import exercise, expect, near
from classroom.student import Student

ONLY_THERE = (
    "The slope by the kernel is right where as many zeros stand before the picture as after it, "
    "and wrong where they are not as many. Backwards has to look at the very same windows as "
    "forwards: where does each of the two put the zeros?"
)


@exercise("zeros", title="How many zeros?", points=4, minutes=15)
def zeros(student: Student) -> None:
    """The zeros before and after a side, by TensorFlow's rule, and the number of places."""
    expect(
        near(student.value("predicted_by_one"), [1, 1], EXACT),
        "28 places, one pixel apart, and the last window has to fit. From the first zero to the "
        "last that is how many? What is more than 28 is zeros.",
        worth=1,
    )
    expect(
        near(student.value("predicted_by_two"), [0, 1], EXACT),
        "14 places, two apart: the last window begins 26 after the first. Where does it end? The "
        "odd zero goes after the picture.",
        worth=1,
    )
    some = [tuple(case) for case in student.random(75).integers(1, 7, size=(4, 3)).tolist()]
    for side, size, stride in (
        (28, 3, 1), (28, 3, 2), (27, 3, 2), (28, 5, 2), (28, 4, 1), (7, 1, 3), (4, 1, 2), *some,
    ):  # fmt: skip
        before, after = around(Conv2D(1, 1, size, stride, "same"), side)
        places = -(-side // stride)
        answer = student.call("same", side, size, stride)
        case = f"{side} pixels, a window of {size}, by {stride}"
        expect(
            shape(answer) == (3,),
            "Three numbers should come out: zeros before, zeros after, and places.",
        )
        found = numbers(answer)
        assert found is not None
        expect(
            bool((found >= 0).all()),
            f"{case}: you have {min(found[0], found[1]):g} zeros. If the windows leave pixels out, "
            "nothing has to be put around them.",
        )
        hints = {
            "the number of places is rounded down. The last pixels have to be seen, too.":
                found[2] == side // stride != places,
            "these are the places of a window that stays inside. With zeros around it, it is side "
            "/ stride, rounded up.": found[2] == (side - size) // stride + 1 != places,
            "the number of places is another one: side / stride, rounded up.": found[2] != places,
            "the odd zero is before the picture, and belongs after it.":
                (found[0], found[1]) == (after, before) != (before, after),
            "there are as many zeros as for a step of one. Where does the *last* window end?":
                found[0] + found[1] == size - 1 != before + after,
            "half of the zeros go before, and the other half after. Both are whole numbers, and "
            "together they are just enough.": found[0] + found[1] != before + after,
        }  # fmt: skip
        for hint, wrong in hints.items():
            expect(not wrong, f"{case}: {hint}")
        expect(
            near(answer, [before, after, places], EXACT),
            f"{case}: as many zeros as needed, but not shared out by halves.",
        )


@exercise("carry", title="Carry it over", points=6, minutes=20)
def carry(student: Student) -> None:
    """The kernels of a network with channels first, in the layouts of the contract."""
    expect_number(
        student, "predicted_hers", 113,
        "Four whole pictures of 25 come before it, then two whole rows of five, then three more.",
    )  # fmt: skip
    expect_number(
        student, "predicted_ours", 212,
        "In our list the 16 numbers of one *place* stand together. How many whole places come "
        "before this one?",
    )  # fmt: skip
    rng = student.random(76)
    for m, c in ((5, 2), (4, 4)):
        hers = rng.normal(size=(m, c, 3, 3))
        answer = student.call("carried_windows", hers.copy())
        right = hers.transpose(2, 3, 1, 0)
        expect(
            shape(answer) == (3, 3, c, m),
            f"From {m} windows for {c} channels an array of {(3, 3, c, m)} should come: rows, "
            "columns, channels, windows.",
        )
        no_mistake(answer, right, {
            "The shape is right, and the numbers lie in the old order. `reshape` moves no number: "
            "which function moves axes?": hers.reshape(3, 3, c, m),
            "The rows of each window have become its columns.": hers.transpose(3, 2, 1, 0),
            "You have turned the windows by half a turn. All frameworks use them as they are "
            "written.": right[::-1, ::-1],
        })  # fmt: skip
        if m == c:
            no_mistake(answer, right, {
                "Channels and windows are exchanged. Nobody notices, if they are equally many.":
                    hers.transpose(2, 3, 0, 1),
            })  # fmt: skip
        expect(
            near(answer, right),
            "The windows have got the right shape and the wrong numbers. Where does the number in "
            "row 0, column 2 of the first window go?",
        )
        expect(not student.changed, CHANGED.format("weights"))
    for rows, columns, m, classes in ((3, 5, 4, 7), (2, 2, 3, 12)):
        hers = rng.normal(size=(classes, m * rows * columns))
        flat = m * rows * columns
        answer = student.call("carried_dense", hers.copy(), rows, columns, m)
        pictures = hers.reshape(classes, m, rows, columns)
        right = pictures.transpose(2, 3, 1, 0).reshape(flat, classes)
        if flat != classes:
            expect(
                shape(answer) != (classes, flat),
                "Her dense kernel is (classes, numbers). Ours is the other way round.",
            )
        expect(
            shape(answer) == (flat, classes),
            f"The dense kernel should be {(flat, classes)}: a row for each of the "
            f"{rows} · {columns} · {m} numbers, and a column for each class.",
        )
        no_mistake(answer, right, {
            "The dense kernel is turned round, and its rows are still in her order, window by "
            "window. Ours is place by place.": hers.T,
            "`reshape` moves no number. First the dense kernel needs its axes: classes, windows, "
            "rows, columns. Then they can change places.": hers.reshape(flat, classes),
            "You have sorted the other way round, as if hers went place by place and ours window "
            "by window.": hers.reshape(classes, rows, columns, m).transpose(3, 1, 2, 0)
                .reshape(flat, classes),
            "Rows and columns of the flattened pictures are exchanged.":
                pictures.transpose(3, 2, 1, 0).reshape(flat, classes),
            "In the flattened pictures the rows are taken for columns.":
                hers.reshape(classes, m, columns, rows).transpose(2, 3, 1, 0)
                .reshape(flat, classes),
            "Place by place and row by row, that is right, but the classes have got mixed up with "
            "it: `reshape` after the axes are in order.":
                pictures.transpose(2, 3, 1, 0).reshape(classes, flat).T,
        })  # fmt: skip
        expect(
            near(answer, right),
            "The dense kernel has the right shape, and its rows are in another order than our flat "
            "list. Your two predictions say where one of them goes.",
        )
        expect(not student.changed, CHANGED.format("weights"))


@exercise("way_back", title="A defect on the way back", points=5, minutes=20)
def way_back(student: Student) -> None:
    """Whether the mended convolution matches the reference, with zeros even and uneven."""
    expect_names(
        student, "predicted_right", ["bias", "pictures"],
        "In x·W + b the slope by W is what came in, times the slope of what came out. Whose slope "
        "does not need what came in?",
    )  # fmt: skip
    rng = student.random(77)
    for side, size, stride in ((6, 3, 1), (6, 3, 2), (5, 2, 1), (7, 5, 3)):
        layer = Conv2D(2, 3, size, stride, "same")
        pictures = rng.normal(size=(4, side, side, 2))
        params = [rng.normal(size=(size, size, 2, 3)), rng.normal(size=3)]
        out = conv2d(layer, params, pictures)
        slope: Any = rng.normal(size=out.shape)
        given = stride, around(layer, side)
        answer = student.call("forwards", pictures.copy(), *(p.copy() for p in params), *given)
        expect(
            near(answer, out),
            "Now `forwards` puts out other numbers. It was right when you got it.",
        )
        (by_kernel, by_bias), by_pictures = conv2d_backward(layer, params, pictures, out, slope)
        right = [by_kernel, by_bias, by_pictures()]
        answer = student.call("backwards", pictures.copy(), params[0].copy(), slope.copy(), *given)
        expect(
            isinstance(answer, list | tuple)
            and [shape(a) for a in answer] == [r.shape for r in right],
            "Three slopes should come back, in the shapes of kernel, bias and pictures.",
        )
        expect(
            all_near(answer[1:], right[1:]),
            "Now the slope by the bias or by the pictures is another one than a nudge says. Both "
            "were right when you got them.",
        )
        no_mistake(answer[0], by_kernel, {
            "The slope by the kernel is turned by half a turn. The windows are used as they are "
            "written, on the way back, too.": by_kernel[::-1, ::-1],
        })  # fmt: skip
        expect(near(answer[0], by_kernel), _where(given))


def _where(given: tuple[int, tuple[int, int]]) -> str:
    """The hint for a wrong slope by the kernel."""
    stride, (before, after) = given
    if before != after:
        return ONLY_THERE
    return (
        f"With {before} zeros on both sides and windows that move by {stride}, the slope by the "
        "kernel is another one than a nudge says. That was right when you got it: it is wrong "
        "elsewhere."
    )
