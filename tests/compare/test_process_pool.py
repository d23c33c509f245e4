"""Parallel processes: a failure stops no other, and leaving the block ends all of them."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from compare import process_pool
from compare.process_pool import SHUTDOWN_TIMEOUT, ProcessPool, Task
from tests.waiting import until


def python(name: str, code: str) -> Task:
    return Task(name, [sys.executable, "-c", code])


def finish(work: ProcessPool) -> list[str]:
    """Run everything; the names in the order in which they ended."""
    ended = []
    while not work.finished:
        ended += [task.name for task in work.poll()]
        time.sleep(0.02)
    return ended


def test_each_task_is_reported_once_with_its_output() -> None:
    tasks = [python("a", "print('one'); print('two')"), python("b", "pass")]
    with ProcessPool(tasks, 2, os.environ) as work:
        assert sorted(finish(work)) == ["a", "b"]
        assert work.poll() == []
    assert (tasks[0].state, tasks[0].out, tasks[0].line) == ("done", ["one", "two"], "two")
    assert (tasks[1].state, tasks[1].reason) == ("done", "")


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("raise ValueError('no such thing')", "ValueError: no such thing"),
        ("import sys; sys.exit('error: choose another')", "choose another"),
        ("import os; os._exit(3)", "exit status 3, and no message"),
        ("import os; os.kill(os.getpid(), 9)", "killed by signal 9"),
    ],
)
def test_a_failure_has_a_reason_and_the_others_continue(code: str, reason: str) -> None:
    tasks = [python("bad", code), python("good", "print('fine')")]
    with ProcessPool(tasks, 1, os.environ) as work:
        assert finish(work) == ["bad", "good"]
    assert (tasks[0].state, tasks[0].reason) == ("failed", reason)
    assert tasks[1].state == "done"


def test_a_missing_command_fails() -> None:
    tasks = [Task("gone", ["/nowhere/python"]), python("good", "pass")]
    with ProcessPool(tasks, 1, os.environ) as work:
        assert finish(work) == ["gone", "good"]
    assert "/nowhere/python" in tasks[0].reason


def test_no_more_run_at_once_than_there_are_cores() -> None:
    tasks = [python(str(i), "import time; time.sleep(0.3)") for i in range(4)]
    most = 0
    with ProcessPool(tasks, 2, os.environ) as work:
        while not work.finished:
            work.poll()
            most = max(most, sum(task.state == "running" for task in tasks))
            time.sleep(0.02)
    assert most == 2


@pytest.mark.timeout(SHUTDOWN_TIMEOUT)
def test_a_grandchild_that_holds_the_pipe_delays_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It lives until this test has seen that the pool does not wait for it."""
    monkeypatch.setattr(process_pool, "OUTPUT_LAG", 0.2)
    seen = tmp_path / "seen"
    lives = (
        f"import pathlib, time\nwhile not pathlib.Path({str(seen)!r}).exists(): time.sleep(0.02)"
    )
    code = f"""
import subprocess, sys
print("said", flush=True)
subprocess.Popen([sys.executable, "-c", {lives!r}])
"""
    tasks = [python("parent", code)]
    with ProcessPool(tasks, 1, os.environ) as work:
        assert finish(work) == ["parent"]
    assert tasks[0].state == "done"
    seen.touch()
    until(lambda: not tasks[0].readers[0].is_alive())  # the grandchild has let go of the pipe
    assert tasks[0].out == ["said"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process")
@pytest.mark.parametrize("deaf", [False, True])
def test_leaving_early_ends_the_children(
    deaf: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A child may clean up after Ctrl-C; one that ignores it is killed."""
    monkeypatch.setattr(process_pool, "SHUTDOWN_TIMEOUT", 0.5 if deaf else SHUTDOWN_TIMEOUT)
    ignore = "signal.signal(signal.SIGINT, signal.SIG_IGN)" if deaf else "pass"
    code = f"""
import pathlib, signal, time
signal.signal(signal.SIGINT, signal.default_int_handler)
{ignore}
print("ready", flush=True)
try:
    time.sleep(60)
except KeyboardInterrupt:
    pathlib.Path({str(tmp_path / "tidy")!r}).touch()
"""
    task = python("long", code)
    with ProcessPool([task], 1, os.environ) as work:
        while task.line != "ready":
            work.poll()
            time.sleep(0.02)
    assert task.process is not None
    assert task.process.poll() is not None
    assert (tmp_path / "tidy").exists() != deaf
