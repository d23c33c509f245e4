"""Kill the processes that a test leaves running, and fail that test.

On Linux pytest's process adopts orphans (PR_SET_CHILD_SUBREAPER), so that every process that a test
has started stays below it in the process tree, even grandchildren whose parent has ended and
processes in a session of their own. Other systems are not checked.

These are no leftovers:

- processes that ran before the first test,
- processes started while a fixture of a wider scope than one test was set up, and their
  descendants, until that fixture is torn down,
- processes passed to `spared`, and their descendants: those that a fixture of wider scope starts on
  demand, or anew,
- the helpers that multiprocessing starts once and keeps to the end,
- processes that end by themselves within a moment, because they were killed or lost their parent.

After nearly every test the process has no children, and the check costs one system call.
"""

from __future__ import annotations

import ctypes
import os
import sys
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager

import psutil
import pytest

PR_SET_CHILD_SUBREAPER = 36  # <linux/prctl.h>
# Seconds for processes that are already ending. Only a test with leftovers waits so long, and only
# a process that ends within them escapes.
MOMENT = 10.0
ROUNDS = 100  # of killing, because the processes may start others meanwhile
LONGEST = 200  # characters of a command line in a message
LOOKS, PAUSE = 50, 0.1  # at a process without arguments, and seconds between two

KEEPERS: list[Callable[[], Iterable[int]]] = []


@contextmanager
def spared(processes: Callable[[], Iterable[int]]) -> Iterator[None]:
    """Exempt the processes of a fixture of wider scope; called again after each test."""
    KEEPERS.append(processes)
    try:
        yield
    finally:
        KEEPERS.remove(processes)


class Leftovers:
    """A pytest plugin, one for each run."""

    def __init__(self, moment: float = MOMENT) -> None:
        """Adopt orphans from now on; `moment` is in seconds."""
        self.moment = moment
        self.possible = _adopt_orphans()
        self.before = self._descendants()
        self.shared: dict[pytest.FixtureDef[object], set[psutil.Process]] = {}

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[object]
    ) -> Generator[None, object, object]:
        """Note the processes that a shared fixture has started."""
        if fixturedef.scope == "function":
            return (yield)
        before = self._descendants()
        value = yield
        self.shared[fixturedef] = self._descendants() - before
        return value

    def pytest_fixture_post_finalizer(self, fixturedef: pytest.FixtureDef[object]) -> None:
        """From here on the fixture's processes should be gone."""
        self.shared.pop(fixturedef, None)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self) -> Generator[None, object, object]:
        """After a test's fixtures, and those of wider scope that no later test needs."""
        try:
            value = yield
        except BaseException as error:
            if message := self._kill_leftovers():
                error.add_note(message)
            raise
        if message := self._kill_leftovers():
            pytest.fail(message, pytrace=False)
        return value

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        """After Ctrl-C no test is torn down any more."""
        _kill(self._leftovers(even_kept=True))

    def _kill_leftovers(self) -> str:
        """Kill the leftovers; return a message that lists them, or an empty text."""
        leftovers = self._leftovers()
        if not leftovers:
            return ""
        psutil.wait_procs(leftovers, timeout=self.moment)
        lines = [_described(process) for process in leftovers if _runs(process)]
        for _ in range(ROUNDS):
            if not leftovers:
                break
            _kill(leftovers)
            leftovers = self._leftovers()
        return "\n  ".join(["left running, and ended now:", *lines]) if lines else ""

    def _leftovers(self, even_kept: bool = False) -> set[psutil.Process]:
        """The descendants that no fixture accounts for. even_kept: those of fixtures too."""
        processes = self._descendants()
        exempt = {number for numbers in KEEPERS for number in numbers()}
        known = {process for process in processes if process.pid in exempt}
        shared = self.before if even_kept else self.before.union(known, *self.shared.values())
        processes -= shared
        for process in shared if processes else ():
            processes -= _below(process)
        return {process for process in processes if process.pid not in _helpers()}

    def _descendants(self) -> set[psutil.Process]:
        return _below(psutil.Process()) if self.possible and _has_children() else set()


def _adopt_orphans() -> bool:
    """Become the parent of orphaned descendants; return whether the system supports it."""
    if sys.platform != "linux":
        return False
    return ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0


def _has_children() -> bool:
    """Whether this process has children, ended or not; their status can still be waited for."""
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


def _below(process: psutil.Process) -> set[psutil.Process]:
    try:
        return set(process.children(recursive=True))
    except psutil.NoSuchProcess:
        return set()


def _helpers() -> set[int | None]:
    """The helper processes that multiprocessing has started and keeps until Python ends."""
    helpers: set[int | None] = set()
    for module, holder, number in (
        ("multiprocessing.resource_tracker", "_resource_tracker", "_pid"),
        ("multiprocessing.forkserver", "_forkserver", "_forkserver_pid"),
    ):
        if module in sys.modules:
            helpers.add(getattr(getattr(sys.modules[module], holder), number))
    return helpers


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _described(process: psutil.Process) -> str:
    try:
        # While a program is being replaced by another one, it has a name and no arguments yet.
        for _ in range(LOOKS):
            if process.cmdline():
                break
            time.sleep(PAUSE)
        line = " ".join(process.cmdline()) or process.name()
    except psutil.Error:
        line = "(unknown command)"
    return f"process {process.pid}: {line[:LONGEST]}"


def _kill(processes: Iterable[psutil.Process]) -> None:
    """Kill processes, and collect their exit statuses."""
    for process in processes:
        try:
            process.kill()
        except psutil.Error:  # it has ended, or is another user's
            continue
    psutil.wait_procs(list(processes), timeout=MOMENT)
