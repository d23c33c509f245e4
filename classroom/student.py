"""Run a student's file in a separate process, for a check to call its functions.

Whatever the file does, a call returns a value or raises `Wrong`, with a message for the student.
"""

from __future__ import annotations

import ast
import secrets
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from classroom import wire_format
from classroom.formatting import capitalized, describe_error, missing, single_line
from classroom.limits import Limits
from classroom.rules import ANOTHER_PROCESS, OWN_WORK
from classroom.running import WorkerProcess
from classroom.sandbox import Launcher
from classroom.scores import Wrong
from classroom.sources import Source
from classroom.wire_format import Handle
from course.settings import Settings

REPORT = ("ran", "changed", "noticed")  # parts of a reply about the computation


class Unloadable(Wrong):
    """The file does not run from top to bottom, so nothing can be judged."""


class Student:
    """A student's file, whose functions and values a check can use."""

    def __init__(
        self, number: int, source: Source, settings: Settings, launcher: Launcher,
        limits: Limits, check_seed: int | None = None,
    ) -> None:  # fmt: skip
        """check_seed: the seed of the check's random numbers; None for an unpredictable one."""
        self.number, self.settings = number, settings
        self.launcher, self.limits = launcher, limits
        self.seed = settings.seed  # of the exercise file; its author knows it
        self.check_seed = secrets.randbits(32) if check_seed is None else check_seed
        self.rules = OWN_WORK  # of the current exercise
        self.changed: tuple[int, ...] = ()  # positions of arguments that the last call has changed
        self._noticed: list[Any] = []
        self._radios: list[Callable[..., Any]] = []
        self._source = source
        self._end = time.monotonic() + limits.total
        self._process: WorkerProcess | None = None
        self._calls = 0  # of the current process
        # Absolute, without links: a sandbox shows the folder under the same name.
        self._folder = tempfile.TemporaryDirectory(prefix="triptych-exercises-")
        self._file = Path(self._folder.name).resolve() / f"lesson{number}.py"
        self._file.write_text(source.text, encoding="utf-8")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self._stop()
        self._folder.cleanup()

    def load(self) -> None:
        """Run the file from top to bottom. Raises Unloadable."""
        try:
            self._ask({"do": "load"}, "the file", self._loading())
        except Wrong as wrong:
            self._stop()
            raise Unloadable(str(wrong)) from wrong

    def call(self, name: str, *arguments: Any) -> Any:
        """Call a function or class of the file; return its result. Raises Wrong."""
        self._require_written(name)
        request = {"do": "call", "name": name, "arguments": self._encoded(arguments)}
        return self._answer(request, f"`{name}`")

    def follow(self, name: str, a: Any, b: Any) -> tuple[Any, set[str]]:
        """Call a function with two matrices of followed numbers, see classroom.followed.

        Returns the result, and READY_MADE or TAKEN_OUT if they occurred. Raises Wrong.
        """
        request = {"do": "follow", "name": name, "arguments": self._encoded((a, b))}
        return self._answer(request, f"`{name}`"), set(self._noticed)

    def radio(self, listen: Callable[[Any], Any]) -> Handle:
        """A radio as an argument of a function; its `listen` calls this one in the check's process.

        If `listen` raises Wrong, the student's call raises ValueError with the same message.
        """
        self._radios.append(listen)
        return Handle(-len(self._radios), "Radio")

    def random(self, number: int) -> np.random.Generator:
        """The random numbers of one exercise; number: its lesson and position, such as 64."""
        return np.random.default_rng([self.check_seed, number])

    def method(self, handle: Handle, name: str, *arguments: Any) -> Any:
        """Call a method of an object that `call` has returned. Raises Wrong."""
        if not isinstance(handle, Handle):
            raise Wrong(f"An object with a method `{name}` is expected here, and there is none.")
        request = {"do": "method", "handle": handle.number, "name": name}
        return self._answer({**request, "arguments": self._encoded(arguments)}, f"`{name}`")

    def value(self, name: str) -> Any:
        """The value of a top-level name of the file. Raises Wrong."""
        return self._answer({"do": "value", "name": name}, f"`{name}`")

    def source(self, name: str) -> str:
        """The source of a function, class or variable of the file. Raises Wrong."""
        node = self._source.definition(name)
        if node is None:
            raise Wrong(missing(f"`{name}`"))
        return ast.get_source_segment(self._source.text, node) or ""

    def _require_written(self, name: str) -> None:
        """Raise Wrong for a function that still contains a `...`."""
        node = self._source.definition(name)
        if not isinstance(node, ast.FunctionDef | ast.ClassDef):
            return
        for inner in ast.walk(node):
            if isinstance(inner, ast.Expr) and _is_dots(inner.value):
                where = self._source.where(inner.lineno)
                raise Wrong(f"`{name}` still has a `...` ({where}): there your code is awaited.")

    def _answer(self, request: dict[str, Any], subject: str) -> Any:
        if self._process is None:  # after a hang or a crash
            self.load()
        return self._ask(request, subject, self.limits.call)

    def _ask(self, request: dict[str, Any], subject: str, seconds: float) -> Any:
        """Send a request and return the value of its reply. Raises Wrong."""
        if self._process is None:
            self._process, self._calls = self._start(), 0
        self._calls += 1
        left = self._end - time.monotonic()
        if left <= 0:
            self._stop()
            raise Wrong(f"All of it together takes more than {self.limits.total:g} seconds.")
        message = wire_format.write({**request, "id": self._calls})
        deadline = time.monotonic() + min(seconds, left)
        try:
            reply = self._process.exchange(message, self._calls, deadline)
            while "ask" in reply:
                message = wire_format.write({**self._listen(reply), "id": self._calls})
                reply = self._process.exchange(message, self._calls, deadline)
        except TimeoutError:
            self._stop()
            raise Wrong(
                f"{capitalized(subject)} runs longer than {min(seconds, left):.0f} seconds: is "
                "there a loop that never ends?"
            ) from None
        except (EOFError, OSError):
            ending = self._process.how_it_ended(self.limits)
            self._stop()
            raise Wrong(f"{capitalized(subject)} {ending}") from None
        except wire_format.Malformed:
            self._stop()
            raise Wrong(
                f"{capitalized(subject)} answers with something that cannot be read."
            ) from None
        return self._value_of(reply, subject)

    def _value_of(self, reply: dict[str, Any], subject: str) -> Any:
        """The value in a reply. Raises Wrong for an error, or a violation of the rules."""
        if "value" in reply:
            try:
                value = wire_format.decode(reply["value"])
                ran, changed, self._noticed = (_listed(reply, key) for key in REPORT)
            except wire_format.Malformed:
                raise Wrong(
                    f"{capitalized(subject)} gives something that cannot be read."
                ) from None
            self.changed = tuple(changed)
            if ANOTHER_PROCESS in ran:
                self._stop()  # the next call gets a new process
            if violation := self.rules.violation(map(str, ran)):
                raise Wrong(f"In {subject} {violation}")
            return value
        if "unfinished" in reply:
            raise Wrong(f"{capitalized(subject)} is still `...`: there your answer is awaited.")
        kind, message = (single_line(reply.get(key, "")) for key in ("error", "message"))
        line = reply.get("line")
        where = f" in {self._source.where(line)}" if type(line) is int and line > 0 else ""
        if kind == "Missing":
            raise Wrong(missing(subject))
        raise Wrong(f"{capitalized(subject)} {describe_error(kind, message, where)}")

    def _listen(self, reply: dict[str, Any]) -> dict[str, Any]:
        """The answer of the check's function to a call by the student's. Raises Malformed."""
        number, arguments = reply["ask"], wire_format.decode(reply.get("arguments"))
        if type(number) is not int or not 0 < -number <= len(self._radios):
            raise wire_format.Malformed("there is no radio of this number")
        try:
            return {"answer": wire_format.encode(self._radios[-number - 1](*arguments), _no_handle)}
        except Wrong as wrong:
            return {"refused": str(wrong)}

    def _encoded(self, arguments: tuple[Any, ...]) -> Any:
        return wire_format.encode(list(arguments), _no_handle)

    def _loading(self) -> float:
        more = 0 if self.settings.backend == "numpy" else self.limits.backend
        return self.limits.loading + more

    def _start(self) -> WorkerProcess:
        settings = {
            name: value for name, value in asdict(self.settings).items()
            if name in ("backend", "dtype", "device", "seed", "threads")
        }  # fmt: skip
        arguments = {"file": str(self._file), "number": self.number, "settings": settings,
                     "memory": self.limits.memory}  # fmt: skip
        return WorkerProcess(arguments, self.launcher, self._file.parent, self.limits)

    def _stop(self) -> None:
        if self._process is not None:
            self._process.end()
            self._process = None


def _listed(reply: dict[str, Any], key: str) -> list[Any]:
    """A part of the report in an untrusted reply. Raises Malformed."""
    entries = reply.get(key, [])
    if not isinstance(entries, list) or not all(isinstance(e, int | str) for e in entries):
        raise wire_format.Malformed(key)
    return entries


def _is_dots(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is Ellipsis


def _no_handle(value: Any) -> Handle:
    raise TypeError(f"a check cannot send a {type(value).__name__}")
