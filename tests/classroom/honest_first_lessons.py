"""Honest work in lessons 1 and 2, in other forms than the solution's."""

from __future__ import annotations

from tests.classroom.cheat import Cheat

HONEST: list[Cheat] = []  # of all lessons, once their modules are imported


def honest(lesson: int, exercise: str, idea: str, code: str) -> None:
    """One more answer that has all its marks."""
    HONEST.append(Cheat(lesson, exercise, idea, code, ""))


honest(1, "by_hand", "np.dot, which nobody forbids", "def price(x, w): return np.dot(x, w)")
honest(
    1,
    "by_hand",
    "math.fsum",
    """import math
def price(x, w): return math.fsum(a * b for a, b in zip(x, w, strict=True))""",
)
honest(
    1,
    "learn",
    "while, and in place on its own arrays",
    """
def learn(x, y, passes):
    w, mistakes, again = np.zeros(x.shape[1] + 1), 0, True
    X = np.hstack([x, np.ones((len(x), 1))])
    while again and passes:
        again, passes = False, passes - 1
        for row, answer in zip(X, y):
            if answer * row.dot(w) <= 0:
                w += answer * row
                mistakes, again = mistakes + 1, True
    return w[:-1], w[-1], mistakes
""",
)
honest(
    2,
    "step",
    "np.subtract",
    """
def step(knobs, gradient, learning_rate):
    return np.subtract(knobs, np.multiply(learning_rate, gradient))
""",
)
honest(
    2,
    "step",
    "a copy changed in place",
    """
def step(knobs, gradient, learning_rate):
    after = np.array(knobs, dtype=float)
    after -= learning_rate * np.asarray(gradient)
    return after
""",
)
honest(
    2,
    "step",
    "a list",
    """
def step(knobs, gradient, learning_rate):
    return [k - learning_rate * g for k, g in zip(knobs, gradient)]
""",
)
honest(
    2,
    "plus_minus",
    "on the start's own copy, with its own loss",
    """
def plus_minus(x, y, start, move, rounds):
    def hear(w): return float(np.mean((x @ w - y) ** 2))
    w, best = start.copy(), hear(start)
    for _ in range(rounds):
        helped = False
        for k in range(len(w)):
            for by in (move, -move):
                w[k] += by
                if hear(w) < best:
                    best, helped = hear(w), True
                    break
                w[k] -= by
        move = move if helped else move / 2
    return w
""",
)
honest(
    2,
    "search",
    "28 questions to a bowl, and the answer computed",
    """
def search(radio, n_knobs, good_enough):
    at = lambda *ones: radio.listen(np.bincount(ones, minlength=n_knobs).astype(float))
    zero = radio.listen(np.zeros(n_knobs))
    one = [at(i) for i in range(n_knobs)]
    H = np.zeros((n_knobs, n_knobs))
    for i in range(n_knobs):
        H[i, i] = at(i, i) - 2 * one[i] + zero
        for j in range(i):
            H[i, j] = H[j, i] = at(i, j) - one[i] - one[j] + zero
    g = np.array(one) - zero - np.diag(H) / 2
    return np.linalg.solve(H, -g)
""",
)
honest(
    2,
    "search",
    "counting along",
    """
_theirs = globals()["search"]
def search(radio, n_knobs, good_enough):
    before = radio.heard()
    w = _theirs(radio, n_knobs, good_enough)
    assert radio.times == radio.heard() > before
    return list(w)
""",
)
honest(
    2,
    "step",
    "in place, on a copy",
    """
def step(knobs, gradient, learning_rate):
    knobs = knobs.copy()
    knobs -= learning_rate * gradient
    return knobs
""",
)
