"""A student's file in a process of its own: what a check asks it, and every way it can go wrong.

Whatever the file does, the answer is a value or `Wrong`, whose message is a line for the student.
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
from classroom.exercise import Wrong
from classroom.formatting import line_of, missing, told, upper
from classroom.limits import Limits
from classroom.rooms import Room
from classroom.rules import ANOTHER_PROCESS, OWN_WORK
from classroom.running import Running
from classroom.sources import Source
from classroom.wire_format import Handle
from course.settings import Settings

REPORT = ("ran", "changed", "noticed")  # what a reply says of how its value came about


class Unloadable(Wrong):
    """The file does not even run from top to bottom, so there is nothing to judge."""


class Student:
    """What somebody has written, to be asked by a check."""

    def __init__(
        self, number: int, source: Source, settings: Settings, room: Room, limits: Limits,
        draw: int | None = None,
    ) -> None:  # fmt: skip
        """draw: where the check's own random numbers begin; None for a place nobody can guess."""
        self.number, self.settings, self.room, self.limits = number, settings, room, limits
        self.seed = settings.seed  # the file's own, which its author knows
        self.draw = secrets.randbits(32) if draw is None else draw
        self.rules = OWN_WORK  # of the exercise that is being judged
        self.changed: tuple[int, ...] = ()  # the arguments that the last call has changed
        self._noticed: list[Any] = []
        self._lent: list[Callable[..., Any]] = []
        self._source = source
        self._end = time.monotonic() + limits.total
        self._running: Running | None = None
        self._calls = 0  # of the process now running
        # Absolute and real: a sandbox shows the folder under this very name.
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
        """What a function of the file returns, or a new object of a class. Raises Wrong."""
        self._written(name)
        request = {"do": "call", "name": name, "arguments": self._encoded(arguments)}
        return self._answer(request, f"`{name}`")

    def follow(self, name: str, a: Any, b: Any) -> tuple[Any, set[str]]:
        """What a function makes of two matrices, and what was noticed on the way.

        The numbers of these matrices are followed, as classroom.followed says. Raises Wrong.
        """
        request = {"do": "follow", "name": name, "arguments": self._encoded((a, b))}
        return self._answer(request, f"`{name}`"), set(self._noticed)

    def lend(self, listen: Callable[[Any], Any]) -> Handle:
        """A radio to be handed to a function: listening to it calls this, in the check's process.

        Where `listen` raises Wrong, the student's line stops with a ValueError that says the same.
        """
        self._lent.append(listen)
        return Handle(-len(self._lent), "Radio")

    def random(self, number: int) -> np.random.Generator:
        """The random numbers of one exercise; number: its lesson's and its own."""
        return np.random.default_rng([self.draw, number])

    def method(self, handle: Handle, name: str, *arguments: Any) -> Any:
        """What a method of an object returns that `call` has given. Raises Wrong."""
        if not isinstance(handle, Handle):
            raise Wrong(f"An object with a method `{name}` should be here, and is not.")
        request = {"do": "method", "handle": handle.number, "name": name}
        return self._answer({**request, "arguments": self._encoded(arguments)}, f"`{name}`")

    def value(self, name: str) -> Any:
        """What a name at the top level of the file stands for. Raises Wrong."""
        return self._answer({"do": "value", "name": name}, f"`{name}`")

    def source(self, name: str) -> str:
        """The text of a function, class or variable in the file. Raises Wrong."""
        node = self._source.definition(name)
        if node is None:
            raise Wrong(missing(f"`{name}`"))
        return ast.get_source_segment(self._source.text, node) or ""

    def _written(self, name: str) -> None:
        """Raise Wrong for a function with a `...` in it that still waits to be replaced."""
        node = self._source.definition(name)
        if not isinstance(node, ast.FunctionDef | ast.ClassDef):
            return
        for inner in ast.walk(node):
            if isinstance(inner, ast.Expr) and _is_dots(inner.value):
                where = self._source.where(inner.lineno)
                raise Wrong(f"`{name}` still has a `...` ({where}): there your code is awaited.")

    def _answer(self, request: dict[str, Any], what: str) -> Any:
        if self._running is None:  # after a hang or a crash
            self.load()
        return self._ask(request, what, self.limits.call)

    def _ask(self, request: dict[str, Any], what: str, seconds: float) -> Any:
        """Send a request and wait for its answer."""
        if self._running is None:
            self._running, self._calls = self._start(), 0
        self._calls += 1
        left = self._end - time.monotonic()
        if left <= 0:
            self._stop()
            raise Wrong(f"All of it together takes more than {self.limits.total:g} seconds.")
        message = wire_format.write({**request, "id": self._calls})
        until = time.monotonic() + min(seconds, left)
        try:
            reply = self._running.exchange(message, self._calls, until)
            while "ask" in reply:
                said = wire_format.write({**self._said(reply), "id": self._calls})
                reply = self._running.exchange(said, self._calls, until)
        except TimeoutError:
            self._stop()
            raise Wrong(
                f"{upper(what)} runs longer than {min(seconds, left):.0f} seconds: is there a "
                "loop that never ends?"
            ) from None
        except (EOFError, OSError):
            ended = self._running.how_it_ended(self.limits)
            self._stop()
            raise Wrong(f"{upper(what)} {ended}") from None
        except wire_format.Malformed:
            self._stop()
            raise Wrong(f"{upper(what)} answers with something that nobody can read.") from None
        return self._judged(reply, what)

    def _judged(self, reply: dict[str, Any], what: str) -> Any:
        """The value in a reply. Raises Wrong for an error in it."""
        if "value" in reply:
            try:
                value = wire_format.decode(reply["value"])
                ran, changed, self._noticed = (_listed(reply, key) for key in REPORT)
            except wire_format.Malformed:
                raise Wrong(f"{upper(what)} gives something that nobody can read.") from None
            self.changed = tuple(changed)
            if ANOTHER_PROCESS in ran:
                self._stop()  # what is asked next has a process of its own
            if broken := self.rules.broken(map(str, ran)):
                raise Wrong(f"In {what} {broken}")
            return value
        if "unfinished" in reply:
            raise Wrong(f"{upper(what)} is still `...`: there your answer is awaited.")
        kind, message = (line_of(reply.get(key, "")) for key in ("error", "message"))
        line = reply.get("line")
        where = f" in {self._source.where(line)}" if type(line) is int and line > 0 else ""
        if kind == "Missing":
            raise Wrong(missing(what))
        raise Wrong(f"{upper(what)} {told(kind, message, where)}")

    def _said(self, reply: dict[str, Any]) -> dict[str, Any]:
        """What the check's own function says to a student's. Raises Malformed."""
        number, asked = reply["ask"], wire_format.decode(reply.get("arguments"))
        if type(number) is not int or not 0 < -number <= len(self._lent):
            raise wire_format.Malformed("nothing of that number was lent")
        try:
            return {"answer": wire_format.encode(self._lent[-number - 1](*asked), _no_handle)}
        except Wrong as wrong:
            return {"refused": str(wrong)}

    def _encoded(self, arguments: tuple[Any, ...]) -> Any:
        return wire_format.encode(list(arguments), _no_handle)

    def _loading(self) -> float:
        more = 0 if self.settings.backend == "numpy" else self.limits.backend
        return self.limits.loading + more

    def _start(self) -> Running:
        chosen = {
            name: value for name, value in asdict(self.settings).items()
            if name in ("backend", "dtype", "device", "seed", "threads")
        }  # fmt: skip
        given = {"file": str(self._file), "number": self.number, "settings": chosen,
                 "memory": self.limits.memory}  # fmt: skip
        return Running(given, self.room, self._file.parent, self.limits)

    def _stop(self) -> None:
        if self._running is not None:
            self._running.end()
            self._running = None


def _listed(reply: dict[str, Any], key: str) -> list[Any]:
    """A part of the report on a call, which anybody may have written. Raises Malformed."""
    found = reply.get(key, [])
    if not isinstance(found, list) or not all(isinstance(one, int | str) for one in found):
        raise wire_format.Malformed(key)
    return found


def _is_dots(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is Ellipsis


def _no_handle(value: Any) -> Handle:
    raise TypeError(f"a check cannot send a {type(value).__name__}")
