"""Judge the exercises of a notebook within its own kernel: the cell `check(3)`.

The checks are those of `python -m classroom.check`. They call the functions that the notebook's
cells have defined, and run no cell again. There is no sandbox: it is one's own work. So it needs no
terminal and no second process, and works on every system.
"""

from __future__ import annotations

import gc
import io
import linecache
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from types import FrameType
from typing import Any, Final

from adapters.contract import SettingsError, require
from classroom import wire_format
from classroom.answering import Answers
from classroom.call_recorder import Watch
from classroom.crashes import Crash, place
from classroom.judging import exercises, score
from classroom.notebook_report import Report
from classroom.owners import Owners
from classroom.scores import Scored, Wrong
from classroom.sources import Source, joined, source_of
from classroom.student import ENDLESS, Student
from classroom.time_limit import TimeLimit
from course.settings import Settings

SECONDS = 10.0  # for one call of a function, as in `classroom.limits`
CELL: Final = "cell [{}]"  # as Jupyter numbers what was run
_results: dict[int, dict[int, Scored]] = {}  # of this kernel, by lesson and exercise


def check(number: int, settings: Settings, exercise: int | None, names: dict[str, Any]) -> Report:
    """Points and hints for one exercise of a lesson, or for all of them (None).

    names: the notebook's global variables. Raises SettingsError for an unknown exercise.
    """
    of_lesson = exercises(number)
    numbers = range(1, len(of_lesson) + 1)
    require(
        exercise is None or exercise in numbers,
        f"there is no exercise {exercise!r} in lesson {number}: write check(1) to "
        f"check({len(of_lesson)}), or check() for all of them",
        SettingsError,
    )
    student = NotebookStudent(number, settings, names, SECONDS)
    judged = numbers if exercise is None else [exercise]
    results = _results.setdefault(number, {})
    results |= {n: score(of_lesson[n - 1], student) for n in judged}
    open_ = [n for n in numbers if n not in results or results[n].points < results[n].out_of]
    points = sum(result.points for result in results.values())
    out_of = sum(each.points for each in of_lesson)
    return Report(tuple((n, results[n]) for n in judged), points, out_of, tuple(open_))


class NotebookStudent(Student):
    """A student whose program has run in this process."""

    program = "the code"

    def __init__(
        self, number: int, settings: Settings, names: dict[str, Any], seconds: float
    ) -> None:
        super().__init__(number, _source(names), settings)
        self._names, self._seconds = names, seconds
        watch = Watch(Owners(str(names.get("__file__", ""))))
        self._answers = Answers(names, watch, self._is_own)
        self._answers.ask = self._ask_check
        latest = [crash for crash in self.crashes.all if self._is_latest(crash)]
        self.crashes.all = latest
        self._lost = frozenset().union(*(crash.names for crash in latest))

    def _is_own(self, frame: FrameType) -> bool:
        return frame.f_globals is self._names and bool(linecache.getlines(frame.f_code.co_filename))

    def _is_latest(self, crash: Crash) -> bool:
        """Whether what could not be read was the last attempt at these names."""
        definitions = (self._source.definition(name) for name in crash.names)
        lines = [getattr(node, "lineno", 0) for node in definitions]
        lines += [other.line for other in self.crashes.all if other.names & crash.names]
        return max(lines, default=0) <= crash.line

    def _reply(self, request: dict[str, Any], subject: str) -> dict[str, Any]:
        if request.get("name") in self._lost:  # an older version is no answer
            return {"error": "Missing"}
        if request["do"] != "method" and request["name"] not in self._names:
            self._raise_if_lost(request["name"], f"{subject} is missing")
            raise Wrong(
                f"There is no {subject} yet: run its cell first, and then this one. If that cell "
                "ends in red with an error, mend the error first."
            )
        with _quiet(), _without_collection(), TimeLimit(self._seconds) as limit:
            reply = self._answers.answer(wire_format.read(wire_format.write(request)))
        if limit.expired:
            raise Wrong(ENDLESS.format(subject, self._seconds))
        if reply.get("error") == "KeyboardInterrupt":
            raise KeyboardInterrupt
        message = wire_format.write(reply)
        return (
            {"error": "TooLarge"} if wire_format.too_large(message) else wire_format.read(message)
        )

    def _ask_check(self, number: int, arguments: list[Any]) -> Any:
        """Call a function of the check, for a radio."""
        encoded = wire_format.encode(arguments, self._answers.keep)
        reply = self._listen({"ask": number, "arguments": encoded})
        if "refused" in reply:
            raise ValueError(reply["refused"])
        return wire_format.decode(reply["answer"])

    def _place(self, reply: dict[str, Any]) -> tuple[int, str]:
        """The line in the text of all cells, found by the text of the cell."""
        line = reply.get("line") or 0
        text = "".join(linecache.getlines(str(reply.get("file", "")))).strip()
        if not line or not text:
            return 0, ""
        cells = self._names.get("In", ())
        for i in range(len(self._source.cells) - 1, -1, -1):
            if cells[i + 1].strip() == text:
                shift = cells[i + 1].split(text)[0].count("\n")
                line = self._source.cells[i] + shift + line - 1
                break
        return place(self._source, {**reply, "line": line})


def _source(names: dict[str, Any]) -> Source:
    """The text of all cells that were run, in their order; of a program that is no notebook."""
    cells = names.get("In")
    if isinstance(cells, list):
        return joined([str(cell) for cell in cells[1:]], CELL)
    file = Path(str(names.get("__file__", "")))
    return source_of(file) if file.is_file() else Source("")


@contextmanager
def _without_collection() -> Iterator[None]:
    """Collect no garbage: Jupyter has a function that would then run within the student's."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def _quiet() -> Iterator[None]:
    """Discard what a student's functions print while they are checked, and their warnings."""
    nowhere = io.StringIO()
    with warnings.catch_warnings(), redirect_stdout(nowhere), redirect_stderr(nowhere):
        warnings.simplefilter("ignore")
        yield
