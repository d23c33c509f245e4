"""A run in which one side computes with quantities of the other, so that the search can go on.

A difference with no known cause hides what comes after it. Two ways lead past it, written as names
among a run's injections, since they are traced and cached like those:

    sound:WHAT           the suspect reports the contract's outputs, loss or gradients, starts from
                         the weights it was given, or makes its epoch step by step
    own:WHAT:NAME;NAME   NumPy computes with the suspect's own network, or its own steps, and with
                         the contract for the rest; the names are injections of the suspect

After a wrong network `own:network` is NumPy with the same wrong scores, loss and gradients. If the
suspect has no other mistake it agrees with that to the end; otherwise the next difference is the
next mistake, and can be proved by an injection as if there were no other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from adapters.contract import Array, Model, Net, Optimizer, Params, State
from adapters.numpy_adapter import LOSSES
from adapters.numpy_layers import in_rows
from compare.diverge.run_specs import with_backend
from injections import RunSpec, inject
from injections.injection import override
from injections.losses import penalty
from injections.wrapped import wrapped

SOUND = ("initial weights", "outputs", "loss", "gradients", "epoch")
OWN = ("network", "step")


def is_replacement(name: str) -> bool:
    """Whether a name is one of this module's, and no injection."""
    return name.partition(":")[0] in ("sound", "own")


def own(what: str, injections: Sequence[str]) -> str:
    """The name of a run of NumPy with the suspect's own network or step."""
    return f"own:{what}:{';'.join(injections)}"


def prepared(spec: RunSpec, names: Sequence[str], numpy: type[Model]) -> RunSpec:
    """The spec with these injections and replacements."""
    for name in names:
        if name.startswith("own:"):
            _, what, donors = name.split(":", 2)
            spec = _transplanted(prepared(spec, donors.split(";") if donors else [], numpy),
                                 what, numpy)  # fmt: skip
    for name in names:
        if name.startswith("sound:"):
            spec = _sound(spec, name.removeprefix("sound:"), numpy)
    return inject(spec, [name for name in names if not is_replacement(name)])


def contract_loss(net: Net, scores: Array, y: Array) -> float:
    """The contract's mean loss of these scores, without the penalty."""
    rows = LOSSES[net.loss](in_rows(scores), y.reshape(-1, *y.shape[scores.ndim - 1 :]))[0]
    return float(rows.mean())


def _transplanted(spec: RunSpec, what: str, numpy: type[Model]) -> RunSpec:
    """NumPy that asks a model of the spec's backend, with the same weights, for what it needs."""

    def donor(model: Model) -> Model:
        if not hasattr(model, "donor"):
            model.donor = spec.Model(model.net, model.params(), model.optimizer)  # type: ignore[attr-defined]
        found: Model = model.donor  # type: ignore[attr-defined]
        found.assign(model.params())
        return found

    base = override(
        with_backend(spec, numpy),
        activations=lambda model, x: donor(model).activations(x),
        loss=lambda model, x, y, value: donor(model).loss(x, y),
        gradients=lambda model, x, y, computed: donor(model).gradients(x, y),
    )
    if what == "network":
        return base
    backend = base.Model

    class Stepping(backend):  # type: ignore[misc, valid-type]
        made_a_step = was_restored = False
        walker: Model | None = None

        def step(self, x: Array, y: Array) -> float:
            # Not `donor`, which assigns: its own memory goes on unless this model was restored.
            own_model = self.walker
            if own_model is None or not _same(own_model.params(), self.params()):
                own_model = spec.Model(self.net, self.params(), self.optimizer)
                self.walker = own_model
                if self.made_a_step or self.was_restored:
                    own_model.restore(self.state())
            loss = own_model.step(x, y)
            super().restore(own_model.state())
            self.made_a_step = True
            return loss

        def restore(self, state: State) -> None:
            super().restore(state)
            self.was_restored = True
            self.walker = None

    return replace(base, Model=Stepping)


def _same(one: Params, other: Params) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def _sound(spec: RunSpec, what: str, numpy: type[Model]) -> RunSpec:
    """The suspect with one thing that it reports, or starts from, as the contract has it."""
    backend = spec.Model

    class Sound(wrapped(backend)):  # type: ignore[misc]
        def __init__(self, net: Net, params: Params, optimizer: Optimizer) -> None:
            super().__init__(net, params, optimizer)
            if what == "initial weights":
                self.inner.assign(params)

        def reference(self) -> Model:
            return numpy(self.net, self.inner.params(), self.optimizer)

        def activations(self, x: Array) -> list[Array]:
            return (self.reference() if what == "outputs" else self.inner).activations(x)

        def loss(self, x: Array, y: Array) -> float:
            return (self.reference() if what == "loss" else self.inner).loss(x, y)

        def gradients(self, x: Array, y: Array) -> Params:
            return (self.reference() if what == "gradients" else self.inner).gradients(x, y)

        def step(self, x: Array, y: Array) -> float:
            before = self.reference().loss(x, y) if what == "loss" else 0.0
            loss = self.inner.step(x, y)
            return before if what == "loss" else loss

        def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
            if what not in ("loss", "epoch"):
                return self.inner.epoch(x, y, order, batch_size)
            batches = [order[i : i + batch_size] for i in range(0, len(order), batch_size)]
            return np.array([self.step(x[rows], y[rows]) for rows in batches], self.dtype)

    return replace(spec, Model=Sound)


# Whether what a suspect reports fits together: a loss that is that of its scores, and gradients
# that are the slopes of that loss.

DIRECTION = 2**32 - 6  # the seed of the direction of the central difference
# A central difference errs by h² and by ε/h of the loss, h being ε^(1/3): some 1e-10 in float64 and
# 1e-4 in float32, of a loss of size one. A slope may be a hundredth of that.
FITS = {"float64": 1e-6, "float32": 3e-2}


def fits_together(model: Model, x: Array, y: Array) -> tuple[bool, bool]:
    """Whether the loss is the contract's of its own scores, and the gradients are its slopes."""
    near = FITS[model.dtype]
    loss = model.loss(x, y)
    expected = contract_loss(model.net, model.activations(x)[-1], y) + penalty(model)
    params, gradients = model.params(), model.gradients(x, y)
    rng = np.random.default_rng(DIRECTION)
    way = [np.asarray(rng.normal(size=p.shape)) for p in params]
    length = float(np.sqrt(sum(float((d * d).sum()) for d in way)))
    h = float(np.finfo(model.dtype).eps) ** (1 / 3)
    ends = []
    for sign in (1, -1):
        moved = [p + sign * h * d / length for p, d in zip(params, way, strict=True)]
        model.assign([p.astype(model.dtype) for p in moved])
        ends.append(model.loss(x, y))
    model.assign(params)
    slope = (ends[0] - ends[1]) / (2 * h)
    pairs = zip(gradients, way, strict=True)
    given = sum(float((g * d).sum()) for g, d in pairs) / length
    size = max(abs(slope), abs(given), near * max(1.0, abs(loss)))
    return (
        abs(loss - expected) <= near * max(1.0, abs(expected)),
        abs(slope - given) <= max(near * max(1.0, abs(loss)), 1e-3 * size),
    )
