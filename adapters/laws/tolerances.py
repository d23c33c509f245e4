"""The table of tolerances: each is a formula of machine epsilon, with its reason.

ε is the spacing of the floating-point numbers at 1, so one rounding errs by at most ε/2. Budgets of
a single computation are in `adapters/laws/error_bounds.py`, which analyses its roundings.
"""

from __future__ import annotations

import numpy as np

from adapters.contract import Array
from adapters.laws.error_bounds import LIBRARY_CALL
from adapters.laws.optimizer_bounds import UPDATE

__all__ = [
    "CLEAR_OF_KINKS", "COMPILED_EPOCH", "EXACT_CONSTANT", "LIBRARY_CALL", "UPDATE",
    "epsilon", "long_epoch", "nudge",
]  # fmt: skip

# A pre-activation this many times its own rounding error from zero cannot change sign between two
# backends, nor within the few steps that a law makes.
CLEAR_OF_KINKS = 1000

# Constants and elementary operations in a framework: one rounding each way, and a mean or product
# of a few terms; far below the 1e-8 of a value that was rounded to float32.
EXACT_CONSTANT = 4

# An epoch that is compiled as a whole may sum in another order than its steps. It has ten steps,
# each of which rounds sums of five rows and moves weights by less than their size. The worst of 84
# draws with TensorFlow's XLA was 8 ε of the largest number, in float32 and in float64.
COMPILED_EPOCH = 64


# How far the losses of a hundred steps may be from the reference's, in ε. Over 500 steps the worst
# healthy pair was 15 ε of the first loss in float64, and rounding grows between √t and t. In
# float32 the worst was 5 ε on losses near 1, and part of the error stays while the loss falls, so
# part of the budget is absolute. `compare/budgets.py` allows lesson 3 as much.
LONG_EPOCH_64 = 4500  # of the loss, or of the first one where that is larger
LONG_EPOCH_32 = (17, 42)  # absolute, and of the step's own loss


def long_epoch(dtype: str, losses: Array) -> Array:
    """The budget of each loss of a long epoch, (steps,), from the reference's losses."""
    size = np.abs(losses)
    if dtype == "float64":
        return LONG_EPOCH_64 * epsilon(dtype) * np.maximum(size, size[0])
    absolute, relative = LONG_EPOCH_32
    return epsilon(dtype) * (absolute + relative * size)


def epsilon(dtype: str) -> float:
    """The spacing of the numbers of this type at 1."""
    return float(np.finfo(dtype).eps)


def nudge(dtype: str) -> float:
    """The step h of a central difference: ε^(1/3) balances truncation h² and round-off ε/h."""
    return epsilon(dtype) ** (1 / 3)
