"""CI finds the newest supported Python, wherever it is, and ignores a broken one."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(os.name == "nt", reason="the fake Pythons are shell scripts")

Put = Callable[..., Path]


@pytest.fixture
def search(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, on a machine that only has Python 3.11."""
    spec = importlib.util.spec_from_file_location("newest_python", ROOT / ".ci/newest_python.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setattr(sys, "path", sys.path.copy())
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "RUNNING", "3.11")
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PYENV_ROOT", raising=False)
    return module


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Write a fake Python: a shell script with one line."""

    def put(path: str, script: str) -> Path:
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        file.chmod(0o755)
        return file

    return put


def test_none_is_newer(search: ModuleType, put: Put) -> None:
    assert search.newest() == ""
    put("bin/python3.11", "echo 3.11")
    put("bin/python3.14", "echo 3.14")  # not supported by the backends yet
    assert search.newest() == ""


def test_the_newest_on_the_path(search: ModuleType, put: Put) -> None:
    put("bin/python3.12", "echo 3.12")
    newest = put("bin/python3.13", "echo 3.13")
    assert search.newest() == str(newest)


@pytest.mark.parametrize("home", ["home/.pyenv", "elsewhere"])
def test_a_python_of_pyenv(
    home: str, search: ModuleType, put: Put, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if home == "elsewhere":
        put("bin/pyenv", f"echo {tmp_path / home}")
    put("bin/python3.12", "echo 3.12")
    put("bin/python3.13", "exit 127")  # a shim of pyenv without its Python
    newest = put(f"{home}/versions/3.13.7/bin/python", "echo 3.13")
    assert search.newest() == str(newest)


def test_a_broken_python_is_ignored(search: ModuleType, put: Put) -> None:
    put("bin/python3.13", "echo no module named ensurepip >&2; exit 1")
    older = put("bin/python3.12", "echo 3.12")
    assert search.newest() == str(older)


def test_the_newest_python_does_not_search(
    search: ModuleType, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("bin/python3.13", "echo 3.13")
    monkeypatch.setattr(search, "RUNNING", "3.13")
    assert search.newest() == ""


def test_the_scripts_of_ci_are_valid_and_test_the_newest_python() -> None:
    for name in ("run", "tools"):
        assert subprocess.run(["bash", "-n", ROOT / ".ci" / name], check=False).returncode == 0
    text = (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert "set -euo pipefail" in text
    assert text.index(".ci/tools") < text.index("\nmake test\n") < text.index("newest_python.py")
    assert 'make test BACKEND=numpy PYTHON="$newest"' in text
