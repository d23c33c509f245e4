"""A class graded side by side, so many submissions at once; one that goes wrong stops no other."""

from __future__ import annotations

import queue
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType

from classroom.check import graded
from classroom.gradebook import Line, Status
from classroom.limits import Limits
from classroom.process_tree import end_children, machine_memory
from classroom.rooms import Room
from classroom.scores import Marks
from classroom.submissions import Submission, printable
from course.settings import Settings

SHARE = 0.75  # of the machine's memory, for all submissions together


class Stopped(Exception):
    """The teacher has ended the grading; nothing new is started."""


class Stoppable:
    """Another room, until it is closed."""

    def __init__(self, room: Room) -> None:
        self.room, self.closed, self.groups = room, threading.Event(), room.groups

    def command(self, argv: list[str], folder: Path) -> list[str]:
        """The other room's command. Raises Stopped once this one is closed."""
        if self.closed.is_set():
            raise Stopped
        return self.room.command(argv, folder)


class Grading:
    """Threads that take one submission after another; each waits for processes of its own.

    Whoever leaves the block, by Ctrl-C too, leaves no process and no file of it behind.
    """

    def __init__(
        self, submissions: Sequence[Submission], room: Room, settings: Settings, jobs: int
    ) -> None:
        self.submissions, self.settings = list(submissions), settings
        # All at once must leave the machine, and its teacher, some.
        share = int(SHARE * machine_memory() / jobs)
        self.limits = Limits(memory=min(Limits.memory, share), groups=room.groups)
        self.room = Stoppable(room)
        self.waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
        self.finished: queue.SimpleQueue[tuple[int, Line]] = queue.SimpleQueue()
        for place in range(len(self.submissions)):
            self.waiting.put(place)
        self.threads = [threading.Thread(target=self._work, daemon=True) for _ in range(jobs)]

    def __enter__(self) -> Grading:
        self.own = tempfile.TemporaryDirectory(prefix="triptych-grade-", ignore_cleanup_errors=True)
        self.elsewhere, tempfile.tempdir = tempfile.tempdir, self.own.name
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.room.closed.set()
        for thread in self.threads:
            while thread.is_alive():
                end_children()  # what it waits for; nothing new is started
                thread.join(0.1)
        tempfile.tempdir = self.elsewhere
        self.own.cleanup()

    def lines(self) -> Iterator[tuple[int, Line]]:
        """Each submission's place and what became of it, in the order in which they are done."""
        for _ in self.submissions:
            yield self.finished.get()

    def _work(self) -> None:
        while not self.room.closed.is_set():
            try:
                place = self.waiting.get_nowait()
            except queue.Empty:
                return
            one = self.submissions[place]
            begun = time.perf_counter()
            try:
                line = self._graded(one, begun)
            except Exception as error:  # noqa: BLE001 - one bad submission never stops the rest
                seconds = time.perf_counter() - begun
                # What it says may be a student's words, and must not write on a terminal.
                reason = printable(f"the grader failed: {type(error).__name__}: {error}")
                line = Line(one.student, one.file, one.lesson, "failed", reason, seconds)
            self.finished.put((place, line))

    def _graded(self, one: Submission, begun: float) -> Line:
        """The line of one submission."""
        if one.problem or one.lesson is None:
            return Line(one.student, one.file, one.lesson, "failed", one.problem)
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            file = Path(folder, f"lesson{one.lesson}{one.suffix}")
            file.write_bytes(one.content)
            marks = graded(one.lesson, file, self.settings, self.room, self.limits)
        return _line(one, marks, time.perf_counter() - begun)


def _line(one: Submission, marks: Marks, seconds: float) -> Line:
    status: Status = "failed" if marks.problem else "ok"
    return Line(one.student, one.file, one.lesson, status, marks.problem, seconds, marks.exercises)
