"""The bench for faults: it runs lessons, and judges their output after a fault.

After a fault there must be a correct result, byte for byte that of an undisturbed run; or one clear
line and status 2 (130 for Ctrl-C), with all earlier results unchanged. Anything else is WRONG.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from adapters import environment
from adapters.contract import TriptychError
from course import checkpoint_format
from course.record import read_record
from course.settings import ROOT
from datasets import DataError
from tests.images import few_images

RIGHT, ONE_LINE, HARMLESS, WRONG = "correct result", "one clear line", "does not matter", "WRONG"
LESSON = 3
PATIENCE = 1800.0  # seconds that a run may take on a busy machine
PNG_END = b"IEND\xaeB`\x82"


@dataclass(frozen=True)
class Outcome:
    """The outcome of one fault: its row of the table, how it ended, and the reason if WRONG."""

    row: str
    ended: str
    why: str = ""


@dataclass(frozen=True)
class Done:
    """A run that has ended; its status is negative if a signal has ended it."""

    status: int
    err: str
    out: str

    @property
    def one_line(self) -> bool:
        """Whether standard error is one line of ours, and the status fits."""
        # After Ctrl-C the line begins behind a line break.
        err = self.err.removeprefix("\n") if self.status == 130 else self.err
        lines = err.splitlines()
        if len(lines) != 1:
            return False
        return (self.status == 2 and lines[0].startswith("error: ")) or (
            self.status == 130 and lines == ["interrupted"]
        )


def accept_ctrl_c() -> None:
    """In a new process, accept Ctrl-C, even if this process was started to ignore it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@dataclass
class Bench:
    """A folder for runs with faults, a random generator, and whether all faults are tried."""

    folder: Path
    rng: np.random.Generator
    full: bool

    @cached_property
    def data(self) -> Path:
        """A file of a few images."""
        return Path(few_images(self.folder))

    def fresh(self) -> Path:
        """An empty folder."""
        return Path(tempfile.mkdtemp(dir=self.folder))

    def some(self, items: Sequence[Any], few: int) -> list[Any]:
        """All items; or a few, evenly spaced from a random one, so that every part is covered."""
        if self.full or len(items) <= few:
            return list(items)
        start = int(self.rng.integers(len(items)))
        return [items[(start + i * len(items) // few) % len(items)] for i in range(few)]

    def words(self, out: Path, *options: str, number: int = LESSON, seed: int = 1) -> list[str]:
        """The command that runs a short lesson on NumPy."""
        return [
            sys.executable, "-P", "-m", "course", f"lesson{number}", "--backend=numpy",
            f"--data={self.data}", "--epochs=1", f"--seed={seed}", f"--out={out}", *options,
        ]  # fmt: skip

    def environ(self, hook: str = "") -> dict[str, str]:
        """The environment of a run; hook: code that each of its Python processes runs first."""
        paths = [str(ROOT)]
        if hook:
            place = self.fresh()
            (place / "sitecustomize.py").write_text(hook, encoding="utf-8")
            paths.insert(0, str(place))
        return environment.allowed(os.environ) | {
            "PYTHONPATH": os.pathsep.join(paths), "OMP_NUM_THREADS": "1",
            "TRIPTYCH_CACHE": str(self.folder / "cache"), "PYTHONDONTWRITEBYTECODE": "1",
        }  # fmt: skip

    def run(self, words: list[str], hook: str = "", **more: Any) -> Done:
        """Run a command to its end."""
        done = subprocess.run(
            words, cwd=self.folder, env=self.environ(hook), capture_output=True, text=True,
            check=False, stdin=subprocess.DEVNULL, timeout=PATIENCE, preexec_fn=accept_ctrl_c,
            **more,
        )  # fmt: skip
        return Done(done.returncode, done.stderr, done.stdout)

    @cached_property
    def earlier(self) -> Path:
        """An OUT with a finished record of another seed, which no fault may touch."""
        out = self.folder / "earlier"
        done = self.run(self.words(out, seed=2))
        assert done.status == 0, done.err
        return out

    @cached_property
    def undisturbed(self) -> bytes:
        """The record of a run without faults."""
        out = self.folder / "undisturbed"
        done = self.run(self.words(out, "--no-figures"))
        assert done.status == 0, done.err
        return (next(out.glob(f"lesson{LESSON}/*/record.npz"))).read_bytes()

    @cached_property
    def former(self) -> Path:
        """An OUT with the earlier record, and with one of the run that gets the fault."""
        out = self.out()
        done = self.run(self.words(out))
        assert done.status == 0, done.err
        return out

    def out(self, like: Path | None = None) -> Path:
        """A new OUT with the earlier record, or with a copy of another OUT."""
        folder = self.fresh() / "out"
        shutil.copytree(like or self.earlier, folder)
        return folder

    def judge(self, row: str, done: Done, out: Path, *more: str, go_on: bool = True) -> Outcome:
        """The outcome of a fault, after resuming the run if it was not finished.

        done: the run; more: options for resuming; go_on: whether to resume.
        """
        wrong = self.find_damage(out)
        killed = done.status < 0
        if not wrong and not (done.status == 0 or done.one_line or killed):
            wrong = f"status {done.status}, with the message {done.err[-300:]!r}"
        if not wrong and done.status == 0 and not self.finished(out):
            wrong = "status 0, but no finished record"
        if not wrong and done.status != 0 and go_on:
            again = self.run(self.words(out, "--no-figures", *more))
            wrong = self.find_damage(out)
            if not wrong and (again.status or not self.finished(out)):
                wrong = f"cannot be resumed: {again.err[-300:]!r}"
        if wrong:
            return Outcome(row, WRONG, f"{wrong} (message: {done.err.strip()[-200:]!r})")
        return Outcome(row, RIGHT if done.status == 0 or killed else ONE_LINE)

    def finished(self, out: Path) -> bool:
        """Whether OUT has the record of this run, with the bytes of the undisturbed run."""
        return any(
            json.loads((card.parent / "card.json").read_bytes())["status"] == "complete"
            and card.read_bytes() == self.undisturbed
            for card in out.glob(f"lesson{LESSON}/numpy-*/record.npz")
        )

    def find_damage(self, out: Path) -> str:
        """The first loss or damage in an OUT, in words; empty if there is none."""
        for file in (p for p in self.earlier.rglob("*") if p.is_file()):
            now = out / file.relative_to(self.earlier)
            if not now.is_file() or now.read_bytes() != file.read_bytes():
                return f"the earlier record has changed: {now.name}"
        for folder in out.glob("lesson*/*-seed*"):
            if not folder.is_dir():
                continue
            try:
                _, card = read_record(folder)
            except DataError as error:
                return f"an unsound record: {error}"
            ours = "seed1" in folder.name and card["lesson"] == LESSON
            same = (folder / "record.npz").read_bytes() == self.undisturbed
            if ours and card["status"] == "complete" and not same:
                return "another record than that of the undisturbed run"
            for figure in card["figures"]:
                file = folder / figure["file"]
                if not file.is_file():
                    return f"a figure on the card is missing: {file.name}"
                if not file.read_bytes().endswith(PNG_END):
                    return f"a figure cut short: {file.name}"
        for file in out.glob("lesson*/checkpoints/*/*/step-*.json"):
            try:
                checkpoint_format.read(file)
            except TriptychError as error:
                return f"an unsound checkpoint: {error}"
        return ""
