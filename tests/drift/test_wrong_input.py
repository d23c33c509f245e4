"""Wrong input of drift is one line with the alternatives, before anything is built."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from adapters import environment
from adapters.contract import SettingsError
from compare.drift import environments
from tests.waiting import PATIENCE

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--version=1.0"], "Missing option '--backend'"),
        (["--backend=numpy"], "Missing option '--version'"),
        (["--backend=kears", "--version=1.0"], "unknown backend 'kears': did you mean keras?"),
        (["--backend=numpy", "--version=1.0; touch x"], "'1.0; touch x' is not a version"),
        (["--backend=numpy", "--version=--pre"], "'--pre' is not a version"),
        (["--backend=numpy", "--version=1.0", "--lessons=1 9"], "unknown lesson '9'"),
        (["--backend=numpy", "--version=1.0", "--lessons="], "it names no lesson"),
        (["--backend=numpy", "--version=1.0", "--epochs=0"], "--epochs"),
        (["--backend=numpy", "--version=1.0", "--dtype=half"], "unknown dtype 'half'"),
    ],
)
def test_invalid_arguments_are_one_line(arguments: list[str], words: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "compare.drift", *arguments], cwd=tmp_path,
        env=environment.allowed(os.environ) | {"PYTHONPATH": str(ROOT)},
        text=True, capture_output=True, check=False, timeout=PATIENCE,
    )  # fmt: skip
    (line,) = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (2, "")
    assert line.startswith("error: ")
    assert words in line
    assert not list(tmp_path.iterdir())


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> None:
    """An index that knows 25 versions, and one more for another Python."""

    def known(package: str, *options: str) -> list[str]:
        return [*(f"2.{minor}" for minor in reversed(range(25))), *(["1.0"] if options else [])]

    monkeypatch.setattr(environments, "known_versions", known)


def test_a_version_that_pip_knows_is_accepted(index: None) -> None:
    environments.check_version("keras", "2.7")


def test_an_unknown_version_lists_the_known_ones(index: None) -> None:
    words = r"pip finds no keras 9\.9 .*: choose one of 2\.24, 2\.23, .* or one of 5 older ones"
    with pytest.raises(SettingsError, match=words):
        environments.check_version("keras", "9.9")


def test_a_version_for_another_python_is_reported(index: None) -> None:
    message = r"keras 1\.0 does not support Python 3\.\d+: choose one of"
    with pytest.raises(SettingsError, match=message):
        environments.check_version("keras", "1.0")


def test_without_an_index_the_installation_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environments, "known_versions", lambda package, *options: [])
    environments.check_version("keras", "9.9")
