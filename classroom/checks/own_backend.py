"""A backend for the small framework Pebble, compared with the reference method by method."""

from __future__ import annotations

from typing import Any

import numpy as np

from adapters.contract import SGD, Array, Dense, Net
from classroom.checks.reference import EXACT, Reference, all_near, no_mistake, numbers
from classroom.exercise import exercise, expect, near
from classroom.rules import Rules
from classroom.student import Student
from classroom.wire_format import Handle


@exercise(
    "backend", title="Your own backend", points=6, minutes=60,
    rules=Rules(("docs.your_backend.pebble",)),
)  # fmt: skip
def backend(student: Student) -> None:
    """Scores, loss, gradients and steps of the student's backend match the reference."""
    guess = numbers(student.value("predicted_digits"))
    expect(
        guess is not None and guess.shape == () and 0 <= float(guess) <= 17,
        "A number of digits, please, from 0 to 16.",
        worth=1,
    )
    rng = student.random(56)
    for layers in (
        (Dense(4, 3),),
        (Dense(5, 7, "relu"), Dense(7, 6, "tanh"), Dense(6, 4)),
        (Dense(3, 8, "sigmoid"), Dense(8, 2)),
    ):
        net, rate = Net(layers, "softmax", l2=0.1), SGD(0.3)
        start = [rng.normal(size=shape) for shape in net.shapes]
        x, y = rng.normal(size=(9, net.n_in)), rng.integers(net.n_out, size=9)
        candidate, reference = (
            student.call("PebbleBackend", net, start, rate),
            Reference(net, start, rate),
        )
        deep = "with hidden layers" if len(layers) > 1 else "with a single layer"
        expect(
            near(student.method(candidate, "forward", x), reference.forward(x), EXACT),
            f"scores, {deep}: each layer multiplies what it reads with its kernel, adds its bias, "
            "and bends the result in the way that its activation says. And the next one reads "
            "that.",
        )
        tensor = student.method(candidate, "mean_loss", x, y)
        expect(
            isinstance(tensor, Handle) and tensor.type == "Tensor",
            "mean_loss should return a Tensor: Pebble can only tell the gradient of what remembers "
            "how it was made.",
        )
        _loss(student, candidate, reference, x, y)
        answer = student.method(candidate, "gradients", x, y)
        expect(
            all_near(answer, reference.gradients(x, y), EXACT),
            f"gradients, {deep}: of the mean loss by each of the weights, in their order, as "
            "plain arrays. Who remembers how the loss was made, and can tell?",
        )
        first = student.method(candidate, "step", x, y)
        before = reference.step(x, y)
        expect(
            not near(first, reference.loss(x, y), EXACT),
            "step: you return the loss after the step. Asked for is the one before it, which the "
            "gradient was computed from.",
        )
        expect(
            near(first, before, EXACT),
            "step: it should return the loss as a plain number, as it was before the step.",
        )
        expect(
            all_near(student.method(candidate, "params"), reference.params(), EXACT),
            "step: the loss is right, and the weights are not where they should be. knob -= "
            "learning rate · gradient, for kernels and biases; and what is moved has to be a "
            "Tensor again.",
        )
        for _ in range(10):
            student.method(candidate, "step", x, y)
            reference.step(x, y)
        expect(
            all_near(student.method(candidate, "params"), reference.params(), EXACT),
            "step: the first step is right, and ten more lead somewhere else. Does each gradient "
            "start from the new weights?",
        )


def _loss(student: Student, candidate: Any, reference: Reference, x: Array, y: Array) -> None:
    """Judge the loss, with a hint for each usual mistake."""
    answer, right = student.method(candidate, "loss", x, y), reference.loss(x, y)
    params, l2, n = reference.params(), reference.net.l2, len(x)
    kernels = 0.5 * l2 * sum((w * w).sum() for w in params[::2])
    biases = 0.5 * l2 * sum((b * b).sum() for b in params[1::2])
    unpenalised = right - kernels
    no_mistake(answer, right, {
        "mean_loss: the penalty is missing: every kernel pays a little for being large.":
            unpenalised,
        "mean_loss: the penalty is twice what it should be. Where did its half go?":
            unpenalised + 2 * kernels,
        "mean_loss: the biases pay the penalty, too. They only shift, and are left alone.":
            right + biases,
        "mean_loss: the losses of the rows are averaged, and not summed.":
            n * unpenalised + kernels,
    }, EXACT)  # fmt: skip
    expect(
        near(answer, right, EXACT),
        "mean_loss: for each row, the log of the sum of exp of its scores, minus the score of "
        "its right class; then the mean over the rows; then the penalty on the kernels.",
    )
    large = 1e3 * x / np.abs(x).max()
    answer = numbers(student.method(candidate, "loss", large, y))
    expect(
        near(answer, reference.loss(large, y), EXACT),
        "mean_loss: with scores in the thousands it is not what it should be. exp overflows; do "
        "you remember lesson 3's courtesy to the computer?",
        worth=1,
    )
