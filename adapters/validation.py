"""Checks of every argument, the same for all backends.

Every function returns C-contiguous, native-endian, writable arrays of the run's dtype, so that no
framework meets a stride, byte order or flag it cannot read. Inputs, targets and orders are only
read, so they are copied only if they are not such arrays already; parameters and states, which a
model keeps, are always copied.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import prod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from adapters.contract import (
    Adam,
    Array,
    Layer,
    LayerMissing,
    Net,
    Optimizer,
    Params,
    ShapeError,
    State,
    is_count,
    require,
)
from adapters.layers import Embedding, flat

# The values that a label may take, per loss; None where any number is allowed.
LABELS: dict[str, tuple[float, float] | None] = {
    "perceptron": (-1.0, 1.0),
    "squared": None,
    "logistic": (0.0, 1.0),
}


def as_net(net: Net, supported: Collection[type[Layer]], backend: str) -> Net:
    """The network itself; LayerMissing if the backend lacks one of its layers."""
    require(isinstance(net, Net), f"a model is made of a Net, not {type(net).__name__}", ShapeError)
    missing = missing_layers(net.layers, supported)
    require(not missing, f"{backend} has no layer {', '.join(missing)}", LayerMissing)
    return net


def missing_layers(layers: Sequence[Layer], supported: Collection[type[Layer]]) -> list[str]:
    """The kinds of layers, by name, that are not supported; inside residuals too."""
    return sorted({type(layer).__name__ for layer in flat(layers) if type(layer) not in supported})


def as_params(net: Net, params: Sequence[Array], dtype: str) -> Params:
    """Copies of the parameters, in the contract's order and shapes; ShapeError otherwise."""
    require(isinstance(net, Net), f"a model is made of a Net, not {type(net).__name__}", ShapeError)
    require(
        isinstance(params, Sequence),
        f"parameters come as a list of arrays, not as {type(params).__name__}",
        ShapeError,
    )
    arrays = [_copy(_numbers(p, f"parameter {i}"), dtype) for i, p in enumerate(params)]
    shapes = [a.shape for a in arrays]
    require(
        shapes == net.shapes,
        f"parameters of shapes {shapes} do not fit this network: it needs {net.shapes}",
        ShapeError,
    )
    return arrays


def as_optimizer(optimizer: Optimizer) -> Optimizer:
    """The optimizer itself; ShapeError if it is neither SGD nor Adam."""
    require(
        isinstance(optimizer, Optimizer),
        f"a model trains with SGD(…) or Adam(…), not with {type(optimizer).__name__}",
        ShapeError,
    )
    return optimizer


def as_inputs(net: Net, x: Array, dtype: str) -> Array:
    """The rows x (n, *net.input_shape), n ≥ 1: int64 for an embedding, else floats."""
    x = _numbers(x, "x")
    require(
        x.shape[1:] == net.row_shape and x.shape[0] >= 1,
        f"x has shape {x.shape}: this network takes ({_listed('n', *net.row_shape)}) with n at "
        "least 1",
        ShapeError,
    )
    embedding = net.layers[0]
    if not isinstance(embedding, Embedding):
        return _laid_out(x, dtype)
    require(
        x.dtype.kind in "iu",
        f"x has dtype {x.dtype}: an embedding takes whole numbers, of an integer dtype",
        ShapeError,
    )
    require(
        int(x.min()) >= 0 and int(x.max()) < embedding.vocabulary,
        f"x holds a number outside 0 … {embedding.vocabulary - 1}, the embedding's rows: they run "
        f"from {x.min()} to {x.max()}",
        ShapeError,
    )
    return _laid_out(x, np.int64)


def as_batch(net: Net, x: Array, y: Array, dtype: str) -> tuple[Array, Array]:
    """The rows x (n, *net.input_shape) and their targets.

    They are of the scores' shape (n, …, n_out), or for softmax int64 of (n, …): class numbers.
    """
    x, y = as_inputs(net, x, dtype), _numbers(y, "y")
    scores = (len(x), *net.outputs[-1])
    if net.loss == "softmax":
        require(
            y.shape == scores[:-1] and y.dtype.kind in "iu",
            f"y has shape {y.shape} and dtype {y.dtype}: softmax takes class numbers, "
            f"integers of shape {scores[:-1]}",
            ShapeError,
        )
        require(
            int(y.min()) >= 0 and int(y.max()) < net.n_out,
            f"y holds a label outside 0 … {net.n_out - 1}: labels run from {y.min()} to {y.max()}",
            ShapeError,
        )
        return x, _laid_out(y, np.int64)
    require(
        y.shape == scores,
        f"y has shape {y.shape}: the {net.loss} loss takes {scores}",
        ShapeError,
    )
    labels = LABELS[net.loss]
    require(
        labels is None or bool(np.isin(y, labels).all()),
        f"y holds a label that the {net.loss} loss does not take: use {labels}",
        ShapeError,
    )
    return x, _laid_out(y, dtype)


