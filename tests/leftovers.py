"""Ends the processes that a test leaves running, and fails that test by name.

On Linux pytest's process is made the one that adopts orphans (PR_SET_CHILD_SUBREAPER), so that all
that a test has started stays below it in the tree of processes, also grandchildren whose parent has
ended and what has a session of its own. Elsewhere nothing is looked for.

No leftovers are

- what ran before the first test,
- what was started while a fixture of a wider scope than one test was set up, and the descendants
  of that, until that fixture has been torn down,
- what is said to be `kept`, and its descendants: processes that a fixture of wider scope starts
  when they are first needed, or anew,
- the helpers that multiprocessing starts once and keeps to the end: it knows their numbers,
- what ends by itself within a moment: it has been killed, or has seen its parent go.

Where a process has no children at all, which is nearly every test, to look costs one system call.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager

import psutil
import pytest

PR_SET_CHILD_SUBREAPER = 36  # <linux/prctl.h>
# Seconds for what is already ending. Only a test that leaves something running waits for it, and
# only one that starts a process that ends by itself a little later escapes.
MOMENT = 10.0
ROUNDS = 100  # of killing what is there, as it may start others meanwhile
SHOWN = 200  # characters of a command line

KEEPERS: list[Callable[[], Iterable[int]]] = []


@contextmanager
def kept(processes: Callable[[], Iterable[int]]) -> Iterator[None]:
    """Let be what a fixture of a wider scope has running, asked for anew after each test."""
    KEEPERS.append(processes)
    try:
        yield
    finally:
        KEEPERS.remove(processes)


class Leftovers:
    """A plugin of pytest, one for each run of it."""

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
        """Note what a fixture that several tests share has started."""
        if fixturedef.scope == "function":
            return (yield)
        before = self._descendants()
        value = yield
        self.shared[fixturedef] = self._descendants() - before
        return value

    def pytest_fixture_post_finalizer(self, fixturedef: pytest.FixtureDef[object]) -> None:
        """Whatever it has started should be gone from here on."""
        self.shared.pop(fixturedef, None)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self) -> Generator[None, object, object]:
        """After a test's fixtures, and those of wider scope that no later test needs."""
        try:
            value = yield
        except BaseException as error:
            if said := self._ended():
                error.add_note(said)
            raise
        if said := self._ended():
            pytest.fail(said, pytrace=False)
        return value

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        """After Ctrl-C no test is torn down any more."""
        _kill(self._found(even_kept=True))

    def _ended(self) -> str:
        """End what was left running; what it was, or nothing."""
        found = self._found()
        if not found:
            return ""
        psutil.wait_procs(found, timeout=self.moment)
        lines = [_described(process) for process in found if _runs(process)]
        for _ in range(ROUNDS):
            if not found:
                break
            _kill(found)
            found = self._found()
        return "\n  ".join(["left running, and ended now:", *lines]) if lines else ""

    def _found(self, even_kept: bool = False) -> set[psutil.Process]:
        """The descendants that no fixture accounts for, or even those."""
        found = self._descendants()
        said = {number for processes in KEEPERS for number in processes()}
        known = {process for process in found if process.pid in said}
        shared = self.before if even_kept else self.before.union(known, *self.shared.values())
        found -= shared
        for process in shared if found else ():
            found -= _below(process)
        return {process for process in found if process.pid not in _helpers()}

    def _descendants(self) -> set[psutil.Process]:
        return _below(psutil.Process()) if self.possible and _has_children() else set()


def _adopt_orphans() -> bool:
    """Become the parent of whatever descendant loses its own; whether that is possible here."""
    if sys.platform != "linux":
        return False
    return ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0


def _has_children() -> bool:
    """Whether this process has any, ended or not; who waits for one still gets its status."""
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
    """Processes that multiprocessing keeps until Python ends, where it has started them."""
    found: set[int | None] = set()
    for module, holder, number in (
        ("multiprocessing.resource_tracker", "_resource_tracker", "_pid"),
        ("multiprocessing.forkserver", "_forkserver", "_forkserver_pid"),
    ):
        if module in sys.modules:
            found.add(getattr(getattr(sys.modules[module], holder), number))
    return found


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _described(process: psutil.Process) -> str:
    try:
        line = " ".join(process.cmdline()) or process.name()
    except psutil.Error:
        line = "of which no more can be learnt"
    return f"process {process.pid}: {line[:SHOWN]}"


def _kill(processes: Iterable[psutil.Process]) -> None:
    """Kill them, and take the status of those that nobody waits for."""
    for process in processes:
        try:
            process.kill()
        except psutil.Error:  # it has ended, or is another user's
            continue
    psutil.wait_procs(list(processes), timeout=MOMENT)
