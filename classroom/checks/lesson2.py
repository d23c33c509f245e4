"""The exercises of lesson 2: a step, the ± search, a gradient, the learning rate, a search."""

from __future__ import annotations

import numpy as np

from adapters.contract import Array
from classroom.checks import better_search
from classroom.checks.answers import CHANGED, expect_number, single, word
from classroom.checks.better_search import landscape, mean_squared_error
from classroom.checks.reference import no_mistake, shape
from classroom.exercise import exercise, expect, near
from classroom.student import Student

WORDS = ("positive", "negative", "zero")


@exercise("step", title="One step down", points=3, minutes=5)
def step(student: Student) -> None:
    """0.5 on paper, and knobs − rate · gradient in code."""
    expect_number(
        student, "predicted_knob", 0.5,
        "The gradient points up the hill, and we go down: minus. What is minus a negative number?",
    )  # fmt: skip
    rng = student.random(21)
    for knobs in (1, 4):
        w, slope = rng.normal(size=(2, knobs))
        rate = float(rng.uniform(0.05, 0.5))
        answer = student.call("step", w, slope, rate)
        no_mistake(answer, w - rate * slope, {
            "You went uphill. The gradient says where the loss *grows*.": w + rate * slope,
            "You jump by the whole slope. Who says how far to go?": w - slope,
            "That is by how much the knobs move. Asked for is where they stand afterwards.":
                -rate * slope,
        })  # fmt: skip
        expect(
            near(answer, w - rate * slope),
            "knob −= learning rate · gradient, for each knob with its own slope.",
        )
        expect(not student.changed, CHANGED.format("knobs"))


@exercise("plus_minus", title="A bit more, a bit less", points=5, minutes=25)
def plus_minus(student: Student) -> None:
    """Twelve evaluations on paper; the search, knob by knob, on new landscapes."""
    expect_number(
        student, "predicted_evaluations", 12,
        "Each knob may have to be tried in two directions. (The loss where you stand is known.)",
    )  # fmt: skip
    rng = student.random(22)
    for knobs in (2, 4):
        x, y = landscape(rng, knobs)
        move = 0.5
        start = _distinguishing_start(rng, x, y, move)
        for rounds in (12, 3, 1):
            answer = student.call("plus_minus", x, y, start, move, rounds)
            # Compared first, because a mistake may make no difference by chance.
            if near(answer, _plus_minus(x, y, start, move, rounds)):
                continue
            expect(
                shape(answer) == (knobs,),
                "Knobs come in and knobs go out, as many as before, and nothing else.",
            )
            expect(
                not near(answer, start),
                "Not a knob has moved. Do you keep what was better, and do you give it back?",
            )
            expect(
                not near(answer, _plus_minus(x, y, start, move, rounds, turns=(1,))),
                "Your knobs are only ever turned up. What do you do when up makes it worse, and "
                "from *where* do you turn down then?",
            )
            expect(
                rounds < 12
                or not near(answer, _plus_minus(x, y, start, move, rounds, halve="never")),
                "In the end it walks on the spot. When a whole round brings nothing, what was too "
                "coarse?",
            )
            expect(
                rounds < 3
                or not near(answer, _plus_minus(x, y, start, move, rounds, halve="always")),
                "The move shrinks too early. Only after a round in which nothing has helped.",
            )
            expect(
                False,
                f"After {rounds} round{'s' * (rounds > 1)} the knobs stand elsewhere. One knob at "
                "a time, in their order: up if that is better, else down if that is better, else "
                "as it was. And what you keep is where the next knob begins.",
            )


