"""Read the constants of an optimizer off one step: its rate, its memory, its ε, what decays."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from adapters.contract import SGD, Adam, Params
from compare.diverge.measuring import Step, fitted, named
from course.overflow import norm
from injections.measured import name_of

SHARES = 3  # entries that are cut to the same size, for a clipped gradient


def of_sgd(of: Step, o: SGD, before: Params, after: Params, gradients: Params) -> Iterator[str]:
    """W′ − W against the velocity or the gradient, and v′ against v and the gradient."""
    moved = [b - a for a, b in zip(before, after, strict=True)]
    drive = gradients
    if o.momentum:
        old, new = of.slots(of.before, "velocity"), of.slots(of.theirs, "velocity")
        if any(a.any() for a in old):
            (momentum, by), left = fitted(new, old, gradients)
            if left < of.holds and abs(by - 1) < of.holds and abs(momentum - o.momentum) > of.holds:
                yield from named("momentum_is", float(momentum))
        else:
            (by,), left = fitted(new, gradients)
            momentum = o.momentum
        if left < of.holds and abs(by - 1) > of.holds and abs(momentum - o.momentum) < of.holds:
            yield from named("optimizer_gets_times", float(by))
        if not any(a.any() for a in old):
            yield from _clips(of, gradients, new)
        drive = [g + o.momentum * v for g, v in zip(gradients, new, strict=True)]
        drive = drive if o.nesterov else new
    yield from _rates(of, o.learning_rate, before, moved, drive)
    if not o.momentum:
        yield from _clips(of, gradients, [m / -o.learning_rate for m in moved])


def of_adam(of: Step, o: Adam, before: Params, after: Params, gradients: Params) -> Iterator[str]:
    """The moments against their own last values, and W′ − W against both."""
    moved = [b - a for a, b in zip(before, after, strict=True)]
    m, v = of.slots(of.theirs, "first_moment"), of.slots(of.theirs, "second_moment")
    old_m, old_v = of.slots(of.before, "first_moment"), of.slots(of.before, "second_moment")
    squares = [g * g for g in gradients]
    pairs = (
        ("beta_1_is", o.beta_1, m, old_m, gradients),
        ("beta_2_is", o.beta_2, v, old_v, squares),
    )
    for family, beta, new, old, into in pairs:
        change = [a - b for a, b in zip(new, old, strict=True)]
        (share,), left = fitted(change, [g - b for g, b in zip(into, old, strict=True)])
        if left < of.holds and abs(1 - share - beta) > of.holds:
            yield from named(family, float(1 - share))
    (by,), left = fitted(m, gradients)
    if not any(a.any() for a in old_m) and left < of.holds:
        by = by / (1 - o.beta_1)
        if abs(by - 1) > of.holds:
            yield from named("optimizer_gets_times", float(by))
    t = int(of.theirs.get("optimizer slot/t", np.array(of.step + 1)))
    one, two = 1 - o.beta_1**t, 1 - o.beta_2**t
    roots = [np.sqrt(b / two) for b in v]
    steps = [a / one / (root + o.epsilon) for a, root in zip(m, roots, strict=True)]
    yield from _rates(of, o.learning_rate, before, moved, steps)
    yield from _epsilons(of, o, moved, [a / one for a in m], roots, two**0.5)


def _rates(
    of: Step, rate: float, before: Params, moved: Params, drive: Params
) -> Iterator[str]:  # fmt: skip
    """moved = −η·drive, perhaps with a decay −λ·W of the kernels or of everything."""
    (by,), left = fitted(moved, drive)
    ratio = float(by) / -rate
    if left < of.holds:
        if abs(ratio - 1) > of.holds:
            yield from named("rate_times", ratio)
            if of.step > 0 and 0 < ratio < 1:
                yield from named("rate_decays_times", ratio ** (1 / of.step))
                yield from named("rate_decays_by_time", (1 / ratio - 1) / of.step)
        return
    kernels = [w if p.is_penalized else np.zeros_like(w)
               for w, p in zip(before, of.net.parameters, strict=True)]  # fmt: skip
    for what, weights in (("decay", kernels), ("decay_of_everything", before)):
        (by, decay), left = fitted(moved, drive, weights)
        if left < of.holds and abs(by / -rate - 1) < 1e3 * of.holds:
            yield from named(f"{what}_is", float(-decay / rate))
            yield from named(f"{what}_without_rate_is", float(-decay))


def _epsilons(
    of: Step, o: Adam, moved: Params, m: Params, roots: Params, correction: float
) -> Iterator[str]:  # fmt: skip
    """The ε that each entry was divided with: √v̂ + ε = −η·m̂ / (W′ − W)."""
    parts = [
        (-o.learning_rate * a / d - root)[np.abs(a) > 0]
        for a, d, root in zip(m, moved, roots, strict=True)
    ]
    found = np.concatenate([part.ravel() for part in parts])
    sizes = np.concatenate([root[np.abs(a) > 0].ravel() for a, root in zip(m, roots, strict=True)])
    found, sizes = found[np.isfinite(found)], sizes[np.isfinite(found)]
    if not found.size:
        return
    small = found[np.argsort(sizes)[: max(1, len(sizes) // 20)]]  # where ε has most digits
    epsilon = float(np.median(small))
    if epsilon <= 0:
        return
    for value in (float(f"{epsilon:.1g}"), float(f"{epsilon:.3g}")):
        yield name_of("adam_epsilon_is", value)
    for value in (float(f"{epsilon * correction:.1g}"), float(f"{epsilon * correction:.3g}")):
        yield name_of("adam_epsilon_before_is", value)


def _clips(of: Step, gradients: Params, used: Params) -> Iterator[str]:
    """Entries cut to one size, or all of them shortened together."""
    largest = max(float(np.abs(a).max(initial=0)) for a in used)
    cut = sum(int((np.abs(np.abs(a) / (largest or 1) - 1) < of.holds).sum()) for a in used)
    if cut >= SHARES and any((np.abs(g) > (1 + of.holds) * largest).any() for g in gradients):
        yield from named("clipped_entries_to", largest)
    (by,), left = fitted(used, gradients)
    if left < of.holds and 0 < by < 1 - of.holds:
        whole = norm(np.concatenate([g.ravel() for g in gradients]))
        yield from named("clipped_norm_to", float(by) * whole)
