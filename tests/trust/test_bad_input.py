"""The table of bad input: every case as documented; and the harness can tell when one is not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from course.settings import ROOT
from tests.trust import bad_input
from tests.trust.bad_input import CASES, MEMORY, Outcome, outcome
from tests.trust.files import Case
from tests.waiting import PATIENCE

PAGE = ROOT / "docs" / "reports" / "bad_input.md"


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """All of it in one process, as it would settle this one and limit its memory."""
    folder = tmp_path_factory.mktemp("table")
    done = subprocess.run(
        [sys.executable, "-m", "tests.trust.bad_input", "--json", str(folder / "x.json"),
         "--report", str(folder / "x.md")],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        check=False, timeout=PATIENCE,
    )  # fmt: skip
    assert (folder / "x.json").is_file(), done.stderr
    found: dict[str, Any] = json.loads((folder / "x.json").read_text(encoding="utf-8"))
    return found | {"page": (folder / "x.md").read_text(encoding="utf-8")}


@pytest.mark.parametrize("name", [case.name for case in CASES])
def test_each_case_is_handled_as_documented(name: str, table: dict[str, Any]) -> None:
    (found,) = [Outcome(**one) for one in table["outcomes"] if one["name"] == name]
    assert not found.fault, found


def test_memory_is_bounded(table: dict[str, Any]) -> None:
    assert table["added"] < MEMORY


def test_the_page_is_that_of_this_table(table: dict[str, Any]) -> None:
    """Made anew where cases have changed; words of Python and the system may differ elsewhere."""
    stored = PAGE.read_text(encoding="utf-8")
    assert rows(stored) == rows(table["page"]), (
        "run tests.trust.bad_input --report docs/reports/bad_input.md"
    )
    assert "✗" not in stored


def rows(page: str) -> list[list[str]]:
    """The cases of a page, without what becomes of them."""
    return [line.split(" | ")[:2] for line in page.splitlines() if line.startswith("| ")]


def _raise(error: Exception) -> None:
    raise error


@pytest.mark.parametrize(
    ("case", "fault"),
    [
        (Case("f", "x", lambda _: _raise(KeyError("x")), ("x",)), "raises KeyError"),
        (Case("f", "x", lambda _: None, ("x",)), "is accepted"),
        (Case("f", "x", lambda at: (at / "new").touch()), "changed its folder"),
        (Case("f", "x", lambda _: time.sleep(PATIENCE)), "hangs"),
        (Case("differences", "x", ["adma"], ("never said",)), "does not say"),
        (Case("differences", "x", ["adam_epsilon"], ()), "ends with status"),
    ],
)  # fmt: skip
def test_the_harness_can_fail(
    case: Case, fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if fault == "hangs":
        monkeypatch.setattr(bad_input, "HANGS", 0.2)
    assert fault in outcome(case, tmp_path).fault
