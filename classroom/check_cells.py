"""The cells of an exercise notebook that check it: `check(3)` after the third exercise."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

CHECK = "check = exercises.check\n"  # follows the call of `open_exercises`
HEADING = re.compile(r"^## (\d+) · ", re.MULTILINE)


def with_checks(cells: Sequence[NotebookNode]) -> list[NotebookNode]:
    """The cells, with a check after the last code of each exercise, and one of all at the end."""
    after: dict[int, int] = {}  # exercise, by the index of its last code cell
    exercise = last_code = 0
    for i, cell in enumerate(cells):
        if cell.cell_type == "code":
            last_code = i
        elif heading := HEADING.search(cell.source):
            if exercise:
                after[last_code] = exercise
            exercise = int(heading[1])
    if exercise:
        after[last_code] = exercise
    result = []
    for i, cell in enumerate(cells):
        result.append(cell)
        if i in after:
            result.append(new_code_cell(f"check({after[i]})"))
    return [*result, new_code_cell("check()")]
