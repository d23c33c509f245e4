"""Record whose functions run while a check waits for an answer.

It looks at the file that defines a function, whatever name or reference was used and in whichever
thread. It also records whether the file has started another process.
"""

from __future__ import annotations

import _thread
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final

from classroom.owners import Owners, is_of_the_course, library_of
from classroom.rules import ANOTHER_PROCESS

CALLER: Final = "classroom.answering"  # the module that calls the student's functions
# Functions that start threads, in the various versions of Python.
STARTS: Final = ("start_new_thread", "start_new", "start_joinable_thread")
IMPORTS: Final = "<frozen importlib"  # the files that find and run modules


class Watch:
    """Records whose functions run while a check waits for an answer."""

    def __init__(self, owners: Owners) -> None:
        self.owners = owners
        self.ran: set[str] = set()
        self.processes: set[str] = set()  # ANOTHER_PROCESS, if the file has ever started one
        self._all, self._course = self._profile(libraries=True), self._profile(libraries=False)
        self._waiting = False

    @contextmanager
    def on(self) -> Iterator[None]:
        """Record in `ran` what runs in this block: module:function, or the name of a library."""
        self.ran.clear()
        self._waiting, before = True, sys.getprofile()
        sys.setprofile(self._all)
        try:
            yield
        finally:
            sys.setprofile(before)
            self._waiting = False
            self.ran |= self.processes

    def follow_threads(self) -> None:
        """Watch every thread that is started from now on.

        A thread that starts while no check waits may belong to a library. In such a thread only
        functions of the course are recorded.
        """
        for module in (_thread, threading):
            for name in (*STARTS, *(f"_{name}" for name in STARTS)):
                if hasattr(module, name):
                    setattr(module, name, self._following(getattr(module, name)))

    def count_processes(self) -> None:
        """Record processes that multiprocessing starts; there is no audit event for them."""
        import _posixsubprocess  # not on Windows, where only notebooks record calls

        begin = _posixsubprocess.fork_exec

        def noted(*arguments: Any) -> int:
            self.processes.add(ANOTHER_PROCESS)
            return begin(*arguments)

        _posixsubprocess.fork_exec = noted

    def _following(self, start: Callable[..., Any]) -> Callable[..., Any]:
        def started(function: Callable[..., Any], *positional: Any, **options: Any) -> Any:
            profile = self._all if self._waiting else self._course

            def watched(*arguments: Any, **named: Any) -> None:
                sys.setprofile(profile)
                function(*arguments, **named)

            return start(watched, *positional, **options)

        return started

    def _profile(self, libraries: bool) -> Callable[[FrameType, str, Any], None]:
        ran, of, known = self.ran, self.owners.of, self.owners.known

        def for_the_student(frame: FrameType | None) -> bool:
            """Whether only Python, NumPy and the student's file lie between it and the check.

            Code that finds or imports a module does not count.
            """
            while frame is not None and frame.f_code.co_filename != self.owners.file:
                if frame.f_code.co_filename.startswith(IMPORTS):
                    return False
                if owner := of(frame.f_code.co_filename):
                    return owner == CALLER
                frame = frame.f_back
            return True

        def profile(frame: FrameType, event: str, argument: Any) -> None:
            if event == "call":
                name = frame.f_code.co_filename
                owner = known[name] if name in known else of(name)
                if owner and is_of_the_course(owner):
                    ran.add(f"{owner}:{frame.f_code.co_qualname}")
                elif libraries and owner and owner not in ran and for_the_student(frame.f_back):
                    ran.add(owner)
            elif libraries and event == "c_call":
                library = library_of(argument)
                if library and library not in ran and for_the_student(frame):
                    ran.add(library)

        return profile
