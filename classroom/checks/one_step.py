"""One step of softmax regression in any framework; arguments and results are NumPy arrays."""

from __future__ import annotations

from functools import partial

import numpy as np

from adapters.contract import SGD, Dense, Net
from classroom.checks.answers import word
from classroom.checks.equations import moved_along, step_through_two_softmaxes
from classroom.checks.reference import Reference, all_near, no_mistake, numbers, shape
from classroom.exercise import exercise, expect
from classroom.rules import Rules
from classroom.student import Student


@exercise(
    "step", title="A step in a framework that you do not know", points=5, minutes=30,
    rules=Rules(libraries=True),
)  # fmt: skip
def step(student: Student) -> None:
    """One step of plain gradient descent in any framework, from NumPy arrays to NumPy arrays."""
    expect(
        word(student.value("predicted_bias")) == "up",
        "A class that comes often should get a larger share than it has now. Which way does its "
        "score have to go, then, whatever the picture shows?",
        worth=1,
    )
    rng = student.random(35)
    for n, k, m in ((12, 5, 3), (20, 7, 4)):
        x = rng.normal(size=(n, k)).astype(np.float32)
        W, bias = (rng.normal(size=s).astype(np.float32) for s in ((k, m), (m,)))
        y, rate = rng.integers(m, size=n), 0.7
        model = Reference(Net((Dense(k, m),), "softmax"), [W, bias], SGD(rate))
        moved = partial(moved_along, [W, bias], model.gradients(x, y), rate)
        answer = student.call("step", W, bias, x, y, rate)
        expect(
            isinstance(answer, list | tuple)
            and len(answer) == 2
            and all(numbers(f) is not None for f in answer),
            "W and bias should come back, two NumPy arrays. Does the framework's own kind of "
            "array have a way to become one of NumPy's?",
        )
        expect(
            [shape(f) for f in answer] == [W.shape, bias.shape],
            "W and bias should come back in the shapes in which they came. (Some frameworks keep "
            "a kernel lying on its side.)",
        )

        no_mistake(answer, moved(1), {
            "Nothing has moved. Is the new value written to the weights, and is it these weights "
            "that you give back?": moved(0),
            "You went uphill. It is minus: the gradient points to where the loss grows.": moved(-1),
            "The direction is right, and the step far too long: by as much as there are pictures. "
            "Is the loss a sum or a mean?": moved(n),
            "The direction is right, and the length is not: where does the learning rate come in?":
                moved(1 / rate),
            "The direction is right, and the step too short by the number of classes. Over what is "
            "the mean taken?": moved(1 / m),
            "W is right, but the bias is a knob, too.": [moved(1)[0], bias],
            "Softmax has been applied twice. Does the framework's loss want scores, or shares?":
                step_through_two_softmaxes(W, bias, x, y, rate),
        })  # fmt: skip
        expect(
            all_near(answer, moved(1)),
            "It moves, but not as one step of plain gradient descent does: scores = x·W + bias, "
            "the mean cross-entropy of their softmax, its gradient, knob -= learning rate · "
            "gradient. No momentum, no penalty.",
        )
