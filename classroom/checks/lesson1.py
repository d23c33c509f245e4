"""The exercises of lesson 1: a house, knobs, Rosenblatt's rule, Novikoff, XOR, a wider road."""

from __future__ import annotations

from typing import Any

import numpy as np

from adapters.contract import Array
from classroom.checks.answers import expect_number, is_number, single, truth
from classroom.checks.perceptron import houses, novikoff, road, rosenblatt, separable_points
from classroom.checks.reference import no_mistake, shape
from classroom.exercise import exercise, expect, near
from classroom.student import Student

LESSON_ERROR, REQUIRED_ERROR = (
    0.2986,
    0.24,
)  # median errors: of the lesson's knobs, and the required one
CORNERS = np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]])
XOR = np.array([-1, 1, 1, -1])
SETS = 8  # of points; the road of the solution is 2.8 to 5.7 times as wide, depending on the seed
WIDER = 1.25


@exercise("by_hand", title="One house by hand", points=3, minutes=5)
def by_hand(student: Student) -> None:
    """289 on paper (288 and 290 are fine), and the weighted sum for any inputs."""
    expect_number(
        student, "predicted_price", 289,
        "Each of the three facts is multiplied by the knob that belongs to it. One of the products "
        "is negative, and stays so when you add them up.",
        within=0.004,
    )  # fmt: skip
    rng = student.random(11)
    for inputs in (3, 5, 1):
        x, w = rng.uniform(-9, 9, inputs), rng.uniform(-9, 9, inputs)
        answer = student.call("price", x, w)
        answer = np.sum(answer) if np.shape(answer) == (1,) else answer
        no_mistake(answer, x @ w, {
            "The products are right, but there are as many as inputs. How does one number become "
            "of them?": x * w,
            "You have added first and then multiplied. Every input has a weight *of its own*.":
                x.sum() * w.sum(),
            "There is no threshold here: the sum may well be below zero.": max(x @ w, 0.0),
        })  # fmt: skip
        expect(
            near(answer, x @ w),
            f"Not right for {inputs} inputs. Multiply each input by its own weight and add up: "
            "one number comes out.",
        )


@exercise("knobs", title="Turn the knobs yourself", points=3, minutes=10)
def knobs(student: Student) -> None:
    """Whether half of all predicted prices are off by less than 24 %."""
    guess = student.value("predicted_error")
    expect(
        is_number(guess) and 0 < guess < LESSON_ERROR,
        "A guess is a number between 0 and 0.3, as a part of the price (25% is 0.25): 0.3 would be "
        "no better than before you turned, and 0 a miracle.",
        worth=1,
    )
    answer = student.value("my_knobs")
    expect(
        shape(answer) == (3,) and all(is_number(knob) for knob in answer),
        "There are three knobs: for a bedroom, for a thousand square feet, for a kilometre.",
    )
    x, price = houses()
    w = np.asarray(answer, np.float64)
    error = float(np.median(abs(x @ w - price) / price))
    expect(
        w[2] < 0 or error < REQUIRED_ERROR,
        "Far from town, houses are cheaper. What does that say about the sign of the third knob?",
    )
    expect(
        error < REQUIRED_ERROR,
        f"Half of the houses are still off by more than {error:.1%}. Turn one knob a bit: better? "
        "Go on. Worse? Turn back, and try the next. Smaller moves when nothing helps.",
    )


@exercise("learn", title="Rosenblatt's rule", points=5, minutes=20)
def learn(student: Student) -> None:
    """One step on paper; the rule on separable points, to the digit, and on XOR."""
    expect(
        near(student.value("predicted_knobs"), [-2, 1, -1]),
        "Push every knob towards the right answer: the answer times its input. Mind the signs, "
        "and remember that the bias has an input of 1.",
        worth=1,
    )
    rng = student.random(13)
    for inputs in (2, 3):
        x, y = separable_points(rng, inputs)
        w, b, mistakes = rosenblatt(x, y, 1000)
        while _same(rosenblatt(x, y, 1), (w, b, mistakes)):  # one pass must not be enough
            x, y = separable_points(rng, inputs)
            w, b, mistakes = rosenblatt(x, y, 1000)
        answer = student.call("learn", x, y, 1000)
        expect(
            isinstance(answer, list | tuple) and len(answer) == 3,
            "Three things should come back: the weights, the bias, and the number of mistakes.",
        )
        expect(
            shape(answer[0]) == (inputs,) and shape(answer[1]) == (),
            "One weight for each input, in an array, and the bias as a number of its own.",
        )
        expect(
            bool(np.any(answer[0])),
            "The knobs have not moved at all. At the start every score is exactly 0: what did the "
            "lesson say about sitting on the fence?",
        )
        if near(answer[0], w) and near(answer[1], b):
            expect(
                near(answer[2], mistakes),
                "The knobs are right, and the count is not: one for each mistake, over all passes.",
            )
            continue
        expect(
            not _same(answer, rosenblatt(x, y, 1)),
            "That is where the knobs are after a single pass. Go round again, until a whole pass "
            "is right.",
        )
        expect(
            not _same(answer, rosenblatt(x, y, 1000, bias=0)),
            "The bias never moves. It is a knob too, and its input is always 1.",
        )
        expect(
            not _same(answer, rosenblatt(x, y, 1000, fence=-1)),
            "A score of exactly 0 lies on the fence: it counts as a mistake, whichever of the two "
            "answers is the right one.",
        )
        right = y * (x @ np.asarray(answer[0], np.float64) + answer[1]) > 0
        expect(
            bool(right.all()),
            f"{int((~right).sum())} of {len(x)} points are still on the wrong side. Which way does "
            "a mistake push the knobs, and do you go on until a whole pass is without one?",
        )
        expect(
            False,
            "Your line parts the points, but it is not the one that the rule finds. Begin at zero, "
            "keep the order, and move *only* after a mistake, by exactly y · x.",
        )
    answer = student.call("learn", CORNERS, XOR, 3)
    expect(
        isinstance(answer, list | tuple) and len(answer) == 3 and near(answer[2], 12),
        "With XOR there is no pass without a mistake. `passes` says when to stop all the same.",
    )


