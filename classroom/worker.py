"""The student's process: run the student's file and answer requests until there are no more.

    python -P -m classroom.worker '{"file": …, "requests": 5, "replies": 6, "settings": {…}, …}'

A request is one line of JSON (classroom.wire_format): {"id": 1, "do": "call", "name": "price",
"arguments": […]}, and so is the reply: {"id": 1, "value": …}, or {"id": 1, "error": "ValueError",
"message": …, "line": 12}, or {"id": 1, "unfinished": true}. The file's output is discarded, and its
input is empty. This process never receives a right answer or a mark.
"""

# ruff: noqa: E402 - environment variables have to be set before NumPy is imported

from __future__ import annotations

import os

# Before NumPy is imported: one thread, and no windows for figures.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"
os.environ["MPLBACKEND"] = "Agg"

import builtins
import json
import linecache
import select
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from traceback import walk_tb
from types import ModuleType
from typing import Any

from classroom import followed, guard, opening, wire_format
from classroom.owners import Owners
from classroom.radio_proxy import RadioProxy
from classroom.withheld import withhold
from course.settings import Settings

LONGEST = 500  # characters of an error's message
PIPES_CLOSED = 75  # the status if the file has closed the pipes, so that no answer is possible

# A file may overwrite built-ins such as `len` or `open` by accident; this restores them.
restore: Callable[[], None] = partial(vars(builtins).update, dict(vars(builtins)))


class Worker:
    """A student's module, and its objects that stay in this process."""

    def __init__(self, file: Path, withheld: tuple[str, ...] = ()) -> None:
        """withheld: files of the checkout that must not be opened."""
        self.file, self.module = str(file), ModuleType("exercises")
        self.objects: list[Any] = []
        self.withheld = withheld
        self.watch = guard.Watch(Owners(self.file))
        self.ask: Callable[[int, list[Any]], Any]  # calls a function of the check; set in `main`

    def load(self) -> None:
        """Run the file from top to bottom."""
        text = Path(self.file).read_text(encoding="utf-8")
        # For code that reads its own source, even after the file is gone.
        linecache.cache[self.file] = (len(text), None, text.splitlines(True), self.file)
        sys.modules["exercises"] = self.module
        self.module.__file__ = self.file
        self.module.display = lambda *arguments, **options: None  # type: ignore[attr-defined]
        self.watch.follow_threads()
        self.watch.count_processes()
        sys.getprofile = lambda: None  # as without a profiler
        sys.addaudithook(guard.hook(self.watch, self.withheld))
        exec(compile(text, self.file, "exec"), vars(self.module))

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """The reply to one request; it never raises."""
        try:
            value, report = self._do(request)
            restore()
            return {"value": wire_format.encode(value, self._keep), **report}
        except wire_format.Unfinished:
            return {"unfinished": True}
        except BaseException as error:  # noqa: BLE001 - exit() and Ctrl-C are answers, too
            restore()
            return self._error(error)

    def _do(self, request: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        """Load, value, call, follow or method: the result, and a report on how it was computed."""
        if request["do"] == "load":
            self.load()
            return None, {}
        names = vars(self.module)
        if request["do"] != "method":
            if request["name"] not in names:
                raise Missing
            target = names[request["name"]]
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
        with followed.tolerant(vars(self.module)), self.watch.on():
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

    def _keep(self, value: Any) -> wire_format.Handle:
        self.objects.append(value)
        return wire_format.Handle(len(self.objects) - 1, type(value).__name__)

    def _resolve(self, handle: wire_format.Handle) -> Any:
        if handle.number < 0:
            return RadioProxy(handle, partial(self.ask, handle.number))
        return self.objects[handle.number]

    def _error(self, error: BaseException) -> dict[str, Any]:
        """Type and message of an error, and the last of its lines in the student's file."""
        lines = [n for frame, n in walk_tb(error.__traceback__) if self._owns(frame.f_code)]
        if isinstance(error, SyntaxError) and error.filename == self.file:
            lines.append(error.lineno or 0)
        try:
            message = error.msg if isinstance(error, SyntaxError) else str(error)
        except Exception:  # noqa: BLE001 - the student's own __str__
            message = ""
        return {
            "error": type(error).__name__,
            "message": message[:LONGEST],
            "line": lines[-1] if lines else 0,
        }

    def _owns(self, code: Any) -> bool:
        return bool(code.co_filename == self.file)


class Missing(Exception):
    """The file has no such name."""


def main() -> None:
    """Answer requests until they end."""
    arguments = json.loads(sys.argv[1])
    process = os.getpid()
    settings = Settings(**arguments["settings"])
    opening.prepare(opening.Exercises(arguments["number"], settings))
    if settings.backend == "numpy":
        _limit_memory(arguments["memory"])
    worker = Worker(Path(arguments["file"]), withhold(arguments["number"]))
    threading.Thread(target=_end_with, args=(arguments["requests"],), daemon=True).start()
    requests, replies = (
        os.fdopen(arguments["requests"], "rb"),
        os.fdopen(arguments["replies"], "wb"),
    )
    sys.argv = [arguments["file"]]
    # Bind these functions before the student's file can replace them.
    read, write, too_large = wire_format.read, wire_format.write, wire_format.too_large
    answer, getpid, leave = worker.answer, os.getpid, os._exit
    request_id = 0  # of the request that is being answered

    def ask(number: int, arguments: list[Any]) -> Any:
        """Call a function of the check, which waits for the reply to its request."""
        message = {
            "ask": number,
            "arguments": wire_format.encode(arguments, worker._keep),
            "id": request_id,
        }
        replies.write(write(message))
        replies.flush()
        reply = read(requests.readline())
        if "refused" in reply:
            raise ValueError(reply["refused"])
        return wire_format.decode(reply["answer"])

    worker.ask = ask
    try:
        for line in requests:
            request = read(line)
            request_id = request["id"]
            reply = write({**answer(request), "id": request["id"]})
            if getpid() != process:  # the file has forked, and this is the child
                leave(0)
            if too_large(reply):
                reply = write({"error": "TooLarge", "message": "", "line": 0, "id": request["id"]})
            replies.write(reply)
            replies.flush()
    except OSError:
        leave(PIPES_CLOSED)
    leave(0)  # whatever threads and exit handlers the file has left


def _end_with(requests: int) -> None:
    """End when the check ends: nothing else would stop an endless loop."""
    waiting = select.poll()
    waiting.register(requests, 0)  # a closed other end is always reported
    events = 0
    while not events & (select.POLLHUP | select.POLLNVAL):
        ((_, events),) = waiting.poll()
    if events & select.POLLNVAL:  # the file has closed it
        return
    os._exit(0)


def _limit_memory(size: int) -> None:
    """Make an allocation above this size fail in the student's line, if the system supports it."""
    import resource

    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    if hard == resource.RLIM_INFINITY or hard >= size:
        resource.setrlimit(resource.RLIMIT_DATA, (size, hard))


if __name__ == "__main__":
    main()
