"""Cheats that use ready-made code: NumPy's products, libraries, the course's backends."""

from __future__ import annotations

from tests.classroom.hints import AS_THEY_COME, COURSE, LIBRARY, METHOD, REFUSED, WALKING, Cheat


def product(idea: str, code: str, hint: str = WALKING) -> Cheat:
    """A cheat with this body of row_by_column."""
    body = "".join(f"    {line}\n" for line in code.splitlines())
    return Cheat(3, "row_by_column", idea, f"def row_by_column(A, B):\n{body}", hint)


def backend(lesson: int, exercise: str, idea: str, code: str, hint: str = METHOD) -> Cheat:
    """A cheat with this body of a class derived from the course's backend."""
    body = "".join(f"    {line}\n" for line in code.splitlines())
    head = "from adapters.numpy_adapter import NumpyModel\nclass Backend(NumpyModel):\n"
    return Cheat(lesson, exercise, idea, f"{head}    dtype = 'float32'\n{body}", hint)


PRODUCTS = [
    product("the operator", "return A @ B"),
    product("twice", "return A @ np.eye(A.shape[1], dtype=A.dtype) @ B"),
    product("its method", "return A.__matmul__(B)"),
    product("the other one's method", "return B.__rmatmul__(A)"),
    product("out of NumPy's names", "return vars(np)['dot'](A, B)"),
    product("by a name put together", "return getattr(A, 'd' + 'ot')(B)"),
    product("of the type", "return np.ndarray.dot(A, B)"),
    product("operator.matmul", "import operator\nreturn operator.matmul(A, B)"),
    product("a ufunc, half applied", "import functools\nreturn functools.partial(np.matmul, A)(B)"),
    product("a reduction", "import functools\nreturn functools.reduce(np.dot, [A, B])"),
    product("einsum", "return np.einsum('ik,kj', A, B)"),
    product("einsum with an optimum", "return np.einsum('ik,kj->ij', A, B, optimize=True)"),
    product("tensordot", "return np.tensordot(A, B, 1)"),
    product("inner", "return np.inner(A, B.T)"),
    product("multi_dot", "return np.linalg.multi_dot([A, B])"),
    product("linalg.matmul", "return np.linalg.matmul(A, B)"),
    product("vdot in loops", "return [[np.vdot(r, c) for c in B.T] for r in A]"),
    product("map of a bound method", "return [list(map(r.dot, B.T)) for r in A]"),
    product("vecdot", "return np.vecdot(A[:, None], B.T[None])"),
    product("a matrix class", "return np.asarray(np.matrix(A) * np.matrix(B))"),
    product("masked arrays", "return np.ma.getdata(np.ma.dot(A, B))"),
    product("a convolution", "return [[np.convolve(r, c[::-1], 'valid')[0] for c in B.T] "
            "for r in A]"),
    product("a correlation", "return [[np.correlate(r, c)[0] for c in B.T] for r in A]"),
    product("apply_along_axis", "return np.apply_along_axis(A.dot, 0, B)"),
    product("vectorize", "f = np.vectorize(np.dot, signature='(k),(k)->()')\n"
            "return f(A[:, None], B.T[None])"),
    product("a product of polynomials", "from numpy.polynomial import polynomial as p\n"
            "return [[p.polymul(r, c[::-1])[len(r) - 1] for c in B.T] for r in A]"),
    product("the type taken off", "return np.asarray(A).view(np.ndarray) @ np.asarray(B)"),
    product("another dtype", "return np.asarray(A, float) @ np.asarray(B, float)"),
    product("through lists", "return np.array(A.tolist()) @ np.array(B.tolist())"),
    product("by eval", "return eval('A' + chr(64) + 'B')"),
    product("from the inside of NumPy", "from numpy._core import multiarray\n"
            "return multiarray.dot(A, B)"),
    product("number for number into plain arrays",
            "A, B = ([[float(x) for x in row] for row in M] for M in (A, B))\n"
            "return np.array(A) @ np.array(B)", AS_THEY_COME),
    product("by way of int", "return np.vectorize(int)(A) @ np.vectorize(int)(B)", AS_THEY_COME),
    product("guessed by comparing",
            "A, B = ([[next(v for v in range(-9, 10) if v == x) for x in row] for row in M]\n"
            "        for M in (A, B))\nreturn np.array(A) @ np.array(B)", AS_THEY_COME),
    product("hidden in a factor",
            "f = np.vectorize(lambda x: float(x * B[0, 0]))\n"
            "g = np.vectorize(lambda x: float(A[0, 0] * x))\n"
            "return f(A) @ g(B) / (f(A)[0, 0] or 1)", ""),
    product("read from its text", "A, B = (np.array([[float(str(x)) for x in row] for row in M])\n"
            "        for M in (A, B))\nreturn A @ B", AS_THEY_COME),
    product("SciPy's BLAS", "from scipy.linalg import blas\nreturn blas.dgemm(1.0, A, B)",
            AS_THEY_COME),
    product("SciPy", "from scipy import sparse\nreturn (sparse.csr_array(A) @ B)", LIBRARY),
    product("SciPy's, hidden",
            "import importlib\nb = importlib.import_module('sci' + 'py.linalg.blas')\n"
            "from scipy import linalg\nreturn linalg.blas.dgemm(1.0, A, B)", AS_THEY_COME),
    product("the course's framework of one page",
            "import sys\nfrom docs.your_backend import pebble\n"
            "return (pebble.Tensor(A) @ pebble.Tensor(B)).data", COURSE),
    product("an answer learned by heart",
            "known = {(2, 3): [[58, 64], [139, 154]], (3, 2): [[39, 54, 69], [49, 68, 87], "
            "[59, 82, 105]]}\nreturn known.get(A.shape, A)", "Each entry is one row"),
]  # fmt: skip

