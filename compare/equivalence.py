"""Do two backends reach the same accuracy? Two one-sided t-tests (Schuirmann 1987), paired by seed.

A test that finds no difference has not shown that there is none: with few seeds it never finds one.
So the question is reversed. For each seed, subtract the reference's test accuracy from the
backend's; the mean of these differences is tested. Equivalence is shown if two hypotheses are both
rejected at level `LEVEL`: that the mean is at or below −MARGIN, and that it is at or above +MARGIN.
This holds exactly if the (1 − 2·LEVEL) confidence interval of the mean lies within ±MARGIN.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from adapters.contract import Array
from course.overflow import quietly

LEVEL = 0.05

# As fractions of 1. The accuracy of lesson 4 on one backend has a standard deviation of 0.4 points
# over seeds, and its 2,000 test images alone leave it uncertain by √(p(1 − p)/n) = 0.75: a shift of
# half a point is what another seed or other images cause. A smaller one has no practical meaning.
SPREAD = 0.004
MARGIN = 0.005

# With fewer seeds, two healthy backends might not be shown equivalent. If rounding separated two
# runs of a seed completely, paired differences would spread by √2·SPREAD; the interval's half
# width t·√2·SPREAD/√n falls below the margin at n = 6, and leaves a standard error for the mean
# itself at n = 10. (Runs share their seed's weights and batches: differences spread by less.)
ENOUGH = 10


@dataclass(frozen=True)
class Verdict:
    """Whether equivalence is shown, and how far the mean difference may lie."""

    low: float  # the confidence interval of the mean difference
    high: float
    seeds: int

    @property
    def reach(self) -> float:
        """The end of the interval that is farther from zero."""
        return max(abs(self.low), abs(self.high))

    @property
    def equivalent(self) -> bool:
        """Whether both one-sided hypotheses are rejected."""
        return self.reach <= MARGIN

    @property
    def different(self) -> bool:
        """Whether the whole interval lies beyond the margin, so that more seeds are not needed."""
        return self.low > MARGIN or self.high < -MARGIN

    @property
    def too_few(self) -> bool:
        """Whether nothing is shown, but more seeds might show it."""
        return not self.equivalent and not self.different and self.seeds < ENOUGH


@quietly
def equivalence(ours: Array, theirs: Array) -> Verdict:
    """Judge two backends by their accuracies on the same seeds, both (seeds,), at least two.

    With an accuracy that is not finite nothing is shown.
    """
    from scipy.stats import t  # takes half a second, which a comparison of one seed does not need

    difference = np.asarray(theirs, float) - np.asarray(ours, float)
    n = len(difference)
    mean, error = difference.mean(), difference.std(ddof=1) / np.sqrt(n)
    half = float(t.ppf(1 - LEVEL, n - 1)) * error
    return Verdict(float(mean - half), float(mean + half), n)
