"""Fixtures: `python -m compare.check_adapter` as a user runs it, on copies of the two examples."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

import compare.check_adapter.__main__  # noqa: F401 - once here, and not in each copy
from adapters import environment
from tests.forked import module

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs" / "your_backend"


@dataclass
class CheckResult:
    """The exit status and the output of a check."""

    status: int
    out: str
    err: str

    @property
    def paragraphs(self) -> dict[str, str]:
        """The paragraph of each law that fails, by its first line."""
        parts = re.split(r"^✗ ", self.out, flags=re.MULTILINE)[1:]
        return {part.splitlines()[0]: part for part in parts}

    @property
    def laws(self) -> set[str]:
        """The names of the laws that fail."""
        return set(re.findall(r"^  law (\w+), ", self.out, re.MULTILINE))

    @property
    def error(self) -> str:
        """The one line of an error."""
        assert (self.status, self.out) == (2, "")
        (line,) = self.err.splitlines()
        return line


@pytest.fixture
def check(tmp_path: Path) -> Callable[..., CheckResult]:
    """Run the command; the cwd is not the checkout's, so that nothing depends on it."""

    def check(*arguments: object) -> CheckResult:
        allowed = environment.allowed(os.environ)
        done = module("compare.check_adapter", [*map(str, arguments)], tmp_path, allowed)
        return CheckResult(done.status, done.out, done.err)

    return check


@pytest.fixture
def solution(tmp_path: Path) -> Callable[..., Path]:
    """A copy of the worked example, with one text replaced in one of its files."""

    def solution(old: str = "", new: str = "", file: str = "solution.py") -> Path:
        for name in ("solution.py", "pebble.py"):
            shutil.copy(EXAMPLES / name, tmp_path)
        source = (tmp_path / file).read_text(encoding="utf-8")
        assert not old or source.count(old) == 1, f"{old!r} occurs {source.count(old)} times"
        (tmp_path / file).write_text(source.replace(old, new) if old else source, encoding="utf-8")
        return tmp_path / "solution.py"

    return solution
