"""Helpers: the sandbox for tests, also with a hole, and hostile submissions with their remains."""

from __future__ import annotations

import ast
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from textwrap import dedent

import pytest

from classroom.sandbox import DISK, UNCONFINED, Launcher, Sandbox
from classroom.sandbox_check import Leaks, NoSandbox, verified_sandbox
from course.settings import ROOT
from tests.waiting import until

SOURCE = Path(__file__).with_name("hostile.py").read_text(encoding="utf-8")
HOSTILE = {f.name: f for f in ast.parse(SOURCE).body if isinstance(f, ast.FunctionDef)}
OPENS = "from classroom import open_exercises\n\nexercises = open_exercises(1)\n"
NO_SANDBOX = "no sandbox: confinement of submissions was NOT tested; install bubblewrap"
IMPATIENCE = "hostile"  # marks files for which a test's grader need not wait long
PATIENT = ("empty_files",)  # ten thousand files take a while on a busy machine
REQUIRED = "TRIPTYCH_SANDBOX"  # set to `required`, a missing sandbox is a failure


@cache
def _sandbox() -> Sandbox | NoSandbox:
    try:
        return verified_sandbox()
    except NoSandbox as error:
        return error


def confined() -> Sandbox:
    """The sandbox of this machine; without one the test is skipped, or fails if required."""
    result = _sandbox()
    if isinstance(result, Sandbox):
        return result
    if isinstance(result, Leaks) or os.environ.get(REQUIRED) == "required":
        pytest.fail(f"{NO_SANDBOX} ({result})")
    pytest.skip(f"{NO_SANDBOX} ({result})")


def confined_if_possible() -> Launcher:
    """The sandbox, or no confinement if there is none and none is required."""
    if isinstance(_sandbox(), NoSandbox) and not isinstance(_sandbox(), Leaks):
        return UNCONFINED if os.environ.get(REQUIRED) != "required" else confined()
    return confined()


def program(name: str) -> str:
    """A function of hostile.py as a submission: its body, with the exercises after its imports."""
    says, *statements = HOSTILE[name].body
    first = next(s for s in statements if not isinstance(s, ast.Import | ast.ImportFrom))
    lines = SOURCE.splitlines(keepends=True)
    imports = dedent("".join(lines[says.end_lineno : first.lineno - 1]))  # type: ignore[index]
    body = dedent("".join(lines[first.lineno - 1 : HOSTILE[name].end_lineno]))
    return f"{ast.get_source_segment(SOURCE, says)}\n\n{imports}{OPENS}\n{body}"


@dataclass(frozen=True)
class Targets:
    """What hostile submissions try to reach."""

    canary: Path  # a file of the teacher
    other: Path  # another student's work
    token: str  # a unique word that identifies files and processes
    port: int = 9  # on which a program of the teacher listens

    def submission(self, name: str) -> str:
        """The text of a hostile submission, with its targets filled in."""
        text = program(name)
        for word, value in {
            "@CANARY@": self.canary, "@OTHER@": self.other, "@TOKEN@": self.token,
            "@SOCKET@": self.token, "@PORT@": self.port, "@GRADER@": os.getpid(),
        }.items():  # fmt: skip
            text = text.replace(word, str(value))
        return text if name in PATIENT else f"{text}\n# {IMPATIENCE}\n"


def left_behind(token: str) -> list[str]:
    """The processes with this token that do not end soon; killing takes a moment."""
    with suppress(AssertionError):
        until(lambda: not running(token))
    return running(token)


def running(token: str) -> list[str]:
    """The command lines of all processes that contain the token."""
    lines = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes()
        except OSError:  # it has just ended
            continue
        if token.encode() in line and int(folder.name) != os.getpid():
            lines.append(line.replace(b"\0", b" ").decode(errors="replace"))
    return lines


# Sandboxes with one hole each, which the verification has to find.

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
