"""Laws of the rows: each counts once and with its own label, in batches as large as a lesson's.

The inputs are the rows of the identity matrix, so that each row has its own input and its own row
of the kernel. The update of that row of the kernel, its mark, depends on no other row. It is
compared with the reference's, and a difference shows how the row was counted.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from adapters.contract import SGD, Array, Dense, Model, Net
from adapters.laws.cases import ARCHITECTURES, Case, draw
from adapters.laws.comparing import all_close, all_equal, close, must
from adapters.laws.error_bounds import bounds
from adapters.laws.optimizer_bounds import Entry, updated
from adapters.laws.subject import Subject

ROWS = 1000  # as in a batch of lesson 2
BATCH = 128  # seven batches of 128 and one of 104
CLASSES = 150  # more than a signed byte holds; few enough for TensorFlow not to compile the epoch
MANY = 10_000  # as many rows as a lesson passes to `forward` at once
NAMED = 3  # of the rows that differ
ALIKE = 1e-2  # relative to a mark's length: far above rounding, far below another label's effect


def marked(dtype: str) -> Case:
    """A network and a batch in which each row has its own input, and every class occurs."""
    net, rng = Net((Dense(ROWS, CLASSES),), "softmax"), np.random.default_rng(ROWS)
    kernel = rng.normal(0, 0.1, net.shapes[0]).astype(dtype)
    state = {"param_0": kernel, "param_1": np.zeros(net.n_out, dtype)}
    y, order = rng.permutation(ROWS) % CLASSES, rng.permutation(ROWS)
    return Case(net, SGD(1.0), state, np.eye(ROWS, dtype=dtype), y, order, BATCH, 0)


def law_rows_count(subject: Subject) -> None:
    """Every row of a batch counts once, with its own label, in batches as large as a lesson's."""
    law, case = "every row of a batch counts", marked(subject.dtype)
    model, other = subject.model(case), subject.reference(case)
    model.step(case.x, case.y)
    start = case.params[0].astype(float)
    after, budget = step_of(case, other, case.x, case.y)["param_0"]
    moved = start - model.params()[0]
    check_marks(law, f"step on {ROWS:,} rows", moved, start - after, budget, case)


def law_rows_count_in_epoch(subject: Subject) -> None:
    """Every row of an epoch counts once, with its own label, and in a smaller last batch too.

    The loss of a row is convex, and its slope changes by at most ½·(x² + 1²) = 1 times the way that
    its weights go. So no step of rate 1 makes the distance of two runs longer, and what the steps
    err by adds up. A row meets its own weights untouched: its mark feels the biases' part of that
    distance, by at most ½ over the rows of its batch; and the loss by the length √2 of its slope.
    """
    law, case = "every row of an epoch counts", marked(subject.dtype)
    arrays = (case.x.copy(), case.y.copy(), case.order.copy())
    model, other = subject.model(case), subject.reference(case)
    losses = model.epoch(*arrays, BATCH)
    all_equal(law, "of the arguments, number", arrays, [case.x, case.y, case.order])
    apart, budgets = 0.0, np.zeros(case.params[0].shape)
    wanted: list[tuple[float, float]] = []  # the loss of each batch, and its budget
    for first in range(0, ROWS, BATCH):
        rows = case.order[first : first + BATCH]
        x, y = case.x[rows], case.y[rows]
        rounding = bounds(case.net, other.params(), x, y, subject.eps).loss
        (_, kernel), (_, bias) = step_of(case, other, x, y).values()
        budgets[rows] = kernel[rows] + apart / (2 * len(rows))
        budget = 2 * rounding + 2**0.5 * apart
        wanted.append((other.step(x, y), budget))
        apart += float(np.hypot(np.linalg.norm(kernel), np.linalg.norm(bias)))
    start = case.params[0].astype(float)
    moved, want = start - model.params()[0], start - other.params()[0]
    check_marks(law, f"epoch in batches of {BATCH}", moved, want, budgets, case)
    close(law, "loss of batch", losses.astype(float), *map(np.array, zip(*wanted, strict=True)))


