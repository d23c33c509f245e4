"""The catalogues match the lessons, Dutch is complete, and `check` reports what is not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from click.testing import CliRunner, Result

from adapters.contract import TriptychError
from course.lessons import LESSONS
from course.translation import catalogues
from course.translation.__main__ import translation
from course.translation.catalogues import entries, read

HOME = catalogues.HOME
ALL = len(entries(HOME / "lesson1.pot"))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(translation, arguments)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the catalogues, to spoil."""
    copy = tmp_path / "lessons" / "locale"
    shutil.copytree(HOME, copy)
    monkeypatch.setattr(catalogues, "HOME", copy)
    return copy


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_the_committed_catalogues_are_complete() -> None:
    """The templates match the lessons, and every translation is complete and valid."""
    checked = run("check")
    assert checked.exit_code == 0, checked.output
    assert "nl/lesson1.po" in checked.output


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('msgstr "De toverdoos"', 'msgstr ""', "no translation of 'The magic box'"),
        ('msgid "The magic box"', 'msgid "The magic bag"', "no translation of 'The magic box'"),
        ('#. heading\nmsgid "One neuron"', '#, fuzzy\nmsgid "One neuron"', "fuzzy, so not used"),
        ("De rechte na elk van {sum(plane.mistakes)} fouten", "De rechte",
         "without {sum(plane.mistakes)}"),
    ],
)  # fmt: skip
def test_check_reports_a_spoiled_translation(home: Path, old: str, new: str, message: str) -> None:
    replace(home / "nl" / "lesson1.po", old, new)
    checked = run("check", "--language=nl")
    assert checked.exit_code == 1
    assert message in checked.output
    assert f"nl/lesson1.po: {ALL - 1} of {ALL} messages" in checked.output


def test_check_reports_an_outdated_template(home: Path) -> None:
    replace(home / "lesson2.pot", 'msgid "too high: jumps over, and out"', 'msgid "too high"')
    checked = run("check")
    assert checked.exit_code == 1
    assert "lessons/locale/lesson2.pot differs from the lesson" in checked.output


def test_extract_and_update_change_nothing_if_nothing_changed(home: Path) -> None:
    """The same bytes: no date, no line number, no version of a tool."""
    assert run("extract").exit_code == 0
    assert run("update").exit_code == 0
    for file in HOME.rglob("*.po*"):
        assert (home / file.relative_to(HOME)).read_bytes() == file.read_bytes()


def test_a_message_that_has_changed_becomes_fuzzy(home: Path) -> None:
    """Its translation stays in the file, and is not used until a translator has checked it."""
    file = home / "nl" / "lesson1.po"
    replace(file, 'msgid "1,180 square feet"', 'msgid "1,180 square foot"')
    assert run("update", "--language=nl").exit_code == 0
    (entry,) = [entry for entry in entries(file) if entry.msgid == "1,180 square feet"]
    assert (entry.msgstr, entry.fuzzy) == ("1180 vierkante voet", True)
    assert "1,180 square feet" not in read(file)


def test_a_new_language_begins_empty(home: Path) -> None:
    assert run("update", "--language=fr", "--lesson=1").exit_code == 0
    assert catalogues.languages(1) == ["en", "fr", "nl"]
    assert len(entries(home / "fr" / "lesson1.po")) == ALL
    checked = run("check", "--language=fr")
    assert checked.exit_code == 1
    assert f"fr/lesson1.po: 0 of {ALL} messages" in checked.output


@pytest.mark.parametrize("arguments", [("check", "--language=xx"), ("update", "--lesson=1")])
def test_wrong_input_is_an_error_for_a_user(arguments: tuple[str, ...]) -> None:
    assert isinstance(run(*arguments).exception, TriptychError)


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "broken.po"
    file.write_text('msgid "a"\nmsgstr "b"\nmsgplural "c"\n')
    with pytest.raises(TriptychError, match=r"broken\.po, line 3: expected msgid"):
        entries(file)


@pytest.mark.parametrize("file", sorted(HOME.rglob("*.po*")), ids=lambda file: file.name)
def test_babel_reads_the_same(file: Path) -> None:
    """The course's reader and Babel's agree on every committed catalogue."""
    with file.open("rb") as stream:
        theirs = {m.id: m.string for m in read_po(stream) if m.id and m.string and not m.fuzzy}
    assert read(file) == theirs


def test_a_title_is_in_the_language_of_the_lesson() -> None:
    """The first line on the screen comes from the catalogue, or from the lesson itself."""
    assert catalogues.title_and_question(1, "nl") == (
        "Les 1 · Het perceptron",
        "Wat kan één neuron?",
    )
    for number in LESSONS:
        title, question = catalogues.title_and_question(number, "en")
        assert f"# # {title}\n#\n# **{question}**\n" in catalogues.source(number)
