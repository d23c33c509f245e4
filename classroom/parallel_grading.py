"""Grade several submissions at once; an error in one does not stop the others."""

from __future__ import annotations

import queue
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType

from classroom.check import grade_file
from classroom.gradebook import Line, Status
from classroom.judging import exercises, lessons_with_exercises
from classroom.limits import Limits
from classroom.plots import plots_in
from classroom.process_tree import end_children, machine_memory
from classroom.sandbox import Launcher
from classroom.scores import Marks, Scored
from classroom.submissions import Submission, printable
from course.settings import Settings

SHARE = 0.75  # of the machine's memory that all submissions together may use


class Stopped(Exception):
    """The teacher has stopped the grading; no process may start."""


class StoppableLauncher:
    """A launcher that starts nothing any more after `closed` is set."""

    def __init__(self, launcher: Launcher) -> None:
        self.launcher, self.closed = launcher, threading.Event()
        self.groups = launcher.groups

    def command(self, argv: list[str], folder: Path) -> list[str]:
        """The command of the other launcher. Raises Stopped after `closed` is set."""
        if self.closed.is_set():
            raise Stopped
        return self.launcher.command(argv, folder)


class Grading:
    """Threads that grade one submission after another, each with its own processes.

    A context manager: leaving the block, also by Ctrl-C, ends all processes and removes all files.
    """

    def __init__(
        self, submissions: Sequence[Submission], launcher: Launcher, settings: Settings, jobs: int
    ) -> None:
        self.submissions, self.settings = list(submissions), settings
        # All submissions together must leave some memory to the machine and its teacher.
        share = int(SHARE * machine_memory() / jobs)
        self.limits = Limits(memory=min(Limits.memory, share), groups=launcher.groups)
        self.launcher = StoppableLauncher(launcher)
        self.waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
        self.finished: queue.SimpleQueue[tuple[int, Line]] = queue.SimpleQueue()
        for i in range(len(self.submissions)):
            self.waiting.put(i)
        self.threads = [threading.Thread(target=self._work, daemon=True) for _ in range(jobs)]

    def __enter__(self) -> Grading:
        self.folder = tempfile.TemporaryDirectory(
            prefix="triptych-grade-", ignore_cleanup_errors=True
        )
        self.old_tempdir, tempfile.tempdir = tempfile.tempdir, self.folder.name
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.launcher.closed.set()
        for thread in self.threads:
            while thread.is_alive():
                end_children()  # the thread waits for them, and can start no others
                thread.join(0.1)
        tempfile.tempdir = self.old_tempdir
        self.folder.cleanup()

    def lines(self) -> Iterator[tuple[int, Line]]:
        """The index and the result of each submission, in the order in which they are done."""
        for _ in self.submissions:
            yield self.finished.get()

    def _work(self) -> None:
        while not self.launcher.closed.is_set():
            try:
                i = self.waiting.get_nowait()
            except queue.Empty:
                return
            submission = self.submissions[i]
            start = time.perf_counter()
            try:
                line = self._grade(submission, start)
            except Exception as error:  # noqa: BLE001 - one bad submission never stops the rest
                seconds = time.perf_counter() - start
                # The message may contain a student's text, which must not control a terminal.
                reason = printable(f"the grader failed: {type(error).__name__}: {error}")
                line = _failed(submission, reason, seconds)
            self.finished.put((i, line))

    def _grade(self, submission: Submission, start: float) -> Line:
        """Grade one submission."""
        if submission.problem or submission.lesson is None:
            return _failed(submission, submission.problem)
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            file = Path(folder, f"lesson{submission.lesson}{submission.suffix}")
            file.write_bytes(submission.content)
            marks = grade_file(submission.lesson, file, self.settings, self.launcher, self.limits)
        return _line(submission, marks, time.perf_counter() - start)


def _failed(submission: Submission, reason: str, seconds: float = 0.0) -> Line:
    """A submission without a result: no points of those that its lesson has."""
    student, file, lesson = submission.student, submission.file, submission.lesson
    known = [] if lesson not in lessons_with_exercises() else exercises(lesson)
    none = tuple(Scored(each.name, 0, each.points, each.title) for each in known)
    return Line(student, file, lesson, "failed", reason, seconds, none)


def _line(submission: Submission, marks: Marks, seconds: float) -> Line:
    status: Status = "failed" if marks.problem else "ok"
    student, file, lesson = submission.student, submission.file, submission.lesson
    plots = plots_in(submission.content, submission.suffix)
    return Line(
        student, file, lesson, status, marks.problem, seconds, marks.exercises, plots, marks.notes
    )
