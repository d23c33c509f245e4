"""The exercises of lesson 5: momentum, ε, a recipe translated, cages, a checkpoint, an engine."""

from __future__ import annotations

from typing import Any

import numpy as np

from adapters.contract import SGD, Adam, Array, Dense, Net
from classroom.checks.equations import adam, velocities
from classroom.checks.reference import (
    ON_PAPER,
    Reference,
    ReferenceInFloat32,
    agrees,
    all_agree,
    no_mistake,
    numbers,
    room,
)
from classroom.exercise import exercise, expect
from classroom.student import Student

EXACT, SINGLE = room("float64"), room("float32")
SUSPECTS = ["dampening", "dropout", "gradient of the sum", "no half", "other kernels"]
LINKS = {"initial weights": 12, "scores": 8, "loss": 1, "gradient": 12, "update": 12}


@exercise("momentum", title="Momentum, twice", points=4, minutes=10)
def momentum(student: Student) -> None:
    """Three steps of both forms on paper, and any number of them in code."""
    expect(
        agrees(student.value("predicted_ours"), [1, 1.9, 0.271], ON_PAPER),
        "In our form the velocity knows nothing of the rate: it is 1, then 0.9 · 1 + 1, and so "
        "on. Only the move is multiplied, by the rate of *this* step.",
    )
    expect(
        agrees(student.value("predicted_inside"), [1, 1.9, 1.81], ON_PAPER),
        "With the rate inside, each gradient is multiplied by the rate of its own day and keeps "
        "it. What does the third velocity still carry from the two before?",
    )
    rng = np.random.default_rng(51)
    for steps in (4, 9):
        gradients, rates = rng.normal(size=steps), rng.uniform(0.01, 1, size=steps)
        mu = float(rng.uniform(0.5, 0.95))
        right = {
            "ours": velocities(gradients, mu) * rates,
            "rate_inside": velocities(gradients * rates, mu),
        }
        found = {name: student.call(name, gradients, rates, mu) for name in right}
        expect(
            not agrees(found["ours"], right["rate_inside"], EXACT)
            and not agrees(found["rate_inside"], right["ours"], EXACT),
            "One function does what the other should do. Which of the two obeys at once when the "
            "rate is lowered?",
        )
        for name, moves in right.items():
            no_mistake(found[name], EXACT, {
                f"{name}: by how much the knob moves *down* is asked for.": -moves,
                f"{name}: that is where the knob is. By how much does it move in each step?":
                    np.cumsum(moves),
                f"{name}: this knob forgets. What is left of the last step's velocity?":
                    gradients * rates,
            })  # fmt: skip
            expect(
                agrees(found[name], moves, EXACT),
                f"{name}: other moves come out for gradients and rates that change from step to "
                "step. First the velocity gets its new value, from the old one and the gradient; "
                "then the knob moves.",
            )


@exercise("epsilon", title="Adam's ε, before and after", points=4, minutes=20)
def epsilon(student: Student) -> None:
    """One step of both on paper, and any number of them in code, for gradients as small as ε."""
    expect(
        agrees(student.value("predicted_after"), 0.5, ON_PAPER),
        "In the first step the correction undoes 0.1 and 0.001 exactly. What are m and v, once "
        "they are corrected, and what is the root of a square?",
    )
    expect(
        agrees(student.value("predicted_before"), 1 / (1 + 0.001**-0.5), ON_PAPER),
        "Here ε meets a root that is still 0.0316 times too small, and only the *sum* is made "
        "larger. How large is ε then, beside the gradient?",
    )
    rng = np.random.default_rng(52)
    for size in (1e-8, 1e-2):
        gradients, rate, tiny = size * rng.normal(size=6), 0.3, 1e-8
        right = {place: adam(gradients, rate, tiny, place) for place in ("after", "before")}
        found = {place: student.call("adam", gradients, rate, tiny, place) for place in right}
        expect(
            not agrees(found["after"], right["before"], EXACT),
            "after and before are exchanged: after means that ε is added when the correction is "
            "done.",
        )
        for place, moves in right.items():
            no_mistake(found[place], EXACT, {
                f"{place}: ε stands beside the root, not under it.":
                    adam(gradients, rate, tiny, "inside"),
                f"{place}: m and v start at 0 and are too small at first; something has to make up "
                "for that.": adam(gradients, rate, tiny, "uncorrected"),
                f"{place}: the first step has t = 1, and yours begins with another one.":
                    adam(gradients, rate, tiny, place, first=2),
                f"{place}: by how much the knob moves *down* is asked for.": -moves,
            })  # fmt: skip
            expect(
                agrees(found[place], moves, EXACT),
                f"{place}: other moves come out for gradients of about {size:g}. Which is divided "
                "by what, and when is ε added? m remembers the gradient, v its square.",
            )


