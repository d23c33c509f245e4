"""Run the tasks of a comparison with dask.distributed, on this machine's cores or on a cluster.

If a worker dies, the scheduler gives its task to another one. A task that fails is tried once more,
on another worker if there is one. Results come back as bytes, and each record is written to OUT
completely or not at all. Leaving the block, by Ctrl-C too, leaves no process behind: workers end
tasks that have been cancelled.
"""

from __future__ import annotations

import json
import logging
import tempfile
import time
import warnings
from collections.abc import Sequence
from concurrent.futures import CancelledError
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import dask
from distributed import Client, Future, LocalCluster

from adapters import BACKENDS
from adapters.contract import TriptychError
from compare import fingerprint
from compare.backends import LessonTask
from compare.cluster import task as on_worker
from compare.process_pool import Task
from course.digests import ROOT
from course.record import Staging

CONNECT_TIMEOUT = 10.0  # seconds for a scheduler to answer, and for a worker to appear
STARTUP_TIMEOUT = 300.0  # seconds for local workers to start on a busy machine
FETCH_TIMEOUT = 60.0  # seconds for a result; dask recomputes one that is lost on the way
MAX_TRIES = 2  # of a task that fails; a worker's death does not count
WRONG_INPUT = 2  # a lesson's exit status for input that would be as wrong on another worker
LOOPBACK = "127.0.0.1"
# A killed worker is noticed at once, since its connection closes. A slow worker is not dead: on
# busy cores, dask's default of half a minute can pass without a heartbeat.
TIMEOUTS = {
    "distributed.comm.timeouts.connect": "300s",
    "distributed.comm.timeouts.tcp": "300s",
    "distributed.scheduler.worker-ttl": None,
}
LOGGER_PREFIX = "distributed"