def law_large_batch(subject: Subject) -> None:
    """Loss, gradients and update are means over as many rows as a lesson's batch has."""
    law = f"a batch of {ROWS:,} rows is their mean"
    for name in ("perceptron", "line", "logistic", "softmax"):  # each loss
        few = draw(ARCHITECTURES[name], subject.dtype, seed=0, rows=8)
        again = np.arange(ROWS) % len(few.x)  # rows that are clear of every kink
        case = replace(few, x=few.x[again], y=few.y[again])
        model, other = subject.model(case), subject.reference(case)
        loss, within = other.loss(case.x, case.y), 2 * case.bounds.loss
        gradients, budgets = other.gradients(case.x, case.y), case.bounds.gradients
        close(law, f"{name}: loss", model.loss(case.x, case.y), loss, within)
        all_close(law, f"{name}: gradient", model.gradients(case.x, case.y), gradients,
                  [2 * budget for budget in budgets])  # fmt: skip
        close(law, f"{name}: loss of a step", model.step(case.x, case.y), loss, within)
        after = model.state()
        for key, (value, budget) in step_of(case, other, case.x, case.y).items():
            close(law, f"{name}: after a step, {key}", after[key].astype(float), value, budget)


def step_of(case: Case, other: Model, x: Array, y: Array) -> dict[str, Entry]:
    """The state after the next step on this batch, each entry with a backend's error bound."""
    eps = float(np.finfo(case.dtype).eps)
    errors = [2 * bound for bound in bounds(case.net, other.params(), x, y, eps).gradients]
    return updated(case.optimizer, other.state(), other.gradients(x, y), errors, eps)


def check_marks(law: str, what: str, got: Array, want: Array, budget: Array, case: Case) -> None:
    """Assert that each row's mark is within its budget; marks are the rows of (rows, n_out)."""
    gap = np.nan_to_num(np.abs(got - want), nan=np.inf)
    if (gap <= budget).all():
        return
    # A row that counts wrongly moves the bias, and with it a little of every later mark.
    lengths, size = np.linalg.norm(gap, axis=1), np.linalg.norm(want, axis=1)
    large = lengths > ALIKE * size
    wrong = np.flatnonzero(large if large.any() else (gap > budget).any(1))
    named = ", ".join(map(str, wrong[:NAMED])) + (", …" if len(wrong) > NAMED else "")
    batches = np.unique(np.argsort(case.order)[wrong] // BATCH)
    together = what.startswith("epoch") and len(batches) == 1
    where = f"; all are in batch {batches[0] + 1} of {-(-ROWS // BATCH)}" if together else ""
    row = int(wrong[0])
    raise AssertionError(
        f"{law}: {what}: row {row} {explain(got[row], want[row], case, row)}; in all, "
        f"{len(wrong):,} of {ROWS:,} rows do not count as they should: {named}{where}"
    )


def explain(got: Array, want: Array, case: Case, row: int) -> str:
    """How a row was counted, by its mark (n_out,)."""
    size = float(np.linalg.norm(want))
    if not np.isfinite(got).all():
        return "has an update that is not finite"
    if np.linalg.norm(got - want) <= ALIKE * size:
        return "counts with its label, but not in its batch or not by the weights of that moment"
    if np.linalg.norm(got) <= ALIKE * size:
        return "is left out"
    times = float(got @ want) / size**2
    if np.linalg.norm(got - times * want) <= ALIKE * size * abs(times):
        rest = ROWS % BATCH / BATCH
        known = np.isclose(times, [rest, 1 / rest], ALIKE).any()
        return f"counts {times:.3g} times" + (", as in a batch of another size" if known else "")
    label = int(np.argmin(got))
    if label != case.y[row]:
        return f"counts as one of class {label}, and its label is {case.y[row]}"
    return "counts with its label, but not by its scores"


def law_many_rows(subject: Subject) -> None:
    """A row's scores do not depend on the number of rows in the call."""
    net, rng = Net((Dense(3, 2),), "softmax"), np.random.default_rng(1)
    kernel, bias = (rng.normal(size=shape).astype(subject.dtype) for shape in net.shapes)
    x = rng.normal(size=(MANY, 3)).astype(subject.dtype)
    budget = bounds(net, [kernel, bias], x, np.zeros(MANY, int), subject.eps).activations[-1]
    got = subject.cls(net, [kernel, bias], SGD(0.5, 0.9)).forward(x).astype(float)
    law, want = "a row's scores are its own", x.astype(float) @ kernel + bias
    must(law, got.shape == want.shape, f"the scores of {MANY:,} rows have shape {got.shape}")
    wrong = np.flatnonzero(~(np.abs(got - want) <= budget).all(1))
    first = wrong[0] if len(wrong) else 0
    must(law, not len(wrong), f"of {MANY:,} rows, {len(wrong):,} have others; the first is row "
         f"{first} with {got[first]}, and by itself it has {want[first]}")  # fmt: skip
