"""Rows are made one after the other: an interrupted run continues, and nothing is left behind."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

import compare.releases.__main__  # noqa: F401 - once here, and not in each copy of this process
from adapters import environment
from compare.drift.environments import BuildError
from compare.releases import making
from compare.releases.releases import Release
from tests.forked import module
from tests.ledger.conftest import DAYS, Make
from triptych.ledger.rows import read, read_all

RELEASES = [Release(version, day) for version, day in DAYS.items()]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch, make: Make, tmp_path: Path) -> list[str]:
    """The versions that were measured, in order; "stop" before one interrupts it."""
    versions: list[str] = []

    def build(backend: str, package: str, version: str, *more: Any) -> tuple[Path, dict[str, Any]]:
        folder = tmp_path / "drift" / f"{backend}-{version}"
        folder.mkdir(parents=True)
        return folder / "python", {}

    def measure(subject: making.Subject, *_: Any) -> Any:
        if versions[-1:] == ["stop"]:
            raise KeyboardInterrupt
        versions.append(subject.version)
        return make(subject.version)

    monkeypatch.setattr(making, "HOME", tmp_path / "drift")
    monkeypatch.setattr(making, "build", build)
    monkeypatch.setattr(making, "measure", measure)
    monkeypatch.setattr(making, "references", dict)
    return versions


def left(home: Path, fresh: bool = False) -> list[str]:
    found = making.missing("keras", RELEASES, home, fresh, lambda text: None)
    return [release.version for release in found]


@pytest.mark.parametrize(
    ("backend", "version", "more"),
    [
        ("jax", "0.6.2", (("flax", "optax"), {})),
        ("torch", "2.2.2", ((), {"numpy": "1.26.4"})),
        ("torch", "2.20.0", ((), {})),
    ],
)
def test_what_a_release_needs_is_installed_with_it(
    backend: str, version: str, more: tuple[Any, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Any, ...]] = []

    def build(*arguments: Any) -> Any:
        asked.append(arguments)
        raise BuildError("No solution found")

    monkeypatch.setattr(making, "build", build)
    assert making.row_of(backend, Release(version, ""), {}, 1).refused
    assert asked == [(backend, backend, version, *more)]


def test_an_interrupted_run_continues_where_it_was(made: list[str], tmp_path: Path) -> None:
    home = tmp_path / "rows"
    making.make("keras", RELEASES[:1], home, 1, lambda text: None)
    made.append("stop")
    with pytest.raises(KeyboardInterrupt):
        making.make("keras", RELEASES[1:], home, 1, lambda text: None)
    (home / ".unfinished-0").write_text("half a row", encoding="utf-8")  # as a kill leaves it
    assert left(home) == ["1.1", "1.2"]
    assert not list((tmp_path / "drift").iterdir()), "the environment is removed"
    made.clear()
    making.make("keras", [RELEASES[1], RELEASES[2]], home, 1, lambda text: None)
    assert made == ["1.1", "1.2"]
    assert left(home) == []
    assert left(home, fresh=True) == ["1.0", "1.1", "1.2"]
    assert [row.version for row in read_all(home)] == ["1.0", "1.1", "1.2"]


def test_a_row_that_was_edited_is_made_again(made: list[str], tmp_path: Path) -> None:
    making.make("keras", RELEASES, tmp_path, 1, lambda text: None)
    file = tmp_path / "keras-1.1.json"
    file.write_text(file.read_text("utf-8").replace("1e-07", "1e-08"), encoding="utf-8")
    messages: list[object] = []
    found = making.missing("keras", RELEASES, tmp_path, False, messages.append)
    assert [release.version for release in found] == ["1.1"]
    assert "has changed since it was written" in str(messages)


def test_what_pip_can_never_install_is_a_row_and_a_network_is_not(
    made: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    message = ""

    def fail(*_: Any) -> Any:
        raise BuildError(f"keras 1.0 cannot be installed: {message}")

    monkeypatch.setattr(making, "build", fail)
    message = "No matching distribution found for tensorflow==1.0"
    making.make("keras", RELEASES[:1], tmp_path, 1, lambda text: None)
    row = read(tmp_path / "keras-1.0.json")
    assert message in row.refused
    assert {one["status"] for each in row.lessons.values() for one in each.values()} == {"failed"}
    message = "HTTPSConnectionPool: Max retries exceeded"
    with pytest.raises(BuildError):
        making.make("keras", RELEASES[1:], tmp_path, 1, lambda text: None)
    assert not (tmp_path / "keras-1.1.json").exists()


def test_only_the_changes_of_new_rows_are_news(made: list[str], make: Make, tmp_path: Path) -> None:
    other = {"adam_epsilon": {"code": "c", "default": 7.0, "matched": 2.0}}
    rows = [make("1.0"), make("1.1", catalogue=other), make("1.2")]
    for row in rows:
        (tmp_path / row.file).write_text(row.text(), encoding="utf-8")
    assert [one.row.version for one in making.news("keras", rows[2:], tmp_path)] == ["1.2"]
    assert [one.row.version for one in making.news("keras", rows, tmp_path)] == ["1.1", "1.2"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--backend=kears"], "unknown backend 'kears': did you mean keras?"),
        (["--since=yesterday"], "'yesterday' is not a month: expected one such as 2024-01"),
        (["--versions=3.1.1"], "versions are of one backend: add --backend=keras"),
        (["--backend=keras", "--versions=3.1.1; touch x"], "is not a release"),
        (["--jobs=0"], "--jobs"),
        (["--page=."], "is a directory"),
    ],
)
def test_wrong_arguments_are_one_line(arguments: list[str], words: str, tmp_path: Path) -> None:
    done = module("compare.releases", arguments, tmp_path, environment.allowed(os.environ))
    (line,) = done.err.splitlines()
    assert (done.status, done.out) == (2, "")
    assert line.startswith("error: ")
    assert words in line
    assert not list(tmp_path.iterdir())
