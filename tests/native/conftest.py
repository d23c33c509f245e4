"""Lessons on NumPy, run once: their records, their tables, and what they fixed in a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from compare.native import fixed
from course import console
from course.lesson_context import LessonContext
from course.lessons import NATIVE
from course.record import read_record
from course.runner import run_lesson
from course.settings import Settings
from tests.images import few_images

# Short, and with an epoch at the lower learning rate.
EPOCHS, OF_LESSON_2 = 3, 40
TO_THE_END = 100  # passes, of which lesson 1 needs a few on few images
ROWS = {"train": 430, "test": 100}  # of few images: the last batch has 30 rows
ROWS_OF_LESSON_1 = 1_000  # of which one pass has a single mistake


@dataclass
class Ran:
    """A lesson that has run: its record, its variables and tables, and what it fixed."""

    number: int
    settings: Settings
    record: tuple[dict[str, Any], dict[str, Any]]
    names: dict[str, Any]
    file: Path
    tables: dict[str, list[list[str]]] = field(default_factory=dict)

    @property
    def arrays(self) -> dict[str, Any]:
        return self.record[0]

    @property
    def fixed(self) -> dict[str, Any]:
        with np.load(self.file) as stored:
            return dict(stored)


def run(number: int, settings: Settings, file: Path) -> Ran:
    """Run a lesson, and write the file for its native programs."""
    tables: dict[str, list[list[str]]] = {}

    def table(title: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        tables[title] = [[str(cell) for cell in row] for row in rows]

    context = LessonContext(table=table)
    with console.silent():
        lesson = run_lesson(number, settings, context)
    assert lesson.finished_in
    if number in NATIVE:
        fixed.write(number, settings, file)
    return Ran(number, settings, read_record(lesson.finished_in), context.names, file, tables)


def epochs_of(number: int, few: bool) -> int:
    """Few enough for a test."""
    if number == 1 and few:
        return TO_THE_END
    if number == 7 and not few:
        return 1  # of 100 steps through windows
    return OF_LESSON_2 if number == 2 else EPOCHS


Run = Callable[..., Ran]


@pytest.fixture(scope="session")
def ran(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """ran(lesson, few=False, seed=None) → the lesson, run once a session; few: on few images."""
    once: dict[tuple[int, bool, int], Ran] = {}

    def get(number: int, few: bool = False, seed: int | None = None) -> Ran:
        seed = request.config.getoption("--seed") if seed is None else seed
        if (number, few, seed) not in once:
            folder = tmp_path_factory.mktemp("native")
            rows = ROWS_OF_LESSON_1 if number == 1 else ROWS["train"]
            settings = Settings(
                "numpy", dtype=request.config.getoption("--dtype"), seed=seed,
                epochs=epochs_of(number, few),
                out=str(folder), draw=False,
                data=few_images(folder, rows) if few else None,
            )  # fmt: skip
            once[number, few, seed] = run(number, settings, folder / "fixed.npz")
        return once[number, few, seed]

    return get


@pytest.fixture(params=NATIVE, ids=lambda n: f"lesson{n}")
def lesson(request: pytest.FixtureRequest, ran: Run) -> Ran:
    """Each lesson that has native programs."""
    return ran(request.param)
