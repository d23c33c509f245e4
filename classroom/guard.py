"""Around a student's file, in its process: whose code its functions run, and what they may open.

`opened_by` is told by Python itself (an audit hook, which nothing can take off again) of every file
that is opened, by import or by hand, and refuses what holds answers: solutions, checks, tests, the
text of the engines. `Watch` notes whose functions run while a check waits for an answer, by the
file that they were written in, whichever name or reference led to them.

It is Python that watches Python, in one process. Somebody set on it can get around it, by other
programs' means (ctypes, C); what such a file must not reach, the sandbox does not show it at all.
"""

from __future__ import annotations

import os
import re
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any, Final

from adapters import environment
from course.settings import ROOT

# What a student's file may import of the checkout; of `classroom` what lies at its top.
PACKAGES = ("adapters", "compare", "course", "datasets", "classroom")
PEBBLE = "docs/your_engine/pebble.py"
HIDDEN = ("classroom/checks",)
HERE = "classroom.worker"  # it runs the student's functions, and is no answer to who asked
# In the checkout, perhaps, and no part of it: the environment, and what libraries keep.
ELSEWHERE = (f"{sys.prefix}{os.sep}", f"{os.path.realpath(environment.cache_folder())}{os.sep}")
# Ways out of Python's sight, by their audit events.
WAYS_OUT: Final = {
    "subprocess.Popen": "another program", "os.system": "another program",
    "os.posix_spawn": "another program", "os.exec": "another program",
    "socket.connect": "the network", "sys.setprofile": "sys.setprofile",
    "code.__new__": "a code object", "marshal.loads": "a code object",
    "gc.get_objects": "what is not its own", "gc.get_referrers": "what is not its own",
}  # fmt: skip
THREADING = threading.__file__
NUMPY = "numpy"
IMPORTS = "<frozen importlib"  # the files in which Python looks for modules, and runs them
LIBRARY = re.compile(r"[/\\](?:site|dist)-packages[/\\](\w+)")


class Refused(PermissionError):
    """The file reaches for something that holds answers; the message is what it reached for."""


class Owners:
    """Who has written a function, by the name of the file it stands in."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.known: dict[str, str] = {file: ""}

    def of(self, name: str) -> str:
        """A module of the course, the name of a library, or "" for Python, NumPy and the file."""
        found = self.known.get(name)
        if found is None:
            found = self.known[name] = _owner(name)
        return found


def _owner(name: str) -> str:
    if library := LIBRARY.search(name):
        return "" if library[1] == NUMPY else library[1]
    within = _within(name)
    if within is None or not within.endswith(".py"):
        return ""
    return within.removesuffix(".py").replace("/", ".").removesuffix(".__init__")


def _within(path: str) -> str | None:
    """The path in the checkout; None for another place, the environment in it among them."""
    if not path.startswith(f"{ROOT}{os.sep}") or path.startswith(ELSEWHERE):
        return None
    return Path(path).relative_to(ROOT).as_posix()


def is_of_the_course(owner: str) -> bool:
    """Whether an owner is a module of the checkout, and no library."""
    return owner.split(".")[0] in (*PACKAGES, "docs", "lessons", "tests", "kit", "benchmarks")


def opened_by(owners: Owners) -> Callable[[str, tuple[Any, ...]], None]:
    """The audit hook: raises Refused where the student's own code reaches for answers."""

    def asks() -> bool:
        """Whether the student's code asks, and not the course or a library on its behalf."""
        frame: FrameType | None = sys._getframe(2)
        while frame is not None and frame.f_code.co_filename != owners.file:
            owner = owners.of(frame.f_code.co_filename)
            if is_of_the_course(owner) and owner not in (HERE, __name__):
                return False
            frame = frame.f_back
        return True

    def through_a_library() -> bool:
        frame: FrameType | None = sys._getframe(2)
        while frame is not None and frame.f_code.co_filename != owners.file:
            if owners.of(frame.f_code.co_filename):
                return True
            frame = frame.f_back
        return False

    def hook(event: str, given: tuple[Any, ...]) -> None:
        if event == "open":
            if isinstance(given[0], str | bytes | os.PathLike):
                path = os.path.realpath(os.fsdecode(given[0]))
                if (within := _within(path)) and not _is_an_import(within) and asks():
                    raise Refused(within)
        elif event == "os.link" or event in WAYS_OUT:
            if event in ("marshal.loads", "code.__new__") and _by_import(sys._getframe(1)):
                return
            if event == "sys.setprofile" and sys._getframe(1).f_code.co_filename == THREADING:
                return  # a new thread takes up the watch
            if not through_a_library():
                raise Refused(WAYS_OUT.get(event, "a link"))

    return hook


def _is_an_import(within: str) -> bool:
    """Whether a module that a student's file may import is being imported, and not read."""
    package = within.split("/")[0]
    hidden = any(within.startswith(f"{folder}/") for folder in HIDDEN)
    pebble = within == PEBBLE or within.startswith(f"{Path(PEBBLE).parent}/__pycache__/pebble.")
    if (package not in PACKAGES or hidden) and not pebble:
        return False
    if not within.endswith((".py", ".pyc")):
        return False
    frame: FrameType | None = sys._getframe(2)
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

    @contextmanager
    def on(self) -> Iterator[None]:
        """Note into `ran` what runs in this block: module:function, or a library's name."""
        self.ran.clear()
        seen = self._seen()
        threading.setprofile(seen)
        sys.setprofile(seen)
        try:
            yield
        finally:
            sys.setprofile(None)
            threading.setprofile(None)

    def _seen(self) -> Callable[[FrameType, str, Any], None]:
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
                elif owner and owner not in ran and for_the_student(frame.f_back):
                    ran.add(owner)
            elif event == "c_call":
                library = _library(what)
                if library and library not in ran and for_the_student(frame):
                    ran.add(library)

        return seen


def _library(function: Any) -> str:
    """The library that a function written in C is from; "" for Python's own and NumPy's."""
    bound = getattr(function, "__self__", getattr(function, "__objclass__", None))
    if bound is None or isinstance(bound, ModuleType):
        module = getattr(function, "__module__", None)
    else:
        module = (bound if isinstance(bound, type) else type(bound)).__module__
    return _of_module(module.split(".")[0]) if isinstance(module, str) else ""


@cache
def _of_module(name: str) -> str:
    file = getattr(sys.modules.get(name), "__file__", None)
    owner = _owner(file) if isinstance(file, str) else ""
    return "" if is_of_the_course(owner) else owner
