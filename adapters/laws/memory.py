"""Laws of memory: a model keeps nothing but its state, and shares no array with its caller."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from adapters.contract import Array, Model, Params
from adapters.laws.cases import Case, draw
from adapters.laws.comparing import all_equal, equal, must
from adapters.laws.subject import Subject, everything
from adapters.laws.training import check_losses, roundings_of_epoch

Results = tuple[list[Array], float, Params]  # activations, loss, gradients


def law_starts_from_its_weights(subject: Subject, case: Case) -> None:
    """A new model has the given weights and empty slots, and shares neither with other models."""
    law = "a new model starts from the given weights"
    model = subject.model(case)
    before = model.state()
    arrays = [2 * p for p in case.params]
    fresh = subject.make(case.net, arrays, case.optimizer)
    all_equal(law, "parameter", fresh.params(), [2 * p for p in case.params])
    start = fresh.state()
    for name, slot in start.items():
        must(law, name.startswith("param") or not slot.any(), f"its {name} is not zero")
    all_equal(f"{law}, and leaves other models alone", "state", model.state(), before)
    model.step(case.x, case.y)
    all_equal(f"{law}, also when another makes a step", "state", fresh.state(), start)
    for array in arrays:
        array[...] = 7
    all_equal(f"{law}, also when they are overwritten", "state", fresh.state(), start)
    fresh.assign(case.params)
    unchanged = all((array == 7).all() for array in arrays)
    must(law, unchanged, "assign changes the arrays that the model was made of")


def law_reading_changes_nothing(subject: Subject, case: Case) -> None:
    """Reading leaves weights and slots as they are, and does not change the next step."""
    law = "reading changes nothing"
    model = subject.model(case)
    before = model.state()
    loss = model.step(case.x, case.y)
    want = model.state()
    model = subject.model(case)
    for _ in range(2):
        everything(model, case.x, case.y)
        model.forward(case.x)
        model.params()
        all_equal(law, "state", model.state(), before)
    equal(law, "the next step's loss", model.step(case.x, case.y), loss)
    all_equal(law, "after the next step, state", model.state(), want)


def law_nothing_remembered(subject: Subject, case: Case) -> None:
    """After restoring a state, results are the same to the bit, whatever was computed before."""
    law = "nothing is remembered but the state"
    model = subject.model(case)
    before = model.state()
    first = everything(model, case.x, case.y)
    model.gradients(case.x[:1], case.y[:1])
    model.step(case.x[:1], case.y[:1])
    model.epoch(case.x, case.y, case.order, case.batch_size)
    model.restore(before)
    again = everything(model, case.x, case.y)
    _same_results(law, again, first)


def law_copies_out(subject: Subject, case: Case) -> None:
    """Returned arrays belong to the caller: they can be overwritten, and do not change later."""
    law = "returned arrays are copies"
    model = subject.model(case)
    calls: dict[str, Callable[[], list[Array]]] = {
        "params": model.params,
        "activations": lambda: model.activations(case.x),
        "forward": lambda: [model.forward(case.x)],
        "gradients": lambda: model.gradients(case.x, case.y),
        "state": lambda: list(model.state().values()),
    }
    for name, call in calls.items():
        arrays = call()
        copies = [array.copy() for array in arrays]
        model.step(case.x, case.y)
        call()
        all_equal(law, f"after a step, result of {name}", arrays, copies)
        model.restore(case.state)
        for array in arrays:
            must(law, array.flags.writeable, f"the result of {name} is read-only")
            array[...] = 7
        all_equal(law, f"after overwriting its result, {name}", call(), copies)
    losses = model.epoch(case.x, case.y, case.order, case.batch_size)
    must(law, losses.flags.writeable, "the losses of an epoch are read-only")


def law_copies_in(subject: Subject, case: Case) -> None:
    """Arguments are not changed, and not read again after the call."""
    law = "arguments are neither kept nor changed"
    model = subject.model(case)
    want, after = everything(model, case.x, case.y), case.batch_size
    params, state = [p.copy() for p in case.params], {k: v.copy() for k, v in case.state.items()}
    x, y, order = case.x.copy(), case.y.copy(), case.order.copy()
    model.assign(params)
    model.restore(state)
    everything(model, x, y)
    model.step(x, y)
    model.epoch(x, y, order, after)
    all_equal(law, "parameter", params, case.params)
    all_equal(law, "state", state, case.state)
    all_equal(law, "x, y, order", [x, y, order], [case.x, case.y, case.order])
    model.assign(params)
    model.restore(state)
    for array in (*params, *state.values()):
        array[...] = 7
    got = everything(model, case.x, case.y)
    all_equal(law, "after overwriting the assigned arrays, activation", got[0], want[0])
    equal(law, "after overwriting the assigned arrays, loss", got[1], want[1])


def law_new_numbers(subject: Subject, case: Case) -> None:
    """Every method reads an array's current numbers, even if it was called with it before."""
    law = "other numbers in the same arrays are other data"
    other = draw((case.net, case.optimizer), case.dtype, case.seed + 1, len(case.x))
    model = subject.model(case)
    want = everything(model, other.x, other.y), model.step(other.x, other.y)
    x, y = case.x.copy(), case.y.copy()
    model.restore(case.state)
    everything(model, x, y)
    model.step(x, y)
    x[...], y[...] = other.x, other.y
    model.restore(case.state)
    got = everything(model, x, y), model.step(x, y)
    _same_results(law, got[0], want[0])
    equal(law, "a step's loss", got[1], want[1])


