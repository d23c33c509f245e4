"""`make compare EXECUTOR=dask` loses no result, leaves no process, computes the same numbers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from adapters import BACKENDS
from compare.comparison import Comparison
from course.record import read_card
from course.settings import ROOT
from tests.compare.conftest import compare
from tests.compare.dask_workers import (
    LOOPBACK,
    alive,
    below,
    command_line,
    comparing,
    guards,
    listening,
    parent,
    scheduler,
    worker,
)
from tests.waiting import until

pytestmark = pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="looks into /proc")

SHORT = ("--lesson=1 2", "--backends=torch", "--epochs=1", "--no-noise")
CELLS = [(lesson, backend) for lesson in (1, 2) for backend in ("numpy", "torch")]
ARRAYS = ("record.npz", "looks.npz")  # a card says how long it took


@dataclass
class Killed:
    """A comparison whose worker was killed while it ran PyTorch."""

    out: Path
    status: int
    printed: str
    complaint: str
    addresses: set[str]  # on which it listened
    lingered: list[int]  # of the processes of the killed worker, and of the whole comparison
    folder: Path  # in which the killed cell ran


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Killed:
    out = tmp_path_factory.mktemp("killed")
    with comparing(*SHORT, f"--out={out}") as process:
        (guard, *_) = until(lambda: guards(process.pid, "--backend=torch"))
        lesson = until(lambda: below(guard))
        folder = Path(command_line(guard).partition("orphan_guard.py ")[2].split()[1])
        addresses, worker = listening([process.pid, *below(process.pid)]), parent(guard)
        os.kill(worker, signal.SIGKILL)
        until(lambda: not any(map(alive, [guard, *lesson])))
        everybody = below(process.pid)
        printed, complaint = process.communicate()
        ours = [guard, *lesson, *everybody]
        with suppress(AssertionError):  # what watches over shared resources ends after the rest
            until(lambda: not any(map(alive, ours)))
        lingered = [one for one in ours if alive(one)]
    return Killed(out, process.returncode, printed, complaint, addresses, lingered, folder)


def complete(out: Path) -> list[tuple[int, str]]:
    """Lesson and backend of all that ended well, by what the comparisons say."""
    found = [Comparison.read(file) for file in sorted(out.glob("lesson*/comparison.json"))]
    return [(c.lesson, o.backend) for c in found for o in c.outcomes if o.status == "complete"]


def same_arrays(here: Path, there: Path) -> None:
    """Every record that is here is there, with the same bytes."""
    folders = [card.parent for card in here.glob("lesson*/*/card.json")]
    assert folders
    for folder in folders:
        for name in ARRAYS:
            other = there / folder.relative_to(here) / name
            assert other.read_bytes() == (folder / name).read_bytes(), other


@pytest.mark.slow
def test_a_killed_worker_loses_nothing(killed: Killed) -> None:
    assert killed.complaint == ""
    assert killed.status == 0, killed.printed
    assert complete(killed.out) == CELLS


@pytest.mark.slow
def test_a_killed_worker_leaves_nothing(killed: Killed) -> None:
    assert killed.lingered == []
    assert not killed.folder.exists()
    folders = [path for lesson in killed.out.glob("lesson*") for path in lesson.iterdir()]
    assert not [path for path in folders if path.name.startswith(".")]


@pytest.mark.slow
def test_only_loopback_is_listened_to(killed: Killed) -> None:
    assert killed.addresses
    assert killed.addresses <= LOOPBACK


@pytest.mark.slow
def test_the_records_are_those_of_the_local_executor(killed: Killed, tmp_path: Path) -> None:
    assert compare("--lesson=1", *SHORT[1:], f"--out={tmp_path}").returncode == 0
    same_arrays(tmp_path, killed.out)


@pytest.mark.slow
def test_sound_records_are_reused_and_damaged_ones_run_again(killed: Killed) -> None:
    """The other executor reuses them, too."""
    (record,) = (killed.out / "lesson1").glob("numpy-*/record.npz")
    record.write_bytes(record.read_bytes()[:-1])
    done = compare(*SHORT, f"--out={killed.out}", "--seeds=1", "--resume=auto")
    assert done.returncode == 0, done.stderr
    ran = [line for line in done.stdout.splitlines() if line.endswith(": running")]
    assert ran == ["  numpy: running"]


def test_an_interrupt_leaves_no_process_and_no_half_record(tmp_path: Path) -> None:
    with comparing("--lesson=4", "--backends=numpy", "--epochs=300", "--no-noise",
                   f"--out={tmp_path}") as process:  # fmt: skip
        (guard, *_) = until(lambda: guards(process.pid))
        until(lambda: below(guard))
        everybody = below(process.pid)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: its own processes hear it, too
        _, complaint = process.communicate()
        until(lambda: not any(map(alive, everybody)))
    assert (process.returncode, complaint.strip()) == (130, "interrupted")
    assert not list(tmp_path.glob("lesson4/*"))


def test_a_scheduler_that_does_not_answer(tmp_path: Path) -> None:
    done = compare(*SHORT, f"--out={tmp_path / 'out'}", "--executor=dask",
                   "--scheduler=tcp://127.0.0.1:9")  # fmt: skip
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: no scheduler answers at tcp://127.0.0.1:9")
    assert not (tmp_path / "out").exists()


def test_a_worker_with_other_code_is_refused(checkout: Path, tmp_path: Path) -> None:
    adapter = checkout / "adapters" / "numpy_adapter.py"
    adapter.write_text(adapter.read_text(encoding="utf-8") + "\n# mine\n", encoding="utf-8")
    with scheduler(tmp_path) as address, worker(address, checkout):
        done = compare(*SHORT, f"--out={tmp_path / 'out'}", "--executor=dask",
                       f"--scheduler={address}")  # fmt: skip
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "has code" in line
    assert "the same commit" in line


@pytest.mark.slow
def test_a_nanny_that_is_killed_loses_nothing(tmp_path: Path) -> None:
    """On a cluster by its address, one machine of which goes away with all its processes."""
    out = tmp_path / "out"
    with (
        scheduler(tmp_path) as address,
        worker(address) as one,
        worker(address) as other,
        comparing(*SHORT, f"--out={out}", f"--scheduler={address}") as process,
    ):
        (nanny, *_) = until(lambda: [n for n in (one, other) if guards(n.pid, "--backend=torch")])
        theirs = below(nanny.pid)
        nanny.kill()
        until(lambda: not any(map(alive, theirs)))
        _, complaint = process.communicate()
        assert (process.returncode, complaint) == (0, "")
    assert len(complete(out)) == len(CELLS)


@pytest.mark.slow
@pytest.mark.timeout(4 * 3600)
def test_four_lessons_all_backends_three_seeds_and_a_killed_worker(tmp_path: Path) -> None:
    """Nothing is missing, and the records of some are those of the local executor."""
    out, here = tmp_path / "out", tmp_path / "here"
    with comparing("--lesson=1 2 3 4", "--seeds=3", f"--out={out}") as process:
        (guard, *_) = until(lambda: guards(process.pid, "--backend=jax"), 3600)
        os.kill(parent(guard), signal.SIGKILL)
        printed, complaint = process.communicate()
    assert (process.returncode, complaint) == (0, ""), printed
    assert complete(out) == [(lesson, backend) for lesson in range(1, 5) for backend in BACKENDS]
    cards = [read_card(file)["seed"] for file in out.glob("lesson*/*/card.json")]
    assert sorted(cards) == sorted([0, 1, 2] * 4 * len(BACKENDS))
    done = compare("--lesson=3", "--backends=torch jax", "--seeds=3", "--no-noise", f"--out={here}")
    assert done.returncode == 0, done.stdout
    same_arrays(here, out)


def test_dask_is_not_imported_unless_chosen() -> None:
    code = "import sys, compare.cli; print({'dask', 'distributed'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.stdout == "set()\n"
