"""The exercises of lesson 3: the dot product, softmax, its loss, a step, a defect, and doubt."""

from __future__ import annotations

import numpy as np

from adapters.contract import SGD, Dense, Net
from classroom.checks import one_step
from classroom.checks.answers import expect_number, single, truth
from classroom.checks.equations import shares
from classroom.checks.reference import (
    ReferenceInFloat32,
    all_near,
    no_mistake,
    numbers,
    shape,
)
from classroom.exercise import CLOSE, exercise, expect, near
from classroom.followed import READY_MADE, TAKEN_OUT
from classroom.rules import BACKEND, Rules
from classroom.scores import Wrong
from classroom.student import Student

AS_THEY_COME = (
    "The check follows each number of A and B on its way. Use them as they come, without float() "
    "or another conversion: multiply a number of the row with one of the column, and add up the "
    "products."
)


@exercise("row_by_column", title="Row by column", points=4, minutes=5)
def row_by_column(student: Student) -> None:
    """The shape and first entry of B · A on paper; the product of any two matrices, by loops."""
    expect(
        near(student.value("predicted_shape"), [3, 3]),
        "B has three rows and two columns, A has two rows and three columns. Which numbers stand "
        "inside and vanish, and which stand outside and remain?",
        worth=1,
    )
    expect_number(
        student, "predicted_first", 39,
        "The first entry is where the first row of B meets the first column of A. Both have two "
        "numbers: walk along them at the same speed.",
    )  # fmt: skip
    rng = student.random(31)
    for n, k, m in ((2, 3, 2), (4, 2, 5), (1, 6, 3)):
        a, b = rng.integers(-9, 10, (n, k)), rng.integers(-9, 10, (k, m))
        answer = student.call("row_by_column", a, b)
        expect(
            not near(answer, (a @ b).T) or near(answer, a @ b),
            "The numbers are right, but they lie on their side: which index counts the rows of "
            "the product, and which its columns?",
        )
        expect(
            shape(answer) == (n, m),
            "The product has a row for each row of the first matrix and a column for each column "
            f"of the second: {(n, k)} and {(k, m)} should give the shape {(n, m)}.",
        )
        expect(
            near(answer, a @ b),
            "Each entry is one row of the first matrix with one column of the second: multiply "
            "pairwise, then add up.",
        )
    _by_hand(student, rng)


@exercise("softmax", title="Softmax, safely", points=5, minutes=15)
def softmax(student: Student) -> None:
    """Positive shares that sum to 1 in each row, no overflow, no effect of a common shift."""
    expect(
        truth(student.value("predicted_same")) is True,
        "By how much do the scores within each of the two lists differ from one another? What "
        "does softmax care about, and what not?",
        worth=1,
    )
    rng = student.random(32)
    row, table = rng.normal(size=6), 3 * rng.normal(size=(5, 4))
    answer = numbers(student.call("softmax", row))
    expect(
        answer is not None and answer.shape == row.shape,
        "One row of scores should give one row of shares, one for each class.",
    )
    assert answer is not None
    expect(
        bool(np.isfinite(answer).all() and (answer > 0).all()),
        "A share is never negative, whatever the score. Which function makes every number "
        "positive?",
    )
    expect(
        abs(answer.sum() - 1) <= CLOSE,
        "The shares of one row should sum to 1: divide each piece by the size of the whole cake.",
    )
    expect(
        near(answer, shares(row)),
        "They sum to 1, but they are other shares. Each point more in a score *multiplies* what "
        "it counts for by 2.718.",
    )
    answer = student.call("softmax", table)
    expect(
        not near(answer, shares(table.ravel()).reshape(table.shape))
        and not near(answer, shares(table.T).T)
        and _sums_to_one(answer),
        "With several pictures, each *row* is a cake of its own. Along which axis do the classes "
        "lie, and along which do you add up?",
    )
    expect(
        near(answer, shares(table)),
        "For one row it is right, for a table it is not. Does every row lose its *own* largest "
        "score, and is it divided by its own sum?",
    )
    for large in (1000.0, -1000.0):
        expect(
            near(student.call("softmax", row + large), shares(row)),
            f"With scores around {large:g} there are other shares than around 0, or none at all: "
            "exp is more, or less, than a computer can hold. Which change of all scores leaves the "
            "shares as they are?",
            worth=1,
        )
    wide = np.array([[0.0, 1000, -1000], [-1000, -1001, -1002]])
    expect(
        near(student.call("softmax", wide), shares(wide)),
        "One picture has scores in the thousands, and the picture beside it suffers for it. Each "
        "row has a largest score of its own.",
        worth=1,
    )