def as_order(order: Array, n_rows: int, batch_size: int) -> tuple[Array, int]:
    """Row numbers (m,), int64, m ≥ 1, each in 0 … n_rows − 1; and the batch size, at most m."""
    order = _numbers(order, "order")
    require(
        order.ndim == 1 and order.size >= 1 and order.dtype.kind in "iu",
        f"order has shape {order.shape} and dtype {order.dtype}: it takes row numbers, "
        "integers of shape (m,) with m at least 1",
        ShapeError,
    )
    require(
        int(order.min()) >= 0 and int(order.max()) < n_rows,
        f"order has a row number outside 0 … {n_rows - 1}",
        ShapeError,
    )
    require(
        is_count(batch_size) and batch_size >= 1,
        f"batch_size is {batch_size!r}: it must be a whole number, at least 1",
        ShapeError,
    )
    return _laid_out(order, np.int64), int(min(batch_size, order.size))


def in_batches(order: Array, batch_size: int) -> list[Array]:
    """Split an order (m,) into row numbers (batches, batch_size), and a short last batch (1, rest).

    For backends that compile a loop in which all batches have one shape.
    """
    whole = len(order) - len(order) % batch_size
    parts = order[:whole].reshape(whole // batch_size, batch_size), order[None, whole:]
    return [part for part in parts if part.size]


def as_state(net: Net, optimizer: Optimizer, state: State, dtype: str) -> State:
    """Copies of everything that `restore` needs; a ShapeError names the missing keys.

    SGD counts no steps, so its `step` is 0; a missing `…_remainder` is zero.
    """
    require(
        isinstance(state, Mapping),
        f"a state comes as a dict of arrays, not as {type(state).__name__}",
        ShapeError,
    )
    count = len(net.shapes)
    names = [f"{kind}_{i}" for kind in ("param", *optimizer.slots) for i in range(count)]
    names += ["step"] if isinstance(optimizer, Adam) else []
    missing = [name for name in names if name not in state]
    require(
        not missing,
        f"the state lacks {', '.join(missing)}: it belongs to another network or optimizer",
        ShapeError,
    )
    clean: State = {}
    for kind in ("param", *optimizer.slots):
        arrays = as_params(net, slots_of(state, kind, count), dtype)
        clean |= named(kind, arrays)
    step = _numbers(state["step"] if isinstance(optimizer, Adam) else 0, "step")
    require(
        step.shape == () and step.dtype.kind in "iu" and bool(step >= 0),
        f"step is {step.tolist()}: it must be a whole number, at least 0",
        ShapeError,
    )
    clean["step"] = _copy(step, np.int64)
    for name, like in list(clean.items()):
        rest = _numbers(state.get(f"{name}_remainder", 0 * like), f"{name}_remainder")
        require(rest.shape == like.shape, f"{name}_remainder has shape {rest.shape}", ShapeError)
        clean[f"{name}_remainder"] = _copy(rest, dtype)
    return clean


def slots_of(state: State, slot: str, count: int) -> Params:
    """The arrays `slot_0` … of a state, in the contract's order."""
    return [state[f"{slot}_{i}"] for i in range(count)]


def named(slot: str, arrays: Sequence[Array]) -> State:
    """The arrays under the names `slot_0` … that they have in a state."""
    return {f"{slot}_{i}": array for i, array in enumerate(arrays)}


def _listed(*sides: object) -> str:
    return ", ".join(map(str, sides))


def _laid_out(array: Array, dtype: Any) -> Array:
    """The array in this dtype and C order, copied only if need be.

    The images of an epoch are most of a lesson's memory.
    """
    # `carray`: contiguous, aligned, writable. The stride along an axis of length 1 may still be
    # anything, and PyTorch chooses by the strides how to multiply.
    usual = [array.itemsize * prod(array.shape[side + 1 :]) for side in range(array.ndim)]
    plain = array.dtype == dtype and array.flags.carray and list(array.strides) == usual
    return array if plain else _copy(array, dtype)


def _copy(array: Array, dtype: Any) -> Array:
    with np.errstate(over="ignore"):  # overflow to infinity without a warning, as in any backend
        return np.array(array, dtype, order="C")


def _numbers(values: ArrayLike, name: str) -> Array:
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise ShapeError(f"{name} is not an array: its rows differ in length") from error
    require(
        array.dtype.kind in "fiub",
        f"{name} has dtype {array.dtype}: it must hold real numbers",
        ShapeError,
    )
    return array
