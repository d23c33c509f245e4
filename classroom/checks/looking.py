"""Exercises of lesson 8 on attention itself: who gets a look, nobody ahead, heads."""

from __future__ import annotations

import numpy as np

from adapters.contract import Array
from classroom.checks.answers import CHANGED, expect_number
from classroom.checks.reference import EXACT, no_mistake, shape
from classroom.exercise import exercise, expect, near
from classroom.student import Student


@exercise("attend", title="Who gets a look", points=6, minutes=20)
def attend(student: Student) -> None:
    """Scaled dot-product attention, with any numbers of queries and keys."""
    expect(
        near(student.value("predicted_scores"), [1, 1, 0, 0], EXACT),
        "Multiply and sum, key by key: 2 · 1 for the first. And the root of four is two.",
        worth=1,
    )
    expect(
        near(student.value("predicted_shares"), [0.25] * 4, EXACT),
        "Softmax only sees how far the scores are apart. Who are equal get equal shares.",
        worth=1,
    )
    rng = student.random(82)
    for n, m, d, k in ((1, 4, 4, 4), (3, 5, 9, 2), (4, 4, 3, 3)):
        queries, keys, values = (rng.normal(size=s) for s in ((n, d), (m, d), (m, k)))
        right = _attended(queries, keys, values)
        answer = student.call("attend", queries.copy(), keys.copy(), values.copy())
        case = f"{n} queries and {m} keys of {d} numbers, values of {k}"
        expect(
            shape(answer) == (n, k),
            f"{case}: for each query a mixture of the values should come out, {n} × {k} numbers.",
        )
        scores = queries @ keys.T
        no_mistake(answer, right, {
            "The scores are not divided by √d.": _softmax(scores) @ values,
            "You divide by d. It is its root.": _softmax(scores / d) @ values,
            "d is how many numbers a *key* has, and not how many keys there are.":
                _softmax(scores / np.sqrt(m)) @ values,
            "d is how many numbers a key has, and not a value.":
                _softmax(scores / np.sqrt(k)) @ values,
            "The shares of each *query* sum to 1. Yours sum to 1 for each key.":
                _softmax(scores / np.sqrt(d), axis=0) @ values,
            "The shares of all queries together sum to 1. Each query has its own 1.":
                _softmax(scores / np.sqrt(d), axis=None) @ values,
            "There is no softmax: these are scores, and not shares.":
                scores / np.sqrt(d) @ values,
            "Only the best key is looked at. Softmax gives every key its share.":
                values[scores.argmax(1)],
        })  # fmt: skip
        expect(
            near(answer, right),
            f"{case}: other numbers should come out. Take values that are a 1 in a place of their "
            "own each, and look at the shares.",
        )
        expect(not student.changed, CHANGED.format("lists"))
    large = np.array([[900.0, 0], [0, 900]])
    expect(
        near(student.call("attend", large, large, np.eye(2)), np.eye(2)),
        "With large scores it overflows. Subtract the largest of a row before the exponential: the "
        "shares stay the same.",
    )


@exercise("behind", title="Nobody looks ahead", points=5, minutes=15)
def behind(student: Student) -> None:
    """Shares that are zero ahead, and sum to one in each row."""
    expect_number(
        student, "predicted_seen", 15,
        "The first letter sees one, itself. The second sees two. Go on, and add them up.",
        within=EXACT,
    )  # fmt: skip
    expect_number(
        student, "predicted_first", 1, "The shares sum to 1, and it has nobody else to look at."
    )
    rng = student.random(83)
    for n in (5, 2, 7):
        scores = rng.normal(size=(n, n)) + 1
        seen = np.tri(n, dtype=bool)
        right = _softmax(np.where(seen, scores, -np.inf))
        answer = student.call("shares_behind", scores.copy())
        expect(shape(answer) == (n, n), f"{n} letters have {n} × {n} shares.")
        earlier = np.tri(n, k=-1, dtype=bool)
        earlier[0, 0] = True
        no_mistake(answer, right, {
            "The mask is upside down: everybody looks ahead, and nobody back.":
                _softmax(np.where(seen.T, scores, -np.inf)),
            "A letter may look at itself, too.": _softmax(np.where(earlier, scores, -np.inf)),
            "Zeros were put in before the softmax, and e⁰ is 1: a score of zero is no small one.":
                _softmax(np.where(seen, scores, 0.0)),
            "First softmax, then zeros: the rows do not sum to 1 any more.":
                np.where(seen, _softmax(scores), 0.0),
            "The shares of a row belong to the letter that looks. Yours sum to 1 down the columns.":
                _softmax(np.where(seen, scores, -np.inf), axis=0),
            "Nothing is hidden.": _softmax(scores),
            "Each looks at the letter ahead, too: the diagonal is where the mask ends.":
                _softmax(np.where(np.tri(n, k=1, dtype=bool), scores, -np.inf)),
        }, EXACT)  # fmt: skip
        expect(
            near(answer, right),
            f"{n} letters: other shares should come out. Every row sums to 1, and above the "
            "diagonal is nothing.",
        )
        expect(not student.changed, CHANGED.format("scores"))


@exercise("heads", title="Heads", points=5, minutes=15)
def heads(student: Student) -> None:
    """Lists cut into heads by their columns, and put together again."""
    expect(
        near(student.value("predicted_row"), [3, 4, 5], EXACT),
        "The second head has the columns 3, 4 and 5. What do they hold in the first row?",
        worth=1,
    )
    expect(
        near(student.value("predicted_by_reshape"), [9, 10, 11], EXACT),
        "`reshape` reads all numbers row by row, and starts the second part when nine are gone.",
        worth=1,
    )
    rng = student.random(84)
    for n, count, d in ((3, 2, 3), (4, 4, 2), (5, 3, 5)):
        lists = rng.normal(size=(n, count * d))
        parts = lists.reshape(n, count, d).transpose(1, 0, 2)
        answer = student.call("cut", lists.copy(), count)
        expect(
            shape(answer) == (count, n, d),
            f"{n} lists of {count * d} numbers, {count} heads: {(count, n, d)} should come out.",
        )
        no_mistake(answer, parts, {
            "`reshape` alone gives each head some *letters*. Each should have all letters, and "
            "some columns.": lists.reshape(count, n, d),
            "The columns are dealt out in turn, like cards. A head has neighbouring columns.":
                lists.reshape(n, d, count).transpose(2, 0, 1),
            "Letters and numbers have changed places on the way.":
                lists.T.reshape(count, n, d),
        })  # fmt: skip
        expect(near(answer, parts), "Each head has all letters, and columns side by side of each.")
        back = student.call("together", parts.copy())
        expect(
            shape(back) == lists.shape,
            f"Put together again there should be {lists.shape} numbers: letters, and their lists.",
        )
        no_mistake(back, lists, {
            "Together again, in the wrong order: `reshape` alone puts letters side by side that "
            "belong to one head. First the axes, then `reshape`.":
                parts.reshape(n, count * d),
            "The numbers of the heads are shuffled like cards. One head's columns stand together.":
                parts.transpose(1, 2, 0).reshape(n, count * d),
        })  # fmt: skip
        expect(near(back, lists), "What was cut should come together as it was before.")
        expect(not student.changed, CHANGED.format("lists"))


def _attended(queries: Array, keys: Array, values: Array) -> Array:
    return np.asarray(_softmax(queries @ keys.T / np.sqrt(keys.shape[1])) @ values)


def _softmax(scores: Array, axis: int | None = 1) -> Array:
    odds = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return np.asarray(odds / odds.sum(axis=axis, keepdims=True))
