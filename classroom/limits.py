"""Run a process with limits on time, memory and child processes, and leave no process behind.

Memory is watched, because a limit on address space (RLIMIT_AS) breaks TensorFlow, JAX and PyTorch,
which reserve far more than they use. Every INTERVAL a thread measures the memory of the process and
its descendants, and kills them above the limit. Within one interval a program can take some hundred
MB more. With NumPy, which reserves nothing, RLIMIT_DATA also makes the allocation itself fail, with
an error that names a line (see the worker). If control groups are available, the processes of a
sandbox are in one, and the kernel enforces the limit immediately. The files in /proc that this
needs exist on Linux; elsewhere only the time limit and the end of the process group are certain.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from classroom.control_groups import Group, Groups
from classroom.process_tree import files_on_its_own_disks, machine_memory, memory_in_use, subtree

INTERVAL = 0.05  # seconds
MARK = (
    "TRIPTYCH_EXERCISES"  # environment variable that identifies a process which has detached itself
)
PATIENCE = 5.0  # seconds until killed processes are gone


@dataclass(frozen=True)
class Limits:
    """Limits for a student's process."""

    call: float = 10.0  # seconds for one call
    loading: float = 30.0  # seconds to run the whole file
    backend: float = 90.0  # extra seconds to import a framework: a slow disk needs a minute
    total: float = 240.0  # seconds for all calls together
    # Bytes, for the process and its descendants; at most half of the machine's memory.
    memory: int = min(4 * 1024**3, machine_memory() // 2)
    processes: int = 64
    files: int = 10_000  # on the disks in memory of a sandbox
    groups: Groups | None = None  # with which the kernel enforces the memory limit


class Process:
    """A process in its own session, watched until `end`."""

    def __init__(
        self, argv: Sequence[str], folder: Path, environ: Mapping[str, str],
        inherited: Sequence[int], limits: Limits,
    ) -> None:  # fmt: skip
        self.limits, self.mark = limits, f"{os.getpid()}-{uuid.uuid4().hex}"
        self.exceeded = ""  # "memory", "processes" or "files", if it was killed for that
        self.folder = folder
        self._over = threading.Event()
        self._ending = threading.Lock()
        self._group: Group | None = None
        if limits.groups is not None:
            self._group = limits.groups.new(limits.memory)
            argv = self._group.joining(argv)
        self._started = subprocess.Popen(
            argv, cwd=folder, env={**environ, MARK: self.mark}, pass_fds=inherited,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()

    def end(self) -> int:
        """Kill it and all its descendants; return its status, negative for a signal."""
        self._over.set()
        self._kill()
        self._watcher.join()  # before the process id is freed, which the watcher may kill
        with suppress(subprocess.TimeoutExpired):
            self._started.wait(PATIENCE)
        # A process with its own session still carries the mark. The kernel needs some time.
        for _ in range(int(PATIENCE / INTERVAL)):
            strays = processes_with_mark(self.mark)
            if not strays:
                break
            for stray in strays:
                _signal(stray, signal.SIGKILL)
            time.sleep(INTERVAL)
        if self._group is not None:
            self._group.remove()
        return self._started.returncode if self._started.returncode is not None else -9

    def status(self, seconds: float) -> int | None:
        """Its status if it ends within this time, negative for a signal; else None."""
        if not hasattr(os, "waitid"):  # macOS, before Python 3.13
            return None
        # Do not reap it: until `end`, its process id must not be reused.
        flags = os.WEXITED | os.WNOHANG | os.WNOWAIT
        for _ in range(max(1, int(seconds / 0.01))):
            with suppress(ChildProcessError):
                state = os.waitid(os.P_PID, self._started.pid, flags)
                if state is not None:
                    ended = state.si_code == os.CLD_EXITED
                    self._attribute_kill(state.si_status, ended)
                    return state.si_status if ended else -state.si_status
            time.sleep(0.01)
        return None

    def _uses_too_much_memory(self) -> bool:
        """Whether it is above the limit now as measured, or has been as counted by the kernel."""
        if self._group is not None and self._group.exceeded(self._started.pid):
            return True
        return memory_in_use(self._started.pid) > self.limits.memory

    def _attribute_kill(self, status: int, ended: bool) -> None:
        """If it was killed in a control group, and not by this object, the memory limit did it."""
        killed = status == (128 + signal.SIGKILL if ended else signal.SIGKILL)  # 128: through bwrap
        if self._group is not None and killed and not self.exceeded and not self._over.is_set():
            self.exceeded = "memory"

    def _watch(self) -> None:
        while not self._over.wait(INTERVAL):
            if sum(1 for _ in subtree(self._started.pid)) > self.limits.processes:
                self.exceeded = "processes"
            elif self._uses_too_much_memory():
                self.exceeded = "memory"
            elif files_on_its_own_disks(self._started.pid, self.folder) > self.limits.files:
                self.exceeded = "files"
            if self.exceeded:
                self._kill()
                return

    def _kill(self) -> None:
        """Kill the process group and all descendants; first stop it, so it starts no others."""
        with self._ending:
            if self._started.returncode is not None:
                return
            _signal(self._started.pid, signal.SIGSTOP)
            members = [*subtree(self._started.pid)][::-1]
            # All at once, before one of them can start another.
            with suppress(OSError):
                os.killpg(self._started.pid, signal.SIGKILL)
            for member in members:
                _signal(member, signal.SIGKILL)


def processes_with_mark(mark: str) -> list[int]:
    """The processes on this machine whose mark begins with this text."""
    result, word = [], f"{MARK}={mark}".encode()
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if word in (folder / "environ").read_bytes():
                result.append(int(folder.name))
    return result


def _signal(process: int, number: signal.Signals) -> None:
    with suppress(OSError):
        os.kill(process, number)
