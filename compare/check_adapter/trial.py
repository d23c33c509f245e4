"""Try laws on one class in one precision, in a process of its own.

    python -m compare.check_adapter.trial FILE CLASS DTYPE SECONDS LAST_WORDS LAW …

What it finds goes to standard output, a message a line; whatever the adapter prints goes to
standard error. A law that takes longer than SECONDS on one architecture ends the process, and so
may the adapter itself: then LAST_WORDS is a file that holds where Python was.
"""

from __future__ import annotations

import faulthandler
import os
import sys
import time
import traceback
from pathlib import Path
from typing import Any, TextIO

from adapters.contract import Model, TriptychError
from compare.check_adapter.laws import Example, examples
from compare.check_adapter.loading import load_class
from compare.check_adapter.messages import Begun, Failure, Message, Refused, Verdict, encode
from tests.conformance.laws import LAWS
from tests.conformance.subject import Subject

UNWRITTEN = "not written yet"


def main() -> None:
    """Load the class, try every law, and say each verdict as soon as it is known."""
    file, name, dtype, seconds, last_words, *laws = sys.argv[1:]
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    with open(last_words, "w", encoding="utf-8") as dying:  # noqa: PTH123 - faulthandler's own
        faulthandler.enable(dying)
        watch = Watch(float(seconds), dying, channel)
        watch.begin("", "")
        try:
            cls = load_class(Path(file), name, dtype)
        except TriptychError as error:
            say(channel, Refused(str(error)))
        else:
            try_laws(cls, Path(file), laws, watch)
        channel.flush()
        faulthandler.cancel_dump_traceback_later()
        os._exit(0)  # without tearing down a framework, or waiting for a thread of the adapter


def say(channel: TextIO, message: Message) -> None:
    channel.write(encode(message) + "\n")
    channel.flush()


class Watch:
    """The clock of each trial; when it runs out, the process writes where it is and ends.

    faulthandler's watchdog needs no help from Python, so that it also ends a loop in a library.
    """

    def __init__(self, seconds: float, dying: TextIO, channel: TextIO) -> None:
        self.seconds, self.dying, self.channel = seconds, dying, channel

    def begin(self, law: str, on: str) -> None:
        """Say what is tried next, and start the clock anew."""
        say(self.channel, Begun(law, on))
        faulthandler.dump_traceback_later(self.seconds, exit=True, file=self.dying)


def try_laws(cls: type[Model], file: Path, laws: list[str], watch: Watch) -> None:
    """Each law on each of its architectures; the first example that fails speaks for its own."""
    subject = Subject(cls)
    for law in laws:
        verdict, start = Verdict(law, "holds"), time.perf_counter()
        for name, drawn in examples(law, cls.dtype):
            watch.begin(law, name)
            failure = first_failure(law, subject, name, drawn, file)
            if failure is None:
                verdict.held_on.append(name)
                continue
            verdict.failures.append(failure)
            verdict.status = "fails"
            if failure.text == UNWRITTEN:
                verdict.status = "not written"
                break  # nor is it for the other architectures
        verdict.seconds = time.perf_counter() - start
        say(watch.channel, verdict)


def first_failure(
    law: str, subject: Subject, name: str, drawn: list[Example], file: Path
) -> Failure | None:
    """What went wrong on the first example of an architecture that fails; None if all hold."""
    for words, case in drawn:
        try:
            LAWS[law](subject, *case())
        # Whatever it raises is this law's failure, and sys.exit() in an adapter is one too.
        except (Exception, SystemExit) as error:  # noqa: BLE001
            traceback.print_exc()
            return explain(error, name, words, file)
    return None


def explain(error: BaseException, on: str, example: str, file: Path) -> Failure:
    """A failure in words, and where in the adapter it was raised, if it was."""
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
    said = " ".join(str(error).split())
    return Failure(on, example, f"raises {type(error).__name__}: {said}".rstrip(": "), raised)


def place(error: BaseException, file: Path) -> str:
    """The innermost line of the adapter, or of a file beside it, that the error came through."""
    frames: list[Any] = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if Path(f.filename).parent == file.parent]
    if not own:
        return ""
    return f"{own[-1].name}(), {Path(own[-1].filename).name} line {own[-1].lineno}"


if __name__ == "__main__":
    main()
