"""uv gets the lock as its preference, and its error is one line."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from compare.drift import environments, resolving
from compare.drift.requirements import Pin
from course.settings import ROOT

PINS = {"jax": Pin("jax", "0.10.2"), "jaxlib": Pin("jaxlib", "0.10.2"), "six": Pin("six", "1.17")}
PROBLEM = """\
  × No solution found when resolving dependencies:
  ╰─▶ Because keras==3.2.1 depends on
      numpy<2, it cannot be used.
"""


def ended(status: int, output: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.CompletedProcess([], status, output)


def test_the_lock_is_preferred_and_only_the_package_is_fixed(tmp_path: Path) -> None:
    commands: list[list[str]] = []

    def call(command: list[str]) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        return ended(0)

    options = ["--extra-index-url=https://example.org/cpu", "-c", "companions.txt"]
    python = tmp_path / "python"
    assert resolving.install(python, tmp_path, PINS, "jax", "0.9.2", options, call) == ""
    wanted = (tmp_path / "requirements.in").read_text("utf-8").splitlines()
    preferred = (tmp_path / "requirements.txt").read_text("utf-8").splitlines()
    assert wanted == ["jax==0.9.2", "jaxlib", "six"]
    assert preferred == ["jaxlib==0.10.2", "six==1.17"]
    compiled, installed = commands
    assert compiled[-3:] == options
    assert f"--output-file={tmp_path / 'requirements.txt'}" in compiled
    assert f"--directory={ROOT}" in compiled, "for its overrides, wherever the caller stands"
    assert "--no-deps" in installed
    assert options[0] in installed
    assert "-c" not in installed


def test_what_a_version_does_not_declare_is_fixed(tmp_path: Path) -> None:
    def call(command: list[str]) -> subprocess.CompletedProcess[str]:
        return ended(0)

    resolving.install(tmp_path / "python", tmp_path, PINS, "jax", "0.9.2", [], call, ["six"])
    wanted = (tmp_path / "requirements.in").read_text("utf-8").splitlines()
    assert wanted == ["jax==0.9.2", "jaxlib", "six==1.17"]


def test_a_conflict_is_one_line_and_nothing_is_left(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "jax-0.9.2"
    folder.mkdir()
    monkeypatch.setattr(environments, "call", lambda command: ended(1, PROBLEM))
    monkeypatch.setattr(resolving, "has_uv", lambda: True)
    message = (
        "jax 0.9.2 cannot be installed: No solution found when resolving dependencies: "
        "Because keras==3.2.1 depends on numpy<2, it cannot be used."
    )
    with pytest.raises(environments.BuildError) as error:
        environments.install(folder / "python", folder, PINS, "jax", "0.9.2", {})
    assert str(error.value) == message
    assert not folder.exists()


def test_a_long_message_is_cut() -> None:
    assert len(resolving.reason("× " + "x" * 9000)) == resolving.MOST
    assert resolving.reason("error: no network") == "error: no network"


def test_a_reason_names_no_folder_of_this_machine(tmp_path: Path) -> None:
    reason = f"Cannot install -r {tmp_path / 'requirements.txt'} (line 4) and keras==3.2.1"
    text = environments.impossible("keras", "3.2.1", tmp_path, reason)
    assert str(tmp_path) not in text
    assert "requirements.txt (line 4)" in text
