"""Without a browser the page's tests are skipped with a message, or fail where required."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from course.settings import ROOT
from tests.__main__ import not_run
from tests.browser import NO_BROWSER, REQUIRED


@pytest.mark.parametrize(("required", "status", "how"), [("", 0, "SKIPPED"), ("required", 1, "")])
def test_a_missing_browser_is_loud(required: str, status: int, how: str) -> None:
    test = "tests/page/test_page_in_browser.py::test_by_keyboard_alone"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", test],
        cwd=ROOT, env=os.environ | {"PATH": os.devnull, REQUIRED: required},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == status, done.stdout + done.stderr
    assert NO_BROWSER in done.stdout
    assert not_run(done.stdout) == ([f"tests NOT RUN (1): {NO_BROWSER}"] if how else [])
