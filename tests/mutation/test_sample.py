"""A few mutants each day: another seed draws others, and none may live without an explanation."""

from __future__ import annotations

import random

import pytest

from tests.mutation.by_tests import judge
from tests.mutation.mutants import Mutant, mutants
from tests.mutation.report import judged_as_it_is
from tests.mutation.suites import SUITES, Suite
from tests.mutation.survivors import Killers, as_entry, explained

EACH = 4  # mutants of a suite: some two seconds each


@pytest.mark.parametrize("suite", SUITES, ids=[suite.name for suite in SUITES])
def test_mutants_drawn_today_are_killed(suite: Suite, pytestconfig: pytest.Config) -> None:
    draw = random.Random(f"{pytestconfig.getoption('--seed')} {suite.name}")
    judged = [file for file in suite.files if judged_as_it_is(file)]
    made = mutants(draw.choice(judged or suite.files))
    drawn: list[Mutant] = draw.sample(made, min(EACH, len(made)))
    known = explained()
    outcomes = judge(suite, drawn, 1, Killers(), lambda _: None, measured=False)
    alive = [o.mutant for o in outcomes if o.lives and o.mutant.key not in known]
    assert not alive, "\n\n".join(map(as_entry, alive))
