"""A notebook is its lesson, cell by cell, with the backend in the first line, twice the same."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import jupytext
import nbformat
import pytest
from click.testing import CliRunner

from adapters import BACKENDS
from adapters.contract import SettingsError, TriptychError, UnknownBackend
from classroom import kernel, notebooks
from classroom.setup_cells import repository
from course.settings import CHAPTERS

EXERCISES = [number for number in CHAPTERS if notebooks.exercises_file(number).is_file()]
OWN = 3  # cells after the title that are not the lesson's


def original(file: Path) -> list[nbformat.NotebookNode]:
    """The cells of a py:percent file."""
    return list(jupytext.reads(file.read_text(encoding="utf-8"), fmt="py:percent").cells)


@pytest.fixture(scope="module", params=["numpy", "torch"])
def made(request: pytest.FixtureRequest) -> dict[str, str]:
    """All notebooks of a backend."""
    return notebooks.made([request.param], "en")


def test_every_lesson_and_backend_has_one() -> None:
    """And every file of exercises that there is."""
    names = set(notebooks.made(list(BACKENDS), "en"))
    wanted = {f"{e}/lesson{n}.ipynb" for e in BACKENDS for n in CHAPTERS}
    assert names == wanted | {f"{e}/exercises/lesson{n}.ipynb" for e in BACKENDS for n in EXERCISES}


@pytest.mark.sampled(1)
def test_making_them_twice_gives_the_same_bytes(made: dict[str, str]) -> None:
    """Also in another process, which hashes strings in another way."""
    (backend,) = {name.split("/")[0] for name in made}
    code = "import sys\nfrom classroom import notebooks\n"
    code += "sys.stdout.buffer.write(str(notebooks.made([sys.argv[1]], 'en')).encode())"
    again = subprocess.run(
        [sys.executable, "-c", code, backend], capture_output=True, check=True,
        env=os.environ | {"PYTHONPATH": str(kernel.ROOT), "PYTHONHASHSEED": "7"},
    )  # fmt: skip
    assert again.stdout.decode() == str(made)


def test_they_are_valid_without_output_and_without_math(made: dict[str, str]) -> None:
    """A dollar would begin a formula in JupyterLab; two of them did, around a price."""
    for name, text in made.items():
        node = nbformat.reads(text, as_version=4)
        nbformat.validate(node)
        ids = [cell.id for cell in node.cells]
        assert len(set(ids)) == len(ids), name
        assert node.metadata.kernelspec.name == kernel.NAME
        for cell in node.cells:
            if cell.cell_type == "code":
                assert (cell.outputs, cell.execution_count) == ([], None), name
                ast.parse(cell.source)  # no magic: a lesson is Python
            else:
                assert "$" not in cell.source.replace("```", ""), name


def test_a_new_cell_leaves_the_others_their_names() -> None:
    """Ids follow the text, and equal texts are told apart."""
    a, b = (nbformat.v4.new_code_cell(text) for text in ("a", "b"))
    cells = [a, b, nbformat.v4.new_code_cell("a")]
    notebooks._name(cells)
    before = [cell.id for cell in cells]
    assert len(set(before)) == 3
    notebooks._name([nbformat.v4.new_markdown_cell("new"), *cells])
    assert [cell.id for cell in cells] == before


@pytest.mark.parametrize("number", CHAPTERS)
def test_every_cell_is_the_lessons(number: int) -> None:
    """But for the one call, and the marks of our own tools."""
    node = notebooks.notebook(number, "jax", epochs=2)
    title, *rest = original(notebooks.lesson_file(number))
    assert node.cells[0].source == title.source
    changed = []
    for mine, theirs in zip(node.cells[1 + OWN :], rest, strict=True):
        assert mine.cell_type == theirs.cell_type
        text = notebooks.TOOLS_MARK.sub("", theirs.source)
        if mine.source != text:
            changed.append((text, mine.source))
    ((before, after),) = changed
    call = f"open_lesson({number}, backend=BACKEND, epochs=2)"
    assert after == before.replace(f"open_lesson({number})", call)


@pytest.mark.parametrize("number", EXERCISES)
def test_every_cell_is_the_exercises(number: int) -> None:
    """The same for what is handed out."""
    node = notebooks.exercises_notebook(number, "torch")
    call = f"open_exercises({number}, backend=BACKEND)"
    assert sum(call in cell.source for cell in node.cells) == 1
    assert len(node.cells) == len(original(notebooks.exercises_file(number))) + OWN


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_backend_is_the_first_line_of_code(backend: str) -> None:
    """And nothing else is in its cell."""
    code = [cell for cell in notebooks.notebook(1, backend).cells if cell.cell_type == "code"]
    assert code[0].source.startswith(f'BACKEND = "{backend}"  # or ')
    assert code[0].source.count("\n") == 0
    assert all(name in code[0].source for name in BACKENDS)
    assert repository() in code[1].source


def test_another_backend_changes_one_line() -> None:
    """However many notebooks were made of the lesson before."""
    names = ("numpy", "torch", "numpy")
    numpy, torch, again = (notebooks.notebook(2, name).cells for name in names)
    assert again == numpy
    changed = [(a, b) for a, b in zip(numpy, torch, strict=True) if a != b]
    assert [b.source.startswith('BACKEND = "torch"') for _, b in changed] == [True]


@pytest.mark.parametrize(
    "source", ["lesson = open_lesson(2)\n", "", "l = open_lesson(1)\nm = open_lesson(1)\n"]
)
def test_a_source_that_does_not_open_itself_once_is_refused(source: str) -> None:
    """The backend of the first cell would not reach it."""
    with pytest.raises(TriptychError, match=r"open itself once, in a line of its own"):
        notebooks.with_backend(source, "open_lesson", 1, {})


def test_wrong_lessons_backends_and_languages_are_named() -> None:
    """In one line each."""
    with pytest.raises(SettingsError, match="there is no lesson 9: choose one of 1, 2"):
        notebooks.notebook(9, "torch")
    with pytest.raises(UnknownBackend, match="'tourch': did you mean torch"):
        notebooks.notebook(1, "tourch")
    with pytest.raises(SettingsError, match="'tlh': expected one of en, nl"):
        notebooks.made(["numpy"], "tlh")


@pytest.mark.parametrize("language", ["en", "nl"])
def test_exercises_say_how_to_check_this_very_notebook(language: str, tmp_path: Path) -> None:
    """The text's `make check1` judges the file in lessons/exercises, where nobody has answered."""
    said = {"en": "How to count your points", "nl": "Zo tel je je punten"}[language]
    elsewhere = tmp_path / "my notebooks"
    for folder, place in (
        (notebooks.FOLDER, "notebooks/jax/exercises/lesson1.ipynb"),
        (elsewhere, f"'{elsewhere}/jax/exercises/lesson1.ipynb'"),
    ):
        files = notebooks.made(["jax"], language, folder)
        assert "jax/exercises/lesson1.ipynb" in files
        text = nbformat.reads(files["jax/exercises/lesson1.ipynb"], as_version=4).cells[1].source
        assert said in text
        assert f"\nmake check1 BACKEND=jax FILE={place}\n" in text
        assert "FILE=" not in files["jax/lesson1.ipynb"]


