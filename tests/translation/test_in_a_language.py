"""`--language` at the command line: the same lesson in Dutch, beside the English one."""

from __future__ import annotations

import json
import os
from pathlib import Path

import course.runner  # noqa: F401 - once here, and not in each copy of this process
from tests.forked import Outcome, module


def lesson_1(folder: Path, *arguments: str, **more: str) -> Outcome:
    return module("course", ["lesson1", "--backend=numpy", *arguments], folder, os.environ | more)


def test_lesson_1_in_dutch(tmp_path: Path) -> None:
    """The same record as in English, beside it and not in its place; nothing is fetched."""
    done = [lesson_1(tmp_path, f"--language={name}") for name in ("en", "nl")]
    assert [d.status for d in done] == [0, 0], done[1].err
    assert done[1].out.startswith("Les 1 · Het perceptron  Wat kan één neuron?\n")
    assert "gescheiden na 14 rondes en 182 fouten" in done[1].out
    folders = sorted((tmp_path / "results" / "lesson1").iterdir(), key=lambda f: len(f.name))
    assert len(folders) == 2
    assert (folders[0] / "record.npz").read_bytes() == (folders[1] / "record.npz").read_bytes()
    english, dutch = (json.loads((f / "card.json").read_text()) for f in folders)
    assert [f["file"] for f in english["figures"]] == [f["file"] for f in dutch["figures"]]
    for ours, theirs in zip(english["figures"], dutch["figures"], strict=True):
        assert ours["alt"] != theirs["alt"]
        assert len(theirs["alt"]) > 40
        drawn = [(folder / ours["file"]).read_bytes() for folder in folders]
        assert drawn[0] != drawn[1]


def test_the_language_of_a_shell_is_not_taken(tmp_path: Path) -> None:
    """gettext's own variables are set on many machines, and mean something else there."""
    done = lesson_1(tmp_path, "--no-figures", LANGUAGE="nl", LANG="nl_BE.UTF-8")
    assert "separated after 14 passes" in done.out


def test_an_unknown_language_is_one_line(tmp_path: Path) -> None:
    """It names those there are, and leaves nothing behind."""
    done = lesson_1(tmp_path, "--language=../nl")
    assert done.status == 2
    expected = "did you mean nl? expected one of en, nl"
    assert done.err == f"error: lesson 1 is not available in '../nl': {expected}\n"
    assert not list(tmp_path.iterdir())
