"""The student's process: runs the student's file, and answers calls until nobody asks any more.

    python -P -m classroom.worker '{"file": …, "requests": 5, "replies": 6, "settings": {…}, …}'

A request is one line of JSON (classroom.wire_format): {"id": 1, "do": "call", "name": "price",
"arguments": […]}, and so is the reply: {"id": 1, "value": …}, or {"id": 1, "error": "ValueError",
"message": …, "line": 12}, or {"id": 1, "unfinished": true}. What the file prints goes nowhere, and
its input is empty. Nothing in here knows what is right: no mark ever enters this process.
"""

# ruff: noqa: E402 - some of the environment has to be settled before NumPy is imported

from __future__ import annotations

import os

# Before NumPy is imported: a check is no place for a thread on each core, and it draws nothing.
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
from classroom.lent import Lent
from classroom.owners import Owners
from classroom.withheld import withhold
from course.settings import Settings

LONGEST = 500  # letters of an error's message
CUT = 75  # the status of a process that cannot answer any more, since its file closed our pipes

# A file may put its own `len` or `open` among the built-ins, by slip; ours come back.
restore: Callable[[], None] = partial(vars(builtins).update, dict(vars(builtins)))


class Worker:
    """A student's module, and what of it could not cross."""

    def __init__(self, file: Path, withheld: tuple[str, ...] = ()) -> None:
        """withheld: files of the checkout that the student's file may not open."""
        self.file, self.module = str(file), ModuleType("exercises")
        self.kept: list[Any] = []
        self.withheld = withheld
        self.watch = guard.Watch(Owners(self.file))
        self.ask: Callable[[int, list[Any]], Any]  # of whoever checks; see `main`

    def load(self) -> None:
        """Run the file from top to bottom."""
        text = Path(self.file).read_text(encoding="utf-8")
        # So that the file can be read from by what looks at its own source, even once it is gone.
        linecache.cache[self.file] = (len(text), None, text.splitlines(True), self.file)
        sys.modules["exercises"] = self.module
        self.module.__file__ = self.file
        self.module.display = lambda *shown, **how: None  # type: ignore[attr-defined]
        self.watch.follow_threads()
        self.watch.count_processes()
        sys.getprofile = lambda: None  # as where nobody watches
        sys.addaudithook(guard.hook(self.watch, self.withheld))
        exec(compile(text, self.file, "exec"), vars(self.module))

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """The reply to one request, whatever becomes of it."""
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
        """Load, value, call, follow or method: what comes of it, and how it came about."""
        if request["do"] == "load":
            self.load()
            return None, {}
        names = vars(self.module)
        if request["do"] != "method":
            if request["name"] not in names:
                raise Missing
            found = names[request["name"]]
        else:
            held = self._held(wire_format.Handle(request["handle"], ""))
            with self.watch.on():  # it may be a property
                found = getattr(held, request["name"])
        if request["do"] == "value":
            return found, {}
        if found is Ellipsis:
            raise wire_format.Unfinished
        arguments = wire_format.decode(request["arguments"], self._held)
        if request["do"] == "follow":
            return self._follow(found, arguments)
        with self.watch.on():
            value = found(*arguments)
        changed = [
            place for place, (now, before) in enumerate(
                zip(arguments, request["arguments"], strict=True)
            ) if self._differs(now, before)
        ]  # fmt: skip
        return value, {"ran": sorted(self.watch.ran), "changed": changed}

    def _follow(self, function: Any, arguments: list[Any]) -> tuple[Any, dict[str, Any]]:
        """A product of two matrices, and whether it was ready-made."""
        matrices, released, noticed = followed.follow(*arguments)
        with followed.tolerant(vars(self.module)), self.watch.on():
            value = function(*matrices)
        return released(value), {"ran": sorted(self.watch.ran), "noticed": sorted(noticed)}

    def _differs(self, now: Any, before: Any) -> bool:
        """Whether an argument is not any more what it was when it came."""
        try:
            return json.dumps(wire_format.encode(now, self._known)) != json.dumps(before)
        except (wire_format.Unfinished, wire_format.TooLarge, LookupError):
            return True

    def _known(self, value: Any) -> wire_format.Handle:
        number = next((n for n, one in enumerate(self.kept) if one is value), None)
        if number is None:
            if isinstance(value, Lent):
                return value.handle
            raise LookupError
        return wire_format.Handle(number, type(value).__name__)

    def _keep(self, value: Any) -> wire_format.Handle:
        self.kept.append(value)
        return wire_format.Handle(len(self.kept) - 1, type(value).__name__)

    def _held(self, handle: wire_format.Handle) -> Any:
        if handle.number < 0:
            return Lent(handle, partial(self.ask, handle.number))
        return self.kept[handle.number]

    def _error(self, error: BaseException) -> dict[str, Any]:
        """Its kind, what it says, and the last line of the student's own that it came through."""
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
    """Answer until the requests end."""
    given = json.loads(sys.argv[1])
    process = os.getpid()
    settings = Settings(**given["settings"])
    opening.checked.append(opening.Exercises(given["number"], settings))
    if settings.backend == "numpy":
        _limit_memory(given["memory"])
    worker = Worker(Path(given["file"]), withhold(given["number"]))
    threading.Thread(target=_end_with, args=(given["requests"],), daemon=True).start()
    requests, replies = os.fdopen(given["requests"], "rb"), os.fdopen(given["replies"], "wb")
    sys.argv = [given["file"]]
    # All of ours is bound before the student's file can rename it.
    read, write, too_large = wire_format.read, wire_format.write, wire_format.too_large
    answer, here, leave = worker.answer, os.getpid, os._exit
    asking = 0  # the number of the request that is being answered

    def ask(number: int, arguments: list[Any]) -> Any:
        """What the check's own function gives, while it waits for an answer."""
        message = {
            "ask": number,
            "arguments": wire_format.encode(arguments, worker._keep),
            "id": asking,
        }
        replies.write(write(message))
        replies.flush()
        said = read(requests.readline())
        if "refused" in said:
            raise ValueError(said["refused"])
        return wire_format.decode(said["answer"])

    worker.ask = ask
    try:
        for line in requests:
            request = read(line)
            asking = request["id"]
            reply = write({**answer(request), "id": request["id"]})
            if here() != process:  # the file has forked, and this is the copy
                leave(0)
            if too_large(reply):
                reply = write({"error": "TooLarge", "message": "", "line": 0, "id": request["id"]})
            replies.write(reply)
            replies.flush()
    except OSError:
        leave(CUT)
    leave(0)  # whatever threads and last words the file has left


def _end_with(requests: int) -> None:
    """End with whoever asks: nobody else would stop a loop that never ends."""
    waiting = select.poll()
    waiting.register(requests, 0)  # that its other end is closed, is always told
    told = 0
    while not told & (select.POLLHUP | select.POLLNVAL):
        ((_, told),) = waiting.poll()
    if told & select.POLLNVAL:  # the file has closed it
        return
    os._exit(0)


def _limit_memory(size: int) -> None:
    """Let an allocation above this fail in the student's line, where the system can do it."""
    import resource

    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    if hard == resource.RLIM_INFINITY or hard >= size:
        resource.setrlimit(resource.RLIMIT_DATA, (size, hard))


if __name__ == "__main__":
    main()
