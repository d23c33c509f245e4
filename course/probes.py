"""Single-step probes: steps from shared weights, to compare two backends at every stage.

After each training run the backend is probed twice. Probe 0 starts where the run did, from the
initial weights with empty optimizer slots, on the first batch. Probe 1 starts from random weights
and optimizer state, drawn from the seed and the run's name, on the last batch of the epoch, which
may be a short one. Both starts are the same in every backend and need no other backend's results,
so that records from two machines can be compared.

A hidden unit near its kink would make two healthy backends differ by a whole row, so such rows are
replaced by others of the batch (the batch keeps its size, for which backends compile). They are
determined from the shared weights by NumPy in float64.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from adapters.contract import Adam, Array, Model, Net, Optimizer, Parameter, Params, State
from adapters.laws.error_bounds import margins
from course.randomness import initial_weights
from course.training import Run

# A row is clear of kinks if each unit is this many times its own error bound from its kink. One
# would suffice, because rounding cannot change the sign beyond the bound.
CLEAR = 2

# Probe 1 pretends to be at this step of an Adam run: late enough for both moments to have a
# history, early enough for both bias corrections to matter.
STEP = 7

# The size of the gradients in the drawn optimizer state; the lessons' own are 0.001 to 0.1.
GRADIENT = 0.01

# How far the scale and bias of a norm vary in probe 1, where no kernel of their layer says it.
ALONE = 0.25

# A perceptron is probed on this many rows, or on the largest power of two that there are. Then the
# mean over the rows is exact, like all of its other arithmetic.
PERCEPTRON_ROWS = 64


def start(
    net: Net, optimizer: Optimizer, seed: int, run: str, probe: int, initial: Params | None = None
) -> State:
    """The state, in float64, from which a probe of a run starts: the same for every backend.

    probe: 0 or 1; initial: the weights of probe 0, by default the course's initial weights.
    """
    if probe == 0:
        params = initial_weights(net, seed) if initial is None else initial
        slots = [[np.zeros(shape) for shape in net.shapes] for _ in optimizer.slots]
        return _state(optimizer, params, slots, 0)
    rng = np.random.default_rng([seed, *run.encode()])
    if net.loss == "perceptron":  # sixteenths: no sum or product of them is ever rounded
        params = [rng.integers(-128, 129, shape) / 16 for shape in net.shapes]
    else:
        params = [p for layer in net.layers for p in _drawn(rng, layer.parameters)]
    slots = [[] for _ in optimizer.slots]
    for shape in net.shapes:
        gradient = GRADIENT * rng.normal(size=shape)
        if isinstance(optimizer, Adam):  # as after STEP gradients like this one
            first, second = (1 - beta**STEP for beta in (optimizer.beta_1, optimizer.beta_2))
            spread = GRADIENT * rng.normal(size=shape)
            slots[0].append(first * gradient)
            slots[1].append(second * (gradient**2 + spread**2))
        elif slots:
            slots[0].append(gradient)
    return _state(optimizer, params, slots, STEP)


def of_run(run: Run, model: Model) -> dict[str, Array]:
    """The results of both probes of a finished run, as `looks/<run>/<probe>/<quantity>`.

    model: the run's own, or another of its network and optimizer; its state is restored at the end.
    """
    default = initial_weights(run.net, run.seed)
    usual = all(np.array_equal(a, b) for a, b in zip(default, run.initial, strict=True))
    order = run.order(0)
    short = len(order) % run.batch_size or min(run.batch_size, len(order))
    batches = [order[: run.batch_size], order[-short:]]
    return _of(run.name, model, run.seed, batches, run.x, run.y, None if usual else run.initial)


def of_rows(name: str, model: Model, seed: int, x: Array, y: Array) -> dict[str, Array]:
    """The same for a perceptron that a lesson trained in its own loop, on rows x (n, n_in), y."""
    count = 1 << (min(len(x), PERCEPTRON_ROWS).bit_length() - 1)
    rows = np.arange(len(x))
    return _of(name, model, seed, [rows[:count], rows[-count:]], x, y, None)


def _of(
    name: str, model: Model, seed: int, batches: list[Array], x: Array, y: Array,
    initial: Params | None,
) -> dict[str, Array]:  # fmt: skip
    trained = model.state()
    results: dict[str, Array] = {}
    for number, rows in enumerate(batches):
        state = start(model.net, model.optimizer, seed, name, number, initial)
        rows = clear_rows(model, state, x, rows)
        if len(rows):
            quantities = _probe(model, state, x[rows], y[rows])
            results |= {f"looks/{name}/{number}/{key}": a for key, a in quantities.items()}
            results[f"looks/{name}/{number}/rows"] = rows
    if initial is not None:
        results |= {f"looks/{name}/0/initial_{i}": p for i, p in enumerate(initial)}
    model.restore(trained)
    return results


def clear_rows(model: Model, state: State, x: Array, rows: Array) -> Array:
    """The row numbers of a batch, with those too near a kink replaced; empty if all are too near.

    In a perceptron nothing is rounded, so even a tie is the same in every backend.
    """
    if model.net.loss == "perceptron":
        return rows
    params = [state[f"param_{i}"].astype(model.dtype) for i in range(len(model.net.shapes))]
    eps = float(np.finfo(model.dtype).eps)
    clear = rows[margins(model.net, params, x[rows], eps) > CLEAR]
    return np.resize(clear, len(rows)) if len(clear) else clear


def _probe(model: Model, state: State, x: Array, y: Array) -> dict[str, Array]:
    """The quantities of one step on this batch, in the order in which they depend on each other."""
    model.restore({k: v if k == "step" else v.astype(model.dtype) for k, v in state.items()})
    result = {"x": x, "y": y, "learning_rate": np.array(model.optimizer.learning_rate)}
    result["scores"] = model.forward(x)  # (n, …, n_out)
    result["loss"] = np.array(model.loss(x, y))
    result |= {f"gradient_{i}": g for i, g in enumerate(model.gradients(x, y))}
    result["loss of the step"] = np.array(model.step(x, y))
    after = {k: v for k, v in model.state().items() if not k.endswith("_remainder")}
    return result | {f"after/{name}": array for name, array in after.items()}


def _drawn(rng: np.random.Generator, parameters: Sequence[Parameter]) -> Iterator[Array]:
    """The parameters of a layer, with the variance of initial weights, but never zero.

    A bias and a norm's scale, which start at a constant, vary as the kernel before them does.
    """
    scale = ALONE
    for parameter in parameters:
        if parameter.fans is not None:
            gain = 2.0 if parameter.activation == "relu" else 1.0
            scale = np.sqrt(gain / parameter.fans[0])
        yield parameter.starts_at + scale * rng.normal(size=parameter.shape)


def _state(optimizer: Optimizer, params: Params, slots: list[Params], step: int) -> State:
    state = {f"param_{i}": p for i, p in enumerate(params)}
    for name, slot in zip(optimizer.slots, slots, strict=True):
        state |= {f"{name}_{i}": array for i, array in enumerate(slot)}
    return state | ({"step": np.array(step)} if isinstance(optimizer, Adam) else {})
