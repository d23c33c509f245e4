"""Idioms of each framework: compile once, run an epoch in one piece, record no needless graph.

They change no number, so no law can detect them, but they determine how fast an epoch is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from adapters.contract import Array
from adapters.laws.cases import ARCHITECTURES, draw
from adapters.laws.comparing import must
from adapters.laws.subject import Subject

LAW = "an adapter uses its framework's idioms"
MANY = 10**6  # batches; no lesson's epoch has as many


def check_idioms(subject: Subject) -> None:
    """Run the check of the backend under test, if there is one."""
    check = CHECKS.get(subject.cls.backend)
    if check is not None:
        check(subject)


def _model(subject: Subject) -> Any:
    return subject.fresh(draw(ARCHITECTURES["line"], subject.dtype, seed=0))


def _tensorflow(subject: Subject) -> None:
    """Each computation is a graph, which is not traced again for every number of rows.

    Each is tried on a new model, because a graph traced by another computation would be reused.
    """
    rng = np.random.default_rng(0)
    calls: dict[str, Callable[[Any, Array, Array], Any]] = {
        "_layers": lambda model, x, y: model.forward(x),
        "_loss": lambda model, x, y: model.loss(x, y),
        "_loss_and_gradients": lambda model, x, y: model.gradients(x, y),
        "_step": lambda model, x, y: model.step(x, y),
        "_epoch": lambda model, x, y: model.epoch(x, y, np.arange(len(x)), 2),
    }
    for name, call in calls.items():
        model = _model(subject)
        for rows in range(1, 8):
            call(model, *(rng.normal(size=(rows, n)).astype(subject.dtype) for n in (4, 1)))
        function = getattr(model, name)
        must(LAW, hasattr(function, "experimental_get_tracing_count"), f"{name} is not a graph")
        traces = function.experimental_get_tracing_count()
        # Once for the first shape, once for any number of rows; epochs once more, for any batch.
        most = 3 if name == "_epoch" else 2
        must(LAW, traces <= most, f"{name} was traced {traces} times for 7 numbers of rows")


def _jax(subject: Subject) -> None:
    """Each function of the module that computes is compiled as a whole."""
    names = subject.cls.derivative.__globals__
    for name in ("layers", "mean_loss", "loss_and_gradients", "step", "steps"):
        must(LAW, hasattr(names[name], "lower"), f"{name} is not compiled by jit")
    x, y = np.ones((11, 4)), np.ones((11, 1))  # a number of rows that no law uses
    model = _model(subject)
    model.loss(x, y)
    model.epoch(x, y, np.arange(11), 11)
    from adapters.parallel.jax_workers import BLOCK, blocks

    for size in (100, BLOCK + 1):  # workers get at most BLOCK rows at once, or one batch
        parts = list(blocks(np.arange(3 * BLOCK), size))
        for rows in parts:
            must(LAW, rows.size <= max(BLOCK, size), f"{rows.size} rows at once, not {BLOCK}")
        must(LAW, sum(rows.size for rows in parts) == 3 * BLOCK, "a block is lost")


def _torch(subject: Subject) -> None:
    """`activations` and `loss` record no graph, because no backward pass follows."""
    model = _model(subject)
    recorded: list[bool] = []
    hook = model.layers[0].register_forward_hook(
        lambda layer, inputs, output: recorded.append(output.requires_grad)
    )
    model.activations(np.ones((2, 4)))
    model.loss(np.ones((2, 4)), np.ones((2, 1)))
    hook.remove()
    must(LAW, recorded == [False, False], "activations or loss record a graph")


def _keras(subject: Subject) -> None:
    """An epoch is one execution, except on PyTorch; only on JAX is it compiled by XLA.

    On TensorFlow batches come from tf.data. `fit` shows the last loss, and the room for all losses
    is reused.
    """
    backend = subject.cls.backend
    model = _model(subject).model
    steps = int(model.steps_per_execution)
    expected = steps == 1 if backend == "keras-torch" else steps > MANY
    must(LAW, expected, f"{steps} steps in an execution")
    must(LAW, model.jit_compile == (backend == "keras-jax"), f"jit_compile={model.jit_compile}")
    rng = np.random.default_rng(0)
    x, y = (rng.normal(size=(5, n)).astype(subject.dtype) for n in (4, 1))
    batches = subject.cls.derivative.__globals__["batched"](x, y, np.arange(5), 2)
    own = type(batches).__module__.startswith("tensorflow")
    must(LAW, own == (backend == "keras"), f"batches come as {type(batches).__name__}")
    model.make_room(3)
    history = model.history_of_losses
    shown = model.fit(batches, shuffle=False, verbose=0).history["loss"]
    must(LAW, shown == [float(model.last_losses(3)[-1])], f"fit shows {shown}")
    model.make_room(3)
    must(LAW, model.history_of_losses is history, "room is made again although it suffices")


CHECKS: dict[str, Callable[[Subject], None]] = {
    "tensorflow": _tensorflow,
    "jax": _jax,
    "torch": _torch,
    "keras": _keras,
    "keras-torch": _keras,
    "keras-jax": _keras,
}
