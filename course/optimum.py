"""The optimal softmax regression, found without our backends: by L-BFGS and by scikit-learn.

With a penalty on the kernel the loss has a single minimum, so solvers can be checked against each
other. Everything is float64. The biases are determined up to a common shift, which changes no
probability, so their mean is subtracted.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from importlib.metadata import version

import numpy as np

from adapters.contract import Array, Params
from adapters.environment import cache_folder
from course.card import digest_of_arrays
from course.digests import digest
from datasets import npz


def loss_and_gradient(params: Params, x: Array, y: Array, l2: float) -> tuple[float, Params]:
    """The mean loss of x (n, n_in), y (n,) plus ½·l2·Σ W², and its gradient."""
    w, b = (np.asarray(p, np.float64) for p in params)
    scores = x @ w + b  # (n, n_out)
    scores -= scores.max(1, keepdims=True)
    log_p = scores - np.log(np.exp(scores).sum(1, keepdims=True))
    right = np.arange(len(y)), y
    delta = np.exp(log_p) / len(y)  # the gradient by the scores
    delta[right] -= 1 / len(y)
    loss = float(0.5 * l2 * (w * w).sum() - log_p[right].mean())
    return loss, [x.T @ delta + l2 * w, delta.sum(0)]


def steepness(params: Params, x: Array, y: Array, l2: float) -> float:
    """The largest absolute entry of the gradient: 0 at the minimum."""
    return max(float(np.abs(g).max()) for g in loss_and_gradient(params, x, y, l2)[1])


def by_lbfgs(x: Array, y: Array, l2: float) -> Params:
    """SciPy's L-BFGS, a quasi-Newton method of the 1980s that needs only loss and gradient."""
    from scipy.optimize import minimize

    n_in, n_out = x.shape[1], int(y.max()) + 1

    def parts(flat: Array) -> Params:
        return [flat[: n_in * n_out].reshape(n_in, n_out), flat[n_in * n_out :]]

    def value(flat: Array) -> tuple[float, Array]:
        loss, (g_w, g_b) = loss_and_gradient(parts(flat), x, y, l2)
        return loss, np.append(g_w, g_b)

    options = {"ftol": 0, "gtol": 1e-12, "maxiter": 5000, "maxfun": 5000, "maxcor": 30}
    start = np.zeros(n_in * n_out + n_out)
    result = minimize(value, start, jac=True, method="L-BFGS-B", options=options)
    return centred(parts(result.x))


def by_scikit_learn(x: Array, y: Array, l2: float) -> Params:
    """scikit-learn's LogisticRegression by Newton's method; its C is 1 / (n · l2)."""
    from sklearn.linear_model import LogisticRegression

    # With two classes it has one weight vector, the difference of our two: its penalty counts half.
    two = y.max() == 1
    strength = (2 if two else 1) / (len(y) * l2)
    newton = LogisticRegression(C=strength, solver="newton-cholesky", tol=1e-12, max_iter=100)
    fit = newton.fit(x, y)
    w, b = fit.coef_.T, fit.intercept_
    return [np.hstack([-w, w]) / 2, np.append(-b, b) / 2] if two else centred([w, b])


Solver = Callable[[Array, Array, float], Params]


def remembered(solver: Solver, x: Array, y: Array, l2: float) -> Params:
    """A solver's result, from the cache if it has run on these data before.

    The result depends on neither backend nor seed, and importing the solver alone can take longer
    than a short lesson.
    """
    versions = [version("scipy"), version("scikit-learn")]
    key = "".join([solver.__name__, digest_of_arrays([x, y, np.array(l2)]), *versions])
    file = cache_folder() / f"optimum-{digest([key.encode()])[:16]}.npz"
    with contextlib.suppress(ValueError):  # no file yet, or not one of this format
        params = list(npz.read(file, ("w", "b")).values())
        # A damaged file is not an optimum; a slope of 1e-6 would show in the lesson's table.
        if steepness(params, x, y, l2) < 1e-6:
            return params
    w, b = solver(x, y, l2)
    with contextlib.suppress(OSError):
        npz.write(file, {"w": w, "b": b})
    return [w, b]


def by_others(x: Array, y: Array, l2: float) -> dict[str, Params]:
    """The optimum as SciPy and as scikit-learn find it."""
    solvers: dict[str, Solver] = {"SciPy": by_lbfgs, "scikit-learn": by_scikit_learn}
    return {name: remembered(solver, x, y, l2) for name, solver in solvers.items()}


def centred(params: Params) -> Params:
    """Kernel and biases in float64, with the mean subtracted from the biases."""
    w, b = (np.asarray(p, np.float64) for p in params)
    return [w, b - b.mean()]


def distance(one: Params, other: Params) -> float:
    """The largest difference between two kernels or two biases, apart from a common shift."""
    pairs = zip(centred(one), centred(other), strict=True)
    return max(float(np.abs(a - b).max()) for a, b in pairs)
