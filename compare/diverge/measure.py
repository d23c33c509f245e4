"""Read the number of a difference off the arrays of one step: how many times, which ε, which rate.

Each measured difference is only a suspect (`injections/measured.py`): it is a cause if the other
side, with it injected, errs in the same way to the end. So a wrong guess costs a trial, no more.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from adapters.contract import SGD, Adam, Array, Dense, Params
from adapters.layers import Conv2D, LayerNorm, flat
from compare.diverge.measure_steps import of_adam, of_sgd
from compare.diverge.measuring import Step, fitted, named
from course.networks import names_of_outputs
from course.overflow import norm, quietly
from injections.measured import name_of
from injections.reference_network import LOSSES, Definition

NORM_EPSILONS = (1e-3, 1e-5, 1e-6, 1e-8, 1e-12)
LARGEST_ACTIVATION = 0.99  # of tanh and sigmoid: nearer to 1 their inverse loses digits


@quietly
def suspects(of: Step) -> list[str]:
    """The measured differences that this step suggests, without those that change nothing."""
    found: list[str] = []
    for name in (*_inputs(of), *_outputs(of), *_losses(of), *_gradients(of), *_updates(of)):
        if name not in found:
            found.append(name)
    return found


def _inputs(of: Step) -> Iterator[str]:
    """The rows were scaled or shifted before the first layer, if that is linear before its φ."""
    layer = of.net.layers[0]
    name = f"layer output/{names_of_outputs(of.net)[0]}"
    if not isinstance(layer, Dense | Conv2D) or not {name, "batch/x"} <= of.theirs.keys():
        return
    params = of.weights_before()[: len(layer.parameters)]
    if not params:
        return
    x = of.theirs["batch/x"].astype(float)
    linear = Dense(layer.n_in, layer.n_out) if isinstance(layer, Dense) else _linear(layer)
    zero = Definition().forward([linear], params, np.zeros_like(x[:1]))[0]
    product = Definition().forward([linear], params, x)[0] - zero
    ones = Definition().forward([linear], params, np.ones_like(x[:1]))[0] - zero
    z, usable = _before(of.theirs[name], layer.activation)
    target = (z - zero)[usable]
    if not target.size:
        return
    shifts = np.broadcast_to(ones, product.shape)[usable]
    (by,), left = fitted([target], [product[usable]])
    if left < of.holds and abs(by - 1) > of.holds:
        yield from named("model_reads_times", float(by))
        return
    (by, plus), left = fitted([target], [product[usable]], [shifts])
    if left < of.holds and (abs(by - 1) > of.holds or abs(plus) > of.holds):
        yield from named("model_reads_times", float(by), float(plus))


def _linear(layer: Conv2D) -> Conv2D:
    return Conv2D(layer.n_in, layer.n_out, layer.size, layer.stride, layer.padding)


def _before(a: Array, activation: str) -> tuple[Array, Array]:
    """What an activation was taken of, and where that can be told."""
    if activation == "tanh":
        inside = np.abs(a) < LARGEST_ACTIVATION
        return np.arctanh(np.where(inside, a, 0)), inside
    if activation == "sigmoid":
        inside = np.abs(a - 0.5) < LARGEST_ACTIVATION / 2
        p = np.where(inside, a, 0.5)
        return np.log(p / (1 - p)), inside
    return a.astype(float), a > 0 if activation == "relu" else np.ones(a.shape, bool)


def _outputs(of: Step) -> Iterator[str]:
    names = [f"layer output/{name}" for name in names_of_outputs(of.net)]
    if not all(name in of.ours and name in of.theirs for name in names):
        return
    ours, theirs = of.ours[names[-1]], of.theirs[names[-1]]
    if ours.shape == theirs.shape:
        for kind, function in (("relu", lambda z: np.maximum(z, 0)), ("tanh", np.tanh),
                               ("sigmoid", lambda z: 1 / (1 + np.exp(-z)))):  # fmt: skip
            if norm(function(ours) - theirs) <= of.holds * norm(theirs) != 0:
                yield name_of(f"output_is_{kind}", 0.0)
    for name, layer in zip(names, of.net.layers, strict=True):
        if getattr(layer, "activation", "") == "relu":
            below = of.theirs[name] < 0  # as no relu gives
            if below.any():
                yield from _slopes(of, name, layer, below)
            break
    for layer in flat(of.net.layers):
        if isinstance(layer, LayerNorm):
            for epsilon in NORM_EPSILONS:
                if epsilon != layer.epsilon:
                    yield name_of("norm_epsilon_is", epsilon)
            return


def _slopes(of: Step, name: str, layer: object, below: Array) -> Iterator[str]:
    """The slope of a leaky relu in the first layer, whose input is known."""
    params = of.weights_before()[:2]
    if not (isinstance(layer, Dense) and layer is of.net.layers[0] and params):
        return
    z = of.theirs["batch/x"].astype(float) @ params[0] + params[1]
    (slope,), left = fitted([of.theirs[name][below]], [z[below]])
    if left < of.holds:
        yield from named("slope_is", float(slope))


def _losses(of: Step) -> Iterator[str]:
    if not all("loss/loss" in side for side in (of.ours, of.theirs)):
        return
    a, b = (float(side["loss/loss"]) for side in (of.ours, of.theirs))
    params = of.weights_before()
    squares = sum(float((params[i] ** 2).sum()) for i in of.net.penalized) if params else 0.0
    rest = 0.5 * of.net.l2 * squares
    if a != b and a and np.isfinite([a, b]).all():
        yield from named("reported_loss_times", b / a)
        if a != rest:
            yield from named("loss_times", (b - rest) / (a - rest))
        if squares:
            strength = of.net.l2 + 2 * (b - a) / squares
            if strength >= 0:
                yield from named("penalty_is", strength)
        yield from _smoothings(of, b - a)


def _smoothings(of: Step, gap: float) -> Iterator[str]:
    name = f"layer output/{names_of_outputs(of.net)[-1]}"
    if of.net.loss != "softmax" or name not in of.ours:
        return
    scores = of.ours[name].reshape(-1, of.net.n_out).astype(float)
    y = of.ours["batch/y"].ravel()
    plain = LOSSES["softmax"](scores, y)[0]
    even = np.mean([LOSSES["softmax"](scores, np.full(len(y), c))[0] for c in range(of.net.n_out)])
    if even != plain and 0 < gap / (even - plain) < 1:
        yield from named("smoothing_is", float(gap / (even - plain)))


def _gradients(of: Step) -> Iterator[str]:
    ours, theirs = of.each(of.ours, "gradient"), of.each(of.theirs, "gradient")
    if not (ours and theirs) or any(a.shape != b.shape for a, b in zip(ours, theirs, strict=True)):
        return
    (by,), left = fitted(theirs, ours)
    if left < of.holds and abs(by - 1) > of.holds:
        yield from named("gradients_times", float(by))
    yield from _inputs_by_gradient(of, ours, theirs)
    params = of.weights_before()
    if params and of.net.l2:
        pulls = [of.net.l2 * p if parameter.is_penalized else np.zeros_like(p)
                 for p, parameter in zip(params, of.net.parameters, strict=True)]  # fmt: skip
        bare = [[g - p for g, p in zip(side, pulls, strict=True)] for side in (theirs, ours)]
        (by,), left = fitted(*bare)
        if left < of.holds and abs(by - 1) > of.holds:
            yield from named("loss_times", float(by))


def _inputs_by_gradient(of: Step, ours: Params, theirs: Params) -> Iterator[str]:
    """Scaled or shifted rows, where weights of zero hide them from the scores.

    With the same slopes δ by the scores a kernel's gradient is Σ x·δ, and that of the bias Σ δ.
    """
    if not isinstance(of.net.layers[0], Dense) or len(ours) < 2:
        return
    (kernel, bias), changed = ours[:2], theirs[0]
    if norm(theirs[1] - bias) > of.holds * max(norm(bias), norm(kernel)):
        return
    (by,), left = fitted([changed], [kernel])
    if left < of.holds:
        if abs(by - 1) > of.holds:
            yield from named("model_reads_times", float(by))
        return
    (by, plus), left = fitted([changed], [kernel], [np.broadcast_to(bias, kernel.shape)])
    if left < of.holds:
        yield from named("model_reads_times", float(by), float(plus))


def _updates(of: Step) -> Iterator[str]:
    """The suspect's own step, from its own gradients, against the contract's equation."""
    before, after = of.weights_before(), of.each(of.theirs, "update")
    gradients = of.each(of.theirs, "gradient")
    if not (before and after and gradients):
        return
    if isinstance(of.optimizer, Adam):
        yield from of_adam(of, of.optimizer, before, after, gradients)
    elif isinstance(of.optimizer, SGD):
        yield from of_sgd(of, of.optimizer, before, after, gradients)