@exercise("gradient", title="Whose fault is it?", points=5, minutes=20)
def gradient(student: Student) -> None:
    """The sign on paper; the slopes of the weights and the bias, for any rows."""
    guess = word(student.value("predicted_slope"))
    expect(guess in WORDS, "A word is asked for: positive, negative or zero.", worth=1)
    expect(
        guess == "positive" or guess not in WORDS,
        "If everything is too high already, what happens to the loss when the bias goes up "
        "further?",
        worth=1,
    )
    rng = student.random(23)
    for n, knobs in ((40, 3), (25, 1)):
        x, y = rng.normal(size=(n, knobs)), rng.normal(size=n)
        w, b = rng.normal(size=knobs), float(rng.normal())
        error = x @ w + b - y
        by_w, by_b = 2 * (error[:, None] * x).mean(axis=0), 2 * error.mean()
        answer = student.call("gradient", x, y, w, b)
        expect(
            isinstance(answer, list | tuple) and len(answer) == 2,
            "Two things should come back: the slopes of the weights, and the slope of the bias.",
        )
        expect(
            shape(answer[0]) == (knobs,),
            "There should be one slope for each weight. Over which axis do you average, over the "
            "houses or over the knobs?",
        )
        without = x @ w - y
        no_mistake(answer[0], by_w, {
            "The signs are turned around. Is the error guess minus price, or …?": -by_w,
            "Half of it is missing. Nudge a knob, and see; it is from the square.": by_w / 2,
            "The more houses, the steeper yours becomes. The loss is a mean, and so is a slope.":
                n * by_w,
            "The bias is a part of the guess, so it is a part of the error, too.":
                2 * (without[:, None] * x).mean(axis=0),
        })  # fmt: skip
        expect(
            near(answer[0], by_w),
            "Not yet right for the weights: twice the error times the input, averaged over the "
            "houses.",
        )
        expect(
            near(single(answer[1]), by_b),
            "The weights are right, and the bias is not. What is its input, for every house?",
        )


@exercise("largest_rate", title="Break the learning rate", points=4, minutes=20)
def largest_rate(student: Student) -> None:
    """0.01 on paper, and 2 / the steepest curvature for tables of any size."""
    expect_number(
        student, "predicted_rate", 0.01,
        "The input comes in twice: the slope is larger by it, and moving the knob changes the "
        "guess by it as well.",
    )  # fmt: skip
    rng = student.random(24)
    for n, knobs in ((60, 2), (30, 5)):
        x = rng.normal(size=(n, knobs)) @ rng.normal(size=(knobs, knobs))
        curvatures = np.linalg.eigvalsh(2 * x.T @ x / n)
        answer, right = student.call("largest_rate", x), 2 / curvatures[-1]
        no_mistake(answer, right, {
            "That is the limit of the flattest direction. Which direction flies out first?":
                2 / curvatures[0],
            "With this rate you are at the bottom in one jump. You may go farther than that, and "
            "still arrive.": right / 2,
            "Twice too bold. Our loss has no ½ in front of its square: what does that do to the "
            "curvatures?": 2 * right,
            "Too timid, by as much as there are houses. The loss is a mean.": right / n,
            "That is the curvature itself: how steep, not how far.": curvatures[-1],
        })  # fmt: skip
        expect(
            near(answer, right),
            "The table first: as many rows and columns as there are knobs. Then the largest of its "
            "curvatures, and the limit is 2 divided by it.",
        )


search = better_search.search


def _plus_minus(
    x: Array, y: Array, start: Array, move: float, rounds: int, *,
    turns: tuple[int, ...] = (1, -1), halve: str = "in vain",
) -> Array:  # fmt: skip
    """The search; `turns` and `halve` select usual mistakes."""
    w, best = np.array(start), mean_squared_error(x, y, start)
    for _ in range(rounds):
        before = best
        for k in range(len(w)):
            for turn in turns:
                trial = w.copy()
                trial[k] += turn * move
                if mean_squared_error(x, y, trial) < best:
                    w, best = trial, mean_squared_error(x, y, trial)
                    break
        if halve == "always" or (halve == "in vain" and best == before):
            move /= 2
    return w


def _distinguishing_start(rng: np.random.Generator, x: Array, y: Array, move: float) -> Array:
    """A start from which the right search and each mistake end in different places."""
    while True:
        start = rng.normal(size=x.shape[1])
        ends = [
            start,
            _plus_minus(x, y, start, move, 12),
            _plus_minus(x, y, start, move, 12, turns=(1,)),
            _plus_minus(x, y, start, move, 12, halve="never"),
            _plus_minus(x, y, start, move, 12, halve="always"),
        ]
        if not any(near(a, b) for i, a in enumerate(ends) for b in ends[:i]):
            return start
