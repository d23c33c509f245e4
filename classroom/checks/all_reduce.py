"""All-reduce exercises: one turn of the ring, and the time of a step on N machines."""

from __future__ import annotations

import numpy as np

from adapters.contract import Array
from classroom.checks.answers import CHANGED, expect_number, is_number, single
from classroom.checks.reference import EXACT, no_mistake, shape
from classroom.exercise import exercise, expect, near
from classroom.student import Student


@exercise("ring", title="Once around", points=5, minutes=20)
def ring(student: Student) -> None:
    """One turn of the first round, by all machines at once; the cost of a whole all-reduce."""
    expect_number(
        student, "predicted_turns", 6,
        "A piece that starts with you has to pass by all the others: that are as many turns as "
        "there are others. And there are two rounds.",
    )  # fmt: skip
    expect_number(
        student, "predicted_sent", 1500,
        "In each turn a machine sends one piece, a quarter of the thousand. How many turns are "
        "there?",
    )  # fmt: skip
    rng = student.random(64)
    for machines in (2, 3, 5):
        start = rng.integers(1, 100, size=(machines, machines))
        values = start
        for t in range(machines - 1):
            answer = student.call("turn", values.copy(), t)
            expect(
                shape(answer) == values.shape,
                f"An array of {machines} times {machines} numbers should come back.",
            )
            sent = np.array([values[m, (m - t) % machines] for m in range(machines)])
            machine, piece = np.arange(machines), (np.arange(machines) - t) % machines
            after, replaced, to_the_left, moved = (values.copy() for _ in range(4))
            after[(machine + 1) % machines, piece] += sent
            replaced[(machine + 1) % machines, piece] = sent
            to_the_left[(machine - 1) % machines, piece] += sent
            moved[(machine + 1) % machines, piece] += sent
            moved[machine, piece] = 0
            mistakes = {
                "The receiver has forgotten what it had itself. In the first round it adds.":
                    replaced,
                "Your machines give away what they send. They send a copy.": moved,
                "It went to the neighbour on the left.": to_the_left,
                "Nothing has been passed on.": values,
                f"In turn {t} you send the piece of turn 0: a machine passes on what it has just "
                "received.": _turn_zero(values),
            }  # fmt: skip
            no_mistake(answer, after, mistakes)
            expect(
                near(answer, after, EXACT),
                f"After turn {t} of {machines} machines other numbers are there. Machine m sends "
                "its piece (m − t) % machines, and nothing else changes.",
            )  # fmt: skip
            expect(not student.changed, CHANGED.format("numbers"))
            values = after


@exercise("pays", title="When does it pay?", points=4, minutes=20)
def pays(student: Student) -> None:
    """The time of a step on N machines, and the N for which it is shortest."""
    for name, on_paper, hint in (
        ("predicted_one", 8000, "One machine has all 800 pictures, and nobody to talk to."),
        ("predicted_four", 3500,
         "Four machines have 200 pictures each. And they send 2 · 3 pieces, each a quarter of a "
         "copy."),
        ("predicted_thousand", 2000,
         "There is next to nothing left to compute. But 2 · 999 pieces, each a thousandth of a "
         "copy, are nearly two copies."),
    ):  # fmt: skip
        expect_number(student, name, on_paper, hint, within=0.01)
    costs = _costs(student.random(66))
    for pictures, once, each, latency, copy in costs:
        for machines in (1, 2, 5, 64):
            answer = student.call("seconds", machines, pictures, once, each, latency, copy)
            pieces = 2 * (machines - 1)
            compute = once + each * pictures / machines
            right = compute + pieces * (latency + copy / machines)
            mistakes = {
                "Every piece is counted as a whole copy of the gradient. It is an N-th of it.":
                    compute + pieces * (latency + copy),
                "The latency is paid for each piece that is sent, and not once.":
                    compute + (latency if machines > 1 else 0) + pieces * copy / machines,
                "Each machine has its share of the pictures only.":
                    right - each * pictures / machines + each * pictures,
                "What is paid once a step is paid by each machine in full; they pay it at the same "
                "time.": right - once + once / machines,
                "That is one round of the ring. There are two.":
                    compute + pieces / 2 * (latency + copy / machines),
            }  # fmt: skip
            no_mistake(single(answer), right, mistakes, EXACT)
            expect(
                near(single(answer), right, EXACT),
                f"On {machines} machines another time comes out. Computing: once + each · its "
                "pictures. Talking: 2 · (N − 1) pieces, each with its latency and an N-th of copy.",
            )
    answers = []
    for pictures, once, each, latency, copy in costs:
        answer = single(student.call("fastest", 100, pictures, once, each, latency, copy))
        times = [once + each * pictures / n + 2 * (n - 1) * (latency + copy / n)
                 for n in range(1, 101)]  # fmt: skip
        expect(
            is_number(answer) and not near(answer, min(times), EXACT),
            "The number of machines is asked for, and not the time that they take.",
        )
        answers.append((answer, 1 + int(np.argmin(times)), 1 + int(np.argmax(times))))
    expect(
        all(answer == right for answer, right, _ in answers),
        "That is the slowest." if all(answer == slowest for answer, _, slowest in answers) else
        "On another number of machines a step is faster. Try all from 1 to `most`, and `most` is "
        "one of them.",
        worth=1,
    )  # fmt: skip


def _costs(rng: np.random.Generator) -> list[tuple[int, float, float, float, float]]:
    """Pictures, once, each, latency and copy: three cases, close to those of the lesson.

    In the first case the latency is 0, so more machines are always faster.
    """
    cases = [(800, 0.0, 10.0, 0.0, 1000.0), (800, 50.0, 10.0, 20.0, 300.0),
             (8192, 5.0, 2.0, 7.0, 100.0)]  # fmt: skip

    def near(cost: float) -> float:
        return float(cost * rng.uniform(0.9, 1.1))

    return [
        (int(near(pictures)), near(once), near(each), near(latency), near(copy))
        for pictures, once, each, latency, copy in cases
    ]


def _turn_zero(values: Array) -> Array:
    after = values.copy()
    for m in range(len(values)):
        after[(m + 1) % len(values), m] += values[m, m]
    return after
