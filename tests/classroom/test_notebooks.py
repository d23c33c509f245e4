"""A notebook has the cells of its lesson and the chosen backend; builds are reproducible."""

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
from classroom.check import exercises
from classroom.setup_cells import repository
from course.lessons import LESSONS

EXERCISES = [number for number in LESSONS if notebooks.exercises_file(number).is_file()]
ADDED = 3  # cells after the title that the lesson does not have
QUIZ = 1  # and after its text: two questions,
AT_THE_END = 2  # a heading, and the framework's own program


def original(file: Path) -> list[nbformat.NotebookNode]:
    """The cells of a py:percent file."""
    return list(jupytext.reads(file.read_text(encoding="utf-8"), fmt="py:percent").cells)


@pytest.fixture(scope="module", params=["numpy", "torch"])
def built(request: pytest.FixtureRequest) -> dict[str, str]:
    """All notebooks of a backend."""
    return notebooks.build_all([request.param], "en")


def test_every_lesson_and_exercise_file_has_a_notebook_for_each_backend() -> None:
    names = set(notebooks.build_all(list(BACKENDS), "en"))
    expected = {f"{e}/lesson{n}.ipynb" for e in BACKENDS for n in LESSONS}
    assert names == expected | {
        f"{e}/exercises/lesson{n}.ipynb" for e in BACKENDS for n in EXERCISES
    }


@pytest.mark.sampled(1)
def test_two_builds_give_the_same_bytes(built: dict[str, str]) -> None:
    """Also in another process with another hash seed."""
    (backend,) = {name.split("/")[0] for name in built}
    code = "import sys\nfrom classroom import notebooks\n"
    code += "sys.stdout.buffer.write(str(notebooks.build_all([sys.argv[1]], 'en')).encode())"
    again = subprocess.run(
        [sys.executable, "-c", code, backend], capture_output=True, check=True,
        env=os.environ | {"PYTHONPATH": str(kernel.ROOT), "PYTHONHASHSEED": "7"},
    )  # fmt: skip
    assert again.stdout.decode() == str(built)


def test_they_are_valid_without_output_and_without_math(built: dict[str, str]) -> None:
    """JupyterLab would take text between two dollar signs, such as prices, for a formula."""
    for name, text in built.items():
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


def test_a_new_cell_does_not_change_the_ids_of_others() -> None:
    """Ids depend on the text, and equal texts get different ids."""
    a, b = (nbformat.v4.new_code_cell(text) for text in ("a", "b"))
    cells = [a, b, nbformat.v4.new_code_cell("a")]
    notebooks._set_ids(cells)
    before = [cell.id for cell in cells]
    assert len(set(before)) == 3
    notebooks._set_ids([nbformat.v4.new_markdown_cell("new"), *cells])
    assert [cell.id for cell in cells] == before


@pytest.mark.parametrize("number", LESSONS)
def test_every_cell_is_that_of_the_lesson(number: int) -> None:
    """Except for one call, and comments for linters."""
    node = notebooks.notebook(number, "jax", epochs=2)
    title, *rest = original(notebooks.lesson_file(number))
    assert node.cells[0].source == title.source
    changed = []
    after = -QUIZ - AT_THE_END if LESSONS[number].native else -QUIZ
    for actual, original_cell in zip(node.cells[1 + ADDED : after], rest, strict=True):
        assert actual.cell_type == original_cell.cell_type
        text = notebooks.LINTER_COMMENT.sub("", original_cell.source)
        if actual.source != text:
            changed.append((text, actual.source))
    ((before, opened),) = changed
    call = f"open_lesson({number}, backend=BACKEND, epochs=2)"
    assert opened == before.replace(f"open_lesson({number})", call)


@pytest.mark.parametrize("number", EXERCISES)
def test_every_cell_is_that_of_the_exercises(number: int) -> None:
    node = notebooks.exercises_notebook(number, "torch")
    call = f"open_exercises({number}, backend=BACKEND)"
    assert sum(call in cell.source for cell in node.cells) == 1
    own = [cell for cell in node.cells if not cell.source.startswith("check(")]
    assert len(own) == len(original(notebooks.exercises_file(number))) + ADDED


@pytest.mark.parametrize("number", EXERCISES)
def test_each_exercise_is_followed_by_its_check(number: int) -> None:
    """After its last code and before its question at the end; all of them at the very end."""
    cells = notebooks.exercises_notebook(number, "torch").cells
    titles = [exercise.title for exercise in exercises(number)]
    checks = [i for i, cell in enumerate(cells) if cell.source.startswith("check(")]
    expected = [f"check({n})" for n in range(1, len(titles) + 1)]
    assert [cells[i].source for i in checks] == [*expected, "check()"]
    assert checks[-1] == len(cells) - 1
    assert all(cells[i - 1].cell_type == "code" for i in checks[:-1])
    for n, i in enumerate(checks[:-1], 1):
        before = "\n".join(cell.source for cell in cells[:i])
        assert before.rindex("## ") == before.index(f"## {n} · {titles[n - 1]}")
    opening = next(cell.source for cell in cells if "open_exercises(" in cell.source)
    assert "backend=BACKEND)\ncheck = exercises.check" in opening


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_backend_is_the_first_line_of_code(backend: str) -> None:
    """Its cell contains nothing else."""
    code = [cell for cell in notebooks.notebook(1, backend).cells if cell.cell_type == "code"]
    assert code[0].source.startswith(f'BACKEND = "{backend}"  # or ')
    assert code[0].source.count("\n") == 0
    assert all(name in code[0].source for name in BACKENDS)
    assert repository() in code[1].source


