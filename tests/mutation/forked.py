"""A warm worker that judges mutants by tests, in a fork for each mutant.

It runs in a copy of the tree and has imported the third-party packages of the tests, but nothing
of ours. So a fork, which sees the mutant's text on disk, pays for our own imports only, as does any
process that a test starts. One JSON line comes in for each job, and one goes out.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

ARGUMENTS = ["-q", "-x", "-p", "no:cacheprovider", "-m", "not slow", "-W", "ignore"]
WARM = ("hypothesis", "matplotlib.figure", "rich.table", "scipy.stats", "threadpoolctl")
MEMORY = 6 * 2**30  # bytes; what a mutant may ask for before it counts as killed
PATIENCE = 8  # times the limit of processor time, in seconds on the wall, before it is ended


class Chosen:
    """Runs these tests in this order, and perhaps others after them; notes the first to fail."""

    def __init__(self, tests: list[str], others: bool) -> None:
        self.place, self.others = {test: i for i, test in enumerate(tests)}, others
        self.by = ""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted(
            (i for i in items if self.others or i.nodeid in self.place),
            key=lambda i: self.place.get(i.nodeid, len(self.place)),
        )

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and not self.by:
            self.by = report.nodeid


class Measured:
    """Notes for each test its seconds, whether it passes, and the lines of ours that it runs."""

    def __init__(self, files: list[str]) -> None:
        import coverage

        self.files = files
        places = [str(Path(file).resolve()) for file in files]
        self.cov = coverage.Coverage(data_file=None, include=places)
        self.cov.start()
        self.seconds: dict[str, float] = {}
        self.failed: list[str] = []

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.cov.switch_context(item.nodeid)
        start = time.perf_counter()
        result = yield
        self.seconds[item.nodeid] = time.perf_counter() - start
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)
        if report.skipped:
            self.seconds.pop(report.nodeid, None)

    def found(self) -> dict[str, Any]:
        """Seconds of each test, and for each file the tests of each line."""
        self.cov.stop()
        data = self.cov.get_data()
        lines = {f: data.contexts_by_lineno(str(Path(f).resolve())) for f in self.files}
        return {"seconds": self.seconds, "failed": self.failed, "lines": lines}


def in_a_fork(work: Callable[[], Any], limit: float) -> tuple[int, Any]:
    """The result of the work, as JSON, and the exit status of its process."""
    read, write = os.pipe()
    pid = os.fork()
    if not pid:
        os.setsid()
        os.close(read)
        resource.setrlimit(resource.RLIMIT_CPU, (int(limit) + 1, int(limit) + 5))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(null, stream)
        try:
            code, result = work()
            os.write(write, json.dumps(result).encode()[: 2**16])
        except BaseException:  # noqa: BLE001 - a fork must not go on as its parent
            code = 3
        os._exit(code)
    os.close(write)
    end, status = time.monotonic() + PATIENCE * limit, None
    while status is None and time.monotonic() < end:
        ended, status_now = os.waitpid(pid, os.WNOHANG)
        status = status_now if ended else None
        time.sleep(0.005)
    with contextlib.suppress(ProcessLookupError):  # what its tests have started ends with it
        os.killpg(pid, signal.SIGKILL)
    if status is None:
        os.waitpid(pid, 0)
        os.close(read)
        return -signal.SIGXCPU, None
    with os.fdopen(read, "rb") as pipe:
        text = pipe.read()
    return os.waitstatus_to_exitcode(status), json.loads(text) if text else None


def judge(job: dict[str, Any]) -> dict[str, str]:
    """Whether a mutant lives: its text in place of the file, and the tests in their order."""
    path = Path(job["file"])
    original, stamp = path.read_bytes(), path.stat().st_mtime
    path.write_text(job["source"], encoding="utf-8")
    # A time of its own, or a compiled file of the same second and size would stand in for it.
    os.utime(path, (stamp, stamp + 10 * job["number"] + 10))
    try:
        code, by = in_a_fork(lambda: _tested(job["tests"], job["others"]), job["limit"])
    finally:
        path.write_bytes(original)
        os.utime(path, (stamp, stamp))
    if code == 0:
        return {"status": "survived", "by": ""}
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return {"status": "timed out", "by": "its time limit"}
    if code < 0:
        return {"status": "killed", "by": f"signal {-code}"}
    return {"status": "killed", "by": by or "its import"}


def _tested(tests: list[str], others: list[str]) -> tuple[int, str]:
    chosen = Chosen(tests, bool(others))
    files = list(dict.fromkeys([*(test.partition("::")[0] for test in tests), *others]))
    files = [file for file in files if Path(file.partition("::")[0]).exists()]
    if not files:  # pytest would run everything
        return 0, ""
    return int(pytest.main([*ARGUMENTS, *files], plugins=[chosen])), chosen.by


def measure(job: dict[str, Any]) -> dict[str, Any]:
    """Every test's seconds and lines, on the text as it is; written to a file, as it is long."""

    def work() -> tuple[int, str]:
        measured = Measured(job["files"])
        arguments = [a for a in ARGUMENTS if a != "-x"]
        code = int(pytest.main([*arguments, *job["tests"]], plugins=[measured]))
        Path(job["into"]).write_text(json.dumps(measured.found()), encoding="utf-8")
        return code, ""

    code, _ = in_a_fork(work, job["limit"])
    return {"code": code}


def main() -> None:
    """Answer every line until the input ends."""
    for name in WARM:
        import_module(name)
    for line in sys.stdin:
        job = json.loads(line)
        answer = measure(job) if "into" in job else judge(job)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
