"""Run the tasks of several comparisons at once, and report each comparison when it is complete."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack

from compare.backends import LessonTask
from compare.comparison_run import ComparisonRun
from compare.process_pool import Executor, Task
from compare.run_cache import RunCache

ShowProgress = Callable[[Sequence[Task]], None]  # called with the tasks, again and again
StartExecutor = Callable[[Sequence[LessonTask]], Executor]
POLL_INTERVAL = 0.1  # seconds


def run(
    runs: Sequence[ComparisonRun],
    start: StartExecutor,
    show_progress: ShowProgress,
    on_finished: Callable[[ComparisonRun], None],
    cache: RunCache,
) -> None:
    """Run these comparisons, and call `on_finished` with each as soon as its last task has ended.

    Ctrl-C raises KeyboardInterrupt; no task is left running.
    """
    with ExitStack() as stack:
        for one in runs:
            one.begin(stack.enter_context(tempfile.TemporaryDirectory(prefix="triptych-noise-")))
        waiting = list(runs)
        tasks = [task for one in runs for task in one.tasks]
        ended: Sequence[Task] = [task for task in tasks if cache.load(task)]
        running = stack.enter_context(start([task for task in tasks if not task.finished]))
        while waiting:
            for task in tasks:
                if task in ended:
                    cache.store(task)
            show_progress(tasks)
            for one in list(waiting):
                one.judge_finished()
                if one.finished:
                    waiting.remove(one)
                    on_finished(one)
            if waiting and not ended:
                time.sleep(POLL_INTERVAL)
            ended = running.poll()
