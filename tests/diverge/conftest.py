"""Expensive fixtures, made once: small images, run specs, traces, a process for each backend."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from compare.diverge.run_specs import run_specs
from compare.diverge.side import Setting, Side
from injections import RunSpec
from tests.images import small_images
from tests.leftovers import spared

LessonSpecs = Callable[[int], list[RunSpec]]


def running(sides: Iterable[Side]) -> list[int]:
    """The processes of these sides that have been started."""
    return [side.process.process.pid for side in sides if side.process is not None]


@pytest.fixture(scope="session")
def images(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A file of few and small images, on which lessons 3 and 4 take a tenth of their time."""
    return small_images(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
def traces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of all traces; each name identifies what ran, down to the code."""
    return tmp_path_factory.mktemp("traces")


@pytest.fixture(scope="session")
def started(traces: Path) -> Iterator[Callable[[str, Setting], Side]]:
    """started("torch", Setting(4)): a side whose process is shared by all tests."""
    sides: dict[tuple[str, Setting], Side] = {}
    with ExitStack() as stack, spared(lambda: running(sides.values())):

        def of(backend: str, setting: Setting) -> Side:
            key = backend, setting
            if key not in sides:
                sides[key] = stack.enter_context(Side(backend, setting, traces))
            return sides[key]

        yield of


@pytest.fixture
def sides(started: Callable[[str, Setting], Side], images: str) -> Iterator[tuple[Side, Side]]:
    """NumPy and PyTorch on lesson 4; a test may inject something into either."""
    setting = Setting(4, data=images)
    both = started("numpy", setting), started("torch", setting)
    yield both
    for side in both:
        side.injections = ()


@pytest.fixture(scope="session")
def lesson_specs() -> LessonSpecs:
    """lesson_specs(4): runs of lesson 4 on NumPy in float64, shortened; each lesson runs once."""
    specs: dict[int, list[RunSpec]] = {}

    def of(lesson: int) -> list[RunSpec]:
        if lesson not in specs:
            specs[lesson] = run_specs(lesson, "float64", 0, None)
        return specs[lesson]

    return of
