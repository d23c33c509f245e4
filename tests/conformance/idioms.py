"""What each framework does in its own way: compile once, an epoch in one piece, no needless tape.

None of it changes a number, so no law sees it; it is why an epoch takes the time that it takes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.comparing import must
from tests.conformance.cases import ARCHITECTURES, draw
from tests.conformance.subject import Subject

LAW = "a framework works in its own way"
MANY = 10**6  # batches; no lesson's epoch has as many


def in_its_own_way(subject: Subject) -> None:
    """The engine's own check, if it has one."""
    check = CHECKS.get(subject.cls.backend)
    if check is not None:
        check(subject)


def _model(subject: Subject) -> Any:
    return subject.fresh(draw(ARCHITECTURES["line"], subject.dtype, seed=0))


def _tensorflow(subject: Subject) -> None:
    """Each computation is a graph, which does not follow every new number of rows."""
    model = _model(subject)
    rng = np.random.default_rng(0)
    for rows in range(1, 8):
        x, y = (rng.normal(size=(rows, n)).astype(subject.dtype) for n in (4, 1))
        model.forward(x)
        model.gradients(x, y)
        model.loss(x, y)
        model.step(x, y)
        model.epoch(x, y, np.arange(rows), 2)
    for name in ("_layers", "_loss", "_loss_and_gradients", "_step", "_epoch"):
        function = getattr(model, name)
        must(LAW, hasattr(function, "experimental_get_tracing_count"), f"{name} is no graph")
        traces = function.experimental_get_tracing_count()
        must(LAW, traces <= 4, f"{name} was traced {traces} times for 7 numbers of rows")


def _jax(subject: Subject) -> None:
    """Each function of the module that computes is compiled as a whole."""
    names = subject.cls.derivative.__globals__
    for name in ("layers", "mean_loss", "loss_and_gradients", "step", "steps"):
        must(LAW, hasattr(names[name], "lower"), f"{name} is not compiled by jit")


def _torch(subject: Subject) -> None:
    """Looking records nothing for a backward pass that never comes."""
    model = _model(subject)
    seen: list[bool] = []
    hook = model.layers[0].register_forward_hook(
        lambda layer, given, out: seen.append(out.requires_grad)
    )
    model.activations(np.ones((2, 4)))
    model.loss(np.ones((2, 4)), np.ones((2, 1)))
    hook.remove()
    must(LAW, seen == [False, False], "activations or loss keep a graph")


def _keras(subject: Subject) -> None:
    """An epoch is one execution, but on PyTorch, where Keras has none."""
    found = int(_model(subject).model.steps_per_execution)
    want = found == 1 if subject.cls.backend == "keras-torch" else found > MANY
    must(LAW, want, f"{found} steps in an execution")


CHECKS: dict[str, Callable[[Subject], None]] = {
    "tensorflow": _tensorflow,
    "jax": _jax,
    "torch": _torch,
    "keras": _keras,
    "keras-torch": _keras,
    "keras-jax": _keras,
}