@exercise("translate", title="Translate a recipe", points=4, minutes=15)
def translate(student: Student) -> None:
    """Penalties with and without ½, weight decay, and the learning rate for a summed loss."""
    expect(
        agrees(student.value("predicted_penalties"), [0.7, 1.4], ON_PAPER),
        "ΣW² is 9 + 1 + 4. One of the two takes half of it.",
    )
    rng = np.random.default_rng(53)
    for l2 in rng.uniform(1e-4, 0.1, size=3).tolist():
        found = student.call("strength_for_keras", l2)
        no_mistake(found, EXACT, {
            "For Keras, the wrong way round: without a ½ the same number pulls twice as hard.":
                2 * l2,
            "For Keras you hand over our number, and get twice our penalty: which factor do we "
            "have that it has not?": l2,
        })  # fmt: skip
        expect(
            agrees(found, l2 / 2, EXACT),
            "For Keras: strength · ΣW² should be the same as ½ · l2 · ΣW², for every W.",
        )
        expect(
            agrees(student.call("weight_decay_for_torch", l2), l2, EXACT),
            "For PyTorch: weight decay is already a slope, and no loss. What is the slope of "
            "½·l2·W²? Nudge W from 3 to 3.01 and see by how much the penalty grows.",
        )
        size = int(rng.integers(10, 200))
        expect(
            agrees(student.call("rate_for_a_sum", l2, size, "sgd"), l2 / size, EXACT),
            "With the sum, the gradient is as many times larger as there are rows in a batch. "
            "SGD's step is rate times gradient: if one of the two grows, what has the other to do?",
        )
        expect(
            agrees(student.call("rate_for_a_sum", l2, size, "adam"), l2, EXACT),
            "Adam divides the mean of the gradients by the root of the mean of their squares. "
            "What becomes of a factor that is in both?",
        )


@exercise("cages", title="Who sits in which cage?", points=6, minutes=25)
def cages(student: Student) -> None:
    """The first link that differs, in traces of the check's own; and who sits where."""
    expect(
        str(student.value("predicted_suspect")) == "no half",
        "Same scores, so the weights and the layers are sound; another loss, so it does not "
        "begin with the gradient. Which of the five is a part of the loss?",
    )
    rng = np.random.default_rng(54)
    ours = {link: rng.normal(size=size) for link, size in LINKS.items()}
    rounded = {link: a * (1 + 1e-7 * rng.normal(size=a.shape)) for link, a in ours.items()}
    found = student.call("first_difference", ours, rounded)
    expect(
        found is None,
        "Two looks that differ in the seventh digit only are the same, up to rounding, and None "
        "should come back. How near is near enough?",
    )
    for i, link in enumerate(LINKS):
        theirs = dict(rounded)
        for later in list(LINKS)[i:]:
            theirs[later] = ours[later] + 0.05 * rng.normal(size=ours[later].shape)
        found = student.call("first_difference", ours, theirs)
        expect(
            not (found == "update" and link != "update"),
            "You found the last link that differs, and that one differs for every reason. The "
            "first one differs for one.",
        )
        expect(
            found == link,
            f"With everything from “{link}” on different, you say {found!r}. Walk along the chain "
            "from its beginning and stop at the first link.",
        )
        theirs = dict(rounded)
        moved = ours[link].copy()
        moved[[0, -1]] += (0.5, -0.5) if len(moved) > 1 else 0.5
        theirs[link] = moved
        expect(
            student.call("first_difference", ours, theirs) == link,
            "Two numbers of one link differ, one up and one down, and you did not see it. Do not "
            "compare sums or means: each number with its counterpart.",
        )
    seed = student.value("seed")
    sits = dict(zip("ABCDE", np.random.default_rng(seed).permutation(SUSPECTS), strict=True))
    named = student.value("named")
    expect(
        isinstance(named, dict) and set(named) == set(sits),
        "named should have an answer for each of the five cooks, A to E.",
    )
    expect(
        all(str(answer) in SUSPECTS for answer in named.values()),
        "There is a name among your answers that is none of the SUSPECTS.",
    )
    wrong = [cook for cook in sits if str(named[cook]) != sits[cook]]
    expect(
        not wrong,
        f"Not everybody is in the right cage: look at {' and '.join(wrong[:2])} once more. At "
        "which link do they part from us, and what has been used by then?",
    )


@exercise("checkpoint", title="A checkpoint that forgets", points=4, minutes=15)
def checkpoint(student: Student) -> None:
    """Whether the mended engine goes on after `restore` as if nothing had happened."""
    for name, expected, hint in (
        ("predicted_remember", ["adam", "momentum"],
         "A step of plain SGD needs the gradient of today and nothing else. Which of the others "
         "need something of yesterday?"),
        ("predicted_counts", ["adam"],
         "Look for a t in the equations. Whose correction depends on how many steps there were?"),
    ):  # fmt: skip
        given = student.value(name)
        expect(isinstance(given, list | tuple) and sorted(map(str, given)) == expected, hint)
    rng = np.random.default_rng(55)
    net = Net((Dense(4, 5, "tanh"), Dense(5, 3)), "softmax", l2=0.01)
    start = [rng.normal(size=shape) for shape in net.shapes]
    x, y = rng.normal(size=(12, 4)), rng.integers(3, size=12)
    for optimizer in (SGD(0.1), SGD(0.1, momentum=0.9), Adam(0.05)):
        sound = ReferenceInFloat32(net, start, optimizer)
        for _ in range(4):
            sound.step(x, y)
        saved = sound.state()
        engine = student.call("Engine", net, start, optimizer)
        student.method(engine, "step", x, y)
        student.method(engine, "restore", saved)
        expect(
            all_agree(
                student.method(engine, "params"),
                [saved[f"param_{i}"] for i in range(len(net.shapes))],
                SINGLE,
            ),
            "After restoring, not even the weights are those that were saved.",
        )
        for _ in range(3):
            student.method(engine, "step", x, y)
            sound.step(x, y)
        expect(
            all_agree(student.method(engine, "params"), sound.params(), SINGLE),
            "Under Adam, training does not go on as it would have. The weights are back, and so "
            "are both of its means. What else does its correction need to know?"
            if isinstance(optimizer, Adam) else
            "Under SGD, training does not go on as it would have. This was sound when you got it.",
        )  # fmt: skip


