"""Run a lesson on the reference in this process, on the kit's images or on other ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from course.lesson import Lesson
from course.runner import run_lesson
from course.settings import Settings

Runner = Callable[..., Lesson]


class Printed(list[list[Any]]):
    """The rows of a table that a lesson printed."""

    def __init__(self, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        super().__init__(list(row) for row in rows)
        self.header = list(header)
        assert {len(row) for row in self} == {len(self.header)}

    def column(self, name: str) -> list[str]:
        """The cells of this column, as printed."""
        return [str(row[self.header.index(name)]) for row in self]


Tables = dict[str, Printed]


@contextmanager
def recorded_tables() -> Iterator[Tables]:
    """While a lesson runs, collect its tables by title instead of printing them."""
    tables: Tables = {}

    def keep(_: Lesson, title: str, header: Sequence[str], rows: Sequence[Any]) -> None:
        tables[title] = Printed(header, rows)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Lesson, "table", keep)
        yield tables


def runner(request: pytest.FixtureRequest, number: int) -> Runner:
    """run(out, epochs=2, …) runs this lesson on NumPy, in the precision under test."""
    dtype, device = (request.config.getoption(name) for name in ("--dtype", "--device"))

    def run(out: Path, **settings: Any) -> Lesson:
        return run_lesson(
            number, Settings(backend="numpy", dtype=dtype, device=device, out=str(out), **settings)
        )

    return run


# (height, width), classes, dtype, rows: square or not, tiny, many classes, one pixel
ODD_IMAGES = [
    ((12, 10), 3, "uint8", 150),
    ((8, 8), 3, "float32", 200),
    ((2, 3), 2, "uint8", 7),
    ((1, 40), 12, "float64", 60),
    ((1, 1), 2, "uint8", 20),
]


def own_images(
    path: Path,
    shape: tuple[int, int] = (12, 10),
    classes: int = 3,
    kind: str = "uint8",
    rows: int = 150,
    without: int | None = None,
) -> str:
    """An .npz of noise with a brighter line at another place for each class, sorted by class.

    without: a class without images, neither for training nor for testing.
    """
    rng = np.random.default_rng(0)
    y = np.sort(np.arange(rows) % classes)
    y = y[y != without]
    x = rng.integers(0, 100, (len(y), *shape))
    for image, label in zip(x, y, strict=True):
        image[label % shape[0]] += 120
    x = x.astype("uint8") if kind == "uint8" else (x / 255).astype(kind)
    np.savez(path, x_train=x, y_train=y, x_test=x[::3], y_test=y[::3])
    return str(path)


def check_figures(lesson: Lesson) -> None:
    """Assert that there are at least three figures, each a PNG with an alternative text."""
    assert lesson.finished_in
    assert len(lesson.figures) >= 3
    for figure in lesson.figures:
        assert (lesson.finished_in / figure["file"]).read_bytes().startswith(b"\x89PNG")
        assert len(figure["alt"]) > 40
