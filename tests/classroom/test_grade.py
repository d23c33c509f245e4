"""One command grades a class: hostile submissions do no harm, and no result is lost."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from classroom import parallel_grading
from classroom.parallel_grading import Grading
from classroom.sandbox import UNCONFINED
from classroom.submissions import Submission
from course.settings import ROOT, Settings
from tests.classroom.handing_in import SOON, Graded, command, grade, rows, solution, untouched
from tests.classroom.sandboxed import HOSTILE, Targets, confined, left_behind
from tests.forked import module
from tests.waiting import PATIENCE

# These run to their end and get no points, like files without answers.
RUNS = ("forges_marks", "leaves_a_daemon")
NAMES = sorted(HOSTILE)


@dataclass(frozen=True)
class Attack:
    """The results of a class with hostile submissions among good ones."""

    graded: Graded
    targets: Targets
    calls: int  # that reached a program of the teacher


@pytest.fixture(scope="module")
def attack(tmp_path_factory: pytest.TempPathFactory) -> Attack:
    """Every hostile submission at once, with a good one before and after them."""
    confined()
    top = tmp_path_factory.mktemp("attack")
    folder = top / "handed in"
    folder.mkdir()
    canary = top / "canary"
    canary.write_text("here", encoding="utf-8")
    for name in ("Anna", "Zoë"):
        (folder / f"{name}.py").write_text(solution(1), encoding="utf-8")
    token = f"hostile-{os.getpid()}-{time.monotonic_ns()}"
    calls = 0
    with socket.create_server(("127.0.0.1", 0)) as loopback, socket.socket(socket.AF_UNIX) as local:
        local.bind("\0" + token)
        local.listen()
        targets = Targets(canary, folder / "Anna.py", token, loopback.getsockname()[1])
        for name in NAMES:
            (folder / f"{name}.py").write_text(targets.submission(name), encoding="utf-8")
        graded = grade(folder, timeout=4 * PATIENCE, hostile=True)
        for server in (loopback, local):
            server.settimeout(0)
            try:
                server.accept()[0].close()
                calls += 1
            except BlockingIOError:
                pass
    return Attack(graded, targets, calls)


def test_good_submissions_have_full_points(attack: Attack) -> None:
    for name in ("Anna", "Zoë"):
        row = attack.graded.row(name)
        assert row["status"] == "ok", row
        assert row["points"] == row["out_of"] != "0"


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_submission_gets_nothing(attack: Attack, name: str) -> None:
    row = attack.graded.row(name)
    assert row["points"] == "0", row
    if name not in RUNS:
        assert row["status"] == "failed", row
        assert row["reason"]


def test_empty_files_are_counted(attack: Attack) -> None:
    assert "more than 10,000 files" in attack.graded.row("empty_files")["reason"]


def test_no_harm_is_done(attack: Attack) -> None:
    assert attack.graded.status == 0, attack.graded.err
    assert attack.targets.canary.read_text(encoding="utf-8") == "here"
    assert attack.calls == 0
    for folder in ("/tmp", "/dev/shm", "/var/tmp", "/"):
        assert not list(Path(folder).glob(f"{attack.targets.token}*"))


def test_no_process_is_left(attack: Attack) -> None:
    assert left_behind(attack.targets.token) == []
    assert left_behind("triptych-grade-") == []


def test_an_endless_loop_is_stopped(attack: Attack) -> None:
    reason = attack.graded.row("endless_loop")["reason"]
    assert f"The file runs longer than {SOON:g} seconds" in reason


def test_the_summary_is_printed(attack: Attack) -> None:
    assert f"{len(NAMES) + 2} submissions" in attack.graded.out
    assert "Traceback" not in attack.graded.out + attack.graded.err


def test_a_bad_submission_does_not_stop_the_others(tmp_path: Path) -> None:
    confined()
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "=cmd().py").write_text(untouched(1), encoding="utf-8")
    (folder / "empty.py").touch()
    (folder / "syntax.py").write_text("open_exercises(1)\n)\n", encoding="utf-8")
    (folder / "no notebook.ipynb").write_text("{", encoding="utf-8")
    os.mkfifo(folder / "pipe.py")
    (folder / "link.py").symlink_to("/etc/passwd")
    (folder / "[bold]Björn Ünal.py").write_text(solution(1), encoding="utf-8")
    graded = grade(folder, f"--json={tmp_path / 'grades.json'}")
    assert graded.status == 0, graded.err
    assert len(graded.rows) == 7
    good = graded.row("[bold]Björn Ünal")
    assert good["points"] == good["out_of"] != "0"
    assert graded.row("'=cmd()")["points"] == "0"
    for student in ("empty", "syntax", "no notebook", "pipe", "link"):
        assert graded.row(student)["status"] == "failed"
        assert graded.row(student)["reason"]
    written = json.loads((tmp_path / "grades.json").read_text(encoding="utf-8"))
    assert len(written["submissions"]) == 7
    assert "graded 7 of 7" in graded.out


def test_an_error_of_the_grader_cannot_control_the_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(*arguments: object) -> None:
        raise OSError("\x1b[2J\nAnna has full marks")

    monkeypatch.setattr(parallel_grading, "grade_file", fails)
    submission = Submission("Bob", "Bob.py", 1, b"x = 1\n")
    with Grading([submission], UNCONFINED, Settings(backend="numpy"), 1) as class_of_one:
        ((_, line),) = class_of_one.lines()
    assert line.status == "failed"
    assert "the grader failed: OSError" in line.reason
    assert line.reason.isprintable()


@pytest.mark.parametrize("signals", [[signal.SIGINT, signal.SIGINT], [signal.SIGKILL]])
def test_an_interrupted_grading_keeps_its_results(
    tmp_path: Path, signals: list[signal.Signals]
) -> None:
    """Ctrl-C, pressed once or twice, leaves nothing behind; after a kill the results are there."""
    confined()
    folder = tmp_path / "in"
    folder.mkdir()
    token = f"interrupted-{os.getpid()}-{time.monotonic_ns()}"
    (folder / "a.py").write_text(solution(1), encoding="utf-8")
    text = Targets(tmp_path, tmp_path, token).submission("endless_loop")
    for name in "bcd":
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    process = subprocess.Popen(
        command(folder, "--jobs=1", f"--csv={tmp_path / 'grades.csv'}"), text=True, cwd=tmp_path,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(scratch)},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    assert process.stdout is not None
    killer = threading.Timer(PATIENCE, process.kill)
    killer.start()
    assert process.stdout.readline().startswith("graded 1 of 4")
    for number in signals:
        process.send_signal(number)
        time.sleep(0.05)
    _, err = process.communicate()
    killer.cancel()
    assert process.returncode == (-9 if signals == [signal.SIGKILL] else 130), err
    assert "Traceback" not in err
    status = {student: row["status"] for (student, _), row in rows(tmp_path / "grades.csv").items()}
    assert status == {"a": "ok", "b": "not graded", "c": "not graded", "d": "not graded"}
    # Running workers notice it by themselves.
    assert left_behind(str(scratch)) == []
    if signals != [signal.SIGKILL]:  # a killed grader cannot clean up
        assert list(scratch.iterdir()) == []
        assert (tmp_path / "graded" / "students" / "a.html").is_file()
        assert (tmp_path / "graded" / "index.html").is_file()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere"], "no folder"),
        (["."], "contains no submission"),
        ([".", "--lesson=9"], "9"),
        ([".", "--jobs=0"], "0"),
        ([".", "--csv=."], "is a folder"),
        ([".", "--backend=numpi"], "numpi"),
    ],
)
def test_wrong_input_is_one_line_and_status_2(
    tmp_path: Path, arguments: list[str], message: str
) -> None:
    folder, *options = arguments
    (tmp_path / "empty").mkdir()
    done = module("classroom.grade", [folder, *options], tmp_path / "empty")
    assert done.status == 2
    assert done.err.count("\n") == 1
    assert done.err.startswith("error: ")
    assert message in done.err
    assert not list((tmp_path / "empty").iterdir())


def test_without_a_sandbox_it_grades_only_if_trusted(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.py").write_text(solution(1), encoding="utf-8")
    run = {"capture_output": True, "text": True, "check": False, "cwd": tmp_path,
           "env": os.environ | {"PYTHONPATH": str(ROOT), "PATH": str(tmp_path)}}  # fmt: skip
    refused = subprocess.run(command(folder), **run)  # type: ignore[call-overload]
    assert refused.returncode == 2
    assert "apt-get install bubblewrap" in refused.stderr
    assert "(--trust)" in refused.stderr
    assert not (tmp_path / "grades.csv").exists()
    trusted = subprocess.run(command(folder, "--trust"), **run)  # type: ignore[call-overload]
    assert trusted.returncode == 0, trusted.stderr
    assert "NO SANDBOX" in trusted.stderr
    assert rows(tmp_path / "grades.csv")["a", "1"]["status"] == "ok"
