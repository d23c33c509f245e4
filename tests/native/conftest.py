"""Lessons on NumPy, run once: their records, their tables, and what they fixed in a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
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
from tests.texts import few_letters

# Short, and with an epoch at the lower learning rate.
EPOCHS, OF_LESSON_2 = 3, 40
TO_THE_END = 100  # passes, of which lesson 1 needs a few on few images
ROWS = {"train": 430, "test": 100}  # of few images: the last batch has 30 rows
ROWS_OF_LESSON_1 = 1_000  # of which one pass has a single mistake


@dataclass
class Given:
    """What a lesson fixes, in the file for its native programs."""

    number: int
    settings: Settings
    file: Path

    @cached_property
    def fixed(self) -> dict[str, Any]:
        with np.load(self.file) as stored:
            return dict(stored)


@dataclass
class Ran(Given):
    """A lesson that has run, too: its record, its variables and tables."""

    record: tuple[dict[str, Any], dict[str, Any]]
    names: dict[str, Any]
    tables: dict[str, list[list[str]]] = field(default_factory=dict)

    @property
    def arrays(self) -> dict[str, Any]:
        return self.record[0]


def run(given: Given) -> Ran:
    """Run a lesson with the settings of this file."""
    tables: dict[str, list[list[str]]] = {}

    def table(title: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        tables[title] = [[str(cell) for cell in row] for row in rows]

    context = LessonContext(table=table)
    with console.silent():
        lesson = run_lesson(given.number, given.settings, context)
    assert lesson.finished_in
    return Ran(given.number, given.settings, given.file, read_record(lesson.finished_in),
               context.names, tables)  # fmt: skip


def epochs_of(number: int, few: bool) -> int:
    """Few enough for a test."""
    if number == 1 and few:
        return TO_THE_END
    if number in (7, 8) and not few:
        return 1  # of 100 steps through windows, or of 159 with attention
    return OF_LESSON_2 if number == 2 else EPOCHS


Give = Callable[..., Given]
Run = Callable[..., Ran]


@pytest.fixture(scope="session")
def given(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Give:
    """given(lesson, few=False, seed=None) → what it fixes, written once a session; few: rows.

    Of lessons 5 and 6, which have no native programs, there is no such file.
    """

    @cache
    def make(number: int, few: bool, seed: int) -> Given:
        folder = tmp_path_factory.mktemp("native")
        rows = ROWS_OF_LESSON_1 if number == 1 else ROWS["train"]
        own = few_letters(folder) if number == 8 else few_images(folder, rows)
        settings = Settings(
            "numpy", dtype=request.config.getoption("--dtype"), seed=seed,
            epochs=epochs_of(number, few),
            out=str(folder), draw=False,
            data=own if few else None,
        )  # fmt: skip
        file = folder / "fixed.npz"
        if number in NATIVE and few:
            fixed.write(number, settings, file)
        elif number in NATIVE:  # to compress ten thousand images takes longer than most lessons
            np.savez(file, **fixed.fixed(number, settings))  # type: ignore[arg-type]
        return Given(number, settings, file)

    def get(number: int, few: bool = False, seed: int | None = None) -> Given:
        return make(number, few, request.config.getoption("--seed") if seed is None else seed)

    return get


@pytest.fixture(scope="session")
def ran(given: Give) -> Run:
    """ran(lesson, few=False, seed=None) → the lesson, run once a session; few: on few images."""
    once: dict[Path, Ran] = {}

    def get(number: int, few: bool = False, seed: int | None = None) -> Ran:
        one = given(number, few, seed)
        if one.file not in once:
            once[one.file] = run(one)
        return once[one.file]

    return get
