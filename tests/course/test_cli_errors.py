"""What a command line asks before it begins to work, and how it names what it does not know."""

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
def test_a_place_is_looked_at_before_the_work(
    place: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taken").touch()
    check_place(Path("taken"))
    check_place(Path("nowhere/x"))
    with pytest.raises(SettingsError) as error:
        check_place(Path(place))
    said = str(error.value).replace(f"{tmp_path}/", "")
    assert said == f"{place!r} cannot be written, {reason}: name another file"


@pytest.mark.parametrize("kept", ["", "marks.json"])
def test_a_place_that_may_not_be_written_to_is_named(
    kept: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder, or a file that is there; root may write everywhere, so nobody is asked."""
    file = tmp_path / "marks.json"
    file.touch() if kept else None
    monkeypatch.setattr(os, "access", lambda path, how: Path(path) != tmp_path / kept)
    with pytest.raises(SettingsError, match=f"{kept}' may not be written to: name another file"):
        check_place(file)


def test_a_parser_names_what_was_probably_meant(capsys: pytest.CaptureFixture[str]) -> None:
    parser = Parser(prog="x")
    parser.add_argument("--device", type=one_of("device", ["auto", "cpu", "gpu"]))
    assert parser.parse_args(["--device=cpu"]).device == "cpu"
    for said, meant in (("CPU", "cpu"), ("cuda", "gpu"), ("gp", "gpu")):
        with pytest.raises(SystemExit) as end:
            parser.parse_args([f"--device={said}"])
        assert end.value.code == 2
        line = f"unknown device {said!r}: did you mean {meant}? expected one of auto, cpu, gpu"
        assert line in capsys.readouterr().err


@pytest.mark.parametrize(("said", "meant"), [("NL", "nl"), ("Dutch", "nl"), ("English", "en")])
def test_a_language_is_known_by_its_name_too(said: str, meant: str) -> None:
    with pytest.raises(
        SettingsError, match=f"'{said}': did you mean {meant}. expected one of en, "
    ):
        catalogue(1, said)


def test_no_seed_is_beyond_the_largest() -> None:
    """Of several seeds the last one counts; nothing is trained before that is known."""
    with pytest.raises(SettingsError, match=f"--seeds=2 ends at seed {LARGEST_SEED + 1}: "):
        run_seeds(1, Settings(backend="numpy", seed=LARGEST_SEED), 2)
    with pytest.raises(Exception, match="is not a whole number from 0 to"):
        relay.main([f"--seed={LARGEST_SEED + 1}"], standalone_mode=False)


def test_a_relay_asks_for_its_folder_before_it_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("course.relay.__main__.listen", None)
    (tmp_path / "taken").touch()
    with pytest.raises(SettingsError, match=r"taken.* is not a folder"):
        relay.main([f"--out={tmp_path / 'taken'}"], standalone_mode=False)
