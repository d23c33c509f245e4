"""python -m classroom.notebooks: each lesson as a notebook, for each backend.

A notebook is made from the lesson's file and never edited: the same cells in the same order, and
after the title three of its own, which say how to run it, choose the backend, and fetch the kit
where there is none. Cell ids come from the cells' text: making it twice gives the same bytes.
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
from classroom.setup_cells import how_to_check, set_up_cells
from course.atomic_files import write_whole
from course.cli_errors import check_folder, run
from course.options import OneOf
from course.settings import CHAPTERS
from spelling import expected, unknown

LESSONS = kernel.ROOT / "lessons"
FOLDER = kernel.ROOT / "notebooks"  # where they go unless another folder is named
# Marks for our own tools at the end of a line, which would puzzle a reader.
TOOLS_MARK = re.compile(r"  # (?:fmt: skip|noqa: [A-Z0-9, ]+)$", re.MULTILINE)


def notebook(
    number: int,
    backend: str,
    *,
    language: str = "en",
    epochs: int | None = None,
    out: str | None = None,
) -> NotebookNode:
    """Lesson `number` for this backend, not yet run.

    epochs and out are what `open_lesson` then takes. Raises SettingsError, UnknownBackend.
    """
    # The figures' words of course/ are in the language that the lesson is opened in.
    more = {"epochs": epochs, "out": out, "language": None if language == "en" else language}
    settings = {name: value for name, value in more.items() if value is not None}
    cells = set_up_cells(backend, language)
    return _notebook(lesson_file(number), number, "open_lesson", backend, language, settings, cells)


def exercises_notebook(
    number: int, backend: str, *, language: str = "en", folder: Path = FOLDER
) -> NotebookNode:
    """The exercises of lesson `number`, as they are handed out, for this backend.

    language: of what is said about the notebook itself, for the exercises are in English only.
    folder: where the notebooks go, which the line that checks this one names.
    """
    checked = how_to_check(number, backend, folder / exercises_name(number, backend), language)
    cells = set_up_cells(backend, language, checked)
    return _notebook(exercises_file(number), number, "open_exercises", backend, "en", {}, cells)


def exercises_name(number: int, backend: str) -> str:
    """The place of a notebook of exercises under the folder of the notebooks."""
    return f"{backend}/exercises/lesson{number}.ipynb"


def lesson_file(number: int) -> Path:
    """The py:percent source of a lesson."""
    require(
        number in CHAPTERS,
        f"there is no lesson {number}: choose one of {', '.join(map(str, CHAPTERS))}",
        SettingsError,
    )
    return LESSONS / CHAPTERS[number].file


def exercises_file(number: int) -> Path:
    """The students' version of a lesson's exercises; it need not be there."""
    return LESSONS / "exercises" / f"lesson{number}.py"


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
    source = TOOLS_MARK.sub("", with_backend(source, opening, number, settings))
    node = copy.deepcopy(_parsed(source))
    spec = {"display_name": "Triptych", "language": "python", "name": kernel.NAME}
    node.metadata = from_dict({"kernelspec": spec, "language_info": {"name": "python"}})
    node.nbformat, node.nbformat_minor = 4, 5
    title, *rest = node.cells
    node.cells = [title, *set_up, *rest]
    _name(node.cells)
    nbformat.validate(node)
    return node


@cache
def _parsed(source: str) -> NotebookNode:
    """The cells of a source, which is the same for every backend: to take it apart takes longest."""
    return jupytext.reads(source, fmt="py:percent")


def with_backend(source: str, opening: str, number: int, settings: dict[str, Any]) -> str:
    """The source, its call `open_lesson(N)` made with the backend of the first cell and settings."""
    call = f"{opening}({number}"
    require(
        len(re.findall(rf"^\w+ = {re.escape(call)}\)$", source, re.MULTILINE)) == 1,
        f"the source must open itself once, in a line of its own with {call})",
        TriptychError,
    )
    chosen = "".join(f", {name}={value!r}" for name, value in settings.items())
    return source.replace(f"= {call})\n", f"= {call}, backend=BACKEND{chosen})\n")


def _name(cells: list[NotebookNode]) -> None:
    """Give each cell an id from its text, so that a new cell leaves the others their names."""
    seen: Counter[str] = Counter()
    for cell in cells:
        text = f"{cell.cell_type}\n{cell.source}"
        seen[text] += 1
        cell.id = hashlib.sha256(f"{text}\n{seen[text]}".encode()).hexdigest()[:12]


def execute(node: NotebookNode, *, timeout: int = 600) -> NotebookNode:
    """A copy of the notebook with its outputs, from a kernel of its own that is gone afterwards.

    timeout: seconds for one cell. Without `out` the records go where the kernel ran, and vanish.
    Raises nbclient's CellExecutionError with the cell and its traceback.
    """
    from classroom.execution import executed

    return executed(node, timeout)


def text(node: NotebookNode) -> str:
    """What stands in the file."""
    return nbformat.writes(node, version=4) + "\n"


def made(backends: list[str], language: str, folder: Path = FOLDER) -> dict[str, str]:
    """Every notebook: its place under the folder, and its text.

    A lesson that is not translated stays English; raises SettingsError if all of them do.
    """
    from course.translation import languages

    told = [number for number in CHAPTERS if language in languages(number)]
    there = sorted({name for number in CHAPTERS for name in languages(number)})
    require(
        bool(told),
        f"no lesson is there in {language!r}: {expected(language, there)}",
        SettingsError,
    )
    files = {}
    for backend in backends:
        for number in CHAPTERS:
            spoken = language if number in told else "en"
            node = notebook(number, backend, language=spoken)
            files[f"{backend}/lesson{number}.ipynb"] = text(node)
            if exercises_file(number).is_file():
                node = exercises_notebook(number, backend, language=spoken, folder=folder)
                files[exercises_name(number, backend)] = text(node)
    return files


def write_all(files: dict[str, str], out: Path) -> None:
    """Write each file in its place under the folder."""
    for name, content in files.items():
        write_whole(out / name, content.encode())


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--backend", type=OneOf(list(BACKENDS), "backend"), help="One backend only.")
@click.option("--out", default="notebooks", show_default=True, help="The folder to write to.")
@click.option(
    "--language", default="en", show_default=True, help="Of the lessons that are translated."
)
def command(backend: str | None, out: str, language: str) -> None:
    """Make a notebook of each lesson, and of its exercises, for each backend."""
    folder = Path(out).expanduser()
    check_folder(folder)
    files = made([backend] if backend else list(BACKENDS), language, folder)
    write_all(files, folder)
    click.echo(f"{len(files)} notebooks in {out}")


if __name__ == "__main__":
    run(command, "python -m classroom.notebooks")
