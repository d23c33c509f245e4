"""Honest work in lessons 1 to 3, in other forms than the solution and near to the forbidden."""

from __future__ import annotations

from tests.classroom.hints import Cheat

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


PRODUCTS: list[Cheat] = []


def product(idea: str, code: str) -> None:
    """A body of row_by_column that has all its marks."""
    body = "".join(f"    {line}\n" for line in code.splitlines())
    whole = f"def row_by_column(A, B):\n{body}"
    PRODUCTS.append(Cheat(3, "row_by_column", idea, whole, ""))


product(
    "three loops",
    """C = np.zeros((A.shape[0], B.shape[1]))
for i in range(A.shape[0]):
    for j in range(B.shape[1]):
        for k in range(A.shape[1]):
            C[i, j] += A[i, k] * B[k, j]
return C""",
)
product(
    "three loops over whole numbers",
    """C = np.zeros((len(A), len(B[0])), dtype=int)
for i in range(len(A)):
    for j in range(len(B[0])):
        total = 0
        for k in range(len(B)):
            total += int(A[i][k] * B[k][j])
        C[i, j] = total
return C""",
)
product(
    "in the matrix's own dtype",
    """C = np.zeros((len(A), B.shape[1]), dtype=A.dtype)
for i, row in enumerate(A):
    for j in range(B.shape[1]):
        C[i, j] = np.sum(row * B[:, j])
return C""",
)
product(
    "lists in a list", "return [[sum(a * b for a, b in zip(r, c)) for c in zip(*B)] for r in A]"
)
product(
    "plain lists",
    """A, B = A.tolist(), B.tolist()
return [[sum([a * b for a, b in zip(r, c)]) for c in zip(*B)] for r in A]""",
)
product("broadcasting and a sum", "return (A[:, :, None] * B[None]).sum(axis=1)")
product("np.sum", "return np.sum(A[:, :, np.newaxis] * B, axis=1)")
product("np.add.reduce", "return np.add.reduce(np.multiply(A[:, :, None], B[None]), axis=1)")
product("row by row", "return np.array([(r[:, None] * B).sum(axis=0) for r in A])")
product("a sum of outer products", "return sum(np.outer(A[:, k], B[k]) for k in range(len(B)))")
product(
    "operator.mul in a map",
    """from operator import mul
return [[sum(map(mul, r, c)) for c in B.T] for r in A]""",
)
product(
    "a reduction",
    """from functools import reduce
return [[reduce(lambda s, ab: s + ab[0] * ab[1], zip(r, c), 0) for c in B.T] for r in A]""",
)
product(
    "a starmap",
    """import itertools, operator
return [[sum(itertools.starmap(operator.mul, zip(r, c))) for c in B.T] for r in A]""",
)
product(
    "math.fsum",
    """import math
return [[math.fsum(a * b for a, b in zip(r, c)) for c in B.T] for r in A]""",
)
product(
    "floats first",
    """A, B = np.asarray(A, dtype=float), np.array(B, float)
return [[sum(r * c) for c in B.T] for r in A]""",
)
product(
    "astype first",
    """A, B = A.astype(float), B.astype(np.float64)
return [[np.add.reduce(r * c) for c in B.transpose()] for r in A]""",
)
product(
    "views and copies",
    """A, B = A.copy(), np.ascontiguousarray(B.T)
return np.array([[(r * c).sum() for c in B] for r in A[:]])""",
)
product(
    "zeros left out",
    """C = np.zeros((len(A), B.shape[1]))
for (i, k), a in np.ndenumerate(A):
    if a != 0:
        for j in range(B.shape[1]):
            C[i, j] = C[i, j] + a * B[k, j]
return C""",
)
product(
    "a function of its own, by hand",
    """def meet(row, column):
    result = 0.0
    for n in range(len(row)):
        result = result + row[n] * column[n]
    return result
return [[meet(A[i, :], B[:, j]) for j in range(B.shape[1])] for i in range(A.shape[0])]""",
)
product(
    "np.vectorize",
    """at = np.vectorize(lambda i, j: sum(A[i] * B[:, j]))
return at(*np.indices((len(A), B.shape[1])))""",
)
product("a mean times a length", "return [[np.mean(r * c) * len(r) for c in B.T] for r in A]")
product("cumsum's last", "return np.cumsum(A[:, :, None] * B, axis=1)[:, -1]")

# An import inside of a function asks whatever looks for modules here, a library's finder among it.
product(
    "a module imported where it is needed, for the first time",
    """import colorsys
return [[sum(r * c) for c in B.T] for r in A]""",
)
