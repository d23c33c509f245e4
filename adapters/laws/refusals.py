"""Laws of wrong arguments: a ShapeError with a clear message, and an unchanged model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from adapters.contract import Array, Model, ShapeError, State
from adapters.laws.cases import Case
from adapters.laws.comparing import all_equal, must
from adapters.laws.subject import Subject
from adapters.layers import Embedding

Call = Callable[[], Any]


def law_refusals(subject: Subject, case: Case) -> None:
    """Every method refuses wrong arguments, and leaves the model unchanged."""
    model = subject.model(case)
    before = model.state()
    for what, call in wrong_calls(subject, model, case):
        check_refused("wrong arguments are refused", what, call)
        all_equal(f"{what} is refused without a change", "state", model.state(), before)


def check_refused(law: str, what: str, call: Call) -> None:
    """Assert that the call raises ShapeError with a message of one line."""
    try:
        call()
    except ShapeError as error:
        must(law, "\n" not in str(error) and len(str(error)) > 20, f"{what}: {error!r} says little")
    except Exception as error:
        raise AssertionError(f"{law}: {what} raises {error!r}, not ShapeError") from error
    else:
        raise AssertionError(f"{law}: {what} is accepted")


def wrong_calls(subject: Subject, model: Model, case: Case) -> Iterator[tuple[str, Call]]:
    """Every call that must be refused, with a description of its mistake."""
    x, y, order = case.x, case.y, case.order
    for name, bad in wrong_inputs(case).items():
        yield f"forward of {name}", partial(model.forward, bad)
        yield f"activations of {name}", partial(model.activations, bad)
        yield f"loss of {name}", partial(model.loss, bad, y)
        yield f"gradients of {name}", partial(model.gradients, bad, y)
        yield f"step on {name}", partial(model.step, bad, y)
        yield f"epoch over {name}", partial(model.epoch, bad, y, order, 2)
    for name, bad in wrong_targets(case).items():
        yield f"loss with {name}", partial(model.loss, x, bad)
        yield f"gradients with {name}", partial(model.gradients, x, bad)
        yield f"step with {name}", partial(model.step, x, bad)
        yield f"epoch with {name}", partial(model.epoch, x, bad, order, 2)
    for name, bad in wrong_orders(len(x)).items():
        yield f"epoch in {name}", partial(model.epoch, x, y, bad, 2)
    sizes: list[Any] = [0, -1, 1.5, float("nan"), float("inf"), "2", None]
    for size in sizes:
        yield f"batch_size {size!r}", partial(model.epoch, x, y, order, size)
    for name, bad in wrong_params(case).items():
        yield f"assign of {name}", partial(model.assign, bad)
        yield f"a model with {name}", partial(subject.cls, case.net, bad, case.optimizer)
    optimizers: dict[str, Any] = {"no optimizer": None, "an optimizer by its name": "sgd"}
    for name, bad in optimizers.items():
        yield f"a model with {name}", partial(subject.cls, case.net, case.params, bad)
    for name, bad in wrong_states(case).items():
        yield f"restore of {name}", partial(model.restore, bad)


def wrong_inputs(case: Case) -> dict[str, Any]:
    x, first = case.x, case.net.layers[0]
    wrong: dict[str, Any] = {
        "one row too few dimensions": x[0],
        "one dimension too many": x[None],
        "a column too many": np.hstack([x, x[:, :1]]),
        "a column too few": x[:, 1:],
        "no rows": x[:0],
        "a number": 3.0,
        "nothing": None,
        "text": np.full(x.shape, "1"),
        "complex numbers": x + 1j,
        "ragged rows": [[1.0], [1.0, 2.0]],
    }
    if not isinstance(first, Embedding):
        return wrong
    return wrong | {
        "row numbers as floats": x.astype(float),
        "row numbers as flags": x > 0,
        "a negative row number": changed(x, -1),
        "a row number past the table": changed(x, first.vocabulary),
    }


def changed(array: Array, value: float) -> Array:
    """A copy, with this value in the first row."""
    copy = np.array(array)
    copy[0] = value
    return copy


def wrong_targets(case: Case) -> dict[str, Any]:
    y, n_out = case.y, case.net.n_out
    wrong: dict[str, Any] = {
        "a label too many": np.concatenate([y, y[:1]]),
        "labels of one dimension too many": y[None],
        "no labels": None,
        "labels as text": np.full(y.shape, "1"),
    }
    if len(case.net.outputs[-1]) > 1:
        wrong["labels of a row instead of its places"] = y[:, 0]
        wrong["labels of a place too few"] = y[:, 1:]
    if case.net.loss == "softmax":
        one_hot = np.eye(n_out)[y]
        return wrong | {
            "one-hot labels": one_hot,
            "labels as floats": y.astype(float),
            "a negative label": changed(y, -1),
            "a label past the last class": changed(y, n_out),
        }
    wrong["labels without their column"] = y[:, 0]
    if case.net.loss != "squared":
        other = 0.0 if case.net.loss == "perceptron" else -1.0  # the other loss's labels
        wrong["a label of another loss"] = changed(y, other)
        wrong["a label that is not a number"] = np.full(y.shape, np.nan)
    return wrong


def wrong_orders(rows: int) -> dict[str, Any]:
    return {
        "an order with a row past the end": np.array([0, rows]),
        "an order with a negative row": np.array([0, -1]),
        "an empty order": np.array([], int),
        "an order of floats": np.array([0.0]),
        "an order of flags": np.array([True] * rows),
        "an order of two dimensions": np.zeros((1, 1), int),
        "no order": None,
    }


def wrong_params(case: Case) -> dict[str, Any]:
    params = case.params
    return {
        "a parameter missing": params[:-1],
        "a parameter too many": [*params, params[-1]],
        "transposed kernels": [
            p.T if p.ndim == 2 and p.shape[0] != p.shape[1] else p[None] for p in params
        ],
        "text for weights": [np.full(p.shape, "1") for p in params],
        "ragged weights": [[[1.0], [1.0, 2.0]], *params[1:]],
        "nothing for weights": [None] * len(params),
        "no weights": None,
    }


def wrong_states(case: Case) -> dict[str, Any]:
    state = case.state
    last = list(state)[-1]
    wrong: dict[str, State] = {
        "an empty state": {},
        "a state without its last entry": {k: v for k, v in state.items() if k != last},
        "a state without weights": {k: v for k, v in state.items() if not k.startswith("param")},
    }
    for name, value in state.items():
        shaped = np.zeros((2, 3, 4)) if name != "step" else np.zeros(2, int)
        wrong[f"a state with a misshapen {name}"] = state | {name: shaped}
        wrong[f"a state with {name} as text"] = state | {name: np.full(value.shape, "x")}
    if "step" in state:
        wrong["a state of half a step"] = state | {"step": np.array(0.5)}
        wrong["a state before its first step"] = state | {"step": np.array(-1)}
    for slot in case.optimizer.slots:
        name = f"{slot}_0_remainder"
        wrong[f"a state with a misshapen {name}"] = state | {name: np.zeros((2, 3, 4))}
    return wrong
