"""The exercises of lesson 8: strokes, attention, a mask, heads, a norm, a draw, a fused kernel."""

from __future__ import annotations

import numpy as np

from adapters.contract import Array
from classroom.checks import looking
from classroom.checks.answers import CHANGED, expect_number
from classroom.checks.reference import EXACT, no_mistake, shape
from classroom.exercise import exercise, expect, near
from classroom.student import Student


@exercise("strokes", title="Strokes", points=4, minutes=10)
def strokes(student: Student) -> None:
    """A bigram table of any text, and the size of larger tables."""
    expect_number(
        student, "predicted_rows", 64000,
        "Each of the three letters behind can be any of the forty: how many lines of three letters "
        "are there?",
        within=EXACT,
    )  # fmt: skip
    expect_number(
        student, "predicted_strokes", 140000,
        "Each letter of the text makes one stroke, in the row of the letters behind it. The table "
        "is larger, and the strokes are not more.",
        within=0.005,
    )  # fmt: skip
    rng = student.random(81)
    for letters, symbols in (
        (np.array([0, 1, 0, 1, 2]), 3), (np.array([3, 3, 3, 0]), 5), (rng.integers(0, 6, 80), 6),
    ):  # fmt: skip
        right = _strokes(letters, symbols)
        answer = student.call("strokes", letters.copy(), symbols)
        expect(
            shape(answer) == right.shape,
            f"{symbols} letters: a table of {symbols} rows and as many columns, also for letters "
            "that do not come.",
        )
        once = np.zeros_like(right)
        once[letters[:-1], letters[1:]] = 1
        no_mistake(answer, right, {
            "Row and column are exchanged: the row is the letter that was there *first*.": right.T,
            "A pair that comes twice has two strokes. `table[a, b] += 1` on whole arrays writes "
            "each place once only.": once,
            "The last letter has none after it. You have let the first one follow it.":
                _strokes(np.append(letters, letters[0]), symbols),
            "You count shares. Strokes were asked for, whole numbers.":
                right / np.maximum(right.sum(1, keepdims=True), 1),
        })  # fmt: skip
        expect(
            near(answer, right, EXACT),
            f"The text {letters[:5].tolist()}…: other strokes should be there. Go through it "
            "with a pencil, pair by pair.",
        )
        expect(not student.changed, CHANGED.format("letters"))


attend = looking.attend
behind = looking.behind
heads = looking.heads


@exercise("norm", title="The norm", points=5, minutes=15)
def norm(student: Student) -> None:
    """Layer normalisation over the last axis, with scale, bias and ε under the root."""
    for name, hint in {
        "predicted_small": "The mean is 4. How far is each from it, and what is the root of the "
        "mean of the squares?",
        "predicted_large": "A hundred times as large: so is the spread, by which you divide.",
    }.items():
        expect(near(student.value(name), [-1, 1], 0.01), hint, worth=1)
    rng = student.random(85)
    for n, width, epsilon in ((4, 6, 1e-5), (3, 2, 0.5), (5, 5, 2.0)):
        lists, scale, bias = 3 * rng.normal(size=(n, width)) + 2, *rng.normal(size=(2, width))
        right = _norm(lists, scale, bias, epsilon)
        answer = student.call("norm", lists.copy(), scale.copy(), bias.copy(), epsilon)
        expect(
            shape(answer) == right.shape, "The lists should come back, in the shape that they had."
        )
        no_mistake(answer, right, {
            "You take mean and variance over the letters. Each letter has its own, over its own "
            "numbers.": _norm(lists, scale, bias, epsilon, axis=0),
            "You take one mean and one variance of everything. Each letter has its own.":
                _norm(lists, scale, bias, epsilon, axis=None),
            "The variance is divided by one less than there are. Here it is the mean of the "
            "squares.": _norm(lists, scale, bias, epsilon, less=1),
            "ε stands under the root, with the variance. You have added it afterwards.":
                _norm(lists, scale, bias, epsilon, outside=True),
            "Where is ε?": _norm(lists, scale, bias, 0.0),
            "You divide by the variance, and not by its root.":
                _norm(lists, scale, bias, epsilon, power=1.0),
            "Scale and bias have been forgotten.": _norm(lists, 1.0, 0.0, epsilon),
            "The bias is added at the very end, and not multiplied by the scale.":
                scale * (_norm(lists, 1.0, 0.0, epsilon) + bias),
        })  # fmt: skip
        expect(
            near(answer, right),
            f"{width} numbers in a list, ε = {epsilon}: other numbers should come out. Do the "
            "first list on paper: mean, squares, root.",
        )
        expect(not student.changed, CHANGED.format("lists"))


