"""A second process that saves figures while the lesson goes on training.

Half of a short lesson's time is matplotlib measuring text. Figures go to the printer through a
pipe, in order, and come back as files; `finish` waits for the last of them.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from course.settings import ROOT

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Printer:
    """Saves figures as PNG files, in a process of its own that starts now."""

    def __init__(self) -> None:
        self.failure: str | None = None  # why a figure could not be saved by this process
        # A pipe holds less than a figure, so a thread waits at it in the lesson's place.
        self.sender = ThreadPoolExecutor(max_workers=1)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "course.figure_writer"],
            cwd=ROOT, stdin=subprocess.PIPE, stderr=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for the lesson, which then waits for its figures
        )  # fmt: skip

    def save(self, figure: Figure, file: Path, alt: str) -> None:
        """Hand a figure over; a printer that has died says why in `finish`.

        A figure that cannot be pickled (one with a lambda for its formatter, say) is saved here.
        """
        try:
            pickled = _pickled((figure, str(file), alt))
        except (pickle.PicklingError, AttributeError, TypeError):
            self._save_here(figure, file, alt)
        else:
            self.sender.submit(self._send, pickled)

    def _save_here(self, figure: Figure, file: Path, alt: str) -> None:
        from course.plotting.style import write

        try:
            write(figure, file, alt)
        except OSError as error:
            self.failure = str(error)

    def _send(self, figure: bytes) -> None:
        assert self.process.stdin is not None
        with contextlib.suppress(OSError):
            self.process.stdin.write(figure)
            self.process.stdin.flush()

    def abandon(self) -> None:
        """Stop at once: nobody wants the figures."""
        self.process.kill()
        self.sender.shutdown(cancel_futures=True)
        self.process.communicate()

    def finish(self) -> str | None:
        """Wait for the last figure; the reason in one line where one could not be saved."""
        self.sender.shutdown()
        _, said = self.process.communicate()
        if not self.process.returncode:
            return self.failure
        return ["killed", *said.decode(errors="replace").strip().splitlines()][-1]


def _pickled(figure: tuple[Figure, str, str]) -> bytes:
    stream = io.BytesIO()
    _Pickler(stream, pickle.HIGHEST_PROTOCOL).dump(figure)
    return stream.getvalue()


class _Pickler(pickle.Pickler):
    """Pickles the counter that matplotlib keeps on an axis of names, as Python 3.14 does not."""

    def reducer_override(self, value: Any) -> Any:
        if type(value) is itertools.count:
            # Its text says where it stands without moving it on: count(3), count(3, 2).
            numbers = repr(value).removeprefix("count(").removesuffix(")").split(", ")
            return itertools.count, tuple(int(number) for number in numbers)
        return NotImplemented


def main() -> None:
    """Save what comes in on standard input until it ends."""
    from course.plotting.style import start_drawing, write

    start_drawing()
    with contextlib.suppress(EOFError):  # the lesson has closed its end
        while True:
            figure, file, alt = pickle.load(sys.stdin.buffer)  # from the lesson and nobody else
            write(figure, Path(file), alt)


if __name__ == "__main__":
    main()
