"""Comparisons at once: their tasks side by side, and each one told as soon as it is whole."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack

from compare.backends import LessonTask
from compare.comparison_run import ComparisonRun
from compare.process_pool import Executor, Task
from compare.run_cache import RunCache

ShowProgress = Callable[[Sequence[Task]], None]  # is shown the tasks, again and again
StartExecutor = Callable[[Sequence[LessonTask]], Executor]
POLL_INTERVAL = 0.1  # seconds between two looks at the tasks


def run(
    works: Sequence[ComparisonRun],
    start: StartExecutor,
    watch: ShowProgress,
    done: Callable[[ComparisonRun], None],
    ledger: RunCache,
) -> None:
    """Run these comparisons, and hand each to `done` as soon as all of it has ended.

    Raises what Ctrl-C raises, and leaves no task running.
    """
    with ExitStack() as stack:
        for work in works:
            work.begin(stack.enter_context(tempfile.TemporaryDirectory(prefix="triptych-noise-")))
        waiting = list(works)
        tasks = [task for work in works for task in work.tasks]
        ended: Sequence[Task] = [task for task in tasks if ledger.find(task)]
        running = stack.enter_context(start([task for task in tasks if not task.finished]))
        while waiting:
            for task in tasks:
                if task in ended:
                    ledger.keep(task)
            watch(tasks)
            for work in list(waiting):
                work.take()
                if work.finished:
                    waiting.remove(work)
                    done(work)
            if waiting and not ended:
                time.sleep(POLL_INTERVAL)
            ended = running.poll()
