"""The catalogues of the lessons: `python -m course.translation extract`, `update`, `check`.

Exit status 0 on success, 1 if `check` finds something missing, 2 for wrong input.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import click

from adapters.contract import require
from course.cli_errors import run
from course.lessons import LESSONS
from course.options import Whole
from course.translation import catalogues, labels, messages, quiz, source
from course.translation.catalogues import entries
from course.translation.message import Message
from spelling import expected


def all_messages() -> dict[str, dict[str, Message]]:
    """All messages to translate: by catalogue, then by text."""
    lessons = {
        f"lesson{number}": [*messages(source(number)), *quiz.messages(number)] for number in LESSONS
    }
    return {
        name: {message.text: message for message in listed}
        for name, listed in (lessons | {"course": labels.messages()}).items()
    }


LETTERS = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?")
LANGUAGE = click.option("--language", help="Two letters, such as nl  [default: those there are]")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def translation() -> None:
    """Keep the catalogues of the lessons in step with the lessons."""


@translation.command()
def extract() -> None:
    """Write the messages to translate: a .pot for each lesson."""
    from course.translation.writing import write_template

    catalogues.HOME.mkdir(exist_ok=True)
    for name, listed in all_messages().items():
        file = catalogues.HOME / f"{name}.pot"
        write_template(file, listed)
        click.echo(f"{_short(file)}: {len(listed)} messages")


@translation.command()
@LANGUAGE
@click.option("--lesson", type=Whole(1), help="Begin the catalogue of this lesson too.")
def update(language: str | None, lesson: int | None) -> None:
    """Merge the templates into the .po files; what has changed is marked fuzzy."""
    from course.translation.writing import merge

    require(
        lesson is None or (lesson in LESSONS and language is not None),
        f"--lesson {lesson} needs a --language, and is one of {', '.join(map(str, LESSONS))}",
    )
    require(
        language is None or LETTERS.fullmatch(language) is not None,
        f"{language!r} is not a language code: expected two or three letters, such as nl or pt_BR",
    )
    if lesson is not None and language is not None:
        folder = catalogues.HOME / language
        folder.mkdir(parents=True, exist_ok=True)
        for name in (f"lesson{lesson}", "course"):
            if not os.path.lexists(file := folder / f"{name}.po"):
                file.write_text('msgid ""\nmsgstr ""\n', encoding="utf-8")
    for file in _catalogues(language):
        merge(catalogues.HOME / f"{file.stem}.pot", file)
        click.echo(_short(file))


@translation.command()
@LANGUAGE
def check(language: str | None) -> None:
    """Check that templates and translations are complete and in step with the lessons."""
    listed, faults = all_messages(), []
    for name, ours in listed.items():
        file = catalogues.HOME / f"{name}.pot"
        if not os.path.lexists(file) or [e.msgid for e in entries(file)] != list(ours):
            faults.append(f"{_short(file)} differs from the lesson: run extract, then update")
    for file in _catalogues(language):
        faults += (new := _faults(file, listed.get(file.stem, {})))
        total = len(listed.get(file.stem, {}))
        click.echo(f"{_short(file)}: {total - len(new)} of {total} messages")
    for fault in faults:
        click.echo(fault, err=True)
    sys.exit(1 if faults else 0)


def _faults(file: Path, ours: dict[str, Message]) -> list[str]:
    """The faults of a catalogue, one line for each message."""
    there = {entry.msgid: entry for entry in entries(file)}
    faults = []
    for text, message in ours.items():
        entry = there.get(text)
        if entry is None or not entry.msgstr:
            faults.append(f"{_short(file)}: no translation of {_begin(text)}")
        elif entry.fuzzy:
            faults.append(f"{_short(file)}: fuzzy, so not used: {_begin(text)}")
        elif lost := message.lost(entry.msgstr):
            faults.append(f"{_short(file)}: {_begin(text)} is {' and '.join(lost)}")
    return faults


def _catalogues(language: str | None) -> list[Path]:
    """The .po files of a language, or of all."""
    files = sorted(catalogues.HOME.glob("*/*.po"))
    there = sorted({file.parent.name for file in files})
    require(
        language is None or language in there,
        f"there is no catalogue in {language!r}: {expected(language, there)}; "
        f"`python -m course.translation update --language {language} --lesson 1` begins one",
    )
    return [file for file in files if language in (None, file.parent.name)]


def _begin(text: str) -> str:
    return repr(text if len(text) < 60 else f"{text[:56]}…")


def _short(file: Path) -> str:
    return file.relative_to(catalogues.HOME.parent.parent).as_posix()


if __name__ == "__main__":
    run(translation, "translation")
