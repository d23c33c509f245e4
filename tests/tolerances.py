"""The table of tolerances: each is a formula of machine epsilon, with its reason.

ε is the spacing of the floating-point numbers at 1, so one rounding errs by at most ε/2. Budgets of
a single computation are in `course/error_bounds.py`, which analyses its roundings.
"""

from __future__ import annotations

import numpy as np

from compare.optimizer_bounds import UPDATE
from course.error_bounds import LIBRARY_CALL

__all__ = [
    "CLEAR_OF_KINKS", "COMPILED_EPOCH", "EXACT_CONSTANT", "LIBRARY_CALL", "UPDATE",
    "epsilon", "nudge",
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


def epsilon(dtype: str) -> float:
    """The spacing of the numbers of this type at 1."""
    return float(np.finfo(dtype).eps)


def nudge(dtype: str) -> float:
    """The step h of a central difference: ε^(1/3) balances truncation h² and round-off ε/h."""
    return epsilon(dtype) ** (1 / 3)
