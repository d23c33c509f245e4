"""A rehearsal says what is missing, ends with the right status, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from classroom import rehearse
from classroom.rehearsal import running, steps
from classroom.rehearsal.sample_class import DONE, EMPTY, FAILING, OPEN, write_class
from classroom.rehearsal.steps import FIRST_DAY, Step
from course.cli_errors import run
from course.command_table import targets
from course.lessons import LESSONS
from course.settings import ROOT
from tests.classroom.sandboxed import confined, left_behind
from tests.waiting import PATIENCE, until


def python(code: str) -> list[str]:
    """A command that runs this program."""
    return [sys.executable, "-c", code]


def test_a_command_has_its_status_its_output_and_its_reason(tmp_path: Path) -> None:
    code = (
        "print('working'); print('error: no network: plug it in'); print('x'); raise SystemExit(2)"
    )
    ended = running.run(python(code), tmp_path, PATIENCE)
    assert (ended.status, ended.reason) == (2, "no network: plug it in")
    assert "working" in ended.output
    silent = running.run(python("raise SystemExit(3)"), tmp_path, PATIENCE)
    assert "status 3" in silent.reason
    crashed = running.run(python("open('nowhere')"), tmp_path, PATIENCE)
    assert "No such file" in crashed.reason


STUBBORN = """
import signal, time
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, signal.SIG_IGN)
time.sleep(1000)
"""
WITH_A_CHILD = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", {child!r}, {token!r}])
print("up", flush=True)
time.sleep(1000)
"""


@pytest.mark.parametrize("how", ["enough", "too long"])
def test_a_command_that_does_not_end_is_ended_with_its_children(
    how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "GRACE", 0.2)
    token = f"rehearsed-{os.getpid()}-{time.monotonic_ns()}"
    code = WITH_A_CHILD.format(child=STUBBORN, token=token)
    if how == "enough":
        ended = running.run(python(code), tmp_path, PATIENCE, lambda output: "up" in output)
        assert ended.status == 0
    else:
        ended = running.run(python(code), tmp_path, 1.0)
        assert ended.status is None
        assert "did not end" in steps._problem(ended)
    assert left_behind(token) == []


def test_every_command_of_the_day_is_one_that_make_knows() -> None:
    known = targets()
    for lessons in (FIRST_DAY, *((number,) for number in LESSONS)):
        day = steps.steps(lessons, "torch")
        for step in day:
            assert step.command == "" or step.command.split()[1] in known, step.command
        names = [step.name for step in day]
        assert len(set(names)) == len(names)
        words = " ".join(step.command for step in day)
        for needed in ("slides", "notebooks", "lab", "check", "grade SUBMISSIONS", "LESSON="):
            assert needed in words
        assert [f"lesson {number}" in names for number in LESSONS] == [
            n in lessons for n in LESSONS
        ]


def test_what_is_missing_is_named_and_the_rest_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    def step(name: str, problem: str) -> Step:
        return Step(name, f"make {name}", lambda folder: tried.append(name) or problem)  # type: ignore[func-returns-value]

    day = [step("lab", ""), step("slides", "run `make slides` [once]"), step("grade", "")]
    monkeypatch.setattr(rehearse, "steps", lambda lessons, backend: day)
    result = CliRunner().invoke(rehearse.rehearse, ["--backend=numpy"])
    assert result.exit_code == 1
    assert tried == ["lab", "slides", "grade"]
    assert "missing: slides: run `" in result.output
    assert "[once]" in result.output
    assert "1 of 3 steps are not ready" in result.output
    day[1] = step("slides", "")
    result = CliRunner().invoke(rehearse.rehearse, ["--backend=numpy"])
    assert result.exit_code == 0
    assert "nothing is missing" in result.output


@pytest.mark.parametrize(("target", "status"), [("", 1), ("rehearse", 0)])
def test_what_is_missing_is_no_error_of_make(
    target: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else make's own error would be the last word; the command itself ends with 1."""
    monkeypatch.setenv("TRIPTYCH_TARGET", target)
    monkeypatch.setattr(sys, "argv", ["rehearse", "--backend=numpy"])
    day = [Step("slides", "make slides", lambda folder: "run it")]
    monkeypatch.setattr(rehearse, "steps", lambda lessons, backend: day)
    with pytest.raises(SystemExit) as end:
        run(rehearse.rehearse, "python -m classroom.rehearse")
    assert end.value.code == status


def test_a_grading_without_a_sandbox_is_missing_and_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "apt-get install bubblewrap" in steps._grade(1, "numpy")(tmp_path)


def test_the_sample_class_has_every_kind(tmp_path: Path) -> None:
    write_class(tmp_path, 1)
    names = {file.stem: file.stat().st_size for file in tmp_path.iterdir()}
    assert set(names) == {DONE, OPEN, EMPTY, FAILING}
    assert names[EMPTY] == 0


def test_grading_the_sample_class_succeeds(tmp_path: Path) -> None:
    confined()
    assert steps._grade(1, "numpy")(tmp_path) == ""
    assert (tmp_path / "graded" / "index.html").is_file()


def rehearsal(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """A rehearsal of a day with lesson 1 on NumPy, which keeps its files below a folder."""
    environ = os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(folder)}
    return subprocess.Popen(
        [sys.executable, "-m", "classroom.rehearse", "--lesson=1", "--backend=numpy", *arguments],
        cwd=folder, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip


def test_ctrl_c_leaves_neither_processes_nor_files(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    process = rehearsal(scratch)
    until(lambda: list(scratch.glob("rehearse-*/log.txt")) or process.poll() is not None)
    killer = threading.Timer(PATIENCE, process.kill)
    killer.start()
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate()
    killer.cancel()
    assert process.returncode == 130, out
    assert "Traceback" not in out
    assert "interrupted" in out
    assert left_behind(str(scratch)) == []
    assert list(scratch.iterdir()) == []


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_day_with_lesson_1_on_numpy(tmp_path: Path) -> None:
    confined()
    process = rehearsal(tmp_path)
    out, _ = process.communicate()
    assert process.returncode == 0, out
    assert "nothing is missing" in out
    assert left_behind(str(tmp_path)) == []
    assert list(tmp_path.iterdir()) == []
