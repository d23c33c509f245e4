"""python -m classroom.notebooks: build a notebook from each lesson, for each backend.

A notebook is generated from the lesson's file and never edited. It has the same cells in the same
order. After the title come three more, which explain how to run it, choose the backend, and fetch
the course if it is missing; at the end stand two quiz questions, and the lesson in the framework's
own words. Cell ids are derived from the text, so two builds give the same bytes.
"""

from __future__ import annotations

import copy
import hashlib
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import click
import jupytext
import nbformat
from nbformat import NotebookNode, from_dict

from adapters import BACKENDS
from adapters.contract import SettingsError, TriptychError, UnknownBackend, require
from classroom import kernel
from classroom.check_cells import CHECK, with_checks
from classroom.native_cells import native_cells
from classroom.quiz_cells import quiz_cells
from classroom.setup_cells import fold, how_to_check, set_up_cells
from course.cli_errors import check_folder, run
from course.lessons import LESSONS
from course.options import OneOf
from datasets.atomic_files import write_whole
from spelling import expected, unknown

LESSONS_FOLDER = kernel.ROOT / "lessons"
FOLDER = kernel.ROOT / "notebooks"  # the default folder
FOLDED = "hide-input"  # the tag of a cell that only draws: its code is folded, its output is not
# Comments for linters at the end of a line, which would puzzle a reader.
LINTER_COMMENT = re.compile(r"  # (?:fmt: skip|noqa: [A-Z0-9, ]+)$", re.MULTILINE)


def notebook(
    number: int,
    backend: str,
    *,
    language: str = "en",
    epochs: int | None = None,
    out: str | None = None,
    probes: bool = False,
) -> NotebookNode:
    """Lesson `number` for this backend, without outputs.

    epochs, out, probes: arguments of the call of `open_lesson`. Raises SettingsError or
    UnknownBackend.
    """
    # The language is an argument too: texts in figures come from course/.
    optional = {
        "epochs": epochs, "out": out, "probes": probes or None,
        "language": None if language == "en" else language,
    }  # fmt: skip
    settings = {name: value for name, value in optional.items() if value is not None}
    cells = set_up_cells(backend, language)
    node = _notebook(lesson_file(number), number, "open_lesson", backend, language, settings, cells)
    node.cells += quiz_cells(number, language) + native_cells(number, backend, language)
    _set_ids(node.cells)
    return node


def exercises_notebook(
    number: int, backend: str, *, language: str = "en", folder: Path = FOLDER
) -> NotebookNode:
    """The student version of the exercises of lesson `number`, for this backend.

    language: of the cells about the notebook; the exercises are in English only. folder: of the
    notebooks; the command that checks this notebook contains it.
    """
    check_help = how_to_check(number, backend, folder / exercises_name(number, backend), language)
    cells = set_up_cells(backend, language, check_help)
    node = _notebook(exercises_file(number), number, "open_exercises", backend, "en", {}, cells)
    for cell in node.cells:  # the command judges the file; here there are cells for that
        if cell not in cells and cell.cell_type == "markdown":
            cell.source = cell.source.replace(f"`make check{number}`", "`check()`")
    node.cells = with_checks(node.cells)
    _set_ids(node.cells)
    return node


def exercises_name(number: int, backend: str) -> str:
    """The path of an exercise notebook, relative to the folder of the notebooks."""
    return f"{backend}/exercises/lesson{number}.ipynb"


def lesson_file(number: int) -> Path:
    """The py:percent source of a lesson. Raises SettingsError for an unknown number."""
    require(
        number in LESSONS,
        f"there is no lesson {number}: choose one of {', '.join(map(str, LESSONS))}",
        SettingsError,
    )
    return LESSONS_FOLDER / LESSONS[number].file


def exercises_file(number: int) -> Path:
    """The path of the student version of a lesson's exercises; the file may be missing."""
    return LESSONS_FOLDER / "exercises" / f"lesson{number}.py"


