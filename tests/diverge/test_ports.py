"""Ports with the mistakes of public reports: located, and accused of nothing that they do not do.

The seed draws two of the cheap ones; the slow test takes all, as docs/reports/diagnosis.md does.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.diverge.ports.cases import CASES, HERE, Case, L
from tests.diverge.ports.outcomes import outcomes

DRAWN = 2
QUICK = [case for case in CASES if not case.setting.isdigit()]  # small networks, no lesson to run
LOCATED, KNOWN = 0.95, 0.75  # of the faulty ports from reports
FEWEST, READ = 40, 60  # such ports, and reports in the log


def check(cases: list[Case], folder: Path) -> None:
    for outcome in outcomes(cases, folder):
        assert outcome.is_good, outcome


def test_drawn_ports_are_located_and_none_is_accused_falsely(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    check(random.Random(request.config.getoption("--seed")).sample(QUICK, DRAWN), tmp_path)


def test_the_log_names_every_report_that_a_port_is_made_of() -> None:
    log = (HERE / "reports.md").read_text(encoding="utf-8")
    reported = [case for case in CASES if case.report]
    assert len(reported) >= FEWEST
    assert log.count("\n| [") >= READ
    assert [case.report for case in reported if case.report not in log] == []


@pytest.mark.slow
def test_targets_that_broadcast_are_the_only_thing_that_is_found(tmp_path: Path) -> None:
    """Behind it NumPy was accused: for 1.9e-27 where a sum of terms of size one cancels."""
    (case,) = [case for case in CASES if (case.file, case.name) == (L, "SqueezedTarget")]
    (outcome,) = outcomes([case], tmp_path)
    assert outcome.names == ("targets_broadcast",)
    assert outcome.unknown == ()


@pytest.mark.slow
def test_all_ports(tmp_path: Path) -> None:
    found = list(outcomes(CASES, tmp_path))
    assert [o for o in found if not o.is_good] == []
    reported = [o for o in found if o.case.report]
    assert sum(o.located for o in reported) >= LOCATED * len(reported)
    known = sum(o.outcome in ("proved", "likely", "harmless") for o in reported)
    assert known >= KNOWN * len(reported)
