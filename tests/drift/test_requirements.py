"""Another version as it is asked for: requirements, and wrong input."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

import compare.drift.__main__  # noqa: F401 - once here, and not in each copy of this process
import kit
from adapters import BACKENDS, environment
from adapters.contract import SettingsError
from compare.drift import environments
from compare.drift.environments import torch_options
from compare.drift.requirements import (
    COMPANIONS,
    Pin,
    conflicting,
    moved,
    normal,
    read_pins,
    rewritten,
)
from course import downloads
from tests.forked import module

LOCK = """\
# Made from pyproject.toml by `make lock`; do not edit.
jax==0.10.2 \\
    --hash=sha256:aa
jaxlib==0.10.2 \\
    --hash=sha256:bb \\
    --hash=sha256:cc
ml-dtypes==0.6.0 \\
    --hash=sha256:dd
colorama==0.4.6 ; sys_platform == 'win32' \\
    --hash=sha256:ee
numpy==2.4.6 \\
    --hash=sha256:ff
"""
# Excerpts of the output of pip 23 to 26.
CONFLICT = """\
ERROR: Cannot install jax==0.9.2 and jaxlib==0.10.2 because these package versions have conflicts.

The conflict is caused by:
    The user requested jaxlib==0.10.2
    jax 0.9.2 depends on jaxlib<=0.9.2 and >=0.9.2
    The user requested (constraint) ml_dtypes==0.6.0
    The user requested elsewhere==1
"""


@pytest.fixture
def pins(tmp_path: Path) -> dict[str, Pin]:
    (tmp_path / "jax.txt").write_text(LOCK, encoding="utf-8")
    return read_pins([tmp_path / "jax.txt"])


def test_only_the_package_changes_at_first(pins: dict[str, Pin]) -> None:
    assert rewritten(pins, "jax", "0.9.2").splitlines() == [
        "jax==0.9.2",
        "jaxlib==0.10.2",
        "ml-dtypes==0.6.0",
        "colorama==0.4.6 ; sys_platform == 'win32'",
        "numpy==2.4.6",
    ]


def test_only_conflicting_packages_are_released(pins: dict[str, Pin]) -> None:
    released = conflicting(CONFLICT, pins, "jax")
    assert released == {"jaxlib", "ml-dtypes"}
    lines = rewritten(pins, "jax", "0.9.2", released).splitlines()
    assert lines == [
        "jax==0.9.2",
        "jaxlib",
        "ml-dtypes",
        "colorama==0.4.6 ; sys_platform == 'win32'",
        "numpy==2.4.6",
    ]


def test_the_package_itself_is_never_released(pins: dict[str, Pin]) -> None:
    log = "    The user requested jax==0.9.2\n    The user requested numpy==2.4.6\n"
    assert conflicting(log, pins, "jax") == {"numpy"}
    assert conflicting("ERROR: no space left on device\n", pins, "jax") == set()


DEPENDS = """\
The conflict is caused by:
    The user requested keras==3.9.2
    tensorflow 2.21.0 depends on keras>=3.12.0
"""


def test_what_depends_on_a_newer_version_of_the_package_is_released() -> None:
    pins = {name: Pin(name, "1") for name in ("keras", "tensorflow", "numpy")}
    assert conflicting(DEPENDS, pins, "keras") == {"tensorflow"}
    both = DEPENDS.replace("keras==3.9.2", "keras==3.9.2\n    The user requested numpy==1")
    assert conflicting(both, pins, "keras") == {"numpy"}
    assert conflicting(both, pins, "keras", {"numpy"}) == {"tensorflow"}


def test_a_changed_package_is_reported_with_both_versions(pins: dict[str, Pin]) -> None:
    installed = {"jax": "0.9.2", "jaxlib": "0.9.2", "numpy": "2.4.6", "toolz": "1.0"}
    installed["ml-dtypes"] = "0.6.0+local"  # another build of the same version
    assert moved(pins, installed, "jax") == {"jaxlib": ("0.10.2", "0.9.2"), "toolz": ("", "1.0")}


def test_a_name_has_one_spelling() -> None:
    assert {normal(name) for name in ("ml_dtypes", "ML-dtypes", "ml.dtypes")} == {"ml-dtypes"}


@pytest.mark.parametrize("backend", BACKENDS)
def test_every_backends_lock_can_be_rewritten(backend: str) -> None:
    package = BACKENDS[backend].packages[0]
    files = [file for file in kit.lock_files(backend) if file.name != COMPANIONS]
    pins = read_pins(files)
    before = [line for file in files for line in file.read_text("utf-8").splitlines()
              if "==" in line]  # fmt: skip
    after = rewritten(pins, package, "0.0.1").splitlines()
    assert package in pins
    assert len(after) == len(before) == len(pins)
    assert after[0] == f"{package}==0.0.1"
    assert not any("--hash" in line or "\\" in line for line in after)
    assert {line.split(" \\")[0] for line in before} - set(after) == {
        f"{package}=={pins[package].version}"
    }


def test_pytorch_comes_with_its_own_companions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TORCH_INDEX", raising=False)
    monkeypatch.setattr(downloads, "pip_settings", lambda *asked: "")
    monkeypatch.setattr(downloads, "has_driver", lambda: True)
    assert torch_options(["jax"], "jax") == []
    assert torch_options(["keras", "torch"], "keras") == ["-c", str(kit.LOCKS / COMPANIONS)]
    assert torch_options(["torch"], "torch") == []  # another PyTorch has others
    monkeypatch.setattr(downloads, "has_driver", lambda: False)
    if sys.platform == "linux":
        assert torch_options(["torch"], "torch") == [f"--extra-index-url={downloads.CPU_BUILDS}"]
    monkeypatch.setenv("TORCH_INDEX", "https://example.org/cpu")
    assert torch_options(["torch"], "torch") == ["--extra-index-url=https://example.org/cpu"]


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
    done = module("compare.drift", arguments, tmp_path, environment.allowed(os.environ))
    (line,) = done.err.splitlines()
    assert (done.status, done.out) == (2, "")
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
