"""The one table of tolerances: each a formula of machine epsilon, with its reason beside it.

ε is the spacing of the floating-point numbers at 1, so one rounding errs by at most ε/2. Budgets of
a single computation are not here but in `course/error_bounds.py`, which follows its roundings.
"""

from __future__ import annotations

import numpy as np

from compare.optimizer_bounds import UPDATE
from course.error_bounds import LIBRARY_CALL

__all__ = [
    "CLEAR_OF_KINKS", "COMPILED_EPOCH", "EXACT_CONSTANT", "LIBRARY_CALL", "UPDATE",
    "epsilon", "nudge",
]  # fmt: skip

# Keeping clear of a kink: a pre-activation this many times its own rounding error from zero cannot
# change sign between two backends, nor within the few steps that a law makes.
CLEAR_OF_KINKS = 1000

# Constants and elementary operations that pass through a framework untouched: one rounding each
# way, and a mean or product of a few terms; far below the 1e-8 of what passed through float32.
EXACT_CONSTANT = 4

# An epoch that is compiled in one piece may sum in another order than its steps. Of ten steps, each
# rounds sums of five rows and moves weights by less than their size: 8 ε of the largest number were
# the worst of 84 draws by TensorFlow's XLA, in float32 and float64 alike.
COMPILED_EPOCH = 64


def epsilon(dtype: str) -> float:
    """The spacing of the numbers of this type at 1."""
    return float(np.finfo(dtype).eps)


def nudge(dtype: str) -> float:
    """The step h of a central difference: ε^(1/3) balances truncation h² and round-off ε/h."""
    return epsilon(dtype) ** (1 / 3)
