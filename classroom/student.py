"""What a check may ask of a student's program, wherever that runs.

Whatever the program does, a call returns a value or raises `Wrong`, with a message for the student.
"""

from __future__ import annotations

import ast
import secrets
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

import numpy as np

from classroom import wire_format
from classroom.crashes import Crashes, place
from classroom.error_hints import MISSING_NAME
from classroom.formatting import capitalized, describe_error, missing, single_line
from classroom.returned import Call
from classroom.rules import OWN_WORK
from classroom.scores import Wrong
from classroom.sources import Source
from classroom.wire_format import Handle
from course.settings import Settings

ENDLESS = "{} runs longer than {:.0f} seconds: is there a loop that never ends?"
REPORT = ("ran", "changed", "noticed")  # parts of a reply about the computation


class Student(ABC):
    """A student's program, whose functions and values a check can use."""

    program = "the file"  # in sentences about it

    def __init__(
        self, number: int, source: Source, settings: Settings, check_seed: int | None = None
    ) -> None:
        """check_seed: the seed of the check's random numbers; None for an unpredictable one."""
        self.number, self.settings = number, settings
        self.seed = settings.seed  # of the exercise file; its author knows it
        self.check_seed = secrets.randbits(32) if check_seed is None else check_seed
        self.rules = OWN_WORK  # of the current exercise
        self.changed: tuple[int, ...] = ()  # positions of arguments that the last call has changed
        self.excerpt = ""  # the line of the last error, with a mark
        self.has_answered = False  # whether anything asked for was there, if only a `...`
        self.reported: set[int] = set()  # lines of errors that a hint was about
        self.crashes = Crashes(source)
        self._source = source
        self._last: Call | None = None
        self._without_return: Call | None = None  # a call of a function that has no `return`
        self._noticed: list[Any] = []
        self._radios: list[Callable[..., Any]] = []

    @abstractmethod
    def _reply(self, request: dict[str, Any], subject: str) -> dict[str, Any]:
        """The reply to a request, see classroom.answering; untrusted. Raises Wrong."""

    def begin(self) -> None:
        """Forget the answers to the previous exercise."""
        self._last, self._without_return, self.excerpt = None, None, ""

    def about_answers(self) -> str:
        """What is wrong with the form of results: nothing returned, or the last one's shape."""
        call = self._without_return or self._last
        return call.problem(self._source) if call is not None else ""

    def call(self, name: str, *arguments: Any) -> Any:
        """Call a function or class of the program; return its result. Raises Wrong."""
        self._require_written(name)
        request = {"do": "call", "name": name, "arguments": self._encoded(arguments)}
        value = self._answer(request, f"`{name}`", name)
        self._last = Call(name, arguments, value)
        if self._last.has_no_return(self._source):
            self._without_return = self._last
        return value

    def follow(self, name: str, a: Any, b: Any) -> tuple[Any, set[str]]:
        """Call a function with two matrices of followed numbers, see classroom.followed.

        Returns the result, and READY_MADE or TAKEN_OUT if they occurred. Raises Wrong.
        """
        request = {"do": "follow", "name": name, "arguments": self._encoded((a, b))}
        return self._answer(request, f"`{name}`", name), set(self._noticed)

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
        value = self._answer({**request, "arguments": self._encoded(arguments)}, f"`{name}`")
        self._last = Call(name, arguments, value, handle.type)
        return value

    def value(self, name: str) -> Any:
        """The value of a top-level name of the program. Raises Wrong."""
        return self._answer({"do": "value", "name": name}, f"`{name}`", name)

    def source(self, name: str) -> str:
        """The source of a function, class or variable of the program. Raises Wrong."""
        node = self._source.definition(name)
        if node is None:
            raise Wrong(missing(f"`{name}`"))
        return ast.get_source_segment(self._source.runnable, node) or ""

    def _require_written(self, name: str) -> None:
        """Raise Wrong for a function that still contains a `...`."""
        node = self._source.definition(name)
        if not isinstance(node, ast.FunctionDef | ast.ClassDef):
            return
        for inner in ast.walk(node):
            if isinstance(inner, ast.Expr) and _is_dots(inner.value):
                where = self._source.where(inner.lineno)
                raise Wrong(f"`{name}` still has a `...` ({where}): there your code is awaited.")

    def _answer(self, request: dict[str, Any], subject: str, name: str = "") -> Any:
        """The value in the reply to a request. Raises Wrong for anything else.

        name: of the program, if the request is for one.
        """
        self._last, self.excerpt = None, ""
        reply = self._reply(request, subject)
        if "value" in reply:
            return self._value_of(reply, subject)
        if "unfinished" in reply:
            self.has_answered = True
            raise Wrong(f"{capitalized(subject)} is still `...`: there your answer is awaited.")
        kind, message, near = (
            single_line(reply.get(key, "")) for key in ("error", "message", "near")
        )
        if kind == "Missing":
            self._raise_if_lost(name, f"{capitalized(subject)} is missing")
            raise Wrong(missing(subject))
        line, self.excerpt = self._place(reply)
        self.reported.add(line)
        where = f" in {self._source.where(line)}" if line else ""
        needed = MISSING_NAME.fullmatch(message) if kind == "NameError" else None
        if needed is not None:
            self._raise_if_lost(needed[1], f"{capitalized(subject)} needs `{needed[1]}`, and that "
                                "is missing")  # fmt: skip
        raise Wrong(f"{capitalized(subject)} {describe_error(kind, message, where, near)}")

    def _place(self, reply: dict[str, Any]) -> tuple[int, str]:
        """The line of an error, 0 if unknown, and the line with its mark."""
        return place(self._source, reply)

    def _raise_if_lost(self, name: str, beginning: str) -> None:
        """Raise Wrong if a name is missing because a part of the file did not run."""
        cause = self.crashes.cause(name)
        if cause is not None:
            self.excerpt = cause.excerpt
            self.reported.add(cause.line)
            raise Wrong(f"{beginning}: {self.program} {cause.text}")

    def _value_of(self, reply: dict[str, Any], subject: str) -> Any:
        """The value in a reply. Raises Wrong for a violation of the rules."""
        try:
            value = wire_format.decode(reply["value"])
            ran, changed, self._noticed = (_listed(reply, key) for key in REPORT)
        except wire_format.Malformed:
            raise Wrong(f"{capitalized(subject)} gives something that cannot be read.") from None
        self.changed = tuple(changed)
        if violation := self.rules.violation(map(str, ran)):
            raise Wrong(f"In {subject} {violation}")
        self.has_answered = True
        return value

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
