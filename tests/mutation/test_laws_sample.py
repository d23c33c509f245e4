"""A few mutants of the backend under test each day, tried on its laws in this process."""

from __future__ import annotations

import random

import pytest

from adapters.laws.subject import Subject
from tests.mutation.backend import judge, reopened, trials
from tests.mutation.mutants import mutants
from tests.mutation.report import judged_as_it_is
from tests.mutation.suites import BACKENDS
from tests.mutation.survivors import Killers, as_entry, explained

# Mutants of each file: those of a backend that compiles take seconds each.
EACH = {"numpy": 4, "torch": 4}
LIMIT = 60.0  # seconds of processor time for one mutant


def test_mutants_drawn_today_break_a_law(subject: Subject, pytestconfig: pytest.Config) -> None:
    backend = subject.cls.backend
    draw = random.Random(f"{pytestconfig.getoption('--seed')} {backend}")
    files = [file for file, runs in BACKENDS.items() if runs[0] == (backend, subject.dtype)]
    files = [file for file in files if judged_as_it_is(file)]  # what lives of others is not known
    known, killers = explained(), Killers()
    everything = trials(backend, subject.dtype)
    alive = []
    for file in files:
        made = [mutant for mutant in mutants(file) if mutant.key not in known]
        for mutant in draw.sample(made, min(EACH.get(backend, 2), len(made))):
            first = [name for name in killers.first(mutant) if name in everything]
            order = [*first, *(name for name in everything if name not in first)]
            job = {"file": file, "source": mutant.source, "order": order, "limit": LIMIT}
            with reopened(subject.cls):
                if judge(subject.cls, job, everything)["status"] == "survived":
                    alive.append(mutant)
    assert not alive, "\n\n".join(map(as_entry, alive))
