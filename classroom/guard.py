"""Guard a student's file in its process: which files it opens, and whose functions it runs.

`hook` makes an audit hook, which cannot be removed. Python calls it for every file that is opened,
by import or directly. It refuses files that contain answers: solutions, checks, tests, the source
of the backends. It also refuses ways around `call_recorder.Watch`, which records whose functions
run while a check waits for an answer.

This is Python watching Python in one process. A determined author can get around it with ctypes or
C. Files that such a submission must not reach are not visible in the sandbox at all.
"""

from __future__ import annotations

import inspect
import os
import subprocess  # noqa: F401 - imported before fork_exec is replaced
import sys
import threading
import traceback
from collections.abc import Callable, Container
from pathlib import Path
from types import FrameType
from typing import Any, Final

from classroom import call_recorder
from classroom.call_recorder import CALLER, IMPORTS, Watch
from classroom.owners import PACKAGES, Owners, is_of_the_course, within
from classroom.rules import ANOTHER_PROCESS
from course.settings import ROOT

PEBBLE = "docs/your_backend/pebble.py"
HIDDEN = ("classroom/checks",)
PROGRAMS = (".py", ".pyc", ".ipynb")  # the course's own readers must not open these
# They call the student's functions and start its threads, so they are never who asks.
RECORDER = call_recorder.__name__
CALLERS = ("classroom.worker", CALLER, RECORDER, __name__)
# Ways around the watch, by their audit events.
WAYS_OUT: Final = {
    "subprocess.Popen": "another program", "os.system": "another program",
    "os.posix_spawn": "another program", "os.exec": "another program",
    "socket.connect": "the network", "sys.setprofile": "sys.setprofile",
    "code.__new__": "a code object", "marshal.loads": "a code object",
    "gc.get_objects": "what is not its own", "gc.get_referrers": "what is not its own",
    "gc.get_referents": "what is not its own", "sys._current_frames": "what is not its own",
    "sys._current_exceptions": "what is not its own", "os.link": "a link",
    # The watch does not see functions that these call.
    "sys.addaudithook": "sys.addaudithook", "sys.settrace": "sys.settrace",
    "sys.monitoring.register_callback": "sys.monitoring",
}  # fmt: skip
FORKS = ("os.fork", "os.forkpty")
# Attributes that hold a frame; one frame leads to all others.
FRAMES = ("tb_frame", "gi_frame", "cr_frame", "ag_frame")
GIVE_FRAMES = (inspect.__file__, traceback.__file__)
WATCHED = {
    "open", "os.rename", "sys._getframe", "object.__getattr__", "compile", *FORKS, *WAYS_OUT,
}  # fmt: skip
FROZEN = "<frozen"


class Refused(PermissionError):
    """The file tries to reach answers; the message names what it tried to reach."""


def hook(watch: Watch, withheld: Container[str] = ()) -> Callable[[str, tuple[Any, ...]], None]:
    """Make the audit hook. It raises Refused if the student's code tries to reach answers.

    withheld: files of the checkout that must not be opened by any code.
    """
    owners = watch.owners

    def student_asks() -> bool:
        """Whether the student's code asks, and not the course on its behalf."""
        frame: FrameType | None = sys._getframe(3)
        while frame is not None and frame.f_code.co_filename != owners.file:
            owner = owners.of(frame.f_code.co_filename)
            if is_of_the_course(owner) and owner not in CALLERS:
                return False
            frame = frame.f_back
        return True

    def by_the_course() -> bool:
        """Whether the course opens the file, and not a library that reads its source."""
        frame: FrameType | None = sys._getframe(3)
        while frame is not None and not (owner := owners.of(frame.f_code.co_filename)):
            frame = frame.f_back
        return frame is not None and is_of_the_course(owner)

    def through_a_library() -> bool:
        frame: FrameType | None = sys._getframe(3)
        while frame is not None and frame.f_code.co_filename != owners.file:
            if owners.of(frame.f_code.co_filename) not in ("", RECORDER, __name__):
                return True
            frame = frame.f_back
        return False

    def is_own(frame: FrameType | None) -> bool:
        """Whether a frame belongs to the student's file, or to text that it has executed."""
        name = frame.f_code.co_filename if frame is not None else ""
        return name == owners.file or (name.startswith("<") and not name.startswith(FROZEN))

    asking: set[int] = set()  # threads in which the hook itself is running

    def hooked(event: str, arguments: tuple[Any, ...]) -> None:
        thread = threading.get_ident()
        if event in WATCHED and thread not in asking:
            asking.add(thread)
            try:
                judge(event, arguments, sys._getframe(1))
            finally:
                asking.discard(thread)

    def judge(event: str, arguments: tuple[Any, ...], frame: FrameType) -> None:
        """Raise Refused for a forbidden event; frame: the frame that caused it."""
        if event == "open":
            if isinstance(arguments[0], str | bytes | os.PathLike):
                path = os.path.realpath(os.fsdecode(arguments[0]))
                inside = within(path)
                if inside is None:
                    # The descriptor of a folder around the checkout leads to every file in it.
                    if arguments[1] is None and _contains_checkout(path) and student_asks():
                        raise Refused(path)
                elif inside in withheld or (
                    not _is_an_import(inside, frame)
                    and (student_asks() or (inside.endswith(PROGRAMS) and by_the_course()))
                ):
                    raise Refused(inside)
        elif event == "os.rename":
            if (inside := within(os.path.realpath(os.fsdecode(arguments[0])))) and student_asks():
                raise Refused(inside)
        elif event == "sys._getframe" or (event == "object.__getattr__" and arguments[1] in FRAMES):
            # A namedtuple asks for a frame too, so the receiver of the frame counts.
            gives = frame.f_code.co_filename in GIVE_FRAMES
            if is_own(frame.f_back if gives else frame):
                raise Refused("what is not its own")
        elif event == "compile":
            if (
                _is_foreign_name(arguments[1], owners)
                and not _by_import(frame)
                and not through_a_library()
            ):
                raise Refused("another file's name")
        elif event in FORKS:
            if not through_a_library():
                watch.processes.add(ANOTHER_PROCESS)
        elif event in WAYS_OUT:
            if event in ("marshal.loads", "code.__new__") and _by_import(frame):
                return
            if event == "sys.setprofile" and frame.f_code.co_filename == call_recorder.__file__:
                return
            if not through_a_library():
                raise Refused(WAYS_OUT[event])

    return hooked


def _contains_checkout(path: str) -> bool:
    """Whether a folder is the checkout or contains it."""
    return f"{ROOT}{os.sep}".startswith(path.rstrip(os.sep) + os.sep)


def _is_foreign_name(name: object, owners: Owners) -> bool:
    """Whether code is compiled under the name of a file that is not the student's."""
    if not isinstance(name, str | bytes | os.PathLike):
        return False
    file = os.fsdecode(name)
    if file == owners.file:
        return False
    return file.startswith(FROZEN) or bool(owners.of(file)) or Path(file).is_file()


def _is_an_import(inside: str, frame: FrameType) -> bool:
    """Whether an allowed module is being imported, and not read as text."""
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
