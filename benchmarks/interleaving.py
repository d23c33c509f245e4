"""Contestants in turn, A B A B …, in processes that wait for each other.

Whatever slows the machine for a while then slows all of them, so the ratio of two laps of the same
round is steadier than either time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from adapters import environment
from course.settings import ROOT

LEAST, MOST = 5, 25  # rounds: quartiles need five, and more than 25 tell nothing new
PATIENCE = 240.0  # seconds for one answer; a compiler may want a minute of them on a busy machine

Laps = dict[str, list[float]]  # contestant: seconds of each round


class Failed(Exception):
    """A process that has ended before its answer; the message is its last line."""


class Process:
    """A worker, its standard error kept to say why it ended."""

    def __init__(self, module: str, *arguments: str) -> None:
        self.said = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        self.begun = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.said,
            env=environment.allowed(os.environ) | {"PYTHONPATH": str(ROOT)},
        )  # fmt: skip

    def __enter__(self) -> Process:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()
        self.said.close()

    def ask(self, **request: str) -> dict[str, Any]:
        """Send a request and wait for its answer."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            raise Failed(self._reason()) from None
        return self.answer()

    def answer(self) -> dict[str, Any]:
        """The next line; raises Failed where none comes."""
        assert self.process.stdout is not None
        limit = threading.Timer(PATIENCE, self.process.kill)
        limit.start()
        try:
            line = self.process.stdout.readline()
        finally:
            limit.cancel()
        if not line:
            raise Failed(self._reason())
        found: dict[str, Any] = json.loads(line)
        return found

    def _reason(self) -> str:
        status = self.process.wait()
        self.said.seek(0)
        lines = self.said.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else f"exit status {status}, and no message"


def take_turns(
    contestants: Sequence[tuple[str, Process, str]], network: str, seconds: float
) -> tuple[Laps, dict[str, Any]]:
    """Laps of each, round by round, until the seconds are spent; and what the warm-up took.

    contestants: a name, the worker that has it, and what the worker calls it. Where these are
    several processes, each makes a lap that is not timed before the one that is: the others' data
    have taken its place in the caches, and threads of theirs may still wait for more work.
    """
    several = len({id(who) for _, who, _ in contestants}) > 1
    warm = {name: who.ask(make=what, network=network) for name, who, what in contestants}
    laps: Laps = {name: [] for name, _, _ in contestants}
    begun, rounds = time.perf_counter(), 0
    while rounds < LEAST or (rounds < MOST and time.perf_counter() - begun < seconds):
        rounds += 1
        for name, who, what in contestants:
            if several:
                who.ask(lap=what)
            laps[name].append(who.ask(lap=what)["seconds"])
    return laps, warm


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    """The first quartile, the median, the third."""
    low, middle, high = np.percentile(values, [25, 50, 75])
    return float(low), float(middle), float(high)


def ratio(laps: Laps, of: str, to: str) -> tuple[float, float, float]:
    """The quartiles of the ratios of two contestants, each within a round."""
    return quartiles([a / b for a, b in zip(laps[of], laps[to], strict=True)])
