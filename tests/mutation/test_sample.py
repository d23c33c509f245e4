"""A few mutants, drawn by the seed: each must die, be explained, or be a known survivor."""

from __future__ import annotations

import random

import pytest

from tests.mutation.by_tests import unmeasured
from tests.mutation.mutants import Mutant, mutants
from tests.mutation.report import judged_as_it_is, lived
from tests.mutation.suites import SUITES, Suite
from tests.mutation.survivors import Killers, as_entry, explained
from tests.mutation.workers import Worker

EACH = 1  # mutant of a suite: some two seconds, and of the marks' some ten
# What lives of a file that has changed, or was never judged, is not known.
KNOWN = {suite: [file for file in suite.files if judged_as_it_is(file)] for suite in SUITES}
DRAWN_FROM = [suite for suite in SUITES if KNOWN[suite]]


@pytest.mark.parametrize("suite", DRAWN_FROM, ids=[suite.name for suite in DRAWN_FROM])
def test_mutants_drawn_by_the_seed_are_killed(
    suite: Suite, pytestconfig: pytest.Config, worker: Worker
) -> None:
    draw = random.Random(f"{pytestconfig.getoption('--seed')} {suite.name}")
    known = {*explained(), *lived()}
    made = [mutant for mutant in mutants(draw.choice(KNOWN[suite])) if mutant.key not in known]
    drawn: list[Mutant] = draw.sample(made, min(EACH, len(made)))
    killers = Killers()
    outcomes = [unmeasured(worker, mutant, killers.first(mutant), suite.tests) for mutant in drawn]
    alive = [outcome.mutant for outcome in outcomes if outcome.lives]
    assert not alive, "\n\n".join(map(as_entry, alive))