@exercise("promise", title="Novikoff's promise", points=4, minutes=15)
def promise(student: Student) -> None:
    """It does not depend on the number of points; (R/γ)², or infinity if the line fails."""
    expect(
        truth(student.value("predicted_change")) is False,
        "Read the promise once more. What stands in it: how far, how near, or how many?",
        worth=1,
    )
    rng = student.random(14)
    for inputs in (2, 4):
        x, y = separable_points(rng, inputs)
        w, b, _ = rosenblatt(x, y, 1000)
        b = b or 0.5  # with a bias of 0 nothing shows whether it is counted
        right = novikoff(x, y, w, b)
        answer = student.call("promise", x, y, w, b)
        length, shorter = np.hypot(np.linalg.norm(w), b), np.linalg.norm(w)
        no_mistake(answer, right, {
            "You have R/γ. Something is missing that makes the promise a good deal larger.":
                right**0.5,
            "Double all knobs, and your promise changes, but the line does not. By what is the "
            "room divided?": right / length**2,
        })  # fmt: skip
        one_less = right * (x**2).sum(1).max() / ((x**2).sum(1).max() + 1)
        for wrong in (
            right * (shorter / length) ** 2,
            one_less,
            one_less * (shorter / length) ** 2,
        ):
            no_mistake(answer, right, {
                "Almost. The bias counts as one more input that is always 1: for the points, when "
                "it is asked how far, and for the knobs, when it is asked how long.": wrong,
            })  # fmt: skip
        expect(
            near(answer, right),
            "R is a *largest* length, of a point with its 1. γ is the *smallest* room, of y times "
            "the score, divided by the length of the knobs.",
        )
        answer = student.call("promise", x, y, -w, -b)
        expect(
            is_number(answer) and answer == np.inf,
            "This line has every point on the wrong side, and yet it promises something. When is "
            "the room no room at all?",
        )


@exercise("xor", title="XOR with a hole", points=4, minutes=15)
def xor(student: Student) -> None:
    """Any corner may be left out; a line for each of the four cases."""
    guess = student.value("predicted_possible")
    four = isinstance(guess, list | tuple | np.ndarray) and len(guess) == 4
    expect(
        four and all(truth(one) for one in guess),
        "Lay a ruler on your drawing: one corner is away, and two of the other three are of the "
        "same kind. Does one of the cases differ from the others, but for turning the paper?"
        if four
        else "Four answers, True or False, one for each corner that may be missing.",
        worth=1,
    )
    lines = student.value("lines")
    expect(
        isinstance(lines, list | tuple | np.ndarray) and len(lines) == 4,
        "Four lines, one for each corner that may be missing, in the order of `corners`.",
    )
    for k, line in enumerate(lines):
        corner = tuple(CORNERS[k].tolist())
        expect(
            line is not None,
            f"Without the corner {corner} it can be done. Two corners of one kind and one of the "
            "other are left: where could a ruler pass between them?",
        )
        expect(
            shape(line) == (3,) and all(is_number(knob) for knob in line),
            f"Without the corner {corner}: a line has three knobs, two weights and a bias.",
        )
        others = np.arange(4) != k
        weights = np.asarray(line, np.float64)
        score = XOR[others] * (CORNERS[others] @ weights[:2] + weights[2])
        expect(
            not (score < 0).all(),
            f"Without the corner {corner}: your line lies well, but says yes where it should say "
            "no, on both its sides.",
        )
        expect(
            not (score == 0).any(),
            f"Without the corner {corner}: your line passes through a point. On the fence counts "
            "as a mistake.",
        )
        expect(
            bool((score > 0).all()),
            f"Without the corner {corner}, {int((score <= 0).sum())} of the three others are still "
            "wrong. Compute their scores one by one.",
        )


@exercise("wide_road", title="A wider road", points=4, minutes=60)
def wide_road(student: Student) -> None:
    """On new points: all are separated, and γ is 1.25 times that of Rosenblatt's rule."""
    guess = single(student.value("predicted_wider"))
    expect(is_number(guess) and guess > 0, "How many times as wide: a number above 0.", worth=1)
    rng = student.random(16)
    wider = []
    for _ in range(SETS):
        x, y = separable_points(rng, 2)
        answer = student.call("wide_road", x, y)
        expect(
            isinstance(answer, list | tuple)
            and len(answer) == 2
            and shape(answer[0]) == (2,)
            and shape(answer[1]) == (),
            "Two things should come back: the weights, in an array, and the bias, a number.",
        )
        room = road(x, y, *answer)
        expect(
            room > 0,
            "There are points on the wrong side of your line. First of all it has to part them; "
            "only then may the road be wide.",
        )
        wider.append(room / road(x, y, *rosenblatt(x, y, 10_000)[:2]))
    mean = float(np.mean(wider))
    expect(
        mean >= WIDER,
        f"Your road is {mean:.2f} times as wide as Rosenblatt's, on average, and 1.25 is asked "
        "for. He is content with any score above zero. With what should you not be content?",
    )


def _same(answer: Any, expected: tuple[Array, float, int]) -> bool:
    return near(answer[0], expected[0]) and near(answer[1], expected[1])
