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

from adapters import BACKENDS, environment
from course.settings import ROOT
from course.workers.addresses import local
from tests.waiting import PATIENCE
from tests.workers import running

ABLE = [name for name, backend in BACKENDS.items() if backend.workers]
Numbers = dict[str, np.ndarray]
LOOPBACK = ("0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000")


def trained(backend: str, size: int, folder: Path, injection: str = "") -> list[Numbers]:
    """What each of so many workers has computed."""
    folder.mkdir()
    addresses = ",".join(local(size).addresses)
    words = ["-m", "tests.workers.child", backend, addresses, str(folder), injection]
    started = subprocess.Popen(
        [*running.network_of_its_own(backend), sys.executable, *words],
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
    """What one process computes, on each backend that was asked for so far."""
    return {}


def alone(backend: str, one: dict[str, Numbers], folder: Path) -> Numbers:
    if backend not in one:
        one[backend] = trained(backend, 1, folder / "one")[0]
    return one[backend]


FEW = [("torch", 2), ("torch", 3)]
ALL = [(backend, size) for backend in ABLE for size in (2, 3, 4) if (backend, size) not in FEW]


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("backend", "size"), [*FEW, *(pytest.param(*case, marks=pytest.mark.slow) for case in ALL)]
)
def test_the_numbers_of_one(
    backend: str, size: int, one: dict[str, Numbers], tmp_path: Path
) -> None:
    """Losses, weights and optimizer memory; on each worker the same bits; loopback only."""
    workers = trained(backend, size, tmp_path / "several")
    assert largest_gap(alone(backend, one, tmp_path), workers[0]) <= running.AGREE
    for other in workers[1:]:
        assert all(np.array_equal(workers[0][name], other[name]) for name in other)
    if backend not in running.LISTEN_EVERYWHERE:
        told = [json.loads((tmp_path / f"several/{k}.json").read_text()) for k in range(size)]
        listening = [address for addresses in told for address in addresses]
        assert listening
        assert set(listening) <= set(LOOPBACK), listening


WRONG = [("torch", "mean of means"), ("torch", "each for itself")]
OTHERS = [(backend, "mean of means") for backend in ABLE if backend != "torch"]


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("backend", "plant"),
    [*WRONG, *(pytest.param(*case, marks=pytest.mark.slow) for case in OTHERS)],
)
def test_a_wrong_sum_is_seen(
    backend: str, injection: str, one: dict[str, Numbers], tmp_path: Path
) -> None:
    """A mean of the workers' means, and workers with other rows than theirs, are far off."""
    (worker, *_) = trained(backend, 2, tmp_path / "several", injection)
    assert largest_gap(alone(backend, one, tmp_path), worker) > 1e-3


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("lesson", [3, 4])
@pytest.mark.parametrize("backend", ABLE)
def test_lessons(backend: str, lesson: int, tmp_path: Path) -> None:
    """The records of a lesson on 1, 2, 3 and 4 workers; 202 pictures, in batches of 100, 100, 2."""
    words = [f"lesson{lesson}", running.tiny_pictures(tmp_path), "--epochs=3"]
    found = {}
    for size in (1, 2, 3, 4):
        options = [f"--workers={size}", f"--out=w{size}"]
        status, _, err = running.run(tmp_path, backend, *words, *options)
        assert (status, err) == (0, "")
        found[size] = running.losses(tmp_path / f"w{size}", lesson)
    gaps = {size: running.gap(found[1], found[size]) for size in (2, 3, 4)}
    print(f"\n{backend} lesson {lesson}: " + ", ".join(f"{n}: {g:.1e}" for n, g in gaps.items()))
    assert max(gaps.values()) <= running.AGREE
