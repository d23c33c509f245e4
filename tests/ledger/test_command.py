"""`triptych ledger`, its check of what is installed, and the page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from compare.releases.page import page
from tests.ledger.conftest import Make, lesson, stage
from triptych.__main__ import main
from triptych.ledger import check, command
from triptych.ledger.rows import Row

OTHER = {"adam_epsilon": {"code": "c", "default": 7.0, "matched": 2.0}}


@pytest.fixture
def home(make: Make, tmp_path: Path) -> Path:
    """Three releases of Keras; the second changed Adam, the third only bits."""
    bits = {"3": {"float64": lesson(forward=stage("zz", 0.2), update=stage("bb"))}}
    rows = [make("1.0"), make("1.1", catalogue=OTHER), make("1.2", catalogue=OTHER, lessons=bits)]
    for row in rows:
        (tmp_path / row.file).write_text(row.text(), encoding="utf-8")
    return tmp_path


def call(home: Path, *arguments: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr("sys.argv", ["triptych", "ledger", f"--rows={home}", *arguments])
    return main()


def test_the_rows_are_listed(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(home, monkeypatch=monkeypatch) == 0
    assert "1.0, 1.1, 1.2" in capsys.readouterr().out


def test_one_command_says_since_when_adam_differs(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(home, "keras", "adam", monkeypatch=monkeypatch) == 0
    output = " ".join(capsys.readouterr().out.split())
    assert "≠ 2024-05-02, keras 1.1 (before: 1.0): Adam's epsilon" in output
    assert "7, before 1" in output
    assert "lesson 3" not in output


def test_a_table_has_releases_across_and_signs(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(home, "keras", monkeypatch=monkeypatch) == 0
    lines = capsys.readouterr().out.splitlines()
    (adam,) = [line for line in lines if "adam_epsilon" in line and "│" in line]
    assert [cell.strip() for cell in adam.split("│")[2:-1]] == ["○", "≠", "="]
    (forward,) = [line for line in lines if "3 float64 forward" in line and "│" in line]
    assert [cell.strip() for cell in forward.split("│")[2:-1]] == ["○", "=", "≈"]
    assert not [line for line in lines if "adam.epsilon" in line and "│" in line]
    assert call(home, "keras", "--all", monkeypatch=monkeypatch) == 0
    assert "adam.epsilon" in capsys.readouterr().out


def test_one_release_shows_what_it_changed(
    home: Path, make: Make, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    later = {"3": {"float64": lesson(forward=stage("yy", 0.3), update=stage("bb"))}}
    row = replace(make("1.2", catalogue=OTHER, lessons=later), version="1.3")
    (home / row.file).write_text(row.text(), encoding="utf-8")
    assert call(home, "keras", "1.2", monkeypatch=monkeypatch) == 0
    output = capsys.readouterr().out
    assert "keras 1.3 (before" not in output, "the same line, in another release"
    assert "lesson 3 in float64 (forward)" in output
    assert "│ adam_epsilon" not in output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["kears"], "unknown backend 'kears': did you mean keras?"),
        (["chekc"], "unknown backend 'chekc': did you mean check?"),
        (["torch"], "the ledger has no rows of torch: `make ledger BACKEND=torch` makes them"),
        (["keras", "qqqqq"], "no line has anything like 'qqqqq'"),
        (["check", "keras"], "check takes no 'keras'"),
        (["check", "--backend=kears"], "unknown backend 'kears'"),
        (["--rows=nowhere"], "'nowhere' is no folder of rows"),
    ],
)
def test_wrong_arguments_are_one_line(
    arguments: list[str], words: str, home: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    assert call(home, *arguments, monkeypatch=monkeypatch) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("error: ")
    assert words in line


def test_an_edited_row_is_an_error(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = home / "keras-1.1.json"
    file.write_text(file.read_text("utf-8").replace("7.0", "8.0"), encoding="utf-8")
    assert call(home, "keras", monkeypatch=monkeypatch) == 2
    assert "keras-1.1.json has changed since it was written" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("default", "share", "status"),
    [(7.0, 0.2, 0), (7.0, 0.9, 0), (7.1, 0.2, 1), (7.0, 2.5, 1)],
)
def test_the_installed_framework_is_checked_against_its_row(
    default: float, share: float, status: int, home: Path, make: Make,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    def measured(row: Row) -> Row:
        lessons = {"3": {"float64": lesson(forward=stage("yy", share), update=stage("bb"))}}
        catalogue = {"adam_epsilon": {"code": "c", "default": default, "matched": 2.0}}
        return replace(row, lessons=lessons, catalogue=catalogue, processor="Linux other")

    monkeypatch.setattr(check, "version", lambda package: "1.2+cpu")
    monkeypatch.setattr(check, "measured", measured)
    assert call(home, "check", "--backend=keras", monkeypatch=monkeypatch) == status
    output = capsys.readouterr().out
    assert "made on another processor" in output
    assert "keras 1.2: " in output


def test_a_version_without_a_row_cannot_be_compared(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(check, "version", lambda package: "1.9")
    assert call(home, "check", monkeypatch=monkeypatch) == 2
    output = " ".join(capsys.readouterr().out.split())
    assert "1.9 is installed and has no row; the nearest is 1.2" in output
    assert "make ledger BACKEND=keras VERSIONS=1.9" in output


def test_the_page_has_every_change_and_every_sign(home: Path) -> None:
    html = page(home)
    assert '<td class="changed" title="1.1: changed; 7; 2">≠</td>' in html
    assert '<td class="within"' in html
    assert "2024-05-02, keras 1.1 (before: 1.0): Adam&#39;s epsilon" in html
    assert html.count("<h2") == 1
    for state in ("same", "within", "changed", "broken", "works"):
        assert f'<b class="{state}">' in html


def test_values_on_the_page_are_escaped(home: Path, make: Make) -> None:
    evil = {"adam_epsilon": {"code": "c", "default": "<script>x</script>", "matched": 2.0}}
    row = make("1.2", catalogue=evil)
    (home / row.file).write_text(row.text(), encoding="utf-8")
    assert "<script>x" not in page(home)


def test_words_that_no_line_has_are_searched_in_the_catalogue(home: Path) -> None:
    entries = {entry.name: entry for entry in command.read_entries()}
    found = command.load(home, "keras", entries)
    assert ("entry", "adam_epsilon") in command.select(found, ["eps", "of", "Adam"], entries)