@exercise("cross_entropy", title="The loss, from the scores", points=4, minutes=15)
def cross_entropy(student: Student) -> None:
    """−log ¼ on paper; the mean of −log of the right class's share, also for scores of ±1000."""
    expect_number(
        student, "predicted_loss", np.log(4),
        "The loss is −log of the share that the right class got, with the natural logarithm. "
        "Which share does each of four classes have?",
        within=0.012,  # 1.4 is right, to two digits
    )  # fmt: skip
    rng = student.random(33)
    scores, y = 2 * rng.normal(size=(7, 5)), rng.integers(5, size=7)
    each = -np.log(shares(scores)[np.arange(7), y])
    answer = student.call("cross_entropy", scores, y)
    of_all = -np.log(shares(scores))
    no_mistake(answer, each.mean(), {
        "A loss is never below zero: a share is at most 1, and what sign has its logarithm?":
            -each.mean(),
        "This grows with the number of pictures. The loss is an average.": each.sum(),
        "You have one number for each picture. Training wants a single one.": each,
        "You have averaged over all the classes. Only the share of the class that y names counts.":
            of_all.mean(),
        "You have added up all the classes. Only the share of the class that y names counts.":
            of_all.sum(1).mean(),
    })  # fmt: skip
    expect(
        near(answer, each.mean()),
        "For each picture: how large is the share of *its* right class? Then −log, then the mean "
        "over the pictures.",
    )
    for far, right, too_much in (
        ([0.0, 0, -2000], 2000 + np.log(2),
         "A share became 0 on the way, and its logarithm is infinite. Stay with the scores: the "
         "log of a quotient is a difference, and the log of exp(z) is z."),
        ([0.0, 1000, 0], 1000.0,
         "A score of 1000 is too much for exp: more than the computer can hold. Do you remember "
         "the courtesy, the same amount taken from all the scores of a picture?"),
    ):  # fmt: skip
        answer = numbers(student.call("cross_entropy", np.array([far]), np.array([2])))
        lost = answer is None or not np.isfinite(answer).all()
        expect(
            near(answer, right),
            too_much
            if lost
            else "Finite, but not as large as it should be. Something keeps the share from being "
            "small; a model that is certain and wrong gets away too cheaply.",
            worth=1,
        )


@exercise(
    "epoch", title="A defect in the backend", points=4, minutes=15,
    rules=Rules(BACKEND, replaces=("NumpyModel.epoch",)),
)  # fmt: skip
def epoch(student: Student) -> None:
    """Whether the mended backend visits every row once, also in a short last batch."""
    expect_number(
        student, "predicted_losses", 3,
        "There is one loss for each batch, and the last batch may be smaller than the others.",
    )  # fmt: skip
    rng = student.random(34)
    x, y = rng.normal(size=(50, 4)), rng.integers(3, size=50)
    net, optimizer = Net((Dense(4, 3),), "softmax", l2=0.01), SGD(0.2)
    start = [rng.normal(size=shape) for shape in net.shapes]
    for rows, size in ((50, 20), (40, 20), (7, 20), (33, 8)):
        order = rng.permutation(50)[:rows]
        backend = student.call("Backend", net, start, optimizer)
        answer = numbers(student.method(backend, "epoch", x, y, order, size))
        reference = ReferenceInFloat32(net, start, optimizer)
        losses = reference.epoch(x, y, order, size)
        expect(
            answer is not None and answer.ndim == 1 and len(answer) >= len(losses),
            f"{rows} pictures in batches of {size}: some of them were not visited. What happens "
            "to the pictures that do not fill a batch?",
        )
        assert answer is not None
        expect(
            len(answer) == len(losses),
            f"{rows} pictures in batches of {size}: there are more steps than batches.",
        )
        expect(
            near(answer, losses),
            "As many steps as there should be, but other losses: the pictures have to come in "
            "the order that was asked for, each of them once, the last batch with no more than "
            "are left.",
        )
        expect(
            all_near(student.method(backend, "params"), reference.params()),
            "The losses are right and the weights are not: is a step made on every batch?",
        )


step = one_step.step


@exercise("doubt", title="None of these", points=4, minutes=45)
def doubt(student: Student) -> None:
    """Whether the most doubtful fifth is wrong at least 1.5 times as often as all."""
    guess = numbers(single(student.value("predicted_wrong")))
    expect(
        guess is not None and guess.shape == () and 0 <= float(guess) <= 1,
        "A share of the pictures is a number between 0 and 1: a tenth of them, 10%, is 0.1.",
        worth=1,
    )
    rng = student.random(36)
    n = 2000
    p = shares(rng.normal(size=(n, 10)) * rng.uniform(0.5, 6, size=(n, 1)))
    truth = np.array([rng.choice(10, p=row) for row in p])
    wrong = p.argmax(1) != truth
    answer = numbers(student.call("doubt", p))
    expect(
        answer is not None and answer.shape == (n,),
        "One number for each picture, please: a row of shares comes in, a single doubt comes out.",
    )
    assert answer is not None
    expect(
        bool(np.isfinite(answer).all()),
        "Some of your doubts are not numbers. What does a logarithm say of a share of 0?",
    )
    expect(
        len(np.unique(answer)) > 2,
        "A doubt that is the same for all pictures, or has only two sizes, cannot put them in an "
        "order. What in the shares tells a narrow victory from a clear one?",
    )
    fifth = n // 5
    most, least = (np.argsort(sign * answer, kind="stable")[:fifth] for sign in (-1, 1))
    expect(
        wrong[most].mean() >= wrong[least].mean(),
        "Those that you doubt most are the most reliable of all. You have measured certainty: "
        "turn it around.",
    )
    expect(
        wrong[most].mean() >= 1.5 * wrong.mean(),
        "The fifth that you doubt most is hardly more often wrong than the rest. How do the "
        "shares look when the model hesitates between several classes, and how when it is sure?",
    )


def _sums_to_one(answer: object) -> bool:
    array = numbers(answer)
    return array is not None and array.ndim == 2 and bool((np.abs(array.sum(1) - 1) <= CLOSE).all())


def _by_hand(student: Student, rng: np.random.Generator) -> None:
    """Whether the student's own code multiplies: the numbers of these matrices are followed."""
    a, b = rng.integers(-9, 10, (3, 4)), rng.integers(-9, 10, (4, 2))
    try:
        answer, noticed = student.follow("row_by_column", a, b)
    except Wrong as wrong:
        raise Wrong(f"{AS_THEY_COME} ({wrong})") from wrong
    expect(
        READY_MADE not in noticed,
        "This time NumPy should not do the walking for you. Take one row and one column, "
        "multiply pairwise, sum up, and put the number where they meet.",
    )
    expect(TAKEN_OUT not in noticed and near(answer, a @ b), AS_THEY_COME)
