"""A task leaves nothing where it ran, a complete record in OUT, and an entry in the cache."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from compare import fingerprint, run_cache
from compare.backends import LessonTask, Plan
from compare.cluster import orphan_guard
from compare.cluster.executor import publish
from compare.diverge import side
from compare.run_cache import RunCache
from course import checkpointing, digests
from course.record import OutputError
from tests.compare.dask_workers import alive, below
from tests.waiting import PATIENCE, until

NAME = "lesson3/numpy-float32-cpu-seed0"
FILES = {"record.npz": b"numbers", "card.json": b'{"status": "complete", "figures": []}'}
GUARD = [sys.executable, "-I", orphan_guard.__file__]


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no orphans")
def test_a_command_ends_with_its_worker_and_so_does_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "cell"
    folder.mkdir()
    code = f"""
import os, subprocess
grand = "import subprocess, sys, time; subprocess.Popen(['sleep', '60']); time.sleep(60)"
command = [*{GUARD!r}, str(os.getpid()), {str(folder)!r}, {sys.executable!r}, "-c", grand]
subprocess.Popen(command, start_new_session=True).wait()
"""
    worker = subprocess.Popen([sys.executable, "-c", code])
    theirs = until(lambda: (found := below(worker.pid)) and len(found) >= 3 and found)
    worker.kill()
    worker.wait()
    until(lambda: not any(map(alive, theirs)))
    assert not folder.exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals")
@pytest.mark.parametrize(
    ("code", "status"),
    [("pass", 0), ("raise SystemExit(3)", 3), ("import os; os.kill(os.getpid(), 9)", -9)],
)
def test_a_command_ends_as_it_would_without_a_guard(code: str, status: int, tmp_path: Path) -> None:
    command = [*GUARD, str(os.getpid()), str(tmp_path), sys.executable, "-c", code]
    assert subprocess.run(command, check=False).returncode == status
    assert tmp_path.exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals")
def test_an_interrupt_is_the_commands_own(tmp_path: Path) -> None:
    """The command may clean up, and the guard waits for it."""
    code = "import time\ntry: print('on', flush=True); time.sleep(60)\nfinally: open('tidy', 'w')"
    process = subprocess.Popen(
        [*GUARD, str(os.getpid()), str(tmp_path), sys.executable, "-c", code],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(0.2)
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=PATIENCE)
    assert process.returncode != 0
    assert (tmp_path / "tidy").exists()


def test_a_record_is_put_where_it_belongs(tmp_path: Path) -> None:
    folder = publish(NAME, FILES, str(tmp_path))
    assert folder == tmp_path / NAME
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == FILES
    assert list((tmp_path / "lesson3").iterdir()) == [folder]


def test_a_record_that_cannot_be_written_whole_is_not_there(tmp_path: Path) -> None:
    publish(NAME, FILES, str(tmp_path))
    with pytest.raises(OSError, match="no/such"):
        publish(NAME, {**FILES, "no/such": b"", "record.npz": b"other"}, str(tmp_path))
    assert (tmp_path / NAME / "record.npz").read_bytes() == b"numbers"
    assert len(list((tmp_path / "lesson3").iterdir())) == 1


def test_a_place_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    with pytest.raises(OutputError, match="OUT="):
        publish(NAME, FILES, str(tmp_path / "taken"))


def test_a_record_without_figures_keeps_those_that_are_there(tmp_path: Path) -> None:
    figures = [{"file": "loss.png", "alt": "It falls."}]
    card = json.dumps({"status": "complete", "figures": figures}).encode()
    publish(NAME, {"card.json": card, "loss.png": b"drawn"}, str(tmp_path))
    folder = publish(NAME, FILES, str(tmp_path))
    assert (folder / "loss.png").read_bytes() == b"drawn"
    assert json.loads((folder / "card.json").read_text())["figures"] == figures


def test_fingerprints_differ_by_the_entry_they_name() -> None:
    ours = {"code": "a", "python": "3.11.7", "torch": "2.13.0"}
    assert fingerprint.difference(ours, dict(ours)) == ""
    assert (
        fingerprint.difference(ours, ours | {"torch": "2.12.0"})
        == "torch 2.12.0, and here it is 2.13.0"
    )
    assert fingerprint.difference(ours, {"code": "a", "python": "3.11.7"}).startswith("torch none")


# The cache: a finished task is reused, and nothing else is.


def finished(out: Path, plan: Plan) -> LessonTask:
    """A task that has ended, with a record."""
    cell = plan.task("numpy")
    cell.state, cell.records = "done", [publish(NAME, FILES, str(out))]
    return cell


def test_a_finished_task_is_reused(tmp_path: Path) -> None:
    plan = Plan(3, out=str(tmp_path))
    RunCache(plan.out).store(finished(tmp_path, plan))
    again = plan.task("numpy")
    assert RunCache(plan.out, resume=True).load(again)
    assert (again.state, again.records) == ("done", [tmp_path / NAME])
    assert not RunCache(plan.out).load(plan.task("numpy")), "only if RESUME says so"


@pytest.mark.parametrize(
    "change",
    [{"dtype": "float64"}, {"seed": 1}, {"epochs": 1}, {"lesson": 4}, {"data": "x"}, {"seeds": 2}],
)
def test_other_settings_are_another_task(change: dict[str, object], tmp_path: Path) -> None:
    plan = Plan(3, out=str(tmp_path))
    RunCache(plan.out).store(finished(tmp_path, plan))
    other = Plan(**{"lesson": 3, "out": str(tmp_path)} | change)
    assert not RunCache(plan.out, resume=True).load(other.task("numpy"))


@pytest.mark.parametrize("what", ["code", "versions"])
def test_other_code_and_other_versions_are_another_task(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = Plan(3, out=str(tmp_path))
    RunCache(plan.out).store(finished(tmp_path, plan))
    monkeypatch.setattr(run_cache, what, lambda *_: "other")
    assert not RunCache(plan.out, resume=True).load(plan.task("numpy"))


def test_other_data_under_the_same_name_are_another_task(tmp_path: Path) -> None:
    data = tmp_path / "mine.npz"
    data.write_bytes(b"one")
    plan = Plan(3, out=str(tmp_path), data=str(data))
    RunCache(plan.out, plan.data).store(finished(tmp_path, plan))
    assert RunCache(plan.out, plan.data, resume=True).load(plan.task("numpy"))
    data.write_bytes(b"two")
    assert not RunCache(plan.out, plan.data, resume=True).load(plan.task("numpy"))


ENTRIES = {
    "cut off": lambda text: text[:-9],
    "endless brackets": lambda text: "[" * 50_000,
    "no seconds": lambda text: text.replace("seconds", "minutes"),
    "seconds in words": lambda text: text.replace('"seconds": ', '"seconds": "x", "was": '),
    "a list": lambda text: f"[{text}]",
}


@pytest.mark.parametrize("harm", ["damaged", "replaced", "gone", *ENTRIES])
def test_a_replaced_record_is_not_reused(harm: str, tmp_path: Path) -> None:
    plan = Plan(3, out=str(tmp_path))
    RunCache(plan.out).store(finished(tmp_path, plan))
    if harm == "damaged":
        (tmp_path / NAME / "record.npz").write_bytes(b"numbert")
    elif harm == "replaced":
        (tmp_path / NAME / "card.json").write_bytes(FILES["card.json"] + b" ")
    elif harm == "gone":
        shutil.rmtree(tmp_path / NAME)
    else:
        (entry,) = (tmp_path / run_cache.FOLDER).iterdir()
        entry.write_text(ENTRIES[harm](entry.read_text()))
    assert not RunCache(plan.out, resume=True).load(plan.task("numpy"))


def test_a_failed_or_temporary_task_is_not_entered(tmp_path: Path) -> None:
    plan = Plan(3, out=str(tmp_path))
    failed = finished(tmp_path, plan)
    failed.state = "failed"
    RunCache(plan.out).store(failed)
    passing = finished(tmp_path / "noise", Plan(3, out=str(tmp_path / "noise")))
    RunCache(plan.out).store(passing)
    assert not (tmp_path / run_cache.FOLDER).exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows gives few people the right to make links")
def test_a_dangling_link_is_not_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Emacs creates one beside each file that is being edited."""
    (tmp_path / "adapters").mkdir()
    (tmp_path / "adapters" / "a.py").write_text("a = 1\n")
    monkeypatch.setattr(digests, "ROOT", tmp_path)

    def codes() -> list[object]:
        return [fingerprint.code(), side._code.__wrapped__(), checkpointing.code_of(3)]

    before = codes()
    (tmp_path / "adapters" / ".#a.py").symlink_to("me@here.12345")
    assert codes() == before
