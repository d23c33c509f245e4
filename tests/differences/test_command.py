"""`make differences`: the list, one entry, wrong input, changed values."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from adapters import environment
from compare.differences import __main__ as command
from tests.differences.conftest import Write
from tests.forked import Outcome, module
from triptych.differences import command as installed_command
from triptych.differences.reading import read_all


def call(*arguments: str, folder: Path) -> Outcome:
    return module("compare.differences", arguments, folder, environment.allowed(os.environ))


def test_without_a_name_every_entry_is_listed(tmp_path: Path) -> None:
    done = call(folder=tmp_path)
    assert (done.status, done.err) == (0, "")
    for entry in read_all():
        assert f" {entry.name} " in done.out
        assert f"\n{entry.topic}" in f"\n{done.out}"


def test_with_a_name_an_entry_is_shown_in_full(tmp_path: Path) -> None:
    done = call("adam_epsilon", folder=tmp_path)
    (entry,) = [entry for entry in read_all() if entry.name == "adam_epsilon"]
    assert (done.status, done.err) == (0, "")
    output = " ".join(done.out.split())
    for text in (entry.title, entry.summary, entry.matters, entry.remedy, *entry.sources):
        assert text in output
    for snippet in entry.snippets.values():
        assert " ".join(snippet.text.split()) in output
    assert "jax (pip install optax)" in output


def test_with_other_words_the_best_answers_are_listed(tmp_path: Path) -> None:
    done = call("epsilon", folder=tmp_path)
    assert (done.status, done.err) == (0, "")
    assert " adam_epsilon " in done.out
    assert " nesterov_form " not in done.out
    assert " exponential_schedule " not in done.out  # eps is no part of its steps
    assert " adam_epsilon " in call("adam_epsylon", folder=tmp_path).out


def test_a_page_is_written(tmp_path: Path) -> None:
    done = call("--topic=losses", "--page=a/page.html", folder=tmp_path)
    assert (done.status, done.out) == (0, "page: a/page.html\n")
    assert "<details" in (tmp_path / "a" / "page.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--topic=optimisers"], "unknown topic 'optimisers': did you mean optimizers?"),
        (["--backend=kears"], "unknown backend 'kears': did you mean keras?"),
        (["--find=qqq"], "no entry has anything like 'qqq'"),
        (["a", "b"], "unexpected extra argument"),
        (["--page=."], "is a directory"),
    ],
)
def test_wrong_arguments_are_one_line(arguments: list[str], words: str, tmp_path: Path) -> None:
    done = call(*arguments, folder=tmp_path)
    (line,) = done.err.splitlines()
    assert (done.status, done.out) == (2, "")
    assert line.startswith("error: ")
    assert words in line


@pytest.mark.parametrize(("numpy", "status"), [(1, 0), (7, 1)])
def test_a_changed_value_ends_with_status_1(
    numpy: int, status: int, write: Write, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    home = write()

    def observed(*_: Any, **__: Any) -> dict[str, Any]:
        return {"numpy": {"some_entry": {"default": numpy, "matched": 3}}}

    monkeypatch.setattr(command, "read_all", lambda: read_all(home))
    monkeypatch.setattr(installed_command, "observe_all", observed)
    monkeypatch.setattr(installed_command, "installed", lambda backends: ["numpy"])
    with pytest.raises(SystemExit) as ended:
        command.differences.main(["--run"], standalone_mode=False)
    assert ended.value.code == status
    output = capsys.readouterr().out
    assert ("changed: some_entry on numpy: expected 1, now 7" in output) == bool(status)
    assert "not run, because not installed: torch" in output