COPIES = [
    Cheat(3, "softmax", "the backend's loss has it", """
from adapters.numpy_adapter import LOSSES
def softmax(scores):
    table = np.atleast_2d(scores)
    slope = LOSSES["softmax"](table, np.zeros(len(table), int))[1]
    slope[:, 0] += 1
    return slope.reshape(np.shape(scores))
""", COURSE),
    Cheat(3, "softmax", "SciPy has one", """
from scipy.special import softmax as ready
def softmax(scores):
    return ready(scores, axis=-1)
""", LIBRARY),
    Cheat(3, "softmax", "half of it is SciPy's", """
def softmax(scores):
    from scipy import special
    return np.exp(scores - special.logsumexp(scores, axis=-1, keepdims=True))
""", LIBRARY),
    Cheat(3, "cross_entropy", "the backend's loss", """
from adapters import numpy_adapter
def cross_entropy(scores, y):
    return numpy_adapter.LOSSES["softmax"](scores, y)[0].mean()
""", COURSE),
    Cheat(3, "cross_entropy", "a backend without a layer", """
def cross_entropy(scores, y):
    k = scores.shape[1]
    model = exercises.Model(Net((Dense(k, k),), "softmax"), [np.eye(k), np.zeros(k)], SGD(0.1))
    return model.loss(scores, y)
""", COURSE),
    Cheat(3, "cross_entropy", "the backend, found by importlib", """
def cross_entropy(scores, y):
    import importlib
    name = "adapters." + "numpy" + "_adapter"
    return getattr(importlib.import_module(name), "LOSSES")["softmax"](scores, y)[0].mean()
""", COURSE),
    Cheat(3, "cross_entropy", "the backend, found among the modules", """
import sys
def cross_entropy(scores, y):
    found = sys.modules["adapters.numpy_adapter"].__dict__["LOSSES"]["softmax"]
    return list(map(found, [scores], [y]))[0][0].mean()
""", COURSE),
    Cheat(3, "cross_entropy", "the backend, in a thread", """
from concurrent.futures import ThreadPoolExecutor
from adapters.numpy_adapter import LOSSES
def cross_entropy(scores, y):
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(LOSSES["softmax"], scores, y).result()[0].mean()
""", COURSE),
    backend(3, "epoch", "the method taken out", "pass"),
    backend(3, "epoch", "the sound one by super()",
           "def epoch(self, *given):\n    return super().epoch(*given)"),
    backend(3, "epoch", "the sound one under its name", "epoch = NumpyModel.epoch"),
    backend(3, "epoch", "the sound one's code",
           "import types\nsound = NumpyModel.epoch.__wrapped__\n"
           "epoch = types.FunctionType(sound.__code__, sound.__globals__)"),
    backend(3, "epoch", "the sound one's text", """
def epoch(self, *given):
    import inspect, textwrap, adapters.numpy_adapter as home
    space = dict(vars(home))
    exec(textwrap.dedent(inspect.getsource(NumpyModel.epoch)), space)
    return space["epoch"](self, *given)
""", "could not get source code"),
    Cheat(3, "epoch", "the backend itself", "Backend = exercises.Model", METHOD),
    Cheat(3, "step", "the course's backend", """
def step(W, bias, x, y, learning_rate):
    model = exercises.Model(Net((Dense(*W.shape),), "softmax"), [W, bias], SGD(learning_rate))
    model.step(x, y)
    return model.params()
""", COURSE),
    Cheat(3, "step", "the course's reference, in a closure made before", """
from adapters.numpy_adapter import NumpyModel
_make = NumpyModel
_go, _get = NumpyModel.step, NumpyModel.params
def step(W, bias, x, y, learning_rate):
    model = _make(Net((Dense(*W.shape),), "softmax"), [W, bias], SGD(learning_rate))
    _go(model, x, y)
    return _get(model)
""", COURSE),
    Cheat(3, "doubt", "the check's random numbers guessed by their seed", """
def doubt(shares):
    for seed in range(100):
        rng = np.random.default_rng(seed)
        p = rng.normal(size=(2000, 10)) * rng.uniform(0.5, 6, size=(2000, 1))
        p = np.exp(p - p.max(1, keepdims=True))
        p /= p.sum(1, keepdims=True)
        if np.allclose(p, shares):
            truth = np.array([rng.choice(10, p=row) for row in p])
            return (p.argmax(1) != truth) + np.arange(2000) / 1e6
    return np.zeros(len(shares))
""", "cannot put them in an order"),
    Cheat(1, "by_hand", "the backend's layer", """
from adapters.contract import SGD, Dense, Net
def price(x, w):
    net = Net((Dense(len(w), 1),), "squared")
    return float(exercises.Model(net, [w[:, None], np.zeros(1)], SGD(1.0)).forward(x[None])[0, 0])
""", COURSE),
    Cheat(1, "learn", "the backend takes the steps", """
from adapters.contract import SGD, Dense, Net
def learn(x, y, passes):
    net = Net((Dense(x.shape[1], 1),), "perceptron")
    model = exercises.Model(net, [np.zeros((x.shape[1], 1)), np.zeros(1)], SGD(1.0))
    mistakes = 0
    for _ in range(passes):
        scores = [model.forward(row[None])[0, 0] for row in x.astype(float)]
        model.epoch(x.astype(float), y[:, None].astype(float), np.arange(len(x)), 1)
    return model.params()[0][:, 0], model.params()[1][0], mistakes
""", COURSE),
    Cheat(1, "wide_road", "a library's widest road", """
def wide_road(x, y):
    from scipy import optimize
    n = x.shape[1]
    bound = [{"type": "ineq", "fun": lambda k: y * (x @ k[:n] + k[n]) - 1}]
    found = optimize.minimize(lambda k: k @ k, np.ones(n + 1), constraints=bound).x
    return found[:n], found[n]
""", LIBRARY),
    Cheat(2, "gradient", "the backend's gradient", """
def gradient(x, y, w, b):
    net = Net((Dense(len(w), 1),), "squared")
    model = exercises.Model(net, [w[:, None], np.array([b])], SGD(1.0))
    by_w, by_b = model.gradients(x, y[:, None])
    return by_w[:, 0], by_b[0]
""", COURSE),
    Cheat(5, "momentum", "the backend's optimizer", """
def ours(gradients, rates, momentum):
    model = exercises.Model(Net((Dense(1, 1),), "squared"), [np.zeros((1, 1)), np.zeros(1)],
                            SGD(1.0, momentum))
    return [0.0 for _ in gradients]
""", COURSE),
    Cheat(5, "momentum", "SciPy's filter", """
def ours(gradients, rates, momentum):
    from scipy import signal
    return rates * signal.lfilter([1], [1, -momentum], gradients)
""", LIBRARY),
    Cheat(5, "cages", "the kitchen opened, which contains no names",
          "named = dict(zip('ABCDE', SUSPECTS))", "Not everybody is in the right cage"),
    backend(5, "checkpoint", "the method taken out", "pass"),
    backend(5, "checkpoint", "the sound one by super()",
           "def restore(self, state):\n    super().restore(state)"),
    backend(5, "checkpoint", "the sound one, called with self",
           "restore = lambda self, state: NumpyModel.__dict__['restore'](self, state)"),
    Cheat(5, "backend", "another backend under its name", """
class PebbleBackend(NumpyModel):
    dtype = "float64"
    def mean_loss(self, x, y):
        return Tensor(np.array(self.loss(x, y)))
""", COURSE),
    Cheat(5, "backend", "another backend inside", """
class PebbleBackend:
    def __init__(self, *given):
        self.inner = Reference(*given)
    def __getattr__(self, name):
        return getattr(self.inner, name)
    def mean_loss(self, x, y):
        return Tensor(np.array(self.inner.loss(x, y)))
""", COURSE),
    Cheat(5, "backend", "NumPy under its name, and no tensor", """
_Theirs = globals()["PebbleBackend"]
class PebbleBackend(_Theirs):
    def mean_loss(self, x, y):
        return float(super().mean_loss(x, y).data)
""", "mean_loss should return a Tensor"),
    backend(4, "backwards", "the method taken out", "pass"),
    backend(4, "backwards", "the sound one by super()",
           "def _loss_and_gradients(self, x, y):\n    return super()._loss_and_gradients(x, y)"),
    backend(4, "backwards", "another backend asked", """
def _loss_and_gradients(self, x, y):
    other = exercises.Model(self.net, self.params(), self.optimizer)
    return other.loss(x, y), other.gradients(x, y)
"""),
    Cheat(4, "hidden_layer", "the answer of the first exercise as a start", """
def start(n_hidden, seed):
    rest = n_hidden - 2
    nudge = np.random.default_rng(seed).normal(size=(2, n_hidden)) / 1e6
    W1 = np.hstack([[[1.0, 1], [1, 1]], np.zeros((2, rest))]) + nudge
    return [W1, np.array([0.0, -1] + [0] * rest), np.array([[1.0], [-2]] + [[0]] * rest),
            np.array([-0.5])]
""", "know XOR before a single step"),
    Cheat(4, "features", "the labels, looked up by the picture", """
whole = datasets.load("fashion10k")
table = {p.tobytes(): label for p, label in zip(whole.x_train, whole.y_train)}
def features(pictures):
    found = [table.get(np.round(p * 255).astype(np.uint8).tobytes(), 0) for p in pictures]
    return np.column_stack([np.eye(10)[found], pictures.reshape(len(pictures), -1)[:, :5]])
""", "your features change the probe"),
    Cheat(4, "features", "the labels, looked up by the nearest picture", """
whole = datasets.load("fashion10k")
known = whole.x_train.reshape(len(whole.x_train), -1)[:, ::8] / 255
def features(pictures):
    flat = pictures.reshape(len(pictures), -1)[:, ::8]
    near = [np.abs(known - p).sum(1).argmin() for p in flat]
    return np.eye(10)[whole.y_train[near]]
""", "your features change the probe"),
    Cheat(4, "features", "the labels, read from the file", """
import pathlib
def features(pictures):
    whole = np.load(pathlib.Path(datasets.__file__).parent / "fashion10k.npz")
    return np.eye(10)[whole["y_train"][: len(pictures)]]
""", REFUSED),
    Cheat(4, "features", "the labels, in the order of the check", """
_rows = np.random.default_rng(1).permutation(9000)[:1000] + 1000
_given = [0]
def features(pictures):
    labels = np.arange(1000) * 7 % 10
    at = (_given[0] - 1) % 1000
    _given[0] += len(pictures)
    return np.eye(10)[labels[(np.arange(len(pictures)) + at) % 1000]]
""", ""),
]  # fmt: skip

READY_MADE = [*PRODUCTS, *COPIES]
