"""Honest work in other forms than the solution's, as near to a cheat as it may come."""

from __future__ import annotations

from tests.classroom.cheats import Cheat

HONEST: list[Cheat] = []


def honest(lesson: int, exercise: str, idea: str, code: str) -> None:
    """One more answer that has all its marks."""
    HONEST.append(Cheat(lesson, exercise, idea, code, ""))


def product(idea: str, code: str) -> None:
    """A body of row_by_column."""
    body = "".join(f"    {line}\n" for line in code.splitlines())
    honest(3, "row_by_column", idea, f"def row_by_column(A, B):\n{body}")


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
    3,
    "softmax",
    "a loop",
    """
def softmax(scores):
    scores = np.array(scores, float)
    if scores.ndim == 1:
        pieces = np.exp(scores - max(scores))
        return pieces / sum(pieces)
    return np.array([softmax(row) for row in scores])
""",
)
honest(
    3,
    "cross_entropy",
    "logaddexp",
    """
def cross_entropy(scores, y):
    return float(np.mean([np.logaddexp.reduce(s) - s[k] for s, k in zip(scores, y)]))
""",
)
honest(
    3,
    "epoch",
    "a loop and the public step",
    """
from adapters.numpy_adapter import NumpyModel
class Engine(NumpyModel):
    dtype = exercises.Model.dtype
    def epoch(self, x, y, order, batch_size):
        losses = []
        for i in range(0, len(order), batch_size):
            rows = order[i : i + batch_size]
            losses.append(self.step(x[rows], y[rows]))
        return np.array(losses)
""",
)
honest(
    3,
    "step",
    "NumPy, with a trace of its own",
    """
def step(W, bias, x, y, learning_rate):
    z = np.einsum("nk,km->nm", x, W) + bias
    p = np.exp(z - z.max(1, keepdims=True))
    p = p / p.sum(1, keepdims=True) - np.eye(len(bias))[y]
    return W - learning_rate * np.tensordot(x, p, (0, 0)) / len(x), bias - learning_rate * p.mean(0)
""",
)
honest(
    3,
    "doubt",
    "entropy",
    """
def doubt(shares):
    return -(shares * np.log(shares + 1e-300)).sum(axis=1)
""",
)
honest(
    4,
    "one_layer",
    "loops and einsum",
    """
def one_layer(W1, b1, W2, b2):
    return np.einsum("kh,hm", W1, W2), np.dot(b1, W2) + b2
""",
)
honest(
    4,
    "hidden_layer",
    "Glorot's, uniform",
    """
def start(n_hidden, seed):
    rng = np.random.default_rng(seed)
    W1 = rng.uniform(-1.5, 1.5, (2, n_hidden))
    return [W1, np.zeros(n_hidden), rng.uniform(-1.5, 1.5, (n_hidden, 1)), np.zeros(1)]
""",
)
honest(
    4,
    "backwards",
    "written anew",
    """
from adapters.numpy_adapter import ACTIVATIONS, LOSSES, NumpyModel
class Engine(NumpyModel):
    dtype = exercises.Model.dtype
    def _loss_and_gradients(self, x, y):
        outs = [x, *self._layers(x)]
        losses, slope = LOSSES[self.net.loss](outs[-1], y)
        slope = slope / len(x)
        found = []
        for i, layer in reversed(list(enumerate(self.net.layers))):
            W = self._params[2 * i]
            slope = slope * ACTIVATIONS[layer.activation][1](outs[i + 1])
            found = [np.dot(outs[i].T, slope) + self.net.l2 * W, slope.sum(axis=0), *found]
            slope = np.einsum("nm,km->nk", slope, W)
        return float(np.mean(losses) + self._penalty()), found
""",
)
honest(
    4,
    "features",
    "its own windows, no pooled",
    """
def features(pictures):
    right, down = np.abs(np.diff(pictures, axis=2)), np.abs(np.diff(pictures, axis=1))
    squares = lambda a: a[:, :24, :24].reshape(len(a), 6, 4, 6, 4).mean((2, 4)).reshape(len(a), -1)
    return np.hstack([squares(right), squares(down), squares(pictures)])
""",
)
honest(
    5,
    "momentum",
    "by lfilter's definition",
    """
def ours(gradients, rates, momentum):
    n = np.arange(len(gradients))
    powers = np.tril(momentum ** np.maximum(n[:, None] - n, 0))
    return rates * (powers @ gradients)
""",
)
honest(
    5,
    "checkpoint",
    "more put back than is needed",
    """
from adapters.checks import as_state, slots_of
from adapters.numpy_adapter import NumpyModel
class Engine(NumpyModel):
    dtype = exercises.settings.dtype
    def restore(self, state):
        state, count = as_state(self.net, self.optimizer, state, self.dtype), len(self._params)
        self.assign(slots_of(state, "param", count))
        self._slots = [slots_of(state, name, count) for name in self.optimizer.slots]
        self._t = int(np.asarray(state["step"]).item())
""",
)
honest(
    5,
    "cages",
    "written down",
    """
named = {cook: FIRST[first_difference(look("ours"), look(cook))] for cook in "ABCDE"}
""",
)
honest(
    6,
    "step",
    "stacked arrays",
    """
def step(knobs, rate, reports):
    counts = np.array([n for n, _ in reports], float)
    shares = counts / counts.sum()
    return [k - rate * np.tensordot(shares, np.stack([s[i] for _, s in reports]), 1)
            for i, k in enumerate(knobs)]
""",
)
honest(
    6,
    "step",
    "copies changed in place",
    """
def step(knobs, rate, reports):
    after, count = [k.copy() for k in knobs], sum(n for n, _ in reports)
    for n, slopes in reports:
        for a, g in zip(after, slopes):
            a -= rate * n * g / count
    return after
""",
)
honest(
    6,
    "ring",
    "np.roll",
    """
def turn(numbers, t):
    m = np.arange(len(numbers))
    after = np.copy(numbers)
    after[(m + 1) % len(m), (m - t) % len(m)] += np.asarray(numbers)[m, (m - t) % len(m)]
    return after
""",
)

# An import inside of a function asks whatever looks for modules here, a library's finder among it.
product(
    "a module imported where it is needed, for the first time",
    """import colorsys
return [[sum(r * c) for c in B.T] for r in A]""",
)
honest(
    3,
    "softmax",
    "in a thread",
    """
from concurrent.futures import ThreadPoolExecutor
def softmax(scores):
    def of(scores):
        pieces = np.exp(scores - scores.max(axis=-1, keepdims=True))
        return pieces / pieces.sum(axis=-1, keepdims=True)
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(of, scores).result()
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
