"""The processes of a comparison: a failure stops no other, and what one prints is not believed."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare import matrix, process_pool
from compare.backends import Plan
from compare.cluster import task as on_worker
from compare.comparison_run import ComparisonRun
from compare.drift.running import RunPlan, run_lesson
from compare.process_pool import SHUTDOWN_TIMEOUT, ProcessPool, Task
from compare.run_cache import RunCache
from course import result_file, runner
from course.settings import Settings
from tests.waiting import until

# Parallel processes: a failure stops no other, and leaving the block ends all of them.


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


# A lesson names its records in a file; what it prints is not believed.

# A lesson that writes no record and says that it has.
FORGED = """
import os, sys
options = dict(word[2:].split("=", 1) for word in sys.argv[1:] if "=" in word)
folder = os.path.join(options["out"], "lesson3", "forged")
os.makedirs(folder)
open(os.path.join(folder, "record.npz"), "w").close()
print("complete: " + folder)
"""


@pytest.fixture
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Plan:
    """A plan whose lesson is forged."""

    def arguments(self: Plan, backend: str, **changes: object) -> list[str]:
        options = {"out": self.out, **changes}
        return ["-c", FORGED, *(f"--{k}={v}" for k, v in options.items() if v is not None)]

    monkeypatch.setattr(Plan, "arguments", arguments)
    monkeypatch.setattr("adapters.Backend.missing", [])
    return Plan(3, out=str(tmp_path / "out"))


def test_a_comparison_does_not_believe_a_printed_record(plan: Plan, tmp_path: Path) -> None:
    work = ComparisonRun(plan, [], "none")
    work.begin(str(tmp_path))
    (task,) = work.tasks
    with ProcessPool([task], 1, os.environ) as pool:
        until(lambda: pool.poll() or pool.finished)
    assert (task.state, task.out) == ("done", [f"complete: {plan.out}/lesson3/forged"])
    assert task.records == []
    work.judge_finished()
    (outcome,) = work.outcomes.values()
    assert (outcome.status, outcome.reason) == ("failed", "it ended without a record")
    cache = RunCache(plan.out)
    cache.store(task)
    assert not (cache.out / ".cells").exists()


def test_a_worker_of_a_cluster_does_not_either(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    worker = SimpleNamespace(
        address="here", log_event=lambda *_: None, get_current_task=lambda: "key",
        state=SimpleNamespace(tasks={"key": SimpleNamespace(state="executing")}),
        status=SimpleNamespace(name="running"),
    )  # fmt: skip
    monkeypatch.setattr(on_worker, "get_worker", lambda: worker)
    result = on_worker.run(on_worker.TaskOrder(0, "", ("-c", FORGED), {}))
    assert (result.status, len(result.out)) == (0, 1)
    assert result.records == {}


def test_neither_does_the_matrix_of_runs(plan: Plan, capsys: pytest.CaptureFixture[str]) -> None:
    options = argparse.Namespace(epochs=None, out=plan.out)
    assert matrix.run((3, "numpy", "float32", 0), options) is None
    assert "ended with 0" in capsys.readouterr().err


def test_nor_a_comparison_of_versions(plan: Plan) -> None:
    versions = RunPlan("numpy", "float32", 0, 1, (3,))
    outcome = run_lesson(Path(sys.executable), "numpy 0", 3, versions, Path(plan.out))
    assert (outcome.status, outcome.reason) == ("failed", "it ended without a record")


def test_the_records_of_all_seeds_are_named_and_only_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, seen = tmp_path / "result.json", []

    def finished(number: int, settings: Settings, context: None) -> Any:
        seen.append(result_file.read(file))
        folder = tmp_path / f"seed{settings.seed}"
        return SimpleNamespace(accuracies={}, measures={}, finished_in=folder)

    monkeypatch.setattr(runner, "run_lesson", finished)
    runner.run_seeds(3, Settings(seed=4), 3, file)
    assert seen == [[], [], []]
    assert result_file.read(file) == [tmp_path / f"seed{seed}" for seed in (4, 5, 6)]


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file for results."""
    return tmp_path_factory.mktemp("damaged") / "result.json"


@given(st.binary(max_size=40) | st.sampled_from(['{"records": 3, "status": "complete"}', "[" * 9999,
       '{"records": [3], "status": "complete"}', "{}"]).map(str.encode))  # fmt: skip
def test_a_damaged_file_names_no_record(damaged: Path, content: bytes) -> None:
    damaged.write_bytes(content)
    assert result_file.read(damaged) == []
