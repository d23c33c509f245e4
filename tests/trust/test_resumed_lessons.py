"""Resumed lessons: the same record to the byte, or one line with the reason why not."""

from __future__ import annotations

import errno
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from adapters.contract import SettingsError
from course import checkpoint_format, checkpointing
from course.lesson import Lesson
from course.lessons import LESSONS
from course.record import OutputError
from course.runner import run_lesson
from course.settings import ROOT, Settings
from tests.images import few_images
from tests.lessons.running import Runner as Run

STEPS = 5  # in an epoch of lesson 4: 430 pictures in batches of 100
EPOCHS = dict.fromkeys(LESSONS, 4) | {3: 2, 4: 3, 5: 1}  # fewer where an epoch takes long


class Gone(BaseException):
    """The process was killed here."""


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first pictures of the house data."""
    return Path(few_images(tmp_path_factory.mktemp("data")))


@pytest.fixture(scope="module")
def whole(
    pictures: Path, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> bytes:
    """The record of lesson 4, never interrupted."""
    return record(_runner(request, pictures, tmp_path_factory.mktemp("whole"))(4, "a"))


@pytest.fixture
def run(request: pytest.FixtureRequest, pictures: Path, tmp_path: Path) -> Run:
    """run(4, "b", checkpoint=1) runs a lesson on NumPy, of few pictures, into that folder."""
    return _runner(request, pictures, tmp_path)


def _runner(request: pytest.FixtureRequest, pictures: Path, tmp_path: Path) -> Run:
    dtype, seed = (request.config.getoption(name) for name in ("--dtype", "--seed"))

    def run_it(number: int, out: str, **settings: Any) -> Lesson:
        usual: dict[str, Any] = {
            "epochs": EPOCHS[number],
            "data": None if number == 2 else str(pictures),
        }
        return run_lesson(number, Settings(
            "numpy", dtype, "cpu", seed, out=str(tmp_path / out), draw=False, **usual | settings,
        ))  # fmt: skip

    return run_it


def dies(monkeypatch: pytest.MonkeyPatch, after: int, error: Any, run: Callable[[], Any]) -> None:
    """Run something that is gone after it has written so many checkpoints."""
    with monkeypatch.context() as patched:
        _killed_after(after, patched, error)
        with pytest.raises(OutputError if isinstance(error, OSError) else error):
            run()


def _killed_after(number: int, monkeypatch: pytest.MonkeyPatch, error: Any) -> None:
    write, left = checkpoint_format.write, number

    def counted(*args: Any) -> Path:
        nonlocal left
        left -= 1
        if left < 0:
            raise error
        return write(*args)

    monkeypatch.setattr(checkpoint_format, "write", counted)


def record(lesson: Lesson) -> bytes:
    """The arrays that a lesson has left, as they lie on the disk."""
    assert lesson.finished_in
    return (lesson.finished_in / "record.npz").read_bytes()


@pytest.mark.sampled(1)
@pytest.mark.parametrize("number", EPOCHS)
def test_a_resumed_lesson_leaves_the_same_record(
    number: int, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed in its second run or later; lesson 1 keeps nothing, and is done again."""
    whole = record(run(number, "a"))
    home = tmp_path / "b" / f"lesson{number}"
    if number > 1:
        dies(monkeypatch, 3, Gone, lambda: run(number, "b", checkpoint=1))
    assert (number == 1) != any(home.glob("checkpoints/*/*/step-*.json"))
    resumed = run(number, "b", checkpoint=1, resume="auto")
    assert record(resumed) == whole
    assert [path.name for path in home.iterdir()] == [resumed.folder_name()], "nothing else is left"


def interrupted(run: Run, monkeypatch: pytest.MonkeyPatch, after: int = 5) -> None:
    """Lesson 4, gone after so many checkpoints: three of `softmax`, the others of `sgd`."""
    dies(monkeypatch, after, Gone, lambda: run(4, "b", checkpoint=1))


