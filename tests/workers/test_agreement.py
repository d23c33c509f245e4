"""WORKERS = 1, 2, 3, 4: the same losses, with uneven batches and a last one for too few workers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from adapters import ENGINES, environment
from course.settings import ROOT
from course.workers.places import local
from tests.waiting import PATIENCE
from tests.workers import running

ABLE = [name for name, engine in ENGINES.items() if engine.workers]
Numbers = dict[str, np.ndarray]
LOOPBACK = ("0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000")


def trained(engine: str, size: int, folder: Path, plant: str = "") -> list[Numbers]:
    """What each of so many workers has computed."""
    folder.mkdir()
    addresses = ",".join(local(size).addresses)
    words = ["-m", "tests.workers.child", engine, addresses, str(folder), plant]
    started = subprocess.Popen(
        [*running.network_of_its_own(engine), sys.executable, *words],
        env=environment.allowed(os.environ) | {"PYTHONPATH": str(ROOT)}, cwd=ROOT,
        stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        _, err = started.communicate(timeout=PATIENCE)
        assert started.returncode == 0, err
    finally:
        with suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGKILL)
    return [dict(np.load(folder / f"{rank}.npz")) for rank in range(size)]


def largest_gap(one: Numbers, other: Numbers) -> float:
    """Relative for losses; for weights and optimizer memory by the largest of them, or 1."""
    assert one.keys() == other.keys()
    gaps = []
    for name, a in one.items():
        scale = np.abs(a) if name.count(" ") == 1 else max(1, np.abs(a).max())
        gaps.append(np.max(np.abs(a - other[name]) / scale))
    return float(max(gaps))


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Numbers]:
    """What one process computes, on each engine that was asked for so far."""
    return {}


def alone(engine: str, one: dict[str, Numbers], folder: Path) -> Numbers:
    if engine not in one:
        one[engine] = trained(engine, 1, folder / "one")[0]
    return one[engine]


FEW = [("torch", 2), ("torch", 3)]
ALL = [(engine, size) for engine in ABLE for size in (2, 3, 4) if (engine, size) not in FEW]


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("engine", "size"), [*FEW, *(pytest.param(*case, marks=pytest.mark.slow) for case in ALL)]
)
def test_the_numbers_of_one(
    engine: str, size: int, one: dict[str, Numbers], tmp_path: Path
) -> None:
    """Losses, weights and optimizer memory; on each worker the same bits; loopback only."""
    workers = trained(engine, size, tmp_path / "several")
    assert largest_gap(alone(engine, one, tmp_path), workers[0]) <= running.AGREE
    for other in workers[1:]:
        assert all(np.array_equal(workers[0][name], other[name]) for name in other)
    if engine not in running.LISTEN_EVERYWHERE:
        told = [json.loads((tmp_path / f"several/{k}.json").read_text()) for k in range(size)]
        listening = [address for addresses in told for address in addresses]
        assert listening
        assert set(listening) <= set(LOOPBACK), listening


WRONG = [("torch", "mean of means"), ("torch", "each for itself")]
OTHERS = [(engine, "mean of means") for engine in ABLE if engine != "torch"]


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("engine", "plant"), [*WRONG, *(pytest.param(*case, marks=pytest.mark.slow) for case in OTHERS)]
)
def test_a_wrong_sum_is_seen(
    engine: str, plant: str, one: dict[str, Numbers], tmp_path: Path
) -> None:
    """A mean of the workers' means, and workers with other rows than theirs, are far off."""
    (worker, *_) = trained(engine, 2, tmp_path / "several", plant)
    assert largest_gap(alone(engine, one, tmp_path), worker) > 1e-3


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("lesson", [3, 4])
@pytest.mark.parametrize("engine", ABLE)
def test_lessons(engine: str, lesson: int, tmp_path: Path) -> None:
    """The records of a lesson on 1, 2, 3 and 4 workers; 202 pictures, in batches of 100, 100, 2."""
    words = [f"lesson{lesson}", running.tiny_pictures(tmp_path), "--epochs=3"]
    found = {}
    for size in (1, 2, 3, 4):
        options = [f"--workers={size}", f"--out=w{size}"]
        status, _, err = running.run(tmp_path, engine, *words, *options)
        assert (status, err) == (0, "")
        found[size] = running.losses(tmp_path / f"w{size}", lesson)
    gaps = {size: running.gap(found[1], found[size]) for size in (2, 3, 4)}
    print(f"\n{engine} lesson {lesson}: " + ", ".join(f"{n}: {g:.1e}" for n, g in gaps.items()))
    assert max(gaps.values()) <= running.AGREE
