"""What costs seconds is made once: a lesson's recipes, traces, and a process for each backend."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from compare.diverge.recipes import recipes
from compare.diverge.side import Setting, Side
from injections import RunSpec
from tests.leftovers import kept

Kitchen = Callable[[int], list[RunSpec]]


def running(sides: Iterable[Side]) -> list[int]:
    """The processes of these sides; each is started when it is first asked for anything."""
    return [side.process.pid for side in sides if side.process is not None]


@pytest.fixture(scope="session")
def traces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of all traces: each name says what ran, down to the code."""
    return tmp_path_factory.mktemp("traces")


@pytest.fixture(scope="session")
def started(traces: Path) -> Iterator[Callable[[str, Setting], Side]]:
    """started("torch", Setting(4)): a side whose process stays, the same for whoever asks."""
    sides: dict[tuple[str, Setting], Side] = {}
    with ExitStack() as stack, kept(lambda: running(sides.values())):

        def of(backend: str, setting: Setting) -> Side:
            key = backend, setting
            if key not in sides:
                sides[key] = stack.enter_context(Side(backend, setting, traces))
            return sides[key]

        yield of


@pytest.fixture
def sides(started: Callable[[str, Setting], Side]) -> Iterator[tuple[Side, Side]]:
    """NumPy and PyTorch on lesson 4; a test may plant something in either."""
    both = started("numpy", Setting(4)), started("torch", Setting(4))
    yield both
    for side in both:
        side.injections = ()


@pytest.fixture(scope="session")
def kitchen() -> Kitchen:
    """kitchen(4): what lesson 4 trains on NumPy in float64, cut short; each lesson runs once."""
    cooked: dict[int, list[RunSpec]] = {}

    def of(lesson: int) -> list[RunSpec]:
        if lesson not in cooked:
            cooked[lesson] = recipes(lesson, "float64", 0, None)
        return cooked[lesson]

    return of
