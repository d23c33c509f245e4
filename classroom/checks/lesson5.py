"""The exercises of lesson 5: momentum, ε, a recipe translated, cages, a checkpoint, a backend."""

from __future__ import annotations

from typing import Any

import numpy as np

from adapters.contract import SGD, Adam, Dense, Net
from classroom.checks import own_backend
from classroom.checks.answers import expect_names, expect_number, word
from classroom.checks.equations import adam, velocities
from classroom.checks.reference import (
    EXACT,
    ON_PAPER,
    ReferenceInFloat32,
    all_near,
    no_mistake,
)
from classroom.exercise import exercise, expect, near
from classroom.rules import BACKEND, Rules
from classroom.student import Student

SUSPECTS = ["dampening", "dropout", "gradient of the sum", "no half", "other kernels"]
LINKS = {"initial weights": 12, "scores": 8, "loss": 1, "gradient": 12, "update": 12}


@exercise("momentum", title="Momentum, twice", points=4, minutes=10)
def momentum(student: Student) -> None:
    """Three steps of both forms on paper, and any number of steps in code."""
    expect(
        near(student.value("predicted_ours"), [1, 1.9, 0.271], ON_PAPER),
        "In our form the velocity knows nothing of the rate: nine tenths of what it was, and the "
        "gradient. Only the move is multiplied, by the rate of *this* step.",
        worth=1,
    )
    expect(
        near(student.value("predicted_inside"), [1, 1.9, 1.81], ON_PAPER),
        "With the rate inside, each gradient is multiplied by the rate of its own day and keeps "
        "it. What does the third velocity still carry from the two before?",
        worth=1,
    )
    rng = student.random(51)
    for steps in (4, 9):
        gradients, rates = rng.normal(size=steps), rng.uniform(0.01, 1, size=steps)
        mu = float(rng.uniform(0.5, 0.95))
        right = {
            "ours": velocities(gradients, mu) * rates,
            "rate_inside": velocities(gradients * rates, mu),
        }
        answer = {name: student.call(name, gradients, rates, mu) for name in right}
        for name, other in (("ours", "rate_inside"), ("rate_inside", "ours")):
            no_mistake(answer[name], right[name], {
                "One function does what the other should do. Which of the two obeys at once when "
                "the rate is lowered?": right[other],
            }, EXACT)  # fmt: skip
        for name, moves in right.items():
            no_mistake(answer[name], moves, {
                f"{name}: by how much the knob moves *down* is asked for.": -moves,
                f"{name}: that is where the knob is. By how much does it move in each step?":
                    np.cumsum(moves),
                f"{name}: this knob forgets. What is left of the last step's velocity?":
                    gradients * rates,
            }, EXACT)  # fmt: skip
            expect(
                near(answer[name], moves, EXACT),
                f"{name}: other moves come out for gradients and rates that change from step to "
                "step. First the velocity gets its new value, from the old one and the gradient; "
                "then the knob moves.",
            )


@exercise("epsilon", title="Adam's ε, before and after", points=4, minutes=20)
def epsilon(student: Student) -> None:
    """One step of both forms on paper, any number in code, for gradients as small as ε."""
    expect_number(
        student, "predicted_after", 0.5,
        "In the first step the correction undoes 0.1 and 0.001 exactly. What are m and v, once "
        "they are corrected, and what is the root of a square?",
        within=ON_PAPER,
    )  # fmt: skip
    expect_number(
        student, "predicted_before", 1 / (1 + 0.001**-0.5),
        "Here ε meets a root that is only 0.0316 of what it will be, and it is their *sum* that is "
        "made larger. How large is ε then, beside the gradient?",
        within=0.025,  # 0.031 and 0.03 are right too, to their digits
    )  # fmt: skip
    rng = student.random(52)
    for size in (1e-8, 1e-2):
        gradients, rate, tiny = size * rng.normal(size=6), 0.3, 1e-8
        right = {place: adam(gradients, rate, tiny, place) for place in ("after", "before")}
        answer = {place: student.call("adam", gradients, rate, tiny, place) for place in right}
        expect(
            not near(answer["after"], right["before"], EXACT),
            "after and before are exchanged: after means that ε is added when the correction is "
            "done.",
        )
        for place, moves in right.items():
            no_mistake(answer[place], moves, {
                f"{place}: ε stands beside the root, not under it.":
                    adam(gradients, rate, tiny, "inside"),
                f"{place}: m and v start at 0 and are too small at first; something has to make up "
                "for that.": adam(gradients, rate, tiny, "uncorrected"),
                f"{place}: the first step has t = 1, and yours begins with another one.":
                    adam(gradients, rate, tiny, place, first=2),
                f"{place}: by how much the knob moves *down* is asked for.": -moves,
            }, EXACT)  # fmt: skip
            expect(
                near(answer[place], moves, EXACT),
                f"{place}: other moves come out for gradients of about {size:g}. Which is divided "
                "by what, and when is ε added? m remembers the gradient, v its square.",
            )


