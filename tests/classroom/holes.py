"""Sandboxes with one hole each, which the verification has to find."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from classroom.sandbox import DISK, Sandbox
from course.settings import ROOT

Words = list[str]
Hole = Callable[[Words, Path], Words]  # changes the command of a sandbox for this folder


def with_hole(intact: Sandbox, hole: Hole) -> Sandbox:
    """The same sandbox, with its command changed by `hole(words, folder)`."""

    class Holed(Sandbox):
        def command(self, argv: list[str], folder: Path) -> list[str]:
            folder.chmod(0o777)  # else the sandboxed user could not write into it anyway
            return hole(super().command(argv, folder), folder)

    return Holed(intact.bwrap, intact.root, intact.environ)


def put_in(words: Words, *more: str) -> Words:
    """Insert words after the last mounts."""
    at = len(words) - 1 - words[::-1].index("--remount-ro")
    return [*words[:at], *more, *words[at:]]


def replaced(words: Words, old: Words, new: Words) -> Words:
    at = next(i for i in range(len(words)) if words[i : i + len(old)] == old)
    return [*words[:at], *new, *words[at + len(old) :]]


def other_folder(words: Words, folder: Path) -> Words:
    canary = str(folder.parent / "canary")
    return put_in(words, "--bind", canary, canary)


def solutions(words: Words, _: Path) -> Words:
    lessons = str(ROOT / "lessons")
    return put_in(words, "--ro-bind", lessons, lessons)


def checks(words: Words, _: Path) -> Words:
    classroom = str(ROOT / "classroom")
    return put_in(words, "--ro-bind", classroom, classroom)


def processes(words: Words, _: Path) -> Words:
    return replaced(words, ["--proc", "/proc"], ["--ro-bind", "/proc", "/proc"])


def disk(words: Words, folder: Path) -> Words:
    memory = ["--perms", "1777", "--size", str(DISK), "--tmpfs", str(folder)]
    return replaced(words, memory, ["--bind", str(folder), str(folder)])


def no_filter(words: Words, _: Path) -> Words:
    at = words.index("--") + 1
    return [*words[:at], *words[at + 7 :]]  # python -I -S inside.py USER PROCESSES FILTER


def usual_devices(words: Words, _: Path) -> Words:
    return put_in(words, "--dev", "/dev")