class Cluster:
    """Runs tasks in the given order, on all workers at once."""

    work = staticmethod(on_worker.run)

    def __init__(self, tasks: Sequence[LessonTask], scheduler: str | None, jobs: int) -> None:
        """scheduler: its address, or None to start as many local workers as there are jobs."""
        self.tasks, self.scheduler, self.jobs = list(tasks), scheduler, jobs
        self.waiting: dict[int, Future[on_worker.TaskResult]] = {}  # by the task's number
        self.tried_on: dict[int, set[str]] = {}  # the workers that started each task
        self.topic = f"triptych-{uuid4().hex}"

    def __enter__(self) -> Cluster:
        with ExitStack() as stack:
            stack.enter_context(dask.config.set(TIMEOUTS))
            stack.enter_context(warnings.catch_warnings())
            warnings.filterwarnings("ignore", "Creating scratch directories")  # "is slow"
            for name in [n for n in logging.root.manager.loggerDict if n.startswith(LOGGER_PREFIX)]:
                logging.getLogger(name).setLevel(logging.CRITICAL)  # we report errors
            self.client = self._connected(stack)
            self.fingerprint = self._one_fingerprint()
            self.client.subscribe_topic(self.topic, self._on_news)
            stack.callback(self._cancel_all)
            for number in range(len(self.tasks)):
                self._submit(number)
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *error: Any) -> None:
        with suppress(TimeoutError, OSError):  # even if the scheduler does not answer
            self.stack.close()

    def poll(self) -> list[Task]:
        """The tasks that have ended since the last call; their records are in OUT."""
        if self.waiting and self.client.status != "running":
            raise TriptychError(
                f"the scheduler at {self.scheduler} is gone: continue with RESUME=auto"
            )
        ended: list[Task] = []
        for number, future in list(self.waiting.items()):
            if not future.done():
                continue
            task = self.tasks[number]
            try:
                result = self._result(future)
            except TimeoutError:  # its worker died before the result was fetched
                continue
            del self.waiting[number]
            if result.status not in (0, WRONG_INPUT) and task.tries < MAX_TRIES:
                task.tries += 1
                self._submit(number, self._others(number))
                continue
            self._end(task, result)
            ended.append(task)
        return ended

    def _connected(self, stack: ExitStack) -> Client:
        if self.scheduler is None:
            scratch = stack.enter_context(tempfile.TemporaryDirectory(prefix="triptych-dask-"))
            try:
                cluster = LocalCluster(
                    n_workers=min(self.jobs, len(self.tasks)), threads_per_worker=1, host=LOOPBACK,
                    dashboard_address=f"{LOOPBACK}:0", local_directory=scratch, memory_limit=0,
                    silence_logs=logging.CRITICAL, preload=on_worker.__name__,
                )  # fmt: skip
                stack.enter_context(cluster)
                client = Client(cluster, timeout=STARTUP_TIMEOUT, set_as_default=False)
                return stack.enter_context(client)
            except (RuntimeError, TimeoutError) as error:
                reason = str(error) or "no answer in time"
                raise TriptychError(f"dask does not start ({reason}): try JOBS=1") from None
        try:
            client = Client(self.scheduler, timeout=CONNECT_TIMEOUT, set_as_default=False)
            stack.enter_context(client)
            client.wait_for_workers(1, timeout=CONNECT_TIMEOUT)
        except TimeoutError:
            raise TriptychError(
                f"the scheduler at {self.scheduler} has no workers: start some, for example with "
                f"`PYTHONPATH={ROOT} dask worker {self.scheduler} --nthreads 1`"
            ) from None
        except (OSError, ValueError) as error:
            raise TriptychError(
                f"no scheduler answers at {self.scheduler} ({error}): "
                "check that it runs there and that this machine can reach it"
            ) from None
        return client

    def _one_fingerprint(self) -> dict[str, str]:
        """The fingerprint that all workers share.

        Raises TriptychError for a worker without one, or with another.
        """
        packages = self._packages() | {"numpy", "distributed"}
        ours = fingerprint.installed(packages)
        answers = self.client.run(fingerprint.installed, packages, on_error="return")
        for address, theirs in answers.items():
            if not isinstance(theirs, dict):
                raise TriptychError(
                    f"the worker {address} has no checkout of this project ({theirs}): "
                    "start it with PYTHONPATH=<a checkout of the same commit>"
                )
            differs = fingerprint.difference(ours, theirs)
            if differs:
                raise TriptychError(
                    f"the worker {address} has {differs}: give it the same commit and "
                    "run `make setup`"
                )
        return ours

    def _packages(self) -> set[str]:
        """What the workers need to have in our version."""
        return {p for task in self.tasks for p in BACKENDS[task.backend].packages}

    def _submit(self, number: int, workers: list[str] | None = None) -> None:
        task = self.tasks[number]
        order = on_worker.TaskOrder(number, self.topic, tuple(task.arguments), self.fingerprint)
        self.waiting[number] = self.client.submit(
            self.work, order, key=f"{self.topic}-{number}-{task.tries}", pure=False,
            priority=-number, workers=workers, allow_other_workers=workers is not None,
        )  # fmt: skip

    def _others(self, number: int) -> list[str] | None:
        """The workers that have not started a task yet; None if there are none."""
        with suppress(TimeoutError, OSError):
            addresses = set(self.client.scheduler_info(n_workers=-1)["workers"])
            return sorted(addresses - self.tried_on.get(number, set())) or None
        return None

    def _result(self, future: Future[on_worker.TaskResult]) -> on_worker.TaskResult:
        """The result of a task; raises TimeoutError if it cannot be fetched."""
        if future.status == "finished":
            try:
                return future.result(timeout=FETCH_TIMEOUT)
            # dask raises the second if the wait was cancelled meanwhile.
            except (CancelledError, UnboundLocalError):
                raise TimeoutError from None
        error = future.exception() if future.status == "error" else "cancelled by the scheduler"
        return on_worker.TaskResult(1, 0.0, [], [str(error)], {})

    def _on_news(self, event: tuple[float, dict[str, Any]]) -> None:
        """A task has started, or has printed a line."""
        _, news = event
        task = self.tasks[news["task"]]
        self.tried_on.setdefault(news["task"], set()).add(news["worker"])
        if not task.finished:
            task.started, task.state = task.started or time.perf_counter(), "running"
            task.line = news["line"]

    def _end(self, task: LessonTask, result: on_worker.TaskResult) -> None:
        task.status, task.out, task.err = result.status, result.out, result.err
        if not result.status:
            task.records = [
                self._publish(name, files, task.home) for name, files in result.records.items()
            ]
        task.ended = time.perf_counter()
        task.started = task.ended - result.seconds
        task.state = "failed" if result.status else "done"

    def _publish(self, name: str, files: on_worker.Files, out: str) -> Path:
        return publish(name, files, out)

    def _cancel_all(self) -> None:
        """Cancel all tasks; workers notice it and end the processes they run."""
        self.client.cancel(list(self.waiting.values()), force=True)
        self.waiting.clear()


def publish(name: str, files: on_worker.Files, out: str) -> Path:
    """Write a record to OUT, completely or not at all.

    name: the record's folder below OUT, such as lesson3/torch-float32-cpu-seed0.
    """
    lesson, _, folder = name.partition("/")
    staging = Staging(out, int(lesson.removeprefix("lesson")))
    try:
        for file, content in files.items():
            (staging.folder / file).write_bytes(content)
        card = json.loads(files["card.json"])
        if not card["figures"] and (figures := staging.keep_figures(folder)):
            staging.write_card(card | {"figures": figures})
        return staging.publish(folder, complete=True)
    except BaseException:
        staging.discard()
        raise
