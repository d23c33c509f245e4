"""A worker killed, stopped or slow: one line in time, no process left, and a job to resume."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path

import numpy as np
import pytest

from course.provenance import without_commit
from course.settings import ROOT
from tests.waiting import PATIENCE, until
from tests.workers import faults, running

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="finds processes in /proc")


def test_a_killed_worker_and_three_go_on(tmp_path: Path) -> None:
    bench = faults.Bench("torch", tmp_path, np.random.default_rng(0))
    assert bench.hurt("kill", 2, late=True)
    bench.finish(3)
    assert bench.gone_on == 1
    bench.compare()


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


@pytest.mark.slow
def test_a_killed_worker_of_tensorflow(tmp_path: Path) -> None:
    """One of two is killed, and two resume."""
    bench = faults.Bench("tensorflow", tmp_path, np.random.default_rng(0))
    assert bench.hurt("kill", 2, late=True)
    bench.finish(2)
    assert bench.gone_on == 1
    bench.compare()


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


@pytest.mark.slow
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("backend", faults.ABLE)
def test_all_faults(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """As many faults as in the table, with another seed every day."""
    bench = faults.run_faults(backend, faults.ALL, request.config.getoption("--seed"), tmp_path)
    assert bench.done == faults.ALL


def test_the_table_is_complete() -> None:
    """Each backend had each fault, and the page shows these counts."""
    counts = json.loads(faults.COUNTS.read_text(encoding="utf-8"))
    assert set(counts) == set(faults.ABLE)
    assert all(count["done"] == faults.ALL for count in counts.values())
    page = ROOT / "docs" / "reports" / "workers_faults.md"
    text = page.read_text(encoding="utf-8")
    assert without_commit(text) == without_commit(faults.report(counts))
