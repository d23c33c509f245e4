"""A process with limits on its time, its memory and the processes it starts; it leaves none behind.

Memory is watched and not forbidden: a limit on address space (RLIMIT_AS) breaks TensorFlow, JAX and
PyTorch, which reserve far more of it than they use. So a thread looks every INTERVAL at what the
process and all below it really hold, and ends them above the limit; in one interval a program can
take some hundred MB more. On NumPy, which reserves nothing, RLIMIT_DATA also makes the allocation
itself fail, with an error that has a line (see the worker). Where a control group is to be had, a
sandbox's processes are in one, and the kernel holds the limit at once. Linux has the files in /proc
that this needs; elsewhere only time and the end of the process group are certain.
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
from classroom.process_tree import family, files_on_its_own_disks, held, machine_memory

INTERVAL = 0.05  # seconds
MARK = "TRIPTYCH_EXERCISES"  # the variable by which a process that has cut its ties is known
PATIENCE = 5.0  # seconds, for what is killed to be gone


@dataclass(frozen=True)
class Limits:
    """What a student's process may use."""

    call: float = 10.0  # seconds that one call may take
    loading: float = 30.0  # and the whole file, from its first line to its last
    backend: float = 90.0  # more, where it has a framework to import: a slow disk needs a minute
    total: float = 240.0  # and all calls together
    # Bytes, of the process and all that it starts; half of the machine if that is less.
    memory: int = min(4 * 1024**3, machine_memory() // 2)
    processes: int = 64
    files: int = 10_000  # on the disks of a sandbox
    groups: Groups | None = None  # by which the kernel itself holds the memory


class Process:
    """A process in a session of its own, watched until `end`."""

    def __init__(
        self, argv: Sequence[str], folder: Path, environ: Mapping[str, str],
        inherited: Sequence[int], limits: Limits,
    ) -> None:  # fmt: skip
        self.limits, self.mark = limits, f"{os.getpid()}-{uuid.uuid4().hex}"
        self.exceeded = ""  # "memory", "processes" or "files", if it was ended for that
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
        """End it and all that it has started; its status, negative for a signal."""
        self._over.set()
        self._kill()
        self._watcher.join()  # before its number is given back: what the watcher kills must be it
        with suppress(subprocess.TimeoutExpired):
            self._started.wait(PATIENCE)
        # Whoever made a session of its own still carries the mark. A kernel takes its time.
        for _ in range(int(PATIENCE / INTERVAL)):
            strays = marked(self.mark)
            if not strays:
                break
            for one in strays:
                _signal(one, signal.SIGKILL)
            time.sleep(INTERVAL)
        if self._group is not None:
            self._group.remove()
        return self._started.returncode if self._started.returncode is not None else -9

    def status(self, seconds: float) -> int | None:
        """How it has ended, if it does within this time; negative for a signal."""
        if not hasattr(os, "waitid"):  # macOS, before Python 3.13
            return None
        # Looked at without reaping: until `end`, its number must not become somebody else's.
        flags = os.WEXITED | os.WNOHANG | os.WNOWAIT
        for _ in range(max(1, int(seconds / 0.01))):
            with suppress(ChildProcessError):
                found = os.waitid(os.P_PID, self._started.pid, flags)
                if found is not None:
                    ended = found.si_code == os.CLD_EXITED
                    self._tell_who_killed(found.si_status, ended)
                    return found.si_status if ended else -found.si_status
            time.sleep(0.01)
        return None

    def _takes_too_much(self) -> bool:
        """Now, as far as can be seen; or at any time, by the kernel's count."""
        if self._group is not None and self._group.exceeded(self._started.pid):
            return True
        return held(self._started.pid) > self.limits.memory

    def _tell_who_killed(self, status: int, ended: bool) -> None:
        """In a group whom nobody here has killed, the kernel has, for its memory."""
        killed = status == (128 + signal.SIGKILL if ended else signal.SIGKILL)  # 128: through bwrap
        if self._group is not None and killed and not self.exceeded and not self._over.is_set():
            self.exceeded = "memory"

    def _watch(self) -> None:
        while not self._over.wait(INTERVAL):
            if sum(1 for _ in family(self._started.pid)) > self.limits.processes:
                self.exceeded = "processes"
            elif self._takes_too_much():
                self.exceeded = "memory"
            elif files_on_its_own_disks(self._started.pid, self.folder) > self.limits.files:
                self.exceeded = "files"
            if self.exceeded:
                self._kill()
                return

    def _kill(self) -> None:
        """Kill the group and the family; the first one is stopped so that it starts nothing new."""
        with self._ending:
            if self._started.returncode is not None:
                return
            _signal(self._started.pid, signal.SIGSTOP)
            members = [*family(self._started.pid)][::-1]
            # At once, and so faster than any of them can start another.
            with suppress(OSError):
                os.killpg(self._started.pid, signal.SIGKILL)
            for one in members:
                _signal(one, signal.SIGKILL)


def marked(mark: str) -> list[int]:
    """The processes, anywhere on the machine, whose mark begins like this."""
    found, word = [], f"{MARK}={mark}".encode()
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if word in (folder / "environ").read_bytes():
                found.append(int(folder.name))
    return found


def _signal(process: int, number: signal.Signals) -> None:
    with suppress(OSError):
        os.kill(process, number)
