"""Who has written a function: the student, the course, or a library; by the file it stands in."""

from __future__ import annotations

import os
import re
import sys
from functools import cache
from types import ModuleType
from typing import Any

from adapters import environment
from course.settings import ROOT

# What a student's file may import of the checkout; of `classroom` what lies at its top.
PACKAGES = ("adapters", "compare", "course", "datasets", "injections", "classroom")
# In the checkout, perhaps, and no part of it: the environment, and what libraries keep.
ELSEWHERE = (f"{sys.prefix}{os.sep}", f"{os.path.realpath(environment.cache_folder())}{os.sep}")
INSIDE = f"{ROOT}{os.sep}"
NUMPY = "numpy"
LIBRARY = re.compile(r"[/\\](?:site|dist)-packages[/\\](\w+)")


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
    inside = within(name)
    if inside is None or not inside.endswith(".py"):
        return ""
    return inside.removesuffix(".py").replace("/", ".").removesuffix(".__init__")


def within(path: str) -> str | None:
    """The path in the checkout; None for another place, the environment in it among them."""
    if not path.startswith(INSIDE) or path.startswith(ELSEWHERE):
        return None
    return path.removeprefix(INSIDE).replace(os.sep, "/")


def is_of_the_course(owner: str) -> bool:
    """Whether an owner is a module of the checkout, and no library."""
    return owner.split(".")[0] in (*PACKAGES, "docs", "lessons", "tests", "kit", "benchmarks")


def library_of(function: Any) -> str:
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
