"""The exercises of lesson 4: XOR by hand and by training, a defect in backpropagation, features."""

from __future__ import annotations

from typing import Any

import numpy as np

from adapters.contract import SGD, Array, Dense, Net
from classroom.checks import handmade
from classroom.checks.answers import expect_names, expect_number
from classroom.checks.reference import (
    Reference,
    ReferenceInFloat32,
    all_near,
    numbers,
    shape,
)
from classroom.exercise import exercise, expect, near
from classroom.rules import BACKEND, Rules
from classroom.student import Student

CORNERS = np.array([[0.0, 0], [0, 1], [1, 0], [1, 1]])
# The course's own ways back through a network.
CHAIN_RULE = ("NumpyModel._loss_and_gradients", "backward", "dense_backward", "by_kernel")
STEPS, STARTS, MORE_STARTS = 500, 5, 11  # of the XOR network's training


@exercise("corners", title="The four corners", points=5, minutes=10)
def corners(student: Student) -> None:
    """The hidden layer's output on paper; AND and OR with one neuron, XOR with three."""
    expect(
        near(student.value("predicted_hidden"), [2, 1]),
        "Both inputs are 1. Each hidden neuron adds them up and then its bias; the relu leaves "
        "alone what is positive.",
        worth=1,
    )
    for name, expected in (("and", CORNERS.all(1)), ("or", CORNERS.any(1))):
        knobs = numbers(student.value(f"{name}_knobs"))
        expect(
            knobs is not None and knobs.shape == (3,),
            f"{name}_knobs are three numbers: two weights and a bias.",
        )
        assert knobs is not None
        outputs = CORNERS @ knobs[:2] + knobs[2] > 0
        expect(
            np.array_equal(outputs, expected),
            f"{name.upper()} is wrong at {_first(outputs != expected)}. The weights say how much "
            "each input counts, and the bias how much is needed. A score of exactly 0 is a no.",
            worth=1,
        )
    submitted = student.value("xor_knobs")
    expect(
        isinstance(submitted, dict),
        "xor_knobs has four entries: W1, b1, W2 and b2.",
    )
    answer = [numbers(submitted.get(name)) for name in ("W1", "b1", "W2", "b2")]
    if shape(submitted.get("b2")) == ():  # a plain number is fine too
        answer[3] = numbers([submitted["b2"]])
    expect(
        [None if a is None else a.shape for a in answer] == [(2, 2), (2,), (2, 1), (1,)],
        "XOR's knobs do not have the shapes that they should have: (2, 2), (2,), (2, 1) and "
        "(1,). A matrix is a list of rows, and each of W2's two rows has one number.",
    )
    model = Reference(Net((Dense(2, 2, "relu"), Dense(2, 1)), "logistic"), answer, SGD(1.0))  # type: ignore[arg-type]
    outputs, expected = model.forward(CORNERS)[:, 0] > 0, CORNERS.sum(1) == 1
    expect(
        np.array_equal(outputs, expected),
        "XOR says yes at (1, 1), so it is OR. The second neuron knows when both are on; its voice "
        "has to weigh more than the first one's."
        if np.array_equal(outputs, CORNERS.any(1))
        else f"XOR is wrong at {_first(outputs != expected)}. Follow this corner through both "
        "neurons on paper, relu and all, and then through the output. Is it above 0 for yes, and 0 "
        "or below for no?",
        worth=2,
    )


@exercise("one_layer", title="Two layers that are one", points=3, minutes=10)
def one_layer(student: Student) -> None:
    """The number of knobs of the single layer, and the layer itself, for any two layers."""
    expect_number(
        student, "predicted_knobs", 7850,
        "The one layer leads from the pixels straight to the scores: a weight for each pair, and "
        "a bias for each score.",
    )  # fmt: skip
    rng = student.random(42)
    for k, h, m in ((4, 6, 3), (7, 2, 5)):
        W1, b1, W2, b2 = (rng.normal(size=s) for s in ((k, h), h, (h, m), m))
        answer = student.call("one_layer", W1, b1, W2, b2)
        expect(
            isinstance(answer, list | tuple)
            and len(answer) == 2
            and shape(answer[0]) == (k, m)
            and shape(answer[1]) == (m,),
            f"A kernel and a bias should come out. From {k} inputs to {m} scores, whatever was in "
            f"between: their shapes are {(k, m)} and {(m,)}.",
        )
        expect(
            not near(answer[1], b2) and not near(answer[1], b1.sum() + b2),
            "The first layer's bias is lost or goes around the second layer. It is a part of "
            "what the second layer reads, so it passes through the second kernel like everything "
            "else.",
        )
        expect(
            all_near(answer, [W1 @ W2, b1 @ W2 + b2]),
            "Write (x·W1 + b1)·W2 + b2 and multiply it out. What stands beside x, and what is "
            "left?",
        )


