"""Find out who owns a function: the student, the course or a library, by the file it is in."""

from __future__ import annotations

import os
import re
import sys
from functools import cache
from types import ModuleType
from typing import Any

from adapters import environment
from course.settings import ROOT

# Packages of the checkout that a student's file may import; of `classroom` the top level only.
PACKAGES = ("adapters", "compare", "course", "datasets", "injections", "classroom")
# Possibly inside the checkout, but not part of it: the environment and the cache.
ELSEWHERE = (f"{sys.prefix}{os.sep}", f"{os.path.realpath(environment.cache_folder())}{os.sep}")
INSIDE = f"{ROOT}{os.sep}"
NUMPY = "numpy"
LIBRARY = re.compile(r"[/\\](?:site|dist)-packages[/\\](\w+)")


class Owners:
    """The owners of functions, by file name; results are cached in `known`."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.known: dict[str, str] = {file: ""}

    def of(self, name: str) -> str:
        """A module of the course, a library, or "" for Python, NumPy and the student's file."""
        owner = self.known.get(name)
        if owner is None:
            owner = self.known[name] = _owner(name)
        return owner


def _owner(name: str) -> str:
    if library := LIBRARY.search(name):
        return "" if library[1] == NUMPY else library[1]
    inside = within(name)
    if inside is None or not inside.endswith(".py"):
        return ""
    return inside.removesuffix(".py").replace("/", ".").removesuffix(".__init__")


def within(path: str) -> str | None:
    """The path relative to the checkout; None if it is outside, or in its environment."""
    if not path.startswith(INSIDE) or path.startswith(ELSEWHERE):
        return None
    return path.removeprefix(INSIDE).replace(os.sep, "/")


def is_of_the_course(owner: str) -> bool:
    """Whether an owner is a module of the checkout, and not a library."""
    rooms = ("benchmarks", "docs", "kit", "lessons", "tests", "tools")
    return owner.split(".")[0] in (*PACKAGES, *rooms)


def library_of(function: Any) -> str:
    """The library of a function written in C; "" for Python and NumPy."""
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
