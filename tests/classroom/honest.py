"""Honest work in other forms than the solution's, some of it similar to cheats."""

from __future__ import annotations

from tests.classroom.honest_first_lessons import HONEST, PRODUCTS, honest
from tests.classroom.letters import HONEST_WITH_LETTERS
from tests.classroom.windows import HONEST_WITH_WINDOWS

__all__ = ["HONEST"]

HONEST += [*PRODUCTS, *HONEST_WITH_WINDOWS, *HONEST_WITH_LETTERS]

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
class Backend(NumpyModel):
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
from adapters.numpy_adapter import LOSSES, NumpyModel
from adapters.numpy_layers import ACTIVATIONS
class Backend(NumpyModel):
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
from adapters.validation import as_state, slots_of
from adapters.numpy_adapter import NumpyModel
class Backend(NumpyModel):
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