def law_any_layout(subject: Subject, case: Case) -> None:
    """Strides, byte order, alignment, flags and wider types of arguments change no number."""
    law = "the layout of an array changes no number"
    model = subject.model(case)
    want = everything(model, case.x, case.y)
    loss = model.step(case.x, case.y)
    state = model.state()
    for name, form in FORMS.items():
        made = {k: form(v) for k, v in case.state.items()}
        x, y = form(case.x), form(case.y)
        model.restore(made)
        got = everything(model, x, y)
        _same_results(law, got, want, f"{name}: ")
        equal(law, f"{name}: a step's loss", model.step(x, y), loss)
        all_equal(law, f"{name}: after a step, state", model.state(), state)
        model.epoch(x, y, form(case.order), case.batch_size)


def _unaligned(a: Array) -> Array:
    shifted = np.ndarray(a.shape, a.dtype, buffer=bytearray(a.nbytes + 1), offset=1)
    shifted[...] = a
    return shifted


def _read_only(a: Array) -> Array:
    copy = a.copy()
    copy.flags.writeable = False
    return copy


# The same numbers in other layouts.
FORMS: dict[str, Callable[[Array], Array]] = {
    "every second row": lambda a: np.repeat(a, 2, 0)[::2] if a.ndim else a,
    "reversed and back": lambda a: a[::-1].copy()[::-1] if a.ndim else a,
    "Fortran order": lambda a: a.copy(order="F"),
    "the other byte order": lambda a: a.astype(a.dtype.newbyteorder()),
    "unaligned": _unaligned,
    "read-only": _read_only,
    "64 bits": lambda a: a.astype(np.float64) if a.dtype.kind == "f" else a.astype(np.uint64),
}


def law_whole_numbers(subject: Subject, case: Case) -> None:
    """Inputs, weights and float labels may be integers, and an embedding's inputs of any size."""
    law = "integers are accepted as numbers"
    params = [np.round(3 * p) for p in case.params]
    x = case.x if case.net.reads_indices else np.round(3 * case.x)
    y = case.y if case.net.loss == "softmax" else np.round(case.y)
    model = subject.model(case)
    model.assign(params)
    want = everything(model, x, y)
    model.assign([p.astype(np.int32) for p in params])
    got = everything(model, x.astype(np.int8), y.astype(np.int16))
    _same_results(law, got, want)


def law_dtypes(subject: Subject, case: Case) -> None:
    """Every returned array has the run's dtype, the step count int64, and every loss is a float."""
    law = "everything returned has the run's dtype"
    model = subject.model(case)
    activations, loss, gradients = everything(model, case.x, case.y)
    first = model.step(case.x, case.y)
    must(law, type(loss) is float and type(first) is float, "a loss is not a Python float")
    losses = model.epoch(case.x, case.y, case.order, case.batch_size)
    batches = -(-len(case.order) // case.batch_size)
    must(law, losses.shape == (batches,), f"{losses.shape} losses for {batches} batches")
    arrays = [*activations, *gradients, *model.params(), losses]
    arrays += [v for k, v in model.state().items() if k != "step"]
    for array in arrays:
        must(law, array.dtype == subject.dtype, f"an array of {array.dtype} in {subject.dtype}")
    state = model.state()
    integer = "step" not in state or state["step"].dtype == np.int64
    must(law, integer, "the step count is not int64")


def law_same_twice(subject: Subject, case: Case) -> None:
    """Two new models compute the same bits from the same data, and start with empty slots."""
    law = "the same run twice gives the same bits"
    runs: list[tuple[Model, Array]] = []
    for _ in range(2):
        model = subject.fresh(case)
        runs.append((model, model.epoch(case.x, case.y, case.order, case.batch_size)))
    equal(law, "losses", runs[0][1], runs[1][1])
    all_equal(law, "state", runs[0][0].state(), runs[1][0].state())
    zeros = {k: v if k.startswith("param") else 0 * v for k, v in case.state.items()}
    model = subject.model(replace(case, state=zeros))
    # This model has met other shapes, for which TensorFlow may have made another graph.
    within = roundings_of_epoch(subject, case) * subject.eps
    losses = model.epoch(case.x, case.y, case.order, case.batch_size)
    check_losses(law, "losses from an empty memory", losses, list(runs[0][1]), within)


def _same_results(law: str, got: Results, want: Results, when: str = "") -> None:
    """What `everything` returns, twice, is the same to the bit; when: the start of a message."""
    all_equal(law, f"{when}activation", got[0], want[0])
    equal(law, f"{when}loss", got[1], want[1])
    all_equal(law, f"{when}gradient", got[2], want[2])