def test_another_backend_changes_one_line() -> None:
    """The cached cells of a lesson are not modified."""
    names = ("numpy", "torch", "numpy")
    numpy, torch, again = (notebooks.notebook(2, name).cells for name in names)
    assert again == numpy
    changed = [(a, b) for a, b in zip(numpy, torch, strict=True) if a != b]
    opening, heading, program = (b.source for _, b in changed)
    assert opening.startswith('BACKEND = "torch"')
    assert "in its own words: pytorch" in heading.lower()
    assert "torch.optim.SGD" in program


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("number", [n for n in LESSONS if LESSONS[n].native])
def test_a_notebook_ends_with_the_program_of_its_framework(number: int, backend: str) -> None:
    """As text, to copy into an empty notebook: here its names would replace the lesson's."""
    heading, program = notebooks.notebook(number, backend).cells[-AT_THE_END:]
    assert heading.cell_type == "markdown"
    assert f"make side-by-side LESSON={number}" in heading.source
    assert program.cell_type == "markdown"
    text = program.source.removeprefix("```python\n").removesuffix("\n```")
    assert text.startswith("# pip install . ")
    assert f"import {backend.partition('-')[0]}" in text
    compile(text, "cell", "exec")


@pytest.mark.parametrize(
    "source", ["lesson = open_lesson(2)\n", "", "l = open_lesson(1)\nm = open_lesson(1)\n"]
)
def test_a_source_must_contain_its_opening_call_once(source: str) -> None:
    """Else the backend of the first cell would have no effect."""
    with pytest.raises(TriptychError, match=r"must contain one line `name = open_lesson\(1\)`"):
        notebooks.with_backend(source, "open_lesson", 1, {})


def test_an_unknown_lesson_backend_or_language_is_an_error() -> None:
    with pytest.raises(SettingsError, match="there is no lesson 9: choose one of 1, 2"):
        notebooks.notebook(9, "torch")
    with pytest.raises(UnknownBackend, match="'tourch': did you mean torch"):
        notebooks.notebook(1, "tourch")
    with pytest.raises(SettingsError, match="'tlh': expected one of en, nl"):
        notebooks.build_all(["numpy"], "tlh")


@pytest.mark.parametrize("language", ["en", "nl"])
def test_exercises_name_the_command_that_checks_this_notebook(
    language: str, tmp_path: Path
) -> None:
    """`make check1` alone would judge the file in lessons/exercises."""
    heading = {"en": "How to count your points", "nl": "Zo tel je je punten"}[language]
    elsewhere = tmp_path / "my notebooks"
    for folder, path in (
        (notebooks.FOLDER, "notebooks/jax/exercises/lesson1.ipynb"),
        (elsewhere, f"'{elsewhere}/jax/exercises/lesson1.ipynb'"),
    ):
        files = notebooks.build_all(["jax"], language, folder)
        assert "jax/exercises/lesson1.ipynb" in files
        text = nbformat.reads(files["jax/exercises/lesson1.ipynb"], as_version=4).cells[1].source
        assert heading in text
        assert f"\nmake check1 BACKEND=jax FILE={path}\n" in text
        assert "FILE=" not in files["jax/lesson1.ipynb"]


def test_a_translated_lesson_opens_in_its_language() -> None:
    """Its text is Dutch, and so are the texts of figures from course/."""
    node = notebooks.notebook(1, "numpy", language="nl")
    text = "\n".join(cell.source for cell in node.cells)
    assert "Ik heb de knoppen voor je gezet" in text
    assert "Zo gebruik je dit notebook" in text
    assert "open_lesson(1, backend=BACKEND, language='nl')" in text
    assert len(node.cells) == len(notebooks.notebook(1, "numpy").cells)


def test_the_command_replaces_older_files(tmp_path: Path) -> None:
    """The files are complete and readable for all users, and no other files are written."""
    out = tmp_path / "my notebooks"
    old = out / "numpy" / "lesson1.ipynb"
    old.parent.mkdir(parents=True)
    old.write_text("old")
    result = CliRunner().invoke(notebooks.command, ["--backend=numpy", f"--out={out}"])
    assert result.exit_code == 0, result.output
    assert f"{len(LESSONS) + len(EXERCISES)} notebooks in" in result.output
    files = {str(f.relative_to(out)): f for f in out.rglob("*") if f.is_file()}
    assert {n: f.read_text(encoding="utf-8") for n, f in files.items()} == notebooks.build_all(
        ["numpy"], "en", out
    )
    assert f"FILE='{out}/numpy/exercises/lesson1.ipynb'" in files[
        "numpy/exercises/lesson1.ipynb"
    ].read_text(encoding="utf-8")
    assert old.stat().st_mode & 0o444 == 0o444


@pytest.mark.parametrize("number", LESSONS)
def test_exercises_name_the_cells_that_check_them(number: int) -> None:
    """The file says `make check3`, which would judge that file and not this notebook."""
    cells = notebooks.exercises_notebook(number, "numpy").cells
    texts = [
        c.source for c in cells if c.cell_type == "markdown" and "set-up" not in str(c.metadata)
    ]
    assert "`check()` counts your points" in texts[0].replace("\n", " ")
    assert not [text for text in texts if f"make check{number}" in text]
    assert f"`make check{number}` alone means another file" in cells[1].source.replace("\n", " ")
    assert f"`make check{number}`" in notebooks.exercises_file(number).read_text(encoding="utf-8")
