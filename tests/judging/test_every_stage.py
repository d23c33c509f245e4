"""Every verdict reports a gap over its budget, at whichever stage."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from io import StringIO
from itertools import combinations
from pathlib import Path

import pytest
from rich.console import Console

from compare import junit
from compare.cli import AGREE, OVER, finish
from compare.comparison import STAGES, Comparison, Finding, Outcome
from compare.drift.report import changes, stages
from compare.page.tables import stage_table, where_table
from compare.summary import complaints
from compare.terminal import show


def finding(stage: str, gap: float = 1.0) -> Finding:
    """A finding with half of the budget, or the given gap."""
    return Finding(stage, "softmax", f"what {stage} is of", gap, 2.0)


def comparison(*over: str, backend: str = "torch") -> Comparison:
    """A backend within every budget but those of these stages, and another one that agrees."""
    findings = [finding(stage, 3.0 if stage in over else 1.0) for stage in STAGES]
    judged = [Outcome(backend, "complete", findings=findings)]
    judged.append(Outcome("jax", "complete", findings=[finding(stage) for stage in STAGES]))
    return Comparison(3, "float64", 0, "numpy", [Outcome("numpy", "complete"), *judged])


def printed(what: Comparison) -> str:
    screen = Console(file=StringIO(), width=160)
    show(screen, what)
    return screen.file.getvalue()  # type: ignore[attr-defined]


def test_where_every_stage_holds_all_agree(tmp_path: Path) -> None:
    """The control of the tests below."""
    ours = comparison()
    assert ours.agrees
    assert complaints(ours) == []
    assert finish([ours], tmp_path / "j.xml", None) == AGREE
    assert not list(ET.parse(tmp_path / "j.xml").getroot().iter("failure"))
    assert [line.state for line in stage_table(ours)] == ["reference", "agrees", "agrees"]
    assert changes("", {}, [Comparison(3, "float64", 0, "x", ours.outcomes[1:])], {}) == []
    assert "over: " not in printed(ours)


@pytest.mark.parametrize("stage", STAGES)
def test_one_stage_over_its_budget_is_a_verdict(stage: str, tmp_path: Path) -> None:
    ours = comparison(stage)
    _, torch, jax = ours.outcomes
    assert (torch.agrees, jax.agrees, ours.agrees) == (False, True, False)
    first, worst = torch.first_over(), torch.worst(stage)
    assert first is worst
    assert worst == finding(stage, 3.0)
    for other in STAGES:
        worst = torch.worst(other)
        assert worst is not None
        assert worst.holds == (other != stage)
    (line,) = complaints(ours)
    assert line.startswith(f"torch first differs from numpy at {stage}: softmax/what {stage} is of")
    assert line in printed(ours)
    assert finish([comparison(), ours], tmp_path / "j.xml", tmp_path / "j.json") == OVER
    assert finish([ours, comparison()], None, None) == OVER
    junit.write([ours], tmp_path / "j.xml")
    cases = [c for c in ET.parse(tmp_path / "j.xml").getroot().iter("testcase")
             if c.find("failure") is not None]  # fmt: skip
    assert [(c.get("classname"), c.get("name")) for c in cases] == [("lesson3.torch", stage)]


@pytest.mark.parametrize("stage", STAGES)
def test_one_stage_over_its_budget_is_on_the_page(stage: str) -> None:
    ours = comparison(stage)
    _, torch, jax = stage_table(ours)
    assert (torch.state, jax.state) == ("parts", "agrees")
    states = {name: entry.state for name, entry in zip(STAGES, torch.entries, strict=True)}
    assert states == {name: "over" if name == stage else "holds" for name in STAGES}
    assert [(backend, f.stage) for backend, f, *_ in where_table(ours)] == [
        (backend, name) for backend in ("torch", "jax") for name in STAGES
    ]


@pytest.mark.parametrize("stage", STAGES)
def test_one_stage_over_its_budget_is_a_change_of_a_version(stage: str) -> None:
    torch = comparison(stage).outcomes[1]
    (line,) = changes("", {}, [Comparison(3, "float64", 0, "locked", [torch])], {})
    assert line.startswith(f"lesson 3 first differs at {stage}: ")
    marked = [line for line in stages(torch) if line.startswith("✗")]
    assert len(marked) == 1
    assert marked[0].startswith(f"✗ {stage}: ")


@pytest.mark.parametrize(("early", "late"), list(combinations(STAGES, 2)))
def test_of_two_stages_the_earlier_is_named(early: str, late: str) -> None:
    torch = comparison(late, early).outcomes[1]
    torch.findings.reverse()
    first = torch.first_over()
    assert first is not None
    assert first.stage == early


def test_each_backend_is_judged_by_its_own_findings() -> None:
    """Not by those of the first one, or of the last."""
    for backend in ("tensorflow", "torch"):
        ours = comparison("update", backend=backend)
        for outcomes in (ours.outcomes, [ours.outcomes[0], *reversed(ours.outcomes[1:])]):
            lines = complaints(Comparison(3, "float64", 0, "numpy", outcomes))
            assert [line.split()[0] for line in lines] == [backend]
