"""A second process that saves figures while the lesson goes on training.

Half of a short lesson's time is matplotlib measuring text. Figures go to the printer through a
pipe, in order, and come back as files; `finish` waits for the last of them.
"""

from __future__ import annotations

import contextlib
import pickle
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.contract import TriptychError
from course.settings import ROOT

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Printer:
    """Saves figures as PNG files, in a process of its own that starts now."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "course.printer"],
            cwd=ROOT, stdin=subprocess.PIPE, stderr=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for the lesson, which then waits for its figures
        )  # fmt: skip

    def save(self, figure: Figure, file: Path, alt: str) -> None:
        """Hand a figure over; a printer that has died says why in `finish`."""
        assert self.process.stdin is not None
        try:
            pickle.dump((figure, str(file), alt), self.process.stdin)
            self.process.stdin.flush()
        except BrokenPipeError:
            self.finish()

    def abandon(self) -> None:
        """Stop at once: nobody wants the figures."""
        self.process.kill()
        self.process.communicate()

    def finish(self) -> None:
        """Wait for the last figure; TriptychError with the reason where one could not be saved."""
        _, said = self.process.communicate()
        if self.process.returncode:
            reason = said.decode(errors="replace").strip().splitlines()
            raise TriptychError(
                f"a figure could not be saved: {reason[-1] if reason else 'killed'}"
            )


def main() -> None:
    """Save what comes in on standard input until it ends."""
    from course.figures import start_drawing, write

    start_drawing()
    with contextlib.suppress(EOFError):  # the lesson has closed its end
        while True:
            figure, file, alt = pickle.load(sys.stdin.buffer)  # from the lesson and nobody else
            write(figure, Path(file), alt)


if __name__ == "__main__":
    main()
