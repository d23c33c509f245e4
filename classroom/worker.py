"""The student's process: run the student's file and answer requests until there are no more.

    python -P -m classroom.worker '{"file": …, "requests": 5, "replies": 6, "settings": {…}, …}'

A request is one line of JSON with a number, "id", and so is the reply (see classroom.answering).
While the file is run, a line {"at": 12} announces each of its statements. The file's output is
discarded, and its input is empty. This process never receives a right answer or a mark.
"""

# ruff: noqa: E402 - environment variables have to be set before NumPy is imported

from __future__ import annotations

import os

# Before NumPy is imported: one thread, and no windows for figures.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"
os.environ["MPLBACKEND"] = "Agg"

import __future__

import ast
import builtins
import json
import linecache
import select
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import CodeType, FrameType, ModuleType
from typing import Any

from classroom import error_place, guard, opening, wire_format
from classroom.answering import Answers
from classroom.call_recorder import Watch
from classroom.owners import Owners
from classroom.withheld import withhold
from course.settings import Settings

MOST_ERRORS = 50  # of one run; a file of exercises has about forty statements
PIPES_CLOSED = 75  # the status if the file has closed the pipes, so that no answer is possible

# A file may overwrite built-ins such as `len` or `open` by accident; this restores them.
restore: Callable[[], None] = partial(vars(builtins).update, dict(vars(builtins)))


class Worker(Answers):
    """A student's module in this process."""

    def __init__(self, file: Path, withheld: tuple[str, ...] = ()) -> None:
        """withheld: files of the checkout that must not be opened."""
        self.file, self.module = str(file), ModuleType("exercises")
        self.withheld = withheld
        super().__init__(vars(self.module), Watch(Owners(self.file)), self._is_own)
        self.reached: Callable[[int], None] = lambda line: None  # set in `main`

    def load(self, skip: frozenset[int]) -> list[dict[str, Any]]:
        """Run the file, one top-level statement after the other; the errors of those that stop.

        A statement that needs one of these stops, too. skip: first lines of statements to leave
        out. Each error also names the first line of its statement.
        """
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
        errors: list[dict[str, Any]] = []

        def note(error: BaseException, line: int) -> None:
            restore()  # what follows needs the built-in functions
            if len(errors) < MOST_ERRORS:
                errors.append({**error_place.report(error, self.owns), "statement": line})

        program: list[tuple[int, CodeType]] = []
        flags = 0
        for node in ast.parse(text, self.file).body:
            flags |= _future(node)
            try:
                module = ast.Module([node], [])
                program.append((node.lineno, compile(module, self.file, "exec", flags, True)))
            except (SyntaxError, ValueError, RecursionError) as error:  # `return` outside of a def
                note(error, node.lineno)
        for line, code in program:
            if line in skip:
                continue
            restore()  # a statement before this one may have replaced `exec`
            self.reached(line)
            try:
                exec(code, self.names)
            except BaseException as error:  # noqa: BLE001 - exit() ends one statement only
                note(error, line)
        return errors

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """The reply to one request; it never raises."""
        if request["do"] != "load":
            return super().answer(request)
        try:
            return {"value": None, "errors": self.load(frozenset(request["skip"]))}
        except BaseException as error:  # noqa: BLE001 - a text that cannot be parsed
            return error_place.report(error, self.owns)
        finally:
            self._restore()

    def _is_own(self, frame: FrameType) -> bool:
        return frame.f_code.co_filename == self.file

    def _restore(self) -> None:
        """Restore the built-in functions that the file may have replaced."""
        restore()


def _future(node: ast.stmt) -> int:
    """The flags of the compiler for the statements after `from __future__ import …`."""
    if not isinstance(node, ast.ImportFrom) or node.module != "__future__":
        return 0
    features = [getattr(__future__, alias.name, None) for alias in node.names]
    return sum(feature.compiler_flag for feature in features if feature is not None)


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
            "arguments": wire_format.encode(arguments, worker.keep),
            "id": request_id,
        }
        replies.write(write(message))
        replies.flush()
        reply = read(requests.readline())
        if "refused" in reply:
            raise ValueError(reply["refused"])
        return wire_format.decode(reply["answer"])

    def reached(line: int) -> None:
        """Announce the statement in this line, in case that it never ends."""
        replies.write(write({"at": line}))
        replies.flush()

    worker.ask, worker.reached = ask, reached
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
