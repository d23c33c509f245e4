"""A worker killed, stopped or slow: one line in time, nobody left behind, and a way to go on."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from adapters import ENGINES
from tests.lessons.test_parity import few_pictures
from tests.workers import running

ABLE = [name for name, engine in ENGINES.items() if engine.workers]
TIMEOUT = 10  # seconds, WORKER_TIMEOUT=
# From the moment the last of the others has begun to wait: a look every 0.05 s, 3 s to leave
# tidily; the rest is for a machine that has other things to do.
SLACK = 15

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks processes up in /proc")


def words(engine: str, epochs: int, size: int, out: str) -> list[str]:
    return [
        "lesson4", "--data=few.npz", f"--epochs={epochs}", "--seed=1",
        f"--workers={size}", f"--worker-timeout={TIMEOUT}", f"--out={out}", "--checkpoint=1",
    ]  # fmt: skip


def hit(folder: Path, engine: str, size: int, rank: int, sign: signal.Signals, after: float) -> str:
    """Start, send a worker the signal so long after the first checkpoint; what was said of it."""
    few_pictures(folder)
    job = running.start(folder, engine, *words(engine, 400, size, "b"))
    running.wait_for("b/lesson4/checkpoints/*/*/*.json", folder, job, 300)
    time.sleep(after)
    workers = running.workers_of(job.pid)
    assert sorted(workers) == list(range(size))
    os.kill(workers[rank], sign)
    began = time.monotonic()
    _, err = job.communicate(timeout=300)
    limit = SLACK + (0 if sign == signal.SIGKILL else TIMEOUT)
    assert time.monotonic() - began < limit
    assert job.returncode == 2
    assert err.startswith(f"error: worker {rank} of {size} "), err
    assert len(err.strip().splitlines()) == 1
    assert running.gone(workers)
    return err


def test_a_killed_worker_ends_the_job(tmp_path: Path) -> None:
    said = hit(tmp_path, "torch", 2, 1, signal.SIGKILL, 0.2)
    assert "killed (SIGKILL)" in said
    assert "RESUME=auto" in said


def test_a_stopped_worker_ends_the_job(tmp_path: Path) -> None:
    said = hit(tmp_path, "torch", 2, 1, signal.SIGSTOP, 0.2)
    assert f"is stopped: the others waited for {TIMEOUT} s" in said


def killed_and_resumed(
    engine: str, sizes: list[int], folder: Path, rng: np.random.Generator
) -> float:
    """Kill a random worker of each job in turn; the gap of the one that is left to finish."""
    epochs = 12
    few_pictures(folder)
    if not (folder / "whole").exists():
        assert running.run(folder, engine, *words(engine, epochs, 1, "whole"))[0] == 0
    for size in sizes[:-1]:
        job = running.start(folder, engine, *words(engine, epochs, size, "b"), "--resume=auto")
        until = time.monotonic() + 300
        while len(workers := running.workers_of(job.pid)) < size and job.poll() is None:
            assert time.monotonic() < until
            time.sleep(0.05)
        time.sleep(rng.uniform(0, 12))
        if job.poll() is None:
            os.kill(workers[int(rng.integers(size))], signal.SIGKILL)
        _, err = job.communicate(timeout=300)
        assert job.returncode in (0, 2), err
        assert running.gone(workers)
        if job.returncode == 0:  # it was faster than the kill
            break
        assert "was killed (SIGKILL)" in err
    else:
        last = [*words(engine, epochs, sizes[-1], "b"), "--resume=auto"]
        status, _, err = running.run(folder, engine, *last)
        assert (status, err) == (0, "")
    found = running.gap(running.losses(folder / "whole", 4), running.losses(folder / "b", 4))
    assert found <= running.AGREE
    return found


def test_another_number_of_workers_goes_on(tmp_path: Path) -> None:
    killed_and_resumed("torch", [2, 3], tmp_path, np.random.default_rng(0))


@pytest.mark.slow
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("engine", ABLE)
def test_twenty_kills(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Chains of kills, each job with another number of workers than the one before."""
    rng = np.random.default_rng([request.config.getoption("--seed"), *engine.encode()])
    gaps, kills = [], 0
    while kills < 20:
        sizes = [int(n) for n in rng.integers(2, 5, size=5)]
        gaps.append(killed_and_resumed(engine, sizes, tmp_path, rng))
        kills += len(sizes) - 1
        shutil.rmtree(tmp_path / "b")
    print(f"\n{engine}: {kills} kills, {len(gaps)} records, the largest gap {max(gaps):.1e}")
