"""A network in NumPy whose parts an injection can replace, and the controls that replace none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from adapters import numpy_layers
from adapters.contract import Array, Dense, Layer, Model, Net, Params, by_layer
from adapters.layers import Conv2D, Residual
from adapters.numpy_layers import Backward, in_rows
from adapters.numpy_windows import gathered, side_by_side
from injections.injection import Injection, override
from injections.run_spec import RunSpec

# A network in NumPy, in parts that an injection can replace one by one.
#
# An injection that changes what a network computes uses this network. The backend still holds the
# weights and updates them.

Function = Callable[[Array], Array]
Loss = Callable[[Array, Array], tuple[float, Array]]
# A layer forward and backward, as in `adapters/numpy_layers.py`: from layer, parameters and input
# to the output; and with output and gradient to the gradients.
Pair = tuple[Callable[..., Array], Callable[..., Backward]]

# activation: its value, and its derivative from the value
ACTIVATIONS: dict[str, tuple[Function, Function]] = {
    "identity": (lambda z: z, np.ones_like),
    "sigmoid": (lambda z: 0.5 * (1 + np.tanh(z / 2)), lambda a: a * (1 - a)),
    "relu": (lambda z: np.maximum(z, 0), lambda a: np.where(a > 0, 1.0, 0.0)),
    "tanh": (np.tanh, lambda a: 1 - a * a),
}


def softmax(z: Array) -> Array:
    """The probabilities of the classes, (…, n_out)."""
    odds = np.exp(z - z.max(-1, keepdims=True))
    return np.asarray(odds / odds.sum(-1, keepdims=True))


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

    product: of a layer's input and kernel. product_back: of two matrices on the way back. mask: a
    factor (width,) for the units of layer i, if it is hidden and dense or a convolution. loss: a
    function of the scores, a row for each place of a sequence. output: applied to the scores before
    `activations` returns them. layers: other ways forward and backward through layers of some
    kinds, also inside a residual.
    """

    activations: Mapping[str, tuple[Function, Function]] = field(
        default_factory=lambda: ACTIVATIONS
    )
    product: Callable[[Array, Array], Array] = np.matmul
    product_back: Callable[[Array, Array], Array] = np.matmul
    mask: Callable[[int, int], Array] = lambda i, width: np.ones(width)
    loss: Loss | None = None
    output: Function = lambda z: z
    layers: Mapping[type[Layer], Pair] = field(default_factory=dict)

    def into(self, spec: RunSpec) -> RunSpec:
        """The spec with a backend that computes these functions, in its own dtype."""

        def outputs(model: Model, x: Array) -> list[Array]:
            *hidden, scores = self._outputs(model.net, model.params(), x)
            return [a.astype(model.dtype) for a in (*hidden, self.output(scores))]

        def loss(model: Model, x: Array, y: Array, value: float) -> float:
            params = model.params()
            mean = self._loss(model.net, self._outputs(model.net, params, x)[-1], y)[0]
            kernels = [params[i] for i in model.net.penalized]
            return mean + 0.5 * model.net.l2 * sum(float((w * w).sum()) for w in kernels)

        def gradients(model: Model, x: Array, y: Array, computed: Params) -> Params:
            by_hand = self._gradients(model.net, model.params(), x, y)
            return [g.astype(model.dtype) for g in by_hand]

        return override(spec, activations=outputs, loss=loss, gradients=gradients)

    def forward(self, layers: Sequence[Layer], params: Sequence[Array], x: Array) -> list[Array]:
        """The output of each of these layers, after each other."""
        a, found = x, []
        for layer, own in by_layer(layers, params):
            a = self._pair(layer)[0](layer, own, a)
            found.append(a)
        return found

    def backward(
        self, layers: Sequence[Layer], params: Sequence[Array], x: Array, found: Sequence[Array],
        g: Array,
    ) -> Backward:  # fmt: skip
        """From the gradient by the last output to those by the parameters, and by x on demand."""
        gradients: Params = []
        inputs, of_layers = [x, *found], list(by_layer(layers, params))
        for i in reversed(range(len(of_layers))):
            layer, own = of_layers[i]
            by_own, by_input = self._pair(layer)[1](layer, own, inputs[i], inputs[i + 1], g)
            gradients[:0] = by_own
            if i:
                g = by_input()
        return gradients, by_input

    def _pair(self, layer: Layer) -> Pair:
        kind = type(layer)
        if kind in self.layers:
            return self.layers[kind]
        own: dict[type[Layer], Pair] = {
            Dense: (self._dense, self._dense_backward),
            Conv2D: (self._conv2d, self._conv2d_backward),
            Residual: (self._residual, self._residual_backward),
        }
        return own.get(kind) or numpy_layers.LAYERS[kind]

    def _dense(self, layer: Dense | Conv2D, params: Params, x: Array) -> Array:
        return self.activations[layer.activation][0](self.product(x, params[0]) + params[1])

    def _dense_backward(
        self, layer: Dense | Conv2D, params: Params, x: Array, a: Array, g: Array
    ) -> Backward:
        delta = g * self.activations[layer.activation][1](a)
        by_kernel = self.product_back(in_rows(x).T, in_rows(delta))
        return [by_kernel, in_rows(delta).sum(0)], lambda: self.product_back(delta, params[0].T)

    def _conv2d(self, layer: Conv2D, params: Params, x: Array) -> Array:
        w, b = params
        return self._dense(layer, [w.reshape(-1, layer.n_out), b], side_by_side(layer, x))

    def _conv2d_backward(
        self, layer: Conv2D, params: Params, x: Array, a: Array, g: Array
    ) -> Backward:
        w, b = params
        flat = [w.reshape(-1, layer.n_out), b]
        (by_w, by_b), by_windows = self._dense_backward(layer, flat, side_by_side(layer, x), a, g)

        def by_x() -> Array:
            return gathered(layer, x, np.split(by_windows(), layer.size**2, axis=3))

        return [by_w.reshape(w.shape), by_b], by_x

    def _residual(self, layer: Residual, params: Params, x: Array) -> Array:
        return x + self.forward(layer.layers, params, x)[-1]

    def _residual_backward(
        self, layer: Residual, params: Params, x: Array, a: Array, g: Array
    ) -> Backward:
        found = self.forward(layer.layers, params, x)
        gradients, by_inner = self.backward(layer.layers, params, x, found, g)
        return gradients, lambda: g + by_inner()

    def _loss(self, net: Net, z: Array, y: Array) -> tuple[float, Array]:
        """The loss, and its slope by the scores; each place of a sequence is a row."""
        loss = self.loss or LOSSES[net.loss]
        value, slope = loss(in_rows(z), y.reshape(-1, *y.shape[z.ndim - 1 :]))
        return value, slope.reshape(z.shape)

    def _masks(self, net: Net) -> list[Array | None]:
        """The factor for the units of each layer, if it is hidden and has units to drop."""
        return [
            self.mask(i, layer.n_out) if isinstance(layer, Dense | Conv2D) else None
            for i, layer in enumerate(net.layers[:-1])
        ] + [None]

    def _outputs(self, net: Net, params: Params, x: Array) -> list[Array]:
        found, a = [], x
        masks = self._masks(net)
        for (layer, own), mask in zip(by_layer(net.layers, params), masks, strict=True):
            a = self._pair(layer)[0](layer, own, a)
            a = a if mask is None else a * mask
            found.append(a)
        return found

    def _gradients(self, net: Net, params: Params, x: Array, y: Array) -> Params:
        found = self._outputs(net, params, x)
        gradients: Params = []
        g = self._loss(net, found[-1], y)[1]
        inputs, of_layers = [x, *found], list(by_layer(net.layers, params))
        for i, mask in reversed(list(enumerate(self._masks(net)))):
            (layer, own), a = of_layers[i], found[i]
            if mask is not None:
                g, a = g * mask, a / np.where(mask > 0, mask, 1)
            by_own, by_input = self._pair(layer)[1](layer, own, inputs[i], a, g)
            gradients[:0] = by_own
            if i:
                g = by_input()
        for i in net.penalized:
            gradients[i] = gradients[i] + net.l2 * params[i]
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