@exercise("hidden_layer", title="Add a hidden layer", points=5, minutes=20)
def hidden_layer(student: Student) -> None:
    """Whether the network is nonlinear, its starts differ, and it learns XOR from most of them."""
    guess = numbers(student.value("predicted_learned"))
    expect(
        guess is not None and guess.shape == (2,) and bool(((guess >= 0) & (guess <= 10)).all()),
        "Two numbers, each from 0 to 10: with 2 hidden neurons, and with 8.",
        worth=1,
    )
    for n_hidden in (3, 8):
        net = student.call("network", n_hidden)
        expect(
            isinstance(net, Net),
            "network should return a Net, with its layers in a tuple and a loss.",
        )
        expect(
            len(net.layers) == 2
            and net.shapes == [(2, n_hidden), (n_hidden,), (n_hidden, 1), (1,)],
            "Two dense layers: from 2 inputs to the hidden neurons, as many as are asked for, "
            "and from these to 1 score.",
        )
        expect(
            net.layers[0].activation != "identity",
            "Your two layers are one: something has to happen between them that a matrix cannot "
            "do.",
        )
        expect(
            net.layers[1].activation == "identity" and net.loss == "logistic",
            "The last layer puts out a score, any number, and the loss for a yes or no makes a "
            "probability of it. A bend there would take away half of the scores.",
        )
    first, other = (_start(student, net, 8, seed) for seed in (0, 1))
    expect(
        bool(np.ptp(first[0], axis=1).max() > 0),
        "All hidden neurons start alike. They will get the same gradients, and stay alike for "
        "ever; who sees to it that they differ?",
    )
    expect(
        not np.array_equal(first[0], other[0]),
        "Every seed gives the same weights. Is the generator made from the seed that comes in?",
    )
    expect(
        np.array_equal(first[0], _start(student, net, 8, 0)[0]),
        "The same seed should give the same weights each time, or nobody can repeat what you "
        "found.",
    )
    seeds = [int(seed) for seed in student.random(43).integers(100, 10**6, size=MORE_STARTS)]
    starts, knew, learned = 0, 0, 0
    for seed in seeds:
        if starts == STARTS and learned > STARTS / 2:
            break  # more starts only if the first ones failed
        model = Reference(net, _start(student, net, 8, seed), SGD(0.5))
        xor = (CORNERS.sum(1, keepdims=True) == 1).astype(float)
        knew += np.array_equal(model.forward(CORNERS) > 0, xor > 0)
        model.epoch(CORNERS, xor, np.tile(np.arange(4), STEPS), 4)
        learned += np.array_equal(model.forward(CORNERS) > 0, xor > 0)
        starts += 1
    expect(
        knew <= starts / 2,
        "Your first weights know XOR before a single step is made. Let the generator draw the "
        "kernels, and leave the finding to the gradient.",
    )
    expect(
        learned > starts / 2,
        f"With 8 hidden neurons, XOR was learned from {learned} of {starts} starts in {STEPS} "
        "steps. Are the first weights so small that nothing gets through the second layer, or so "
        "large that it never calms down?",
    )


@exercise(
    "backwards", title="A defect in the backend", points=4, minutes=20,
    rules=Rules(BACKEND, replaces=CHAIN_RULE),
)  # fmt: skip
def backwards(student: Student) -> None:
    """Whether gradients and steps of the mended backend match the reference, for three layers."""
    expect_names(
        student, "predicted_bad", ["w1", "b1"],
        "The slope comes from the loss and walks back, layer by layer. What has not been passed "
        "on yet cannot have been spoilt on the way.",
    )  # fmt: skip
    rng = student.random(44)
    net = Net((Dense(4, 4, "tanh"), Dense(4, 6, "sigmoid"), Dense(6, 3)), "softmax", l2=0.05)
    start = [rng.normal(size=size) for size in net.shapes]
    x, y = rng.normal(size=(15, 4)), rng.integers(3, size=15)
    for optimizer in (SGD(0.2), SGD(0.1, momentum=0.9)):
        backend, reference = student.call("Backend", net, start, optimizer), ReferenceInFloat32(
            net, start, optimizer
        )  # fmt: skip
        answer, slopes = student.method(backend, "gradients", x, y), reference.gradients(x, y)
        expect(
            isinstance(answer, list) and all_near(answer[4:], slopes[4:]),
            "Now even the layer next to the loss has another gradient than a nudge says. That "
            "one was right when you got it.",
        )
        expect(
            [shape(g) for g in answer] == net.shapes,
            "The gradients do not have the shapes of the weights. Which shape does a layer's "
            "input have?",
        )
        expect(
            all_near(answer, slopes),
            "The layer next to the loss is right, the ones before it are not: a nudge says "
            "otherwise. Forwards a row goes through X·W. Backwards it goes through the same "
            "connections, from the neuron where each one ends to the input where it began. Rows "
            "become columns; what else keeps the shape and mixes up the connections?",
        )
        for _ in range(3):
            student.method(backend, "step", x, y)
            reference.step(x, y)
        expect(
            all_near(student.method(backend, "params"), reference.params()),
            "The gradients are right, but three steps lead somewhere else.",
        )


features = handmade.features


def _first(wrong: Array) -> str:
    """The first corner with a wrong answer."""
    a, b = CORNERS[int(np.argmax(wrong))]
    return f"({a:g}, {b:g})"


def _start(student: Student, net: Net, n_hidden: int, seed: int) -> list[Any]:
    """The student's initial weights, of the shapes of the network."""
    submitted = student.call("start", n_hidden, seed)
    expect(
        isinstance(submitted, list | tuple)
        and [shape(a) for a in submitted] == net.shapes
        and all(numbers(a) is not None and np.isfinite(a).all() for a in submitted),
        "start should return four arrays, [W1, b1, W2, b2], in the shapes of the network's layers.",
    )
    return list(submitted)