def _notebook(
    file: Path, number: int, opening: str, backend: str, language: str, settings: dict[str, Any],
    set_up: list[NotebookNode],
) -> NotebookNode:  # fmt: skip
    require(
        backend in BACKENDS,
        unknown("backend", backend, BACKENDS),
        UnknownBackend,
    )
    source = file.read_text(encoding="utf-8")
    if language != "en":
        from course.translation import catalogue, translated

        source = translated(source, language, catalogue(number, language))
    source = LINTER_COMMENT.sub("", with_backend(source, opening, number, settings))
    node = copy.deepcopy(_parsed(source))
    spec = {"display_name": "Triptych", "language": "python", "name": kernel.NAME}
    node.metadata = from_dict({"kernelspec": spec, "language_info": {"name": "python"}})
    node.nbformat, node.nbformat_minor = 4, 5
    title, *rest = node.cells
    for cell in rest:
        if FOLDED in cell.metadata.get("tags", []):
            fold(cell)
    node.cells = [title, *set_up, *rest]
    _set_ids(node.cells)
    nbformat.validate(node)
    return node


@cache
def _parsed(source: str) -> NotebookNode:
    """The cells of a source; cached, because parsing is slow and the same for every backend."""
    return jupytext.reads(source, fmt="py:percent")


def with_backend(source: str, opening: str, number: int, settings: dict[str, Any]) -> str:
    """The source with BACKEND and these settings added to its call `open_lesson(N)`."""
    call = f"{opening}({number}"
    require(
        len(re.findall(rf"^\w+ = {re.escape(call)}\)$", source, re.MULTILINE)) == 1,
        f"the source must contain one line `name = {call})`",
        TriptychError,
    )
    arguments = "".join(f", {name}={value!r}" for name, value in settings.items())
    after = CHECK if opening == "open_exercises" else ""
    return source.replace(f"= {call})\n", f"= {call}, backend=BACKEND{arguments})\n{after}")


def _set_ids(cells: list[NotebookNode]) -> None:
    """Derive the id of each cell from its text, so that a new cell does not change the others."""
    repeats: Counter[str] = Counter()
    for cell in cells:
        text = f"{cell.cell_type}\n{cell.source}"
        repeats[text] += 1
        cell.id = hashlib.sha256(f"{text}\n{repeats[text]}".encode()).hexdigest()[:12]


def execute(node: NotebookNode, *, timeout: int = 600) -> NotebookNode:
    """Run a copy of the notebook in a new kernel; return it with its outputs.

    timeout: seconds for one cell. Without `out`, records are written to a temporary folder and
    lost. Raises nbclient's CellExecutionError with the cell and its traceback.
    """
    from classroom.execution import execute as run_all_cells

    return run_all_cells(node, timeout)


def text(node: NotebookNode) -> str:
    """The text of the notebook file."""
    return nbformat.writes(node, version=4) + "\n"


def build_all(backends: list[str], language: str, folder: Path = FOLDER) -> dict[str, str]:
    """All notebooks: text by path relative to the folder.

    A lesson without a translation stays English. Raises SettingsError if no lesson has one.
    """
    from course.translation import languages

    translated_lessons = [number for number in LESSONS if language in languages(number)]
    known = sorted({name for number in LESSONS for name in languages(number)})
    require(
        bool(translated_lessons),
        f"no lesson is translated into {language!r}: {expected(language, known)}",
        SettingsError,
    )
    files = {}
    for backend in backends:
        for number in LESSONS:
            lesson_language = language if number in translated_lessons else "en"
            node = notebook(number, backend, language=lesson_language)
            files[f"{backend}/lesson{number}.ipynb"] = text(node)
            if exercises_file(number).is_file():
                node = exercises_notebook(number, backend, language=lesson_language, folder=folder)
                files[exercises_name(number, backend)] = text(node)
    return files


def write_all(files: dict[str, str], out: Path) -> None:
    """Write files, given by their paths relative to the folder."""
    for name, content in files.items():
        write_whole(out / name, content.encode())


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--backend", type=OneOf(list(BACKENDS), "backend"), help="One backend only.")
@click.option("--out", default="notebooks", show_default=True, help="The folder to write to.")
@click.option(
    "--language",
    default="en",
    show_default=True,
    help="The language, where a lesson is translated.",
)
def command(backend: str | None, out: str, language: str) -> None:
    """Build a notebook from each lesson and its exercises, for each backend."""
    folder = Path(out).expanduser()
    check_folder(folder)
    files = build_all([backend] if backend else list(BACKENDS), language, folder)
    write_all(files, folder)
    click.echo(f"{len(files)} notebooks in {out}")


if __name__ == "__main__":
    run(command, "python -m classroom.notebooks")
