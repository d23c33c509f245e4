"""A network in NumPy whose parts an injection can replace, and the controls that replace none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from adapters.contract import Array, Model, Net, Params
from injections.injection import Injection, override
from injections.run_spec import RunSpec

# A network in NumPy, in parts that an injection can replace one by one.
#
# An injection that changes what a network computes uses this network. The backend still holds the
# weights and updates them.

Function = Callable[[Array], Array]
Loss = Callable[[Array, Array], tuple[float, Array]]

# activation: its value, and its derivative from the value
ACTIVATIONS: dict[str, tuple[Function, Function]] = {
    "identity": (lambda z: z, np.ones_like),
    "sigmoid": (lambda z: 0.5 * (1 + np.tanh(z / 2)), lambda a: a * (1 - a)),
    "relu": (lambda z: np.maximum(z, 0), lambda a: np.where(a > 0, 1.0, 0.0)),
    "tanh": (np.tanh, lambda a: 1 - a * a),
}


def softmax(z: Array) -> Array:
    """The probabilities of the classes, (n, n_out)."""
    odds = np.exp(z - z.max(1, keepdims=True))
    return np.asarray(odds / odds.sum(1, keepdims=True))


def cross_entropy(z: Array, y: Array) -> tuple[float, Array]:
    """The mean cross-entropy over the rows, and its slope by the scores z (n, n_out)."""
    rows, shifted = np.arange(len(z)), z - z.max(1, keepdims=True)
    losses = np.log(np.exp(shifted).sum(1)) - shifted[rows, y]
    slope = softmax(z)
    slope[rows, y] -= 1
    return float(losses.mean()), slope / len(z)


def squared(z: Array, y: Array) -> tuple[float, Array]:
    """The mean squared error over the rows, and its slope by the scores z (n, n_out)."""
    return float(((z - y) ** 2).sum(1).mean()), 2 * (z - y) / len(z)


LOSSES: dict[str, Loss] = {"softmax": cross_entropy, "squared": squared}


@dataclass(frozen=True)
class Definition:
    """A network's functions; the defaults are the contract's.

    product: of a layer's input and kernel. mask: a factor (width,) for the units of hidden layer i.
    loss: a function of the scores. output: applied to the scores before `activations` returns them.
    """

    activations: Mapping[str, tuple[Function, Function]] = field(
        default_factory=lambda: ACTIVATIONS
    )
    product: Callable[[Array, Array], Array] = np.matmul
    mask: Callable[[int, int], Array] = lambda i, width: np.ones(width)
    loss: Loss | None = None
    output: Function = lambda z: z

    def into(self, spec: RunSpec) -> RunSpec:
        """The spec with a backend that computes these functions, in its own dtype."""

        def outputs(model: Model, x: Array) -> list[Array]:
            *hidden, scores = self._outputs(model.net, model.params(), x)
            return [a.astype(model.dtype) for a in (*hidden, self.output(scores))]

        def loss(model: Model, x: Array, y: Array, value: float) -> float:
            params = model.params()
            mean = self._loss(model.net)(self._outputs(model.net, params, x)[-1], y)[0]
            return mean + 0.5 * model.net.l2 * sum(float((w * w).sum()) for w in params[::2])

        def gradients(model: Model, x: Array, y: Array, computed: Params) -> Params:
            by_hand = self._gradients(model.net, model.params(), x, y)
            return [g.astype(model.dtype) for g in by_hand]

        return override(spec, activations=outputs, loss=loss, gradients=gradients)

    def _loss(self, net: Net) -> Loss:
        return self.loss or LOSSES[net.loss]

    def _outputs(self, net: Net, params: Params, x: Array) -> list[Array]:
        outputs, a = [], x
        for i, layer in enumerate(net.layers):
            z = self.product(a, params[2 * i]) + params[2 * i + 1]
            a = self.activations[layer.activation][0](z)
            if i < len(net.layers) - 1:
                a = a * self.mask(i, layer.n_out)
            outputs.append(a)
        return outputs

    def _gradients(self, net: Net, params: Params, x: Array, y: Array) -> Params:
        outputs = self._outputs(net, params, x)
        gradients: Params = []
        delta = self._loss(net)(outputs[-1], y)[1]
        for i in reversed(range(len(net.layers))):
            layer, a = net.layers[i], outputs[i]
            if i < len(net.layers) - 1:
                mask = self.mask(i, layer.n_out)
                delta, a = delta * mask, a / np.where(mask > 0, mask, 1)
            delta = delta * self.activations[layer.activation][1](a)
            below = outputs[i - 1] if i else x
            gradients[:0] = [below.T @ delta + net.l2 * params[2 * i], delta.sum(0)]
            delta = delta @ params[2 * i].T
        return gradients


# The controls of the experiment: the contract's step and network, computed by hand in NumPy.
#
# Most injections compute one of the two by hand, with one thing changed. If a control, with nothing
# changed, removes a difference between two backends, then every such injection removes it too. So a
# suspected injection must explain more than its control does.

CONTROLS: dict[str, Injection] = {
    control.name: control
    for control in (
        Injection(
            "step_by_hand", "{backend} makes its steps by hand", "",
            lambda spec: override(spec, rule=lambda define, *computed: define(*computed)),
        ),
        Injection(
            "network_by_hand", "{backend} computes its network by hand", "",
            Definition().into, lambda spec: spec.net.loss in LOSSES,
        ),
    )
}  # fmt: skip
