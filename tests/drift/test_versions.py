"""The catalogue on older versions: they are the oldest that the extras allow."""

from __future__ import annotations

import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.version import Version

from compare.drift.versions import OLDEST, Row
from triptych.backends import BACKENDS

ROOT = Path(__file__).parents[2]
REPORT = ROOT / "docs" / "reports" / "differences_on_versions.md"


def test_the_lower_bounds_of_the_extras_are_the_versions_tried() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
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
    for name, extra in project["optional-dependencies"].items():
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
