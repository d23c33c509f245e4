"""The report on two runs of NumPy, one changed on purpose; the versions are those of the extras."""

from __future__ import annotations

import json
import sys
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from compare.comparison import Outcome
from compare.drift.comparison import compare
from compare.drift.defaults import changed
from compare.drift.report import changed_entries, changes, report, stages
from compare.drift.running import EnvironmentResult, RunPlan, reason, run_in_environment
from compare.drift.versions import OLDEST, Row, both_ran
from course.record import SEALED, Staging, read_record
from triptych.backends import BACKENDS
from triptych.differences.reading import read_all
from triptych.differences.values import format_value

TRIP = RunPlan("numpy", "float64", seed=0, epochs=1, lessons=(2,))


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> EnvironmentResult:
    """Lesson 2 on the locked NumPy, run as drift runs it."""
    ours = run_in_environment(
        Path(sys.executable), "numpy 2", TRIP, tmp_path_factory.mktemp("locked")
    )
    assert ours.refused == ""
    assert ours.lessons[2].status == "complete", ours.lessons[2].reason
    return ours


def changed_run(
    locked: EnvironmentResult, folder: Path, tensor: str, by: float
) -> EnvironmentResult:
    """The same run with the first number of a tensor changed."""
    source = locked.lessons[2].folder
    assert source is not None
    arrays, card = read_record(source)
    arrays[tensor] = arrays[tensor].copy()
    arrays[tensor].flat[0] += by
    staging = Staging(str(folder), 2)
    staging.write(arrays, card)
    outcome = Outcome("numpy 1", "complete", folder=staging.publish("changed", complete=True))
    return EnvironmentResult("numpy 1", defaults=dict(locked.defaults), lessons={2: outcome})


def test_the_same_run_has_changed_nothing(locked: EnvironmentResult, tmp_path: Path) -> None:
    other = changed_run(locked, tmp_path, "three/losses", 0.0)
    lessons = compare(locked, other, TRIP)
    assert changes("", changed(locked.defaults, other.defaults), lessons, {}) == []
    lines = stages(lessons[0].outcomes[0])
    assert lines
    assert all(line.endswith("the same, bit for bit") for line in lines), lines


def test_a_rounding_is_reported_and_is_no_change(locked: EnvironmentResult, tmp_path: Path) -> None:
    lessons = compare(locked, changed_run(locked, tmp_path, "three/losses", 1e-14), TRIP)
    assert changes("", {}, lessons, {}) == []
    (line,) = [line for line in stages(lessons[0].outcomes[0]) if "three/losses" in line]
    assert "✗" not in line
    assert "≤" in line


@pytest.mark.parametrize(
    ("tensor", "by"), [("three/losses", 1e-6), ("six/param_0", 1e-6), ("six/param_1", np.nan)]
)
def test_an_injected_change_is_located(
    tensor: str, by: float, locked: EnvironmentResult, tmp_path: Path
) -> None:
    lessons = compare(locked, changed_run(locked, tmp_path, tensor, by), TRIP)
    (what,) = changes("", {}, lessons, {})
    assert what.startswith("lesson 2 first differs at trajectory: ")
    assert tensor in what
    text = report("title", "", {}, {}, lessons, {})
    assert f"✗ trajectory: {tensor}" in text


def test_other_data_are_the_first_stage_that_differs(
    locked: EnvironmentResult, tmp_path: Path
) -> None:
    other = changed_run(locked, tmp_path, "three/losses", 1.0)
    folder = other.lessons[2].folder
    assert folder is not None
    card = read_record(folder)[1]
    card["hashes"]["data"] = "0" * 64
    card = {key: value for key, value in card.items() if key not in SEALED}
    (folder / "card.json").write_text(json.dumps(card), encoding="utf-8")
    (what,) = changes("", {}, compare(locked, other, TRIP), {})
    assert what.startswith("lesson 2 first differs at data: ")