@exercise("write", title="Let it write", points=5, minutes=15)
def write(student: Student) -> None:
    """A letter drawn by its share, with a warmth."""
    expect_number(
        student, "predicted_65", 1,
        "The first letter has the piece from 0 to 0.2. Where does the piece of the second end?",
        within=EXACT,
    )  # fmt: skip
    expect_number(
        student, "predicted_75", 2, "Beyond 0.7 begins the piece of the last one.", within=EXACT
    )
    rng = student.random(86)
    for symbols, warmth in ((3, 1.0), (7, 0.5), (5, 2.0), (40, 1.0)):
        scores = 2 * rng.normal(size=symbols) + 50
        dice = [*rng.random(30), 0.0]
        right = [_drawn(scores, u, warmth) for u in dice]
        found = [student.call("drawn", scores.copy(), u, warmth) for u in dice]
        for hint, wrong in {
            "The scores are divided by the warmth, and not multiplied.":
                [_drawn(scores, u, 1 / warmth) for u in dice],
            "The warmth does nothing here.": [_drawn(scores, u, 1.0) for u in dice],
            "You always take the letter with the largest share. The die decides.":
                [int(scores.argmax())] * len(dice),
            "The letter drawn is one too high: the first piece begins at 0.":
                [k + 1 for k in right],
            "The die falls on a piece from the left. Yours counts from the right.":
                [_drawn(scores, 1 - u, warmth) for u in dice],
        }.items():  # fmt: skip
            expect(found == right or found != wrong, hint)
        expect(
            found == right,
            f"{symbols} letters and a warmth of {warmth:g}: other letters should be drawn. Make "
            "shares of the scores, add them up from the left, and look where the die falls.",
        )


@exercise("carry", title="One kernel for three", points=6, minutes=20)
def carry(student: Student) -> None:
    """Query, key, value and output from PyTorch's fused kernel."""
    expect_number(
        student, "predicted_line", 10,
        "The query has the first eight rows. Then the key begins; where is its third output?",
        within=EXACT,
    )  # fmt: skip
    expect_number(
        student, "predicted_biases", 32,
        "Query, key, value and output, four parts, and each has a bias for every output.",
        within=EXACT,
    )  # fmt: skip
    rng = student.random(87)
    for width in (4, 6):
        fused, out = rng.normal(size=(3 * width, width)), rng.normal(size=(width, width))
        q, k, v = np.split(fused, 3)
        right = [q.T, k.T, v.T, out.T]
        answer = student.call("carried", fused.copy(), out.copy())
        expect(
            isinstance(answer, list | tuple)
            and [shape(each) for each in answer] == [(width, width)] * 4,
            f"Four kernels of {width} × {width} should come out: query, key, value, output.",
        )
        whole: list[Array] = [np.asarray(each) for each in answer]
        no_mistake(whole, right, {
            "Hers have the outputs as rows, and ours the inputs.": [q, k, v, out],
            "The output kernel is a dense layer of hers as well. Turn it, too.":
                [q.T, k.T, v.T, out],
            "Only the output has been turned. All four of hers have the outputs as rows.":
                [q, k, v, out.T],
            "Query and key have changed places. The query comes first.": [k.T, q.T, v.T, out.T],
            "Key and value have changed places.": [q.T, v.T, k.T, out.T],
            "You have dealt out the rows in turn, like cards. First come *all* rows of the query.":
                [*(fused[i::3].T for i in range(3)), out.T],
            "`reshape` moves no number: cut between the rows, and then turn each part.":
                [*fused.T.reshape(3, width, width), out.T],
        })  # fmt: skip
        expect(
            all(near(a, r) for a, r in zip(whole, right, strict=True)),
            "The kernels have the right shapes and the wrong numbers. Your first prediction says "
            "where a row of the key comes from.",
        )
        expect(not student.changed, CHANGED.format("weights"))


def _strokes(letters: Array, symbols: int) -> Array:
    table = np.zeros((symbols, symbols))
    np.add.at(table, (letters[:-1], letters[1:]), 1)
    return table


def _norm(
    lists: Array, scale: Array | float, bias: Array | float, epsilon: float,
    axis: int | None = -1, less: int = 0, outside: bool = False, power: float = 0.5,
) -> Array:  # fmt: skip
    apart = lists - lists.mean(axis=axis, keepdims=True)
    n = lists.size if axis is None else lists.shape[axis]
    variance = (apart**2).sum(axis=axis, keepdims=True) / (n - less)
    root = variance**power + epsilon if outside else (variance + epsilon) ** power
    return np.asarray(scale * apart / root + bias)


def _drawn(scores: Array, u: float, warmth: float) -> int:
    odds = np.exp((scores - scores.max()) / warmth)
    return int(np.searchsorted(np.cumsum(odds / odds.sum()), u, side="right"))
