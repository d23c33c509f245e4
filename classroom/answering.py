"""Answer the requests of a check: values of a student's program, and results of its functions.

A request is a message of classroom.wire_format: {"do": "call", "name": "price", "arguments": […]}.
The reply is {"value": …}, {"unfinished": true}, or an error with its place (see error_place). The
program runs in the worker's process, or in a notebook's kernel.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Any

from classroom import error_place, followed, wire_format
from classroom.call_recorder import Watch
from classroom.radio_proxy import RadioProxy


class Missing(Exception):
    """The program has no such name."""


class Answers:
    """A student's names, and the objects of the program that a check has received as handles."""

    def __init__(
        self, names: dict[str, Any], watch: Watch, owns: Callable[[FrameType], bool]
    ) -> None:
        """names: the program's global variables; owns: whether a frame is the program's."""
        self.names, self.watch, self.owns = names, watch, owns
        self.objects: list[Any] = []
        self.ask: Callable[[int, list[Any]], Any]  # calls a function of the check

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """The reply to one request; it never raises."""
        try:
            value, report = self._do(request)
            self._restore()
            return {"value": wire_format.encode(value, self.keep), **report}
        except wire_format.Unfinished:
            return {"unfinished": True}
        except BaseException as error:  # noqa: BLE001 - exit() and Ctrl-C are answers, too
            self._restore()
            return error_place.report(error, self.owns)

    def keep(self, value: Any) -> wire_format.Handle:
        """A handle for an object that stays here."""
        self.objects.append(value)
        return wire_format.Handle(len(self.objects) - 1, type(value).__name__)

    def _restore(self) -> None:
        """Undo what the program has changed outside of itself; there is nothing by default."""

    def _do(self, request: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        """Value, call, follow or method: the result, and a report on how it was computed."""
        if request["do"] != "method":
            if request["name"] not in self.names:
                raise Missing
            target = self.names[request["name"]]
        else:
            owner = self._resolve(wire_format.Handle(request["handle"], ""))
            with self.watch.on():  # it may be a property
                target = getattr(owner, request["name"])
        if request["do"] == "value":
            return target, {}
        if target is Ellipsis:
            raise wire_format.Unfinished
        arguments = wire_format.decode(request["arguments"], self._resolve)
        if request["do"] == "follow":
            return self._follow(target, arguments)
        with self.watch.on():
            value = target(*arguments)
        changed = [
            i for i, (now, before) in enumerate(
                zip(arguments, request["arguments"], strict=True)
            ) if self._differs(now, before)
        ]  # fmt: skip
        return value, {"ran": sorted(self.watch.ran), "changed": changed}

    def _follow(self, function: Any, arguments: list[Any]) -> tuple[Any, dict[str, Any]]:
        """The result for two matrices of followed numbers, and what was noticed."""
        matrices, released, noticed = followed.follow(*arguments)
        with followed.tolerant(self.names), self.watch.on():
            value = function(*matrices)
        return released(value), {"ran": sorted(self.watch.ran), "noticed": sorted(noticed)}

    def _differs(self, now: Any, before: Any) -> bool:
        """Whether an argument differs from its encoded form before the call."""
        try:
            return json.dumps(wire_format.encode(now, self._known)) != json.dumps(before)
        except (wire_format.Unfinished, wire_format.TooLarge, LookupError):
            return True

    def _known(self, value: Any) -> wire_format.Handle:
        number = next((n for n, each in enumerate(self.objects) if each is value), None)
        if number is None:
            if isinstance(value, RadioProxy):
                return value.handle
            raise LookupError
        return wire_format.Handle(number, type(value).__name__)

    def _resolve(self, handle: wire_format.Handle) -> Any:
        if handle.number < 0:
            return RadioProxy(handle, partial(self.ask, handle.number))
        return self.objects[handle.number]
