"""Around a student's file, in its process: whose code its functions run, and what they may open.

`hook` is told by Python itself (as an audit hook, which nothing can take off again) of every file
that is opened, by import or by hand, and refuses what holds answers: solutions, checks, tests, the
text of the engines; and it refuses the ways past the watch. `Watch` notes whose functions run while
a check waits for an answer, by the file that they were written in, whichever name or reference led
to them, in whichever thread of the file's; and whether the file has made itself another process.

It is Python that watches Python, in one process. Somebody set on it can get around it, by other
programs' means (ctypes, C); what such a file must not reach, the sandbox does not show it at all.
"""

from __future__ import annotations

import _posixsubprocess
import _thread
import inspect
import os
import subprocess  # noqa: F401 - before what it starts processes with is replaced
import sys
import threading
import traceback
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, Final

from classroom.owners import PACKAGES, Owners, is_of_the_course, library_of, within
from classroom.rules import ANOTHER_PROCESS
from course.settings import ROOT

PEBBLE = "docs/your_engine/pebble.py"
HIDDEN = ("classroom/checks",)
PROGRAMS = (".py", ".pyc", ".ipynb")  # which the course reads for nobody
HERE = "classroom.worker"  # it runs the student's functions, and is no answer to who asked
# Ways out of Python's sight, by their audit events.
WAYS_OUT: Final = {
    "subprocess.Popen": "another program", "os.system": "another program",
    "os.posix_spawn": "another program", "os.exec": "another program",
    "socket.connect": "the network", "sys.setprofile": "sys.setprofile",
    "code.__new__": "a code object", "marshal.loads": "a code object",
    "gc.get_objects": "what is not its own", "gc.get_referrers": "what is not its own",
    "gc.get_referents": "what is not its own", "sys._current_frames": "what is not its own",
    "sys._current_exceptions": "what is not its own", "os.link": "a link",
    # What these call, no watch sees.
    "sys.addaudithook": "sys.addaudithook", "sys.settrace": "sys.settrace",
    "sys.monitoring.register_callback": "sys.monitoring",
}  # fmt: skip
FORKS = ("os.fork", "os.forkpty")
# By which threads are started, and by which names they are reached, in one Python or another.
STARTS = ("start_new_thread", "start_new", "start_joinable_thread")
FRAMES = ("tb_frame", "gi_frame", "cr_frame", "ag_frame")  # attributes; from one to all others
GIVE_FRAMES = (inspect.__file__, traceback.__file__)
WATCHED = {
    "open", "os.rename", "sys._getframe", "object.__getattr__", "compile", *FORKS, *WAYS_OUT,
}  # fmt: skip
FROZEN = "<frozen"
IMPORTS = f"{FROZEN} importlib"  # the files in which Python looks for modules, and runs them


class Refused(PermissionError):
    """The file reaches for something that holds answers; the message is what it reached for."""


def hook(watch: Watch, withheld: Container[str] = ()) -> Callable[[str, tuple[Any, ...]], None]:
    """The audit hook: raises Refused where the student's own code reaches for answers.

    withheld: files of the checkout that nobody may open any more.
    """
    owners = watch.owners

    def asks() -> bool:
        """Whether the student's code asks, and not the course or a library on its behalf."""
        frame: FrameType | None = sys._getframe(3)
        while frame is not None and frame.f_code.co_filename != owners.file:
            owner = owners.of(frame.f_code.co_filename)
            if is_of_the_course(owner) and owner not in (HERE, __name__):
                return False
            frame = frame.f_back
        return True

    def by_the_course() -> bool:
        """Whether it is the course that opens, and no library that looks at the course's text."""
        frame: FrameType | None = sys._getframe(3)
        while frame is not None and not (owner := owners.of(frame.f_code.co_filename)):
            frame = frame.f_back
        return frame is not None and is_of_the_course(owner)

    def through_a_library() -> bool:
        frame: FrameType | None = sys._getframe(3)
        while frame is not None and frame.f_code.co_filename != owners.file:
            if owners.of(frame.f_code.co_filename) not in ("", __name__):
                return True
            frame = frame.f_back
        return False

    def is_own(frame: FrameType | None) -> bool:
        """Whether a frame is of the student's file, or of text that it has run."""
        name = frame.f_code.co_filename if frame is not None else ""
        return name == owners.file or (name.startswith("<") and not name.startswith(FROZEN))

    asking: set[int] = set()  # threads about which the hook itself wants to know something

    def hooked(event: str, given: tuple[Any, ...]) -> None:
        thread = threading.get_ident()
        if event in WATCHED and thread not in asking:
            asking.add(thread)
            try:
                judge(event, given, sys._getframe(1))
            finally:
                asking.discard(thread)

    def judge(event: str, given: tuple[Any, ...], frame: FrameType) -> None:
        """Refuse it, or not; frame: of whoever does it."""
        if event == "open":
            if isinstance(given[0], str | bytes | os.PathLike):
                path = os.path.realpath(os.fsdecode(given[0]))
                inside = within(path)
                if inside is None:
                    # From the descriptor of a folder around it, any name leads into the checkout.
                    if given[1] is None and _is_around(path) and asks():
                        raise Refused(path)
                elif inside in withheld or (
                    not _is_an_import(inside, frame)
                    and (asks() or (inside.endswith(PROGRAMS) and by_the_course()))
                ):
                    raise Refused(inside)
        elif event == "os.rename":
            if (inside := within(os.path.realpath(os.fsdecode(given[0])))) and asks():
                raise Refused(inside)
        elif event == "sys._getframe" or (event == "object.__getattr__" and given[1] in FRAMES):
            # A namedtuple asks for one, too; so it counts who is given it.
            gives = frame.f_code.co_filename in GIVE_FRAMES
            if is_own(frame.f_back if gives else frame):
                raise Refused("what is not its own")
        elif event == "compile":
            if _is_anothers(given[1], owners) and not _by_import(frame) and not through_a_library():
                raise Refused("another file's name")
        elif event in FORKS:
            if not through_a_library():
                watch.elsewhere.add(ANOTHER_PROCESS)
        elif event in WAYS_OUT:
            if event in ("marshal.loads", "code.__new__") and _by_import(frame):
                return
            if event == "sys.setprofile" and frame.f_code.co_filename == __file__:
                return
            if not through_a_library():
                raise Refused(WAYS_OUT[event])

    return hooked


