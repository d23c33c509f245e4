"""Checks of a command line before it begins to work, and messages for unknown values."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from adapters.contract import SettingsError
from course.cli_errors import Parser, check_place, one_of
from course.relay.__main__ import relay
from course.runner import run_seeds
from course.settings import LARGEST_SEED, Settings
from course.translation import catalogue


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("/", "it is a folder"),
        (".", "it is a folder"),
        ("taken/x", "'taken' is not a folder"),
        ("taken/x/y", "'taken' is not a folder"),
    ],
)
def test_a_place_is_checked_before_the_work(
    place: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taken").touch()
    check_place(Path("taken"))
    check_place(Path("nowhere/x"))
    with pytest.raises(SettingsError) as error:
        check_place(Path(place))
    message = str(error.value).replace(f"{tmp_path}/", "")
    assert message == f"{place!r} cannot be written, {reason}: name another file"


@pytest.mark.parametrize("existing", ["", "marks.json"])
def test_a_place_that_may_not_be_written_to_is_named(
    existing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder, or an existing file; os.access is replaced, because root may write everywhere."""
    file = tmp_path / "marks.json"
    file.touch() if existing else None
    monkeypatch.setattr(os, "access", lambda path, how: Path(path) != tmp_path / existing)
    message = f"{existing}' may not be written to: name another file"
    with pytest.raises(SettingsError, match=message):
        check_place(file)


def test_a_parser_suggests_a_name(capsys: pytest.CaptureFixture[str]) -> None:
    parser = Parser(prog="x")
    parser.add_argument("--device", type=one_of("device", ["auto", "cpu", "gpu"]))
    assert parser.parse_args(["--device=cpu"]).device == "cpu"
    for word, suggestion in (("CPU", "cpu"), ("cuda", "gpu"), ("gp", "gpu")):
        with pytest.raises(SystemExit) as end:
            parser.parse_args([f"--device={word}"])
        assert end.value.code == 2
        line = f"unknown device {word!r}: did you mean {suggestion}? expected one of auto, cpu, gpu"
        assert line in capsys.readouterr().err


@pytest.mark.parametrize(("word", "suggestion"), [("NL", "nl"), ("Dutch", "nl"), ("English", "en")])
def test_the_name_of_a_language_gets_its_code_suggested(word: str, suggestion: str) -> None:
    with pytest.raises(
        SettingsError, match=f"'{word}': did you mean {suggestion}. expected one of en, "
    ):
        catalogue(1, word)


def test_no_seed_is_beyond_the_largest() -> None:
    """The last of several seeds is checked before anything is trained."""
    with pytest.raises(SettingsError, match=f"--seeds=2 ends at seed {LARGEST_SEED + 1}: "):
        run_seeds(1, Settings(backend="numpy", seed=LARGEST_SEED), 2)
    with pytest.raises(Exception, match="is not a whole number from 0 to"):
        relay.main([f"--seed={LARGEST_SEED + 1}"], standalone_mode=False)


def test_a_relay_checks_its_folder_before_it_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("course.relay.__main__.collect", None)
    (tmp_path / "taken").touch()
    with pytest.raises(SettingsError, match=r"taken.* is not a folder"):
        relay.main([f"--out={tmp_path / 'taken'}"], standalone_mode=False)
