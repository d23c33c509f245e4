"""Several workers compute the numbers of one; where one is lost, all end in time, with a line."""

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
from tests.waiting import PATIENCE, until
from tests.workers import faults, running

# Equal losses on 1, 2, 3 and 4 workers, with uneven batches and a last one smaller than that.

ABLE = [name for name, backend in BACKENDS.items() if backend.workers]
Numbers = dict[str, np.ndarray]
LOOPBACK = ("0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000")


def trained(backend: str, size: int, folder: Path, injection: str = "") -> list[Numbers]:
    """The numbers that each of `size` workers computes."""
    folder.mkdir()
    addresses = ",".join(local(size).addresses)
    arguments = ["-m", "tests.workers.child", backend, addresses, str(folder), injection]
    process = subprocess.Popen(
        [*running.loopback_only(backend), sys.executable, *arguments],
        env=environment.allowed(os.environ) | {"PYTHONPATH": str(ROOT)}, cwd=ROOT,
        stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        _, err = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, err
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    return [dict(np.load(folder / f"{rank}.npz")) for rank in range(size)]


def largest_gap(one: Numbers, other: Numbers) -> float:
    """Relative for losses; for other arrays divided by their largest entry, or by 1."""
    assert one.keys() == other.keys()
    gaps = []
    for name, a in one.items():
        scale = np.abs(a) if name.count(" ") == 1 else max(1, np.abs(a).max())
        gaps.append(np.max(np.abs(a - other[name]) / scale))
    return float(max(gaps))


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Numbers]:
    """The numbers of one process, for each backend so far."""
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
    """Losses, weights and optimizer slots; the same bits on each worker; loopback only."""
    workers = trained(backend, size, tmp_path / "several")
    assert largest_gap(alone(backend, one, tmp_path), workers[0]) <= running.AGREE
    for other in workers[1:]:
        assert all(np.array_equal(workers[0][name], other[name]) for name in other)
    if backend not in running.LISTEN_EVERYWHERE:
        files = [tmp_path / f"several/{rank}.json" for rank in range(size)]
        listening = [address for file in files for address in json.loads(file.read_text())]
        assert listening
        assert set(listening) <= set(LOOPBACK), listening


WRONG = [("torch", "mean of means"), ("torch", "each for itself")]
OTHERS = [(backend, "mean of means") for backend in ABLE if backend != "torch"]


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("backend", "injection"),
    [*WRONG, *(pytest.param(*case, marks=pytest.mark.slow) for case in OTHERS)],
)
def test_a_wrong_sum_is_detected(
    backend: str, injection: str, one: dict[str, Numbers], tmp_path: Path
) -> None:
    """A mean of the workers' means, and workers with the wrong rows, are far off."""
    (worker, *_) = trained(backend, 2, tmp_path / "several", injection)
    assert largest_gap(alone(backend, one, tmp_path), worker) > 1e-3


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("lesson", [3, 4])
@pytest.mark.parametrize("backend", ABLE)
def test_lessons(backend: str, lesson: int, tmp_path: Path) -> None:
    """A lesson's records on 1, 2, 3 and 4 workers; 202 images, in batches of 100, 100 and 2."""
    arguments = [f"lesson{lesson}", running.tiny_images(tmp_path), "--epochs=3"]
    losses = {}
    for size in (1, 2, 3, 4):
        options = [f"--workers={size}", f"--out=w{size}"]
        status, _, err = running.run(tmp_path, backend, *arguments, *options)
        assert (status, err) == (0, "")
        losses[size] = running.losses(tmp_path / f"w{size}", lesson)
    gaps = {size: running.gap(losses[1], losses[size]) for size in (2, 3, 4)}
    print(f"\n{backend} lesson {lesson}: " + ", ".join(f"{n}: {g:.1e}" for n, g in gaps.items()))
    assert max(gaps.values()) <= running.AGREE


# A worker killed, stopped or slow: one line in time, no process left, and a job to resume.

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")


@on_linux
def test_a_killed_worker_and_three_go_on(tmp_path: Path) -> None:
    bench = faults.Bench("torch", tmp_path, np.random.default_rng(0))
    assert bench.hurt("kill", 2, late=True)
    bench.finish(3)
    assert bench.gone_on == 1
    bench.compare()


@on_linux
@pytest.mark.slow
def test_killed_and_stopped_then_resumed_by_others(tmp_path: Path) -> None:
    """One of 2 workers is killed, then one of 3 is stopped, then 2 finish the lesson."""
    bench = faults.Bench("torch", tmp_path, np.random.default_rng(0))
    assert bench.hurt("kill", 2, late=True)
    assert bench.hurt("stop", 3, late=True)
    assert bench.gone_on == 1
    bench.finish(2)
    assert bench.gone_on == 2
    bench.compare()


@on_linux
@pytest.mark.slow
def test_a_killed_worker_of_tensorflow(tmp_path: Path) -> None:
    """One of two is killed, and two resume."""
    bench = faults.Bench("tensorflow", tmp_path, np.random.default_rng(0))
    assert bench.hurt("kill", 2, late=True)
    bench.finish(2)
    assert bench.gone_on == 1
    bench.compare()


@on_linux
@pytest.mark.sampled(1)
@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGINT])
def test_no_worker_outlives_its_launcher(sign: signal.Signals, tmp_path: Path) -> None:
    """A kill is silent; at Ctrl-C the lesson records the finished runs, as on one worker."""
    arguments = ["lesson4", running.tiny_images(tmp_path), "--epochs=2000", "--workers=2"]
    job = running.start(tmp_path, "torch", *arguments, "--out=b", "--checkpoint=1")
    running.wait_for(faults.CHECKPOINTS, tmp_path, job)
    workers = running.workers_of(job.pid)
    job.send_signal(sign)
    _, err = job.communicate(timeout=PATIENCE)
    assert (job.returncode, "Traceback" in err) == ({9: -9, 2: 130}[sign], False), err
    until(lambda: running.gone(workers))


@on_linux
@pytest.mark.slow
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("backend", faults.ABLE)
def test_all_faults(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """As many faults as in the table, with another seed every day."""
    bench = faults.run_faults(backend, faults.ALL, request.config.getoption("--seed"), tmp_path)
    assert bench.done == faults.ALL


@on_linux
def test_the_table_is_complete() -> None:
    """Each backend had each fault, and the page shows these counts."""
    counts = json.loads(faults.COUNTS.read_text(encoding="utf-8"))
    assert set(counts) == set(faults.ABLE)
    assert all(count["done"] == faults.ALL for count in counts.values())
    page = ROOT / "docs" / "reports" / "faults.md"
    assert page.read_text(encoding="utf-8").endswith(f"\n{faults.section(counts)}")
