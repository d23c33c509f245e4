"""Check laws on one class in one precision, in a process of its own.

    python -m compare.check_adapter.trial FILE CLASS DTYPE SECONDS CRASH_LOG LAW …

The verdicts go to standard output, a message a line; what the adapter prints goes to standard
error. A law that takes longer than SECONDS on one architecture ends the process, and so may the
adapter itself: then CRASH_LOG is a file with Python's stack at that moment.
"""

from __future__ import annotations

import faulthandler
import os
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

from adapters.contract import Model, TriptychError
from adapters.laws.architectures import ARCHITECTURES
from adapters.laws.registry import LAWS
from adapters.laws.subject import NotRun, Subject
from compare.check_adapter.laws import Example, examples
from compare.check_adapter.loading import load_class
from compare.check_adapter.process import Failure, Message, Refused, Started, Verdict, encode
from course.json_process import answer_channel

UNWRITTEN = "not written yet"


def main() -> None:
    """Load the class, check every law, and send each verdict as soon as it is known."""
    file, name, dtype, seconds, crash_log, *laws = sys.argv[1:]
    answer = answer_channel()

    def send(message: Message) -> None:
        answer(encode(message))

    with open(crash_log, "w", encoding="utf-8") as crash_file:  # noqa: PTH123 - faulthandler's own
        faulthandler.enable(crash_file)
        watch = Watch(float(seconds), crash_file, send)
        watch.begin("", "")
        try:
            cls = load_class(Path(file), name, dtype)
        except TriptychError as error:
            send(Refused(str(error)))
        else:
            try_laws(cls, Path(file), laws, watch)
        faulthandler.cancel_dump_traceback_later()
        os._exit(0)  # do not wait for a framework's shutdown or a thread of the adapter


class Watch:
    """The timeout of each check; when it expires, the process writes its stack and ends.

    faulthandler's watchdog runs outside Python, so it also ends a loop in a library.
    """

    def __init__(self, seconds: float, crash_file: TextIO, send: Callable[[Message], None]) -> None:
        self.seconds, self.crash_file, self.send = seconds, crash_file, send

    def begin(self, law: str, on: str) -> None:
        """Report the next check, and restart the timeout."""
        self.send(Started(law, on))
        faulthandler.dump_traceback_later(self.seconds, exit=True, file=self.crash_file)


def try_laws(cls: type[Model], file: Path, laws: list[str], watch: Watch) -> None:
    """Check each law on each of its architectures, up to the first example that fails."""
    subject = Subject(cls)
    for law in laws:
        verdict, start = Verdict(law, "holds"), time.perf_counter()
        for name, drawn in examples(law, cls.dtype):
            watch.begin(law, name)
            try:
                failure = first_failure(law, subject, name, drawn, file)
            except NotRun as reason:
                verdict.not_run[name] = str(reason)
                continue
            if failure is None:
                verdict.held_on.append(name)
                continue
            verdict.failures.append(failure)
            verdict.status = "fails"
            if failure.text == UNWRITTEN:
                verdict.status = "not written"
                break  # it is missing for the other architectures too
        if not verdict.failures and not verdict.held_on:
            verdict.status = "not run"
        verdict.seconds = time.perf_counter() - start
        watch.send(verdict)


def first_failure(
    law: str, subject: Subject, name: str, drawn: list[Example], file: Path
) -> Failure | None:
    """The failure of the first example of an architecture that fails; None if all hold.

    Raises NotRun if the backend lacks a layer.
    """
    reason = subject.lacks(ARCHITECTURES[name][0]) if name else ""
    if reason:
        raise NotRun(reason)
    for words, case in drawn:
        try:
            LAWS[law](subject, *case())
        except NotRun:
            raise
        # Any exception is a failure of this law, and so is a sys.exit() in an adapter.
        except (Exception, SystemExit) as error:  # noqa: BLE001
            traceback.print_exc()
            return explain(error, name, words, file)
    return None


def explain(error: BaseException, on: str, example: str, file: Path) -> Failure:
    """Turn an exception into a Failure, with its place in the adapter if it was raised there."""
    root: BaseException | None = error
    while root is not None:
        if isinstance(root, NotImplementedError):
            return Failure(on, example, UNWRITTEN, place(root, file))
        root = root.__cause__
    raised = place(error.__cause__ or error, file)
    if isinstance(error, AssertionError) and not place(error, file):
        return Failure(on, example, str(error), raised)
    if isinstance(error, SystemExit):
        return Failure(on, example, f"ends the process: sys.exit({error.code!r})", raised)
    message = " ".join(str(error).split())
    text = f"raises {type(error).__name__}: {message}".rstrip(": ")
    return Failure(on, example, text, raised)


def place(error: BaseException, file: Path) -> str:
    """The innermost line of the adapter, or of a file beside it, in the error's traceback."""
    frames: list[Any] = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if Path(f.filename).parent == file.parent]
    if not own:
        return ""
    return f"{own[-1].name}(), {Path(own[-1].filename).name} line {own[-1].lineno}"


if __name__ == "__main__":
    main()
