"""Injections into gradients written by hand: derivatives left out, deltas through new weights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from adapters.contract import Array, Dense
from injections.injection import Injection, has_layer, override
from injections.optimizer_rules import define
from injections.reference_network import ACTIVATIONS, LOSSES, Definition, Function
from injections.run_spec import RunSpec


def _derivatives(change: Callable[[Function], Function]) -> Callable[[RunSpec], RunSpec]:
    """change: makes another function of the activation from its derivative."""
    changed = {name: (value, change(slope)) for name, (value, slope) in ACTIVATIONS.items()}
    changed["identity"] = ACTIVATIONS["identity"]
    return Definition(changed).into


def _left_out(slope: Function) -> Function:
    return lambda a: np.ones_like(a)


def _of_the_output(spec: RunSpec) -> RunSpec:
    """The derivative at a where z belongs: the activation is applied twice before it."""
    twice = {
        name: (value, lambda a, value=value, slope=slope: slope(value(a)))
        for name, (value, slope) in ACTIVATIONS.items()
    }
    return Definition(twice).into(spec)


def _curved(spec: RunSpec) -> bool:
    return spec.net.loss in LOSSES and has_layer(
        spec, lambda layer: getattr(layer, "activation", "identity") != "identity"
    )


def _is_smooth(spec: RunSpec) -> bool:
    return spec.net.loss in LOSSES and has_layer(
        spec, lambda layer: getattr(layer, "activation", "") in ("tanh", "sigmoid")
    )


def _through_new_weights(spec: RunSpec) -> RunSpec:
    """Each layer moves before its delta goes on to the layer before it."""
    base = override(spec, rule=lambda define, *computed: define(*computed))
    backend = base.Model

    class Impatient(backend):  # type: ignore[misc, valid-type]
        def overridden_step(self, x: Array, y: Array) -> float:
            before, state = self.loss(x, y), self.state()
            params = self.params()
            found = Definition().forward(self.net.layers, params, x)
            slope = LOSSES[self.net.loss](found[-1], y)[1]
            t = int(state.get("step", 0)) + 1
            new = {"step": np.array(t)} if "step" in state else {}
            for i in reversed(range(len(self.net.layers))):
                layer = self.net.layers[i]
                assert isinstance(layer, Dense)
                delta = slope * ACTIVATIONS[layer.activation][1](found[i])
                kernel, bias = 2 * i, 2 * i + 1
                a = found[i - 1] if i else x
                pulled = a.T @ delta + self.net.l2 * params[kernel]
                for k, g in ((kernel, pulled), (bias, delta.sum(0))):
                    slots = [state[f"{slot}_{k}"] for slot in self.optimizer.slots]
                    w, slots = define(self.optimizer, state[f"param_{k}"], g, slots, t)
                    new[f"param_{k}"] = w.astype(self.dtype)
                    for slot, array in zip(self.optimizer.slots, slots, strict=True):
                        new[f"{slot}_{k}"] = array.astype(self.dtype)
                slope = delta @ new[f"param_{kernel}"].T
            self.restore(new)
            return before

    return replace(base, Model=Impatient)


INJECTIONS = [
    Injection(
        "activation_derivative_left_out",
        "{backend}'s backward pass leaves out the derivatives of the activations",
        "Multiply each delta by φ′: compare with central differences.",
        _derivatives(_left_out), _curved,
    ),
    Injection(
        "activation_derivative_at_the_output",
        "{backend} takes the derivative of an activation at its output, not at its input",
        "σ′ is a·(1 − a) of the output a; σ(a)·(1 − σ(a)) applies σ twice.",
        _of_the_output, _is_smooth,
    ),
    Injection(
        "delta_through_new_weights",
        "{backend} updates each layer before its delta goes back through it",
        "Compute all gradients first, then move all weights.",
        _through_new_weights,
        lambda r: r.net.is_dense and len(r.net.layers) > 1 and r.net.loss in LOSSES,
    ),
]  # fmt: skip
