"""python -m classroom.rehearsal.one_notebook N BACKEND: run the notebook of a lesson, quickly."""

from __future__ import annotations

import sys

from classroom import notebooks
from course.lessons import LESSONS

LONGEST = 300  # seconds for one cell


def main(number: int, backend: str) -> None:
    """Run every cell in a kernel of its own, with the few epochs that reach every cell."""
    epochs = LESSONS[number].short_epochs if "epochs" in LESSONS[number].takes else None
    node = notebooks.execute(notebooks.notebook(number, backend, epochs=epochs), timeout=LONGEST)
    print(f"{sum(cell.cell_type == 'code' for cell in node.cells)} cells ran")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