def name(epochs: int) -> str:
    """The name of a checkpoint of lesson 4 after so many epochs."""
    return f"step-{epochs * STEPS:09}"


def newest(tmp_path: Path, of: str = "sgd") -> Path:
    """The card of the newest checkpoint."""
    return max(tmp_path.glob(f"b/lesson4/checkpoints/*/{of}/step-*.json"))


@pytest.mark.sampled(1)
@pytest.mark.parametrize("suffix", [".json", ".safetensors"])
@pytest.mark.parametrize("damaged", [1, 2])
def test_a_damaged_checkpoint_is_named_and_the_one_before_it_used(
    suffix: str, damaged: int, run: Run, whole: bytes, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """Cut off or changed, the newest or both; the record is the same all the same."""
    interrupted(run, monkeypatch)
    assert newest(tmp_path).stem == name(2)
    for i in range(damaged):
        file = newest(tmp_path).with_name(f"{name(2 - i)}{suffix}")
        content = file.read_bytes()
        file.write_bytes(
            content[: len(content) // 2] + (b"" if i else content[len(content) // 2 + 1 :])
        )
    capsys.readouterr()
    assert record(run(4, "b", checkpoint=1, resume="auto")) == whole
    output = capsys.readouterr().out.splitlines()
    skipped = [line for line in output if line.startswith("sgd: damaged checkpoint skipped: ")]
    assert len(skipped) == damaged
    way = ("resumes from its checkpoint of epoch 1 of 3", "no checkpoint to resume from")[
        damaged - 1
    ]
    assert sum(line.startswith(f"sgd: {way}") for line in output) == 1


def change_a_pixel(pictures: Path) -> None:
    """By one, in one of the user's pictures; done twice, nothing has changed."""
    with np.load(pictures) as archive:
        arrays = dict(archive)
    arrays["x_train"][0, 9, 9] ^= 1
    np.savez(pictures, **arrays)


CHANGED: dict[str, tuple[dict[str, Any], str]] = {
    "data": ({}, r"was made with other data \(x\)"),
    "code": ({}, r"was made with other code \(course/training\.py\)"),
    "version": ({}, "was made with versions numpy 1.0, and this run has 2"),
    "network": ({}, "was made with l2 0.5, and this run has 0.001"),
    "epochs": ({"epochs": 5}, "other settings.* was made with epochs 3, and this run has 5"),
    "rate": ({"learning_rate": 0.5}, "other settings"),
}


@pytest.mark.sampled(2)
@pytest.mark.parametrize("what", ["data", "code", "version", "network", "epochs", "rate"])
def test_a_checkpoint_of_something_else_is_refused(
    what: str, run: Run, pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    """With the reason, in one line; nothing is written, and nothing taken away."""
    before = {
        "code": ("code", "course/training.py", "0" * 16),
        "version": ("versions", "numpy", "1.0"),
    }
    identity = checkpointing.identity

    def earlier(*args: Any) -> dict[str, Any]:
        fields = identity(*args)
        if what in before:
            key, part, value = before[what]
            return fields | {key: fields[key] | {part: value}}
        return fields | ({"l2": 0.5} if what == "network" else {})

    with monkeypatch.context() as patched:
        patched.setattr(checkpointing, "identity", earlier)
        interrupted(run, monkeypatch)
    if what == "data":
        change_a_pixel(pictures)
        request.addfinalizer(lambda: change_a_pixel(pictures))
    files = sorted(tmp_path.glob("b/**/*"))
    settings, reason = CHANGED[what]
    with pytest.raises(SettingsError, match=reason) as refused:
        run(4, "b", checkpoint=1, resume="auto", **settings)
    assert "\n" not in str(refused.value)
    assert sorted(tmp_path.glob("b/**/*")) == files
    if settings:  # somebody who does not ask to go on is not held up
        run(4, "b", checkpoint=1, **settings)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_a_disk_that_fails_half_way(
    number: int, run: Run, whole: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Full, or read-only all of a sudden: one line, and what was kept is enough to go on with."""
    error = OSError(number, "No space left on device")
    dies(monkeypatch, 4, error, lambda: run(4, "b", checkpoint=1))
    assert newest(tmp_path).stem == name(1)
    assert record(run(4, "b", resume="auto")) == whole


def test_only_the_last_three_are_kept(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whole ones; and those of an earlier attempt go with the first of the new one."""
    dies(monkeypatch, 5, Gone, lambda: run(4, "b", checkpoint=1, epochs=9))
    names = sorted(path.name for path in newest(tmp_path, "softmax").parent.iterdir())
    assert names == [f"{name(i)}.{end}" for i in (3, 4, 5) for end in ("json", "safetensors")]
    dies(monkeypatch, 1, Gone, lambda: run(4, "b", checkpoint=1, epochs=9))  # without RESUME
    assert [p.stem for p in newest(tmp_path, "softmax").parent.glob("*.json")] == [name(1)]


def test_ctrl_c_keeps_the_checkpoints(
    run: Run, whole: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The record says interrupted, and RESUME=auto turns it into a complete one."""
    dies(monkeypatch, 4, KeyboardInterrupt, lambda: run(4, "b", checkpoint=1))
    (folder,) = tmp_path.glob("b/lesson4/numpy*")
    assert json.loads((folder / "card.json").read_text())["status"] == "interrupted"
    assert record(run(4, "b", resume="auto")) == whole


def test_checkpoints_are_not_moved_between_backends_or_seeds(
    run: Run, pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Put by hand where another seed's would be, they are refused as well."""
    interrupted(run, monkeypatch)
    home = newest(tmp_path).parent.parent
    seed = int(home.name.split("seed")[1].split("-")[0])
    shutil.copytree(home, home.with_name(home.name.replace(f"seed{seed}", f"seed{seed + 1}")))
    with pytest.raises(SettingsError, match=f"seed {seed}, and this run has {seed + 1}"):
        run_lesson(4, Settings(
            "numpy", home.name.split("-")[1], "cpu", seed + 1, out=str(tmp_path / "b"), draw=False,
            epochs=3, data=str(pictures), resume="auto",
        ))  # fmt: skip


HOLDER = """
import sys, time
from pathlib import Path
from course.lock import Lock
lock = Lock(Path(sys.argv[1]))
print("held", flush=True)
time.sleep(300)
"""


@pytest.mark.parametrize("settings", [{"checkpoint": 1}, {"resume": "auto"}])
def test_checkpoints_are_locked_by_one_process(
    settings: dict[str, Any], run: Run, whole: bytes, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The second is told who holds them, and changes none; once the first is gone it may go on."""
    interrupted(run, monkeypatch)
    home = newest(tmp_path).parent.parent
    assert not list(home.parent.glob("*.lock")), "let go of"
    files = {path: path.read_bytes() for path in home.rglob("step-*")}
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(home.with_name(f"{home.name}.lock"))], cwd=ROOT,
        stdout=subprocess.PIPE, text=True,
    ) as holder:  # fmt: skip
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(OutputError, match=f"^.*in use: process {holder.pid} on.*$"):
            run(4, "b", **settings)
        assert {path: path.read_bytes() for path in home.rglob("step-*")} == files
        holder.kill()
    assert record(run(4, "b", **settings)) == whole
    assert [path.name for path in (tmp_path / "b" / "lesson4").iterdir()] == [home.name]


@pytest.mark.parametrize("after", [4, 9])  # within an epoch too; resumed by another interval
def test_checkpoints_by_steps(
    after: int, run: Run, whole: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    dies(monkeypatch, after, Gone, lambda: run(4, "b", checkpoint="2steps"))
    assert record(run(4, "b", checkpoint="1epoch", resume="auto")) == whole
    of = {4: "softmax: resumes from its checkpoint of step 8 of 15", 9: "sgd: resumes from"}
    assert of[after] in capsys.readouterr().out
