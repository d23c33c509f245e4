"""The outputs of a comparison: JSON, JUnit XML, a table and text."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from compare import junit
from compare.comparison import STAGES, Comparison, Finding, Noise, Outcome
from compare.summary import complaints
from compare.terminal import show

GOOD = Finding("gradient", "softmax", "probe 1/gradient_0", 1e-9, 1e-6, "[3, 2]", None)
OVER = Finding("update", "softmax", "probe 1/velocity_0", 1e-3, 1e-6, "[0, 1]", None)
LATE = Finding("trajectory", "softmax", "losses", float("inf"), 1e-12, "", 7)


def comparison(**findings: list[Finding]) -> Comparison:
    """The reference, backends with these findings, one that failed, and one that was not run."""
    outcomes = [Outcome("numpy", "complete", folder=Path("results/numpy"))]
    outcomes += [Outcome(n.replace("_", "-"), "complete", findings=f) for n, f in findings.items()]
    outcomes += [
        Outcome("jax", "failed", "ValueError: [bold]\x1b[31m<&\x00"),
        Outcome("pytensor", "not run", "pytensor is not installed"),
    ]
    return Comparison(3, "float64", 0, "numpy", outcomes)


def printed(what: Comparison) -> str:
    screen = Console(file=StringIO(), width=130)
    show(screen, what)
    return screen.file.getvalue()  # type: ignore[attr-defined]


def test_json_comes_back_as_it_went(tmp_path: Path) -> None:
    ours = comparison(torch=[GOOD, LATE], keras=[replace(OVER, seed=4)])
    ours.noise, ours.largest = [Noise("numpy twice", 0.0, 0.0, None)], Noise("x", 1.0, 2.0, 0.5)
    ours.outcomes[1].notes.append("a note")
    ours.write(tmp_path / "c.json")
    assert Comparison.read(tmp_path / "c.json") == ours
    strict = json.loads((tmp_path / "c.json").read_text(), parse_constant=pytest.fail)
    assert strict["outcomes"][1]["findings"][1]["gap"] == "inf"


def test_junit_has_a_case_for_each_backend_and_stage(tmp_path: Path) -> None:
    junit.write([comparison(torch=[GOOD], keras=[GOOD, OVER])], tmp_path / "j.xml")
    (suite,) = ET.parse(tmp_path / "j.xml").getroot()
    cases = {(c.get("classname"), c.get("name")): c for c in suite}
    assert len(cases) == len(suite) == 5 * len(STAGES)
    counted = {name: int(suite.get(name)) for name in ("tests", "failures", "errors", "skipped")}

    def tags(backend: str, stage: str) -> set[str]:
        return {child.tag for child in cases[f"lesson3.{backend}", stage]}

    assert tags("torch", "gradient") == {"system-out"}
    assert tags("keras", "update") == {"failure"}
    assert "probe 1/velocity_0[0, 1]" in cases["lesson3.keras", "update"].find("failure").text
    for stage in STAGES:
        assert tags("jax", stage) == {"error"}
        assert tags("pytensor", stage) == {"skipped"}  # never passed
        assert tags("numpy", stage) == {"skipped"}
    assert tags("torch", "forward") == {"skipped"}  # not judged is not passed either
    passed = sum(not {c.tag for c in case} - {"system-out"} for case in suite)
    assert passed == 2
    assert counted == {"tests": 45, "failures": 1, "errors": 9, "skipped": 45 - 1 - 9 - 2}


def test_not_run_and_failed_are_not_agreement() -> None:
    alone = Comparison(3, "float64", 0, "numpy", [Outcome("numpy", "complete")])
    assert alone.agrees
    alone.outcomes.append(Outcome("jax", "not run", "jax is not installed"))
    assert alone.agrees
    assert not alone.outcomes[1].agrees
    alone.outcomes.append(Outcome("torch", "failed", "crash"))
    assert not alone.agrees


def test_the_table_is_complete() -> None:
    text = printed(comparison(torch=[GOOD], keras=[OVER, LATE]))
    for words in ("reference", "not run", "failed", "1e-09", "≤ 1e-06", "> 1e-06"):
        assert words in text
    assert "keras first differs from numpy at update: softmax/probe 1/velocity_0[0, 1]" in text
    assert "[bold]" in text  # of an error message, as it was said
    keras = text[text.index("keras") :]
    assert "kernels: tensorflow" in keras


def test_a_gap_just_over_its_budget_is_shown_to_be() -> None:
    finding = Finding("loss", "softmax", "losses", 1 + 2**-40, 1.0)
    assert "gap 1.0000000000009095e+00 > 1.0000000000000000e+00" in str(finding)


def test_the_first_stage_is_named_and_not_the_largest_gap() -> None:
    (line, *_) = complaints(comparison(torch=[LATE, OVER]))
    assert line.startswith("torch first differs from numpy at update:")


@pytest.mark.parametrize(
    ("findings", "words"),
    [
        ({"torch": [OVER], "tensorflow": [OVER]}, "suspect numpy itself"),
        ({"torch": [OVER], "tensorflow": [GOOD]}, None),
        ({"torch": [OVER], "tensorflow": [LATE]}, None),
        ({"torch": [OVER], "tensorflow": [OVER], "keras": [GOOD]}, "suspect numpy itself"),
        ({"torch": [OVER], "keras_torch": [OVER]}, "a second backend would tell"),
        ({"torch": [GOOD]}, None),
    ],
)
def test_which_side_is_suspected(findings: dict[str, list[Finding]], words: str | None) -> None:
    """If all independent backends differ at the same place, it is the reference."""
    words_of_suspicion = ("suspect", "tell")
    lines = [
        line
        for line in complaints(comparison(**findings))
        if any(word in line for word in words_of_suspicion)
    ]
    assert lines == [] if words is None else words in lines[0]
