"""The implementations of an epoch that are timed in the process of a backend.

backend     `epoch` of the adapter
program     the lesson's native program in the backend's framework
products    the matrix products alone
sklearn     the lesson's native program in scikit-learn, in NumPy's process
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import numpy as np

from adapters import BACKENDS, load
from adapters.contract import Array, TriptychError
from benchmarks.matmul_limit import products
from benchmarks.native_program import Program
from benchmarks.problem import DTYPE, Problem, data_file, read
from compare.native.programs import file_of


class DifferentWork(TriptychError):
    """An adapter and a native program do not compute the same, so their times mean nothing."""


class Implementation(Protocol):
    """Anything with an epoch."""

    def epoch(self) -> Any: ...


class Backend:
    """An adapter's model on a problem."""

    def __init__(self, backend: str, threads: int, problem: Problem) -> None:
        cls = load(backend, dtype=DTYPE, device="cpu", threads=threads)
        self.problem, self.orders = problem, iter(problem.orders)
        self.model = cls(problem.net, problem.params, problem.optimizer)

    def epoch(self) -> Array:
        """Make the next epoch; the loss of every step."""
        p = self.problem
        return self.model.epoch(p.x, p.y, next(self.orders), p.batch_size)


def framework_of(backend: str, who: str = "program") -> str:
    """The framework of the native program that stands beside a backend."""
    return BACKENDS[backend].packages[0] if who == "program" else who


def implementation(
    who: str, backend: str, threads: int, lesson: int, folder: Path
) -> Implementation:
    """Create one; the backend's settings (threads, float32) hold for all in its process.

    folder: with the files of `problem.write`. Raises DifferentWork before a program is timed.
    """
    load(backend, dtype=DTYPE, device="cpu", threads=threads)
    file = data_file(folder, lesson, "timed")
    if who == "backend":
        return Backend(backend, threads, read(file))
    if who == "products":
        return products(backend, read(file))
    framework = framework_of(backend, who)
    shares = used_budget(backend, threads, lesson, framework, data_file(folder, lesson, "short"))
    if not all(share <= 1 for share in shares.values()):  # NaN is none
        raise DifferentWork(
            f"lesson {lesson}: {backend} and {framework}'s native program do not end the same: "
            + ", ".join(f"{what} {share:.3g} of the budget" for what, share in shares.items())
        )
    return Program(file_of(lesson, framework), file)


# A unit near zero, or two places of a window that are nearly as large, may be told apart otherwise
# after rounding in float32 (FLIP in compare/budgets.py), and a few weights then learn from another
# picture. In ten steps of lesson 7 four of 1,152 were seen at 2.5 times their budget, the losses at
# a tenth of theirs; a learning rate that is 0.1 % too large is refused all the same (tests/speed).
FLIPPED = 5


def used_budget(
    backend: str, threads: int, lesson: int, framework: str, data: Path
) -> dict[str, float]:
    """The share of the lesson's budget that an adapter and a program differ by after an epoch."""
    from compare.budgets import budget_of_net
    from compare.findings import kink_of
    from compare.native.programs import OF_EPOCHS, result
    from compare.native.witness import of_epochs

    problem = read(data)
    ours, program = Backend(backend, threads, problem), Program(file_of(lesson, framework), data)
    losses = ours.epoch()
    budget = budget_of_net(problem.net, len(losses), DTYPE)
    allowed = budget.for_losses(losses)
    if framework in OF_EPOCHS:
        losses, allowed = (
            of_epochs(a, len(problem.x), problem.batch_size) for a in (losses, allowed)
        )
    program.epoch()
    left = result(framework, program.finish())
    weights = [
        np.abs(ours_w - left[f"weight_{i}"]).max() / budget.for_weights(ours_w)
        for i, ours_w in enumerate(ours.model.params())
    ]
    most = FLIPPED if kink_of(problem.net.layers) else 1
    gaps = np.abs(left["losses"] - losses) / allowed
    return {"losses": float(gaps.max()), "weights": float(np.max(weights)) / most}
