"""Code that only draws is folded, by a mark in the lesson, and hides nothing that is taught."""

from __future__ import annotations

import ast
import re

import jupytext
import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from classroom.notebooks import FOLDED, lesson_file, notebook
from course.lessons import LESSONS
from tools.site import lesson_pages

# Words that need more than school mathematics. They stand in a fold for the curious, if at all.
BEYOND = re.compile(
    r"hessian|eigenval|eigenvect|eigvals|λ|lambda_max|l-bfgs|lbfgs|newton's method|jacobian"
    r"|np\.linalg\.(?!lstsq|norm)", re.IGNORECASE,
)  # fmt: skip
FOLD = re.compile(r"^<details>\n<summary>\nFor the curious: .+\n</summary>\n\n.+?\n\n</details>$",
                  re.MULTILINE | re.DOTALL)  # fmt: skip


def cells(number: int) -> list[NotebookNode]:
    """The cells of a lesson's file."""
    text = lesson_file(number).read_text(encoding="utf-8")
    return list(jupytext.reads(text, fmt="py:percent").cells)


def is_folded(cell: NotebookNode) -> bool:
    return FOLDED in cell.metadata.get("tags", [])


def bound(code: str) -> set[str]:
    """The names that a cell gives a value at its top level."""
    tree = ast.parse(code)
    inner = {id(n) for f in ast.walk(tree) if isinstance(f, ast.FunctionDef | ast.Lambda)
             for n in ast.walk(f)}  # fmt: skip
    loops = {id(n) for c in ast.walk(tree) if isinstance(c, ast.comprehension)
             for n in ast.walk(c.target)}  # fmt: skip
    names = {node.id for node in ast.walk(tree)
             if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
             and id(node) not in inner | loops}  # fmt: skip
    return names | {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def needed(code: str) -> set[str]:
    """The names that a cell takes from an earlier one: read before, or without, being set here."""
    found, own = set[str](), set[str]()
    for statement in ast.parse(code).body:
        text = ast.unparse(statement)
        read = {node.id for node in ast.walk(statement)
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}  # fmt: skip
        local = {node.arg for node in ast.walk(statement) if isinstance(node, ast.arg)}
        local |= {node.id for node in ast.walk(statement)
                  if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
                  and not isinstance(statement, ast.Assign)}  # fmt: skip
        local |= {name.id for c in ast.walk(statement) if isinstance(c, ast.comprehension)
                  for name in ast.walk(c.target) if isinstance(name, ast.Name)}  # fmt: skip
        found |= read - own - local
        own |= bound(text)
    return found


def taught_in_a_fold(listed: list[NotebookNode]) -> list[str]:
    """The names that a folded cell sets and a later visible cell takes from it."""
    hidden, wrong = set[str](), []
    for cell in listed:
        if cell.cell_type != "code":
            continue
        if is_folded(cell):
            hidden |= bound(cell.source)
            continue
        wrong += sorted(hidden & needed(cell.source))
        hidden -= bound(cell.source)
    return wrong


@pytest.mark.parametrize("number", LESSONS)
def test_no_visible_cell_needs_a_name_from_a_folded_one(number: int) -> None:
    assert taught_in_a_fold(cells(number)) == []


def test_a_name_that_is_taught_in_a_fold_is_found() -> None:
    def two(folded: str, visible: str) -> list[NotebookNode]:
        cell = new_code_cell(folded)
        cell.metadata.tags = [FOLDED]
        return [cell, new_code_cell(visible)]

    assert taught_in_a_fold(two("w = 1", "print(w)")) == ["w"]
    assert taught_in_a_fold(two("def rule(): pass", "x = [rule() for _ in (1, 2)]")) == ["rule"]
    assert taught_in_a_fold(two("w = 1", "w = 2\nprint(w)")) == []
    assert taught_in_a_fold(two("x = [w for w in (1, 2)]", "print(w)")) == []


@pytest.mark.parametrize("number", LESSONS)
def test_folded_cells_draw_and_most_figures_are_folded(number: int) -> None:
    code = [cell for cell in cells(number) if cell.cell_type == "code"]
    for cell in code:
        if is_folded(cell):
            assert "lesson.show(" in cell.source, cell.source
            assert "lesson.train(" not in cell.source
            assert "lesson.finish(" not in cell.source
    figures = [cell for cell in code if "lesson.show(" in cell.source]
    assert sum(map(is_folded, figures)) >= len(figures) - 1  # one has a slider that is taught


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_notebook_folds_what_the_lesson_marks(language: str) -> None:
    """JupyterLab reads `source_hidden`, Colab `cellView`; every other cell is open."""
    for number in LESSONS if language == "en" else [1]:
        built = notebook(number, "numpy", language=language).cells
        marked = [cell for cell in built if is_folded(cell)]
        assert len(marked) == sum(map(is_folded, cells(number))) >= 4
        for cell in built:
            hidden = cell.metadata.get("jupyter", {}).get("source_hidden", False)
            assert hidden == (cell.metadata.get("cellView") == "form")
            assert hidden == (is_folded(cell) or cell.source.startswith("# @title"))  # fetches


def test_the_site_folds_what_the_lesson_marks() -> None:
    """myst-nb folds the code under the tag `hide-input`; the outputs below it stay open."""
    run = notebook(2, "numpy")
    page = lesson_pages.page({"numpy": run}, "lesson 2", "en")
    nbformat.validate(page)
    folded = [cell.source for cell in page.cells if is_folded(cell)]
    assert folded == [cell.source for cell in run.cells if is_folded(cell)]
    assert folded


@pytest.mark.parametrize("number", LESSONS)
def test_what_needs_more_than_school_mathematics_is_for_the_curious(number: int) -> None:
    for cell in cells(number):
        text = FOLD.sub("", cell.source) if cell.cell_type == "markdown" else cell.source
        assert "<details>" not in text, "a fold that does not say that it is for the curious"
        assert not BEYOND.search(text), BEYOND.search(text)


def test_such_a_word_is_found_and_may_stand_in_a_fold() -> None:
    fold = "<details>\n<summary>\nFor the curious: why\n</summary>\n\nthe Hessian\n\n</details>"
    assert BEYOND.search("the Hessian")
    assert BEYOND.search("2/λ_max")
    assert FOLD.sub("", fold) == ""
    assert BEYOND.search(FOLD.sub("", f"the Hessian\n{fold}"))
    assert FOLD.sub("", fold.replace("For the curious: ", "")) != ""
    assert new_notebook(cells=[new_markdown_cell(fold)])  # valid in a notebook
