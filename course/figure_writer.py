"""A second process that saves figures while the lesson trains on.

Half of a short lesson's time is matplotlib measuring text. Pickled figures go through a pipe to the
process, which saves them in order; `finish` waits for the last one.
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


class FigureWriter:
    """Saves figures as PNG files in a process of its own, which starts at once."""

    def __init__(self) -> None:
        self.failure: str | None = None  # why this process could not save a figure
        # A pipe holds less than a figure, so a thread waits for it instead of the lesson.
        self.sender = ThreadPoolExecutor(max_workers=1)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "course.figure_writer"],
            cwd=ROOT, stdin=subprocess.PIPE, stderr=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C must reach only the lesson, which awaits its figures
        )  # fmt: skip

    def save(self, figure: Figure, file: Path, alt: str) -> None:
        """Send a figure to the process; errors are reported by `finish`.

        A figure that cannot be pickled (because a formatter is a lambda, say) is saved here.
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
        """Stop at once and drop the figures."""
        self.process.kill()
        self.sender.shutdown(cancel_futures=True)
        self.process.communicate()

    def finish(self) -> str | None:
        """Wait for the last figure; return the reason, in one line, if one could not be saved."""
        self.sender.shutdown()
        _, stderr = self.process.communicate()
        if not self.process.returncode:
            return self.failure
        return ["killed", *stderr.decode(errors="replace").strip().splitlines()][-1]


def _pickled(figure: tuple[Figure, str, str]) -> bytes:
    stream = io.BytesIO()
    _Pickler(stream, pickle.HIGHEST_PROTOCOL).dump(figure)
    return stream.getvalue()


class _Pickler(pickle.Pickler):
    """Pickles the counter of a categorical matplotlib axis, which Python 3.14 cannot pickle."""

    def reducer_override(self, value: Any) -> Any:
        if type(value) is itertools.count:
            # Its repr contains the next number without advancing it: count(3), count(3, 2).
            numbers = repr(value).removeprefix("count(").removesuffix(")").split(", ")
            return itertools.count, tuple(int(number) for number in numbers)
        return NotImplemented


def main() -> None:
    """Save the figures from standard input until it ends."""
    from course.plotting.style import start_drawing, write

    start_drawing()
    with contextlib.suppress(EOFError):  # the lesson has closed its end
        while True:
            figure, file, alt = pickle.load(sys.stdin.buffer)  # only the lesson writes to it
            write(figure, Path(file), alt)


if __name__ == "__main__":
    main()