def _is_around(path: str) -> bool:
    """Whether a folder is the checkout or holds it."""
    return f"{ROOT}{os.sep}".startswith(path.rstrip(os.sep) + os.sep)


def _is_anothers(name: object, owners: Owners) -> bool:
    """Whether a program is to go by the name of somebody else's file."""
    if not isinstance(name, str | bytes | os.PathLike):
        return False
    file = os.fsdecode(name)
    if file == owners.file:
        return False
    return file.startswith(FROZEN) or bool(owners.of(file)) or Path(file).is_file()


def _is_an_import(inside: str, frame: FrameType) -> bool:
    """Whether a module that a student's file may import is being imported, and not read."""
    package = inside.split("/")[0]
    hidden = any(inside.startswith(f"{folder}/") for folder in HIDDEN)
    pebble = inside == PEBBLE or inside.startswith(f"{Path(PEBBLE).parent}/__pycache__/pebble.")
    if (package not in PACKAGES or hidden) and not pebble:
        return False
    if not inside.endswith((".py", ".pyc")):
        return False
    return _by_import(frame)


def _by_import(frame: FrameType | None) -> bool:
    while frame is not None and frame.f_code.co_filename.startswith(IMPORTS):
        if frame.f_code.co_name == "_find_and_load":
            return True
        frame = frame.f_back
    return False


class Watch:
    """Whose functions run while a check waits."""

    def __init__(self, owners: Owners) -> None:
        self.owners = owners
        self.ran: set[str] = set()
        self.elsewhere: set[str] = set()  # ANOTHER_PROCESS, if the file has ever made one
        self._all, self._course = self._seen(libraries=True), self._seen(libraries=False)
        self._waiting = False

    @contextmanager
    def on(self) -> Iterator[None]:
        """Note into `ran` what runs in this block: module:function, or a library's name."""
        self.ran.clear()
        self._waiting = True
        sys.setprofile(self._all)
        try:
            yield
        finally:
            sys.setprofile(None)
            self._waiting = False
            self.ran |= self.elsewhere

    def follow_threads(self) -> None:
        """Have every thread that is started from now on watched from its first function on.

        One that is begun while nobody waits may be a library's own; of it, the course is noted.
        """
        for module in (_thread, threading):
            for name in (*STARTS, *(f"_{name}" for name in STARTS)):
                if hasattr(module, name):
                    setattr(module, name, self._following(getattr(module, name)))

    def count_processes(self) -> None:
        """Have noted what multiprocessing starts anew, of which no event tells."""
        begin = _posixsubprocess.fork_exec

        def noted(*given: Any) -> int:
            self.elsewhere.add(ANOTHER_PROCESS)
            return begin(*given)

        _posixsubprocess.fork_exec = noted

    def _following(self, start: Callable[..., Any]) -> Callable[..., Any]:
        def started(function: Callable[..., Any], *more: Any, **how: Any) -> Any:
            seen = self._all if self._waiting else self._course

            def watched(*given: Any, **named: Any) -> None:
                sys.setprofile(seen)
                function(*given, **named)

            return start(watched, *more, **how)

        return started

    def _seen(self, libraries: bool) -> Callable[[FrameType, str, Any], None]:
        ran, of, known = self.ran, self.owners.of, self.owners.known

        def for_the_student(frame: FrameType | None) -> bool:
            """Whether only Python, NumPy and the student's file stand between it and the check.

            Whoever looks for a module, or is being imported, does no work for anybody.
            """
            while frame is not None and frame.f_code.co_filename != self.owners.file:
                if frame.f_code.co_filename.startswith(IMPORTS):
                    return False
                if owner := of(frame.f_code.co_filename):
                    return owner == HERE
                frame = frame.f_back
            return True

        def seen(frame: FrameType, event: str, what: Any) -> None:
            if event == "call":
                name = frame.f_code.co_filename
                owner = known[name] if name in known else of(name)
                if owner and is_of_the_course(owner):
                    ran.add(f"{owner}:{frame.f_code.co_qualname}")
                elif libraries and owner and owner not in ran and for_the_student(frame.f_back):
                    ran.add(owner)
            elif libraries and event == "c_call":
                library = library_of(what)
                if library and library not in ran and for_the_student(frame):
                    ran.add(library)

        return seen
