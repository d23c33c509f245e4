"""Running a lesson's file, its output after an error, and the settings of each lesson."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from adapters.contract import SGD, Dense, Net, NotFinite, SettingsError, TriptychError
from course import runner
from course.digests import digest_of
from course.lesson import Lesson
from course.lesson_context import LessonContext, StopLesson
from course.lessons import LESSONS
from course.runner import compiled, run_lesson
from course.settings import (
    LARGEST_SEED,
    MOST_EPOCHS,
    MOST_THREADS,
    MOST_WORKERS,
    ROOT,
    Settings,
    folder_name,
)


class FakeLesson:
    """A lesson as its runner uses it; records how it ended."""

    def __init__(self, number: int, settings: Settings, context: LessonContext) -> None:
        self.number, self.settings, self.context = number, settings, context
        self.arrays: dict[str, int] = {"losses": 1}
        self.finished_in: Path | None = None
        self.ended: list[str] = []
        made.append(self)

    def begin(self) -> None:
        """There is no backend to load."""

    def finish(self, headline: str | None = None, status: str = "complete") -> None:
        self.ended.append(status)
        if not self.arrays.get("no room"):
            self.finished_in = Path("here")

    def abandon(self) -> None:
        self.ended.append("abandoned")


made: list[FakeLesson] = []
BEGIN = "from course import open_lesson\nlesson = open_lesson(4)\n"


@pytest.fixture(autouse=True)
def handler() -> Iterator[None]:
    """Restore the handler of Ctrl-C, which is ignored after a lesson fails."""
    before = signal.getsignal(signal.SIGINT)
    made.clear()
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def ends(monkeypatch: pytest.MonkeyPatch) -> Any:
    """ends(text, error) runs a lesson with this text, which raises error; returns how it ended."""

    def run(text: str, error: type[BaseException] | None = None) -> list[str]:
        program = compile(BEGIN + text, "lesson.py", "exec")
        monkeypatch.setattr(runner, "Lesson", FakeLesson)
        monkeypatch.setattr(runner, "compiled", lambda number, language: program)
        if error is None:
            assert run_lesson(4, Settings(seed=7)) is made[-1]
        else:
            with pytest.raises(error):
                run_lesson(4, Settings(seed=7))
        assert runner._running.get() is None
        assert (made[-1].number, made[-1].settings.seed) == (4, 7)
        return made[-1].ended

    return run


NOT_FINITE = "from adapters.contract import NotFinite\nraise NotFinite('step 3')"


def test_a_lesson_that_finishes_is_left_alone(ends: Any) -> None:
    assert ends("assert __name__ == '__main__'\nlesson.finish()") == ["complete"]


def test_a_lesson_that_never_finishes_records_nothing(ends: Any) -> None:
    assert ends("", TriptychError) == ["abandoned"]


def test_finished_runs_are_recorded_with_the_status(ends: Any) -> None:
    assert ends(NOT_FINITE, NotFinite) == ["diverged"]
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN  # a second Ctrl-C ends no writing
    assert ends("raise KeyboardInterrupt", KeyboardInterrupt) == ["interrupted"]


def test_after_other_errors_or_without_numbers_nothing_is_recorded(ends: Any) -> None:
    assert ends("raise ValueError", ValueError) == ["abandoned"]
    assert ends(f"lesson.arrays.clear()\n{NOT_FINITE}", NotFinite) == ["abandoned"]
    assert ends("lesson.arrays['no room'] = 1\nraise KeyboardInterrupt", KeyboardInterrupt) == [
        "interrupted", "abandoned",
    ]  # fmt: skip
    assert ends("lesson.finish()\nraise ValueError", ValueError) == ["complete"]


def test_a_lesson_s_program_is_its_file() -> None:
    for number, lesson in LESSONS.items():
        program = compiled(number, "en")
        assert program.co_filename == str(ROOT / "lessons" / lesson.file)
        assert (ROOT / "lessons" / lesson.file).is_file()
    dutch = compiled(1, "nl")
    assert dutch.co_filename == compiled(1, "en").co_filename
    assert dutch.co_code is not None
    assert dutch != compiled(1, "en")
    assert compiled(1, "en") == compiled(1, "en")


def test_the_settings_of_each_lesson() -> None:
    assert (LARGEST_SEED, MOST_EPOCHS) == (9223372036854775807, 1000000)
    assert (MOST_THREADS, MOST_WORKERS) == (1024, 1024)
    assert list(LESSONS) == list(range(1, len(LESSONS) + 1))
    for number, lesson in LESSONS.items():
        assert lesson.file.startswith(f"lesson{number}_")
        assert (
            {"data", "epochs"} < set(lesson.takes) <= {"data", "epochs", "knobs", "learning_rate"}
        )
    settings = Settings()
    assert (settings.backend, settings.dtype, settings.device) == ("torch", "float32", "auto")
    assert (settings.seed, settings.draw, settings.probes) == (0, True, False)
    for frozen in (settings, LESSONS[1]):
        with pytest.raises(AttributeError):
            frozen.file = "another"  # type: ignore[misc, union-attr]


def test_the_name_of_a_folder_is_of_the_settings_whatever_their_order() -> None:
    one = folder_name("jax", "float64", "cpu", 3, {"epochs": 2, "data": "x"})
    assert one == folder_name("jax", "float64", "cpu", 3, {"data": "x", "epochs": 2})
    assert one == f"jax-float64-cpu-seed3-{digest_of({'data': 'x', 'epochs': 2})[:8]}"
    assert digest_of(1) == "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b"


def test_callbacks_are_passed_with_the_lesson(monkeypatch: pytest.MonkeyPatch) -> None:
    """A callback may end the lesson; its output is removed, and Ctrl-C works as before."""
    text = BEGIN + "knobs = 3\nlesson.context.train('run')\nlesson.finish()"
    monkeypatch.setattr(runner, "Lesson", FakeLesson)
    monkeypatch.setattr(runner, "compiled", lambda number, language: compile(text, "x", "exec"))
    calls: list[Any] = []

    def train(run: Any) -> None:
        calls.append(run)
        raise StopLesson

    context = LessonContext(train=train, started=calls.append, ended=calls.append)
    lesson: Any = run_lesson(4, Settings(), context)
    assert calls == [lesson, "run", lesson]
    assert (lesson.context, lesson.ended) == (context, ["abandoned"])
    assert context.names["knobs"] == 3
    assert signal.getsignal(signal.SIGINT) is not signal.SIG_IGN
    assert runner._running.get() is None


def test_a_file_that_opens_another_lesson_is_refused(ends: Any) -> None:
    assert ends("open_lesson(3)", SettingsError) == ["abandoned"]


def test_a_lesson_hands_its_runs_tables_and_figures_over(tmp_path: Path) -> None:
    seen: list[Any] = []
    context = LessonContext(
        train=seen.append, table=lambda *table: seen.append(table),
        show=lambda *figure: seen.append(figure),
    )  # fmt: skip
    lesson = Lesson(4, Settings("numpy", out=str(tmp_path), draw=False), context)
    try:
        lesson.begin()
        net = Net((Dense(2, 1),), "squared")
        rows = np.ones((4, 2), "float32")
        run = lesson.train("a", net, SGD(0.1), rows, rows[:, :1], epochs=1, batch_size=2)
        lesson.table("title", ["x"], [[1]])
        lesson.show("figure", "name", "alt")  # type: ignore[arg-type]
        assert seen == [run, ("title", ["x"], [[1]]), ("figure", "name", "alt")]
        assert (run.model, lesson.arrays, lesson.figures) == (None, {}, [])
    finally:
        lesson.abandon()
