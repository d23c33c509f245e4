"""A page for each lesson's exercises as students get them: without solutions, and not run."""

from __future__ import annotations

from pathlib import Path

import jupytext
import nbformat
from nbformat.v4 import new_markdown_cell

from adapters.contract import TriptychError, require
from classroom.notebooks import FOLDER, exercises_file, exercises_name
from classroom.setup_cells import check_line
from course.lessons import LESSONS

HOW = """\
:::{{note}}
Work in the notebook of `make lab`, where a cell `check(1)` follows each exercise, or in the file.
In a terminal, check the file with the first line and the notebook with the second, as often as you
like:

```
make check{number} BACKEND=torch
{line}
```

{{download}}`lesson{number}.py` is the file, `lessons/exercises/lesson{number}.py` of the course.
:::
"""
INDEX = """\
# Exercises

Predict first, and write it down. Then run. Then explain the difference. An exercise takes from
five minutes to an afternoon. `make check1` … `make check6` gives points, and a hint instead of an
answer.

```{{toctree}}
:maxdepth: 1

{pages}
```
"""


def _line(number: int) -> str:
    """The command that checks the notebook of `make lab BACKEND=torch`."""
    return check_line(number, "torch", FOLDER / exercises_name(number, "torch"))


def write(sources: Path) -> None:
    """Write a page for each lesson that has exercises, and one that lists them."""
    folder = sources / "exercises"
    folder.mkdir()
    numbers = [number for number in LESSONS if exercises_file(number).is_file()]
    for number in numbers:
        text = exercises_file(number).read_text(encoding="utf-8")
        require(
            "SOLUTION" not in text, f"{exercises_file(number).name} has a solution", TriptychError
        )
        (folder / f"lesson{number}.py").write_text(text, encoding="utf-8")
        node = jupytext.reads(text, fmt="py:percent")
        node.metadata = nbformat.NotebookNode(
            kernelspec={"display_name": "Triptych", "language": "python", "name": "python3"},
            language_info={"name": "python"},
        )
        node.cells.insert(1, new_markdown_cell(HOW.format(number=number, line=_line(number))))
        node.nbformat, node.nbformat_minor = 4, 5
        for i, cell in enumerate(node.cells):
            cell.id = f"cell{i}"
        (folder / f"lesson{number}.ipynb").write_text(nbformat.writes(node), encoding="utf-8")
    pages = "\n".join(f"lesson{number}" for number in numbers)
    (folder / "index.md").write_text(INDEX.format(pages=pages), encoding="utf-8")
