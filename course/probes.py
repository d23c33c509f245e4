"""Single steps from shared weights: what two backends can be compared by at every stage.

After each training run the backend looks twice. Look 0 starts where the run did, from the initial
weights with an empty memory, on the first batch. Look 1 starts in the middle of nowhere: weights
and optimizer memory are drawn from the seed and the run's name, and the batch is the last one of
the epoch, which may be a short one. Both starts are the same in every backend and need no other
backend's results, so that records from two machines can be compared.

A hidden unit that is about to change sign would make two healthy backends differ by a whole row, so
such rows are replaced by others of the batch (the batch keeps its size: compiled backends build for
a size). Which rows, NumPy says in float64, from the shared weights.
"""

from __future__ import annotations

import numpy as np

from adapters.contract import Adam, Array, Model, Net, Optimizer, Params, State
from course.error_bounds import bounds
from course.randomness import initial_weights
from course.training import Run

# A row is kept where each unit is this many times its own error bound from its kink. One would do:
# within it no backend can change the sign.
CLEAR = 2

# Look 1 pretends to be at this step of an Adam run: late enough for both moments to have a history,
# early enough for both bias corrections to show.
STEP = 7

# The size of a gradient that the drawn memory remembers; the lessons' own are 0.001 to 0.1.
GRADIENT = 0.01

# A perceptron is looked at on this many rows, or on the largest power of two that there are: then
# the mean over the rows is exact, like everything else in it.
PERCEPTRON_ROWS = 64


def start(
    net: Net, optimizer: Optimizer, seed: int, run: str, probe: int, initial: Params | None = None
) -> State:
    """The state, in float64, that this look of a run starts from: the same for every backend.

    initial: where look 0 starts, if not at the course's own initial weights.
    """
    if probe == 0:
        params = initial_weights(net, seed) if initial is None else initial
        slots = [[np.zeros(shape) for shape in net.shapes] for _ in optimizer.slots]
        return _state(optimizer, params, slots, 0)
    rng = np.random.default_rng([seed, *run.encode()])
    if net.loss == "perceptron":  # sixteenths: no sum or product of them is ever rounded
        params = [rng.integers(-128, 129, shape) / 16 for shape in net.shapes]
    else:
        params = []
        for layer in net.layers:  # as wide as initial weights, but never zero
            scale = np.sqrt((2.0 if layer.activation == "relu" else 1.0) / layer.n_in)
            params += [scale * rng.normal(size=(layer.n_in, layer.n_out))]
            params += [scale * rng.normal(size=layer.n_out)]
    slots = [[] for _ in optimizer.slots]
    for shape in net.shapes:
        gradient = GRADIENT * rng.normal(size=shape)
        if isinstance(optimizer, Adam):  # what STEP gradients like this one would have left
            first, second = (1 - beta**STEP for beta in (optimizer.beta_1, optimizer.beta_2))
            spread = GRADIENT * rng.normal(size=shape)
            slots[0].append(first * gradient)
            slots[1].append(second * (gradient**2 + spread**2))
        elif slots:
            slots[0].append(gradient)
    return _state(optimizer, params, slots, STEP)


def of_run(run: Run, model: Model) -> dict[str, Array]:
    """What both looks at a finished training run saw, under `looks/<run>/<look>/<what>`.

    model: the run's own, or another of its network and optimizer; it is left as it was.
    """
    own = initial_weights(run.net, run.seed)
    usual = all(np.array_equal(a, b) for a, b in zip(own, run.initial, strict=True))
    order = run.order(0)
    short = len(order) % run.batch_size or min(run.batch_size, len(order))
    batches = [order[: run.batch_size], order[-short:]]
    return _of(run.name, model, run.seed, batches, run.x, run.y, None if usual else run.initial)


def of_rows(name: str, model: Model, seed: int, x: Array, y: Array) -> dict[str, Array]:
    """The same for a perceptron that a lesson trained by itself, on rows x (n, n_in) and y."""
    count = 1 << (min(len(x), PERCEPTRON_ROWS).bit_length() - 1)
    rows = np.arange(len(x))
    return _of(name, model, seed, [rows[:count], rows[-count:]], x, y, None)


def _of(
    name: str, model: Model, seed: int, batches: list[Array], x: Array, y: Array,
    initial: Params | None,
) -> dict[str, Array]:  # fmt: skip
    trained = model.state()
    found: dict[str, Array] = {}
    for number, rows in enumerate(batches):
        state = start(model.net, model.optimizer, seed, name, number, initial)
        rows = clear_rows(model, state, x, y, rows)
        if len(rows):
            saw = _look(model, state, x[rows], y[rows])
            found |= {f"looks/{name}/{number}/{what}": array for what, array in saw.items()}
            found[f"looks/{name}/{number}/rows"] = rows
    if initial is not None:
        found |= {f"looks/{name}/0/initial_{i}": p for i, p in enumerate(initial)}
    model.restore(trained)
    return found


def clear_rows(model: Model, state: State, x: Array, y: Array, rows: Array) -> Array:
    """The row numbers of a batch, those too near a kink replaced by others; none if all are.

    In a perceptron nothing is rounded, so even a tie is the same in every backend.
    """
    if model.net.loss == "perceptron":
        return rows
    params = [state[f"param_{i}"].astype(model.dtype) for i in range(len(model.net.shapes))]
    eps = float(np.finfo(model.dtype).eps)
    clear = rows[bounds(model.net, params, x[rows], y[rows], eps).margins > CLEAR]
    return np.resize(clear, len(rows)) if len(clear) else clear


def _look(model: Model, state: State, x: Array, y: Array) -> dict[str, Array]:
    """Every stage of one step on this batch, in the order in which a step depends on them."""
    model.restore({k: v if k == "step" else v.astype(model.dtype) for k, v in state.items()})
    saw = {"x": x, "y": y, "learning_rate": np.array(model.optimizer.learning_rate)}
    saw["scores"] = model.forward(x)  # (n, n_out)
    saw["loss"] = np.array(model.loss(x, y))
    saw |= {f"gradient_{i}": g for i, g in enumerate(model.gradients(x, y))}
    saw["loss of the step"] = np.array(model.step(x, y))
    after = {k: v for k, v in model.state().items() if not k.endswith("_remainder")}
    return saw | {f"after/{name}": array for name, array in after.items()}


def _state(optimizer: Optimizer, params: Params, slots: list[Params], step: int) -> State:
    state = {f"param_{i}": p for i, p in enumerate(params)}
    for name, slot in zip(optimizer.slots, slots, strict=True):
        state |= {f"{name}_{i}": array for i, array in enumerate(slot)}
    return state | ({"step": np.array(step)} if isinstance(optimizer, Adam) else {})