def test_a_changed_default_is_reported_with_both_values() -> None:
    ours = {"adam": {"epsilon": 1e-7, "beta_1": 0.9}, "shuffle": True, "gone": [1, 2]}
    theirs = {"adam": {"epsilon": 1e-8, "beta_1": 0.9}, "shuffle": True, "new": None}
    found = changed(ours, theirs)
    assert found == {
        "adam.epsilon": (1e-7, 1e-8),
        "gone": ([1, 2], "(not there)"),
        "new": ("(not there)", None),
    }
    assert changes("", found, [], {}) == ["3 defaults changed"]
    text = report("title", "", {"jaxlib": ("2", "1")}, found, [], {})
    assert "✗ adam.epsilon: 1e-07 → 1e-08" in text
    assert "jaxlib 2 → 1" in text
    assert changed(ours, ours) == {}


def test_a_change_in_the_catalogue_is_reported_with_both_values(locked: EnvironmentResult) -> None:
    entries, ours = read_all(), locked.catalogue
    assert changed_entries(entries, ours, ours) == {}
    old = ours["adam_epsilon"]["default"]
    moved = {"default": old / 2, "matched": ours["adam_epsilon"]["matched"] * (1 + 1e-4)}
    theirs = ours | {"adam_epsilon": moved, "hinge_labels": {"broken": "ImportError: gone"}}
    found = changed_entries(entries, ours, theirs)
    assert found["adam_epsilon.default"] == (format_value(old), format_value(old / 2))
    assert found["hinge_labels.default"] == ("1", "ImportError: gone")
    assert list(found) == [f"{entry}.{function}" for entry in ("hinge_labels", "adam_epsilon")
                           for function in ("default", "matched")]  # fmt: skip
    assert changes("", {}, [], found) == ["the catalogue changed: hinge_labels, adam_epsilon"]
    text = report("title", "", {}, {}, [], found)
    assert f"✗ adam_epsilon.default: {format_value(old)} → {format_value(old / 2)}" in text
    assert "none changed" in report("title", "", {}, {}, [], {})


def test_a_rounding_in_the_catalogue_is_no_change(locked: EnvironmentResult) -> None:
    old = locked.catalogue["adam_epsilon"]["default"]
    theirs = locked.catalogue | {
        "adam_epsilon": locked.catalogue["adam_epsilon"] | {"default": old * (1 + 1e-9)}
    }
    assert changed_entries(read_all(), locked.catalogue, theirs) == {}


def test_a_package_that_is_absent_there_is_no_change(locked: EnvironmentResult) -> None:
    theirs = locked.catalogue | {"adam_epsilon": {"missing": ["optax"]}}
    assert changed_entries(read_all(), locked.catalogue, theirs) == {}
    assert both_ran(locked.catalogue, theirs) == len(locked.catalogue) - 1
    assert both_ran(theirs, locked.catalogue) == len(locked.catalogue) - 1


def test_a_catalogue_that_cannot_be_run_is_a_finding() -> None:
    assert changes("", {}, [], "ImportError: no") == ["the catalogue cannot be run"]
    assert "✗ cannot be run: ImportError: no" in report("t", "", {}, {}, [], "ImportError: no")


def test_a_lesson_that_fails_there_is_a_finding(locked: EnvironmentResult) -> None:
    there = EnvironmentResult(
        "numpy 1", lessons={2: Outcome("numpy 1", "failed", "ValueError: no")}
    )
    lessons = compare(locked, there, TRIP)
    assert changes("", {}, lessons, {}) == ["lesson 2 failed"]
    assert "✗ failed: ValueError: no" in report("title", "", {}, {}, lessons, {})


def test_an_adapter_that_cannot_be_imported_is_a_finding(
    locked: EnvironmentResult, tmp_path: Path
) -> None:
    gone = run_in_environment(
        Path(sys.executable), "x 1", replace(TRIP, backend="nothing"), tmp_path
    )
    assert gone.refused.startswith("adapters.errors.UnknownBackend: unknown backend 'nothing'")
    lessons = compare(locked, gone, TRIP)
    assert changes(gone.refused, {}, lessons, {}) == ["the adapter cannot be imported"]
    assert "unknown backend" in report("title", gone.refused, {}, {}, lessons, {})