def test_a_translated_lesson_opens_in_its_language() -> None:
    """Its text is Dutch, and so are the figures' words that come from course/."""
    node = notebooks.notebook(1, "numpy", language="nl")
    text = "\n".join(cell.source for cell in node.cells)
    assert "Ik heb de knoppen voor je gezet" in text
    assert "Zo gebruik je dit notebook" in text
    assert "open_lesson(1, backend=BACKEND, language='nl')" in text
    assert len(node.cells) == len(notebooks.notebook(1, "numpy").cells)


def test_the_command_writes_whole_files(tmp_path: Path) -> None:
    """Over older ones, readable for everybody, and nothing beside them."""
    out = tmp_path / "my notebooks"
    old = out / "numpy" / "lesson1.ipynb"
    old.parent.mkdir(parents=True)
    old.write_text("old")
    result = CliRunner().invoke(notebooks.command, ["--backend=numpy", f"--out={out}"])
    assert result.exit_code == 0, result.output
    assert f"{len(CHAPTERS) + len(EXERCISES)} notebooks in" in result.output
    files = {str(f.relative_to(out)): f for f in out.rglob("*") if f.is_file()}
    assert {n: f.read_text(encoding="utf-8") for n, f in files.items()} == notebooks.made(
        ["numpy"], "en", out
    )
    assert f"FILE='{out}/numpy/exercises/lesson1.ipynb'" in files[
        "numpy/exercises/lesson1.ipynb"
    ].read_text(encoding="utf-8")
    assert old.stat().st_mode & 0o444 == 0o444
