"""Time implementations alternately, A B A B …, in processes that wait for each other.

A disturbance of the machine then slows all of them, so the ratio of two laps of the same round is
more stable than either time.
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

MIN_ROUNDS, MAX_ROUNDS = 5, 25  # quartiles need five; more than 25 add nothing
ANSWER_TIMEOUT = 240.0  # seconds for one answer; compilation may take a minute on a busy machine

Laps = dict[str, list[float]]  # by implementation: the seconds of each round


class ProcessFailed(Exception):
    """A process ended before its answer; the message is its last line."""


class Process:
    """A worker process, with its standard error saved for the reason of a failure."""

    def __init__(self, module: str, *arguments: str) -> None:
        self.stderr = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        self.started_at = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.stderr,
            env=environment.allowed(os.environ) | {"PYTHONPATH": str(ROOT)},
        )  # fmt: skip

    def __enter__(self) -> Process:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()
        self.stderr.close()

    def ask(self, **request: str) -> dict[str, Any]:
        """Send a request and wait for its answer."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            raise ProcessFailed(self._reason()) from None
        return self.answer()

    def answer(self) -> dict[str, Any]:
        """The next answer; raises ProcessFailed if there is none."""
        assert self.process.stdout is not None
        limit = threading.Timer(ANSWER_TIMEOUT, self.process.kill)
        limit.start()
        try:
            line = self.process.stdout.readline()
        finally:
            limit.cancel()
        if not line:
            raise ProcessFailed(self._reason())
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _reason(self) -> str:
        status = self.process.wait()
        self.stderr.seek(0)
        lines = self.stderr.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else f"exit status {status}, and no message"


def take_turns(
    implementations: Sequence[tuple[str, Process, str]], network: str, seconds: float
) -> tuple[Laps, dict[str, Any]]:
    """Time laps of each, round by round, until the seconds are spent; returns laps and warm-ups.

    implementations: a name, its worker, and the worker's name for it. If there are several
    processes, each makes an untimed lap before the timed one: the others' data have replaced its
    own in the caches, and their threads may still be waiting for work.
    """
    several = len({id(who) for _, who, _ in implementations}) > 1
    warm = {name: who.ask(make=what, network=network) for name, who, what in implementations}
    laps: Laps = {name: [] for name, _, _ in implementations}
    end, rounds = time.perf_counter() + seconds, 0
    while rounds < MIN_ROUNDS or (rounds < MAX_ROUNDS and time.perf_counter() < end):
        rounds += 1
        for name, who, what in implementations:
            if several:
                who.ask(lap=what)
            laps[name].append(who.ask(lap=what)["seconds"])
    return laps, warm


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    """The first quartile, the median, the third."""
    low, middle, high = np.percentile(values, [25, 50, 75])
    return float(low), float(middle), float(high)


def ratio(laps: Laps, of: str, to: str) -> tuple[float, float, float]:
    """The quartiles of the ratios of two implementations, each within a round."""
    return quartiles([a / b for a, b in zip(laps[of], laps[to], strict=True)])