@exercise("translate", title="Translate a recipe", points=4, minutes=15)
def translate(student: Student) -> None:
    """Penalties with and without ½, weight decay, and the learning rate for a summed loss."""
    expect(
        near(student.value("predicted_penalties"), [0.7, 1.4], ON_PAPER),
        "ΣW² is 9 + 1 + 4. One of the two takes half of it.",
        worth=1,
    )
    rng = student.random(53)
    l2, size = rng.uniform(1e-4, 0.1, size=3), int(rng.integers(10, 200))

    def for_each_l2(name: str, *arguments: Any) -> list[Any]:
        return [student.call(name, float(value), *arguments) for value in l2]

    answer = for_each_l2("strength_for_keras")
    expect(
        near(answer, l2 / 2),
        "For Keras, it is the wrong way round: without a ½ the same number pulls twice as hard."
        if near(answer, 2 * l2)
        else "For Keras: strength · ΣW² should be the same as ½ · l2 · ΣW², for every W.",
        worth=1,
    )
    expect(
        near(for_each_l2("weight_decay_for_torch"), l2),
        "For PyTorch: weight decay is already a slope, and no loss. What is the slope of ½·l2·W²? "
        "Nudge W from 3 to 3.01 and see by how much the penalty grows.",
        worth=1,
    )
    expect(
        near(for_each_l2("rate_for_a_sum", size, "sgd"), l2 / size),
        "With the sum, the gradient is as many times larger as there are rows in a batch. SGD's "
        "step is rate times gradient: if one of the two grows, what has the other to do?",
        worth=0.5,
    )
    expect(
        near(for_each_l2("rate_for_a_sum", size, "adam"), l2),
        "Adam divides the mean of the gradients by the root of the mean of their squares. What "
        "becomes of a factor that is in both?",
        worth=0.5,
    )


@exercise("cages", title="Who sits in which cage?", points=6, minutes=25)
def cages(student: Student) -> None:
    """The first link that differs, in new traces; and who sits in which cage."""
    expect(
        word(student.value("predicted_suspect")) == "no half",
        "Same scores, so the weights and the layers are sound; another loss, so it does not "
        "begin with the gradient. Which of the five is a part of the loss?",
        worth=1,
    )
    rng = student.random(54)
    trace = {link: rng.normal(size=size) for link, size in LINKS.items()}
    rounded = {link: a * (1 + 1e-7 * rng.normal(size=a.shape)) for link, a in trace.items()}
    answer = student.call("first_difference", trace, rounded)
    expect(
        answer is None,
        "Two looks that differ in the seventh digit only are the same, up to rounding, and None "
        "should come back. How near is near enough?",
    )
    for i, link in enumerate(LINKS):
        other = dict(rounded)
        for later in list(LINKS)[i:]:  # each number differs, far beyond any rounding
            size = rng.uniform(0.05, 0.1, trace[later].shape)
            other[later] = trace[later] + rng.choice([-1, 1], size.shape) * size
        answer = str(student.call("first_difference", trace, other))
        expect(
            not (answer == "update" and link != "update"),
            "You found the last link that differs, and that one differs for every reason. The "
            "first one differs for one.",
        )
        expect(
            answer == link,
            f"With everything from “{link}” on different, you say {answer}. Walk along the chain "
            "from its beginning and stop at the first link.",
        )
        other = dict(rounded)
        changed = trace[link].copy()
        changed[[0, -1]] += (0.5, -0.5) if len(changed) > 1 else 0.5
        other[link] = changed
        expect(
            str(student.call("first_difference", trace, other)) == link,
            "Two numbers of one link differ, one up and one down, and you did not see it. Do not "
            "compare sums or means: each number with its counterpart.",
        )
    order = np.random.default_rng(student.seed).permutation(SUSPECTS)
    sits = dict(zip("ABCDE", map(str, order), strict=True))
    named = student.value("named")
    expect(
        isinstance(named, dict) and all(word(named.get(cook)) in SUSPECTS for cook in sits),
        "named should have an answer for each of the five cooks, A to E, and each answer should be "
        "one of SUSPECTS.",
    )
    wrong = [cook for cook in sits if word(named[cook]) != sits[cook]]
    expect(
        not wrong,
        f"Not everybody is in the right cage: look at {' and '.join(wrong[:2])} once more. At "
        "which link do they part from us, and what has been used by then?",
        worth=2,
    )


@exercise(
    "checkpoint", title="A checkpoint that forgets", points=4, minutes=15,
    rules=Rules(BACKEND, replaces=("NumpyModel.restore",)),
)  # fmt: skip
def checkpoint(student: Student) -> None:
    """Whether the mended backend continues after `restore` without a difference."""
    expect_names(
        student, "predicted_remember", ["momentum", "adam"],
        "A step of plain SGD needs the gradient of today and nothing else. Which of the others "
        "need something of yesterday?",
    )  # fmt: skip
    expect_names(
        student, "predicted_counts", ["adam"],
        "Look for a t in the equations. Whose correction depends on how many steps there were?",
    )  # fmt: skip
    rng = student.random(55)
    net = Net((Dense(4, 5, "tanh"), Dense(5, 3)), "softmax", l2=0.01)
    start = [rng.normal(size=shape) for shape in net.shapes]
    x, y = rng.normal(size=(12, 4)), rng.integers(3, size=12)
    for optimizer in (SGD(0.1), SGD(0.1, momentum=0.9), Adam(0.05)):
        reference = ReferenceInFloat32(net, start, optimizer)
        for _ in range(4):
            reference.step(x, y)
        saved = reference.state()
        backend = student.call("Backend", net, start, optimizer)
        student.method(backend, "step", x, y)
        student.method(backend, "restore", saved)
        expect(
            all_near(
                student.method(backend, "params"),
                [saved[f"param_{i}"] for i in range(len(net.shapes))],
            ),
            "After restoring, not even the weights are those that were saved.",
        )
        for _ in range(3):
            student.method(backend, "step", x, y)
            reference.step(x, y)
        expect(
            all_near(student.method(backend, "params"), reference.params()),
            "Under Adam, training does not go on as it would have. The weights are back, and so "
            "are both of its means. What else does its correction need to know?"
            if isinstance(optimizer, Adam) else
            "Under SGD, training does not go on as it would have. This was sound when you got it.",
        )  # fmt: skip


backend = own_backend.backend
