"""Causes that leave a pattern and no number: what a framework draws itself can never be proved.

Its initial weights, its dropout and its shuffle are never those of an injection. They are
recognised by what they leave, and reported as likely, with the statistics, apart from what has been
proved.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from adapters.contract import Array, Net, Parameter
from compare.diverge.descriptions import HOLDS, apart
from compare.diverge.distributions import FEWEST, fits
from course.networks import names_of_outputs, names_of_parameters

NARROW = "narrow_numbers"  # the name of a likely cause: a narrower type
EQUAL = 0.01  # of a kernel: nearer than this it was not drawn, but changed
DEVIATIONS = 4.0  # standard deviations that a share or a mean may be from what is expected
FEW_UNITS = 20  # dropped units; of fewer the share says nothing


@dataclass(frozen=True)
class Likely:
    """A cause that is not proved: what it is, the statistics that suggest it, and the remedy."""

    name: str
    cause: str  # "{backend} …"
    statistics: str
    remedy: str
    is_random: bool = False  # what follows it cannot be compared


def own_weights(net: Net, ours: Mapping[str, Array], theirs: Mapping[str, Array]) -> Likely | None:
    """Initial weights drawn by the framework: the initializer that fits every kernel."""
    names = names_of_parameters(net)
    arrays = [theirs.get(f"initial weights/{name}") for name in names]
    given = [ours.get(f"initial weights/{name}") for name in names]
    both: list[tuple[Parameter, str, Array, Array]] = []
    for p, name, a, b in zip(net.parameters, names, arrays, given, strict=True):
        if a is None or b is None or a.shape != b.shape:
            return None
        both.append((p, name, a, b))
    fitting: set[str] | None = None
    nearest: dict[str, list[str]] = {}
    for p, name, a, b in both:
        if p.fans is None or a.size < FEWEST or apart(b, a) <= EQUAL:
            continue
        found = {fit.name: fit for fit in fits(a, p.fans) if fit.fits}
        fitting = set(found) if fitting is None else fitting & set(found)
        for fit in found.values():
            nearest.setdefault(fit.name, []).append(
                f"{name}: √n·D = {fit.distance:.2f}, spread {a.std():.4g}, expected "
                f"{fit.spread:.4g}, within ±{np.abs(a).max():.4g}"
            )
    if not fitting:
        return None
    best = sorted(fitting, key=lambda name: nearest[name])
    biases = [a for p, _, a, _ in both if p.is_bias]
    zero = all(not b.any() for b in biases)
    about = "" if not biases else "; biases 0" if zero else "; biases drawn, too"
    return Likely(
        "own_initial_weights",
        f"{{backend}} draws its own initial weights: {' or '.join(best)}",
        "; ".join(nearest[best[0]]) + about,
        "Copy the initial weights from one to the other before the first step.",
    )


def dropout(net: Net, ours: Mapping[str, Array], theirs: Mapping[str, Array]) -> Likely | None:
    """Outputs that are 0, or 1/(1 − p) times as large, at random."""
    for name in names_of_outputs(net):
        key = f"layer output/{name}"
        if key not in ours or key not in theirs or ours[key].shape != theirs[key].shape:
            return None
        a, b = ours[key].astype(float), theirs[key].astype(float)
        if apart(a, b) <= HOLDS["float32"]:
            continue
        lost, rest = (b == 0) & (a != 0), (b != 0) & (a != 0)
        if lost.sum() < FEW_UNITS or not rest.any():
            return None
        times = b[rest] / a[rest]
        c = float(np.median(times))
        if c <= 1 or float(np.abs(times / c - 1).max()) > HOLDS["float32"]:
            return None
        p, n = 1 - 1 / c, int(lost.sum() + rest.sum())
        share = float(lost.sum() / n)
        sigma = (p * (1 - p) / n) ** 0.5
        if abs(share - p) > DEVIATIONS * sigma:
            return None
        return Likely(
            "own_dropout",
            f"{{backend}} drops units of {name} with p = {p:.3g}, as a model in training mode does",
            f"{share:.2%} of {n} outputs are 0, expected {p:.2%} ± {sigma:.2%}; the others are "
            f"{c:.6g} times as large",
            "Call `model.eval()` (PyTorch) or pass `training=False` (Keras); compare without.",
            is_random=True,
        )
    return None


def noise(random: Sequence[str]) -> Likely | None:
    """Two calls from the same weights and batch that give other numbers."""
    if not random:
        return None
    return Likely(
        "random_in_training",
        "{backend} draws random numbers in each call: dropout or noise is on in training",
        f"two calls from the same weights and batch give other numbers: {', '.join(random)}",
        "Switch dropout and noise off, or compare in evaluation mode.",
        is_random=True,
    )


def shuffle(of: Mapping[str, Any], dtype: str) -> Likely | None:
    """An epoch with hardly any learning rate: its losses tell which rows each batch had.

    of: `losses` of two calls, `expected` in the order given, `sizes` of the batches, `paired` and
    `deviation`: mean and standard deviation of the mean if labels are dealt at random.
    """
    (first, second), expected = (np.array(a) for a in of["losses"]), np.array(of["expected"])
    sizes, holds = np.array(of["sizes"], float), HOLDS[dtype]
    if first.shape != expected.shape or second.shape != expected.shape or len(expected) < 2:
        return None
    differ = np.abs(first - expected) > holds * np.abs(expected).max()
    if not differ.any():
        return None
    ours, theirs = (float((x * sizes).sum() / sizes.sum()) for x in (expected, first))
    again = "the same" if np.abs(first - second).max() <= holds * expected.max() else "another"
    if abs(ours - theirs) <= 10 * holds * abs(ours):
        return Likely(
            "own_order",
            "{backend}'s epoch visits the same rows in another order",
            f"with a learning rate of nearly 0, {int(differ.sum())} of {len(differ)} batch losses "
            f"differ, and their mean over all rows is the same, {theirs:.6g}; {again} order in "
            "the next call",
            "Pass shuffle=False where the order is already drawn.",
        )
    apart_by = abs(theirs - of["paired"]) / of["deviation"]
    if apart_by <= DEVIATIONS < abs(ours - of["paired"]) / of["deviation"]:
        return Likely(
            "own_order_of_inputs",
            "{backend}'s epoch shuffles inputs and labels apart",
            f"with a learning rate of nearly 0 the mean loss over all rows is {theirs:.4g}; with "
            f"labels dealt at random {of['paired']:.4g} ± {of['deviation']:.2g} is expected, in "
            f"the right order {ours:.4g}",
            "Index both with the same permutation.",
        )
    return None
