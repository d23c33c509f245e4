"""A backend's lock with another version of one package: the requirements and the released pins."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import kit
from adapters import BACKENDS
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