def test_a_comparison_of_versions_is_json(locked: EnvironmentResult, tmp_path: Path) -> None:
    lessons = compare(locked, changed_run(locked, tmp_path, "three/losses", 1.0), TRIP)
    lessons[0].write(tmp_path / "lesson2.json")
    written = json.loads((tmp_path / "lesson2.json").read_text(encoding="utf-8"))
    (outcome,) = written["outcomes"]
    over = {(f["run"], f["tensor"]) for f in outcome["findings"] if f["gap"] > f["budget"]}
    assert (written["reference"], outcome["backend"]) == ("numpy 2", "numpy 1")
    assert ("three", "losses") in over
    assert {run for run, _ in over} == {"three"}


@pytest.mark.parametrize(
    ("stderr", "expected"),
    [
        ("Traceback:\n  File x\nValueError: wrong\n", "ValueError: wrong"),
        (
            "a.b.OpError: Graph error:\n\n  in node\nindices[0] = [1]\n",
            "a.b.OpError: Graph error: in node indices[0] = [1]",
        ),
        ("chatter\nerror: choose another\n", "error: choose another"),
        ("only words\nSegmentation fault\n", "Segmentation fault"),
        ("", ""),
    ],
)
def test_the_reason_of_a_failure_is_its_exception(stderr: str, expected: str) -> None:
    assert reason(stderr) == expected


def test_a_long_failure_is_cut_in_its_middle() -> None:
    text = reason(f"ValueError: {'x' * 5000} end")
    assert len(text) < 310
    assert text.startswith("ValueError: x")
    assert text.endswith("x end")


def test_the_plan_is_stated() -> None:
    assert str(TRIP) == "lesson 2, 1 epoch, float64, seed 0"
    more = replace(TRIP, lessons=(1, 3), epochs=4, dtype="float32")
    assert str(more) == "lessons 1 3, 4 epochs, float32, seed 0"


ROOT = Path(__file__).parents[2]
REPORT = ROOT / "docs" / "reports" / "differences_on_versions.md"


def of_backends(project: dict[str, Any]) -> dict[str, list[str]]:
    """The extras that are backends; `port` is what the port checker needs."""
    extras = project["optional-dependencies"]
    return {name: extra for name, extra in extras.items() if name != "port"}


def test_the_lower_bounds_of_the_extras_are_the_versions_tried() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = of_backends(project)
    tried = {
        package.name: Version(str(package.specifier).removeprefix("=="))
        for packages in OLDEST
        for package in map(Requirement, packages)
    }
    named = [project["dependencies"][0], *(text for extra in extras.values() for text in extra)]
    for requirement in map(Requirement, named):
        (bound,) = requirement.specifier
        assert (bound.operator, Version(bound.version)) == (">=", tried[requirement.name])
    assert extras.keys() | {"numpy"} == BACKENDS.keys()


def test_every_extra_installs_what_its_backend_needs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for name, extra in of_backends(project).items():
        assert tuple(Requirement(text).name for text in extra) == BACKENDS[name].packages


def test_the_report_has_a_row_for_every_backend_but_torch() -> None:
    text = REPORT.read_text(encoding="utf-8")
    rows = [line.split(" | ")[0].strip("| ") for line in text.splitlines() if line.startswith("| ")]
    assert rows[1:] == [backend for backend in BACKENDS if backend != "torch"]


def test_a_row_counts_entries_and_lists_values() -> None:
    changed = {"gelu.default": ("1", "2"), "gelu.matched": ("1", "3"), "elu.default": ("0", "1")}
    row = Row("jax", "jax 2", "jax 1", 10, changed)
    assert str(row) == "| jax | jax 2 | jax 1 | 10 | 8 |"
    assert row.changes[0] == "- jax, `gelu.default`: 1 → 2"