@exercise("engine", title="Your own engine", points=6, minutes=60)
def engine(student: Student) -> None:
    """Scores, loss, gradients and steps of the student's engine, against the reference."""
    guess = numbers(student.value("predicted_digits"))
    expect(
        guess is not None and guess.shape == () and 0 <= float(guess) <= 17,
        "A number of digits, please, from 0 to 16.",
    )
    rng = np.random.default_rng(56)
    for layers in (
        (Dense(4, 3),),
        (Dense(5, 7, "relu"), Dense(7, 6, "tanh"), Dense(6, 4)),
        (Dense(3, 8, "sigmoid"), Dense(8, 2)),
    ):
        net, rate = Net(layers, "softmax", l2=0.1), SGD(0.3)
        start = [rng.normal(size=shape) for shape in net.shapes]
        x, y = rng.normal(size=(9, net.n_in)), rng.integers(net.n_out, size=9)
        yours, sound = student.call("PebbleEngine", net, start, rate), Reference(net, start, rate)
        deep = "with hidden layers" if len(layers) > 1 else "with a single layer"
        expect(
            agrees(student.method(yours, "forward", x), sound.forward(x), EXACT),
            f"scores, {deep}: each layer multiplies what it reads with its kernel, adds its bias, "
            "and bends the result in the way that its activation says. And the next one reads "
            "that.",
        )
        _loss(student, yours, sound, x, y)
        found = student.method(yours, "gradients", x, y)
        expect(
            all_agree(found, sound.gradients(x, y), EXACT),
            f"gradients, {deep}: of the mean loss by each of the weights, in their order, as "
            "plain arrays. Who remembers how the loss was made, and can tell?",
        )
        first = student.method(yours, "step", x, y)
        before = sound.step(x, y)
        expect(
            not agrees(first, sound.loss(x, y), EXACT),
            "step: you return the loss after the step. Asked for is the one before it, which the "
            "gradient was computed from.",
        )
        expect(
            agrees(first, before, EXACT),
            "step: it should return the loss as a plain number, as it was before the step.",
        )
        expect(
            all_agree(student.method(yours, "params"), sound.params(), EXACT),
            "step: the loss is right, and the weights are not where they should be. knob -= "
            "learning rate · gradient, for kernels and biases; and what is moved has to be a "
            "Tensor again.",
        )
        for _ in range(10):
            student.method(yours, "step", x, y)
            sound.step(x, y)
        expect(
            all_agree(student.method(yours, "params"), sound.params(), EXACT),
            "step: the first step is right, and ten more lead somewhere else. Does each gradient "
            "start from the new weights?",
        )


def _loss(student: Student, yours: Any, sound: Reference, x: Array, y: Array) -> None:
    """Judge the loss, and tell the usual mistakes apart."""
    found, right = student.method(yours, "loss", x, y), sound.loss(x, y)
    params, l2, n = sound.params(), sound.net.l2, len(x)
    kernels = 0.5 * l2 * sum((w * w).sum() for w in params[::2])
    biases = 0.5 * l2 * sum((b * b).sum() for b in params[1::2])
    bare = right - kernels
    no_mistake(found, EXACT, {
        "mean_loss: the penalty is missing: every kernel pays a little for being large.": bare,
        "mean_loss: the penalty is twice what it should be. Where did its half go?":
            bare + 2 * kernels,
        "mean_loss: the biases pay the penalty, too. They only shift, and are left alone.":
            right + biases,
        "mean_loss: the losses of the rows are averaged, and not summed.": n * bare + kernels,
    })  # fmt: skip
    expect(
        agrees(found, right, EXACT),
        "mean_loss: for each row, the log of the sum of exp of its scores, minus the score of "
        "its right class; then the mean over the rows; then the penalty on the kernels.",
    )
    large = 1e3 * x / np.abs(x).max()
    found = numbers(student.method(yours, "loss", large, y))
    expect(
        agrees(found, sound.loss(large, y), EXACT),
        "mean_loss: with scores in the thousands it is not what it should be. exp overflows; do "
        "you remember lesson 3's courtesy to the computer?",
    )
