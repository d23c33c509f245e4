"""kit.py end to end: a real .venv, a real pip, toy packages, real signals."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

from tests.kit.conftest import wheel
from tests.waiting import PATIENCE, until

posix_only = pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals and links")

# kit.py with a first step that hangs, for tests that kill it.
SLOW = """
import runpy, subprocess, sys
kit = runpy.run_path(sys.argv[1])
real = kit["step"]
def step(title, command, lock):
    print(title, flush=True)
    real(title, [sys.executable, "-c", "import os, time; print(os.getpid()); time.sleep(60)"], lock)
kit["create"].__globals__["step"] = step
kit["ready"]("numpy")
"""


def test_a_lesson_runs_in_a_built_environment_with_its_arguments(built, run, tmp_path):
    first = run("lesson1", "--backend", "numpy", "--out", "my results; $HOME")
    assert first.stderr == ""
    report = json.loads(first.stdout)
    assert report["argv"] == ["lesson1", "--backend", "numpy", "--out", "my results; $HOME"]
    assert report["cwd"] == str(tmp_path)
    assert report["path"] == str(built)
    assert report["packages"] == ["toynumpy"]


def test_the_exit_status_of_a_lesson_is_returned(built, run):
    assert run("lesson1", "--backend=numpy", "--fail").returncode == 7


def test_torch_brings_its_companions_and_nothing_of_dev(built, run):
    done = run("lesson1")
    assert json.loads(done.stdout)["packages"] == ["toycuda", "toydep", "toynumpy", "toytorch"]
    first, *lines = done.stderr.splitlines()
    assert first.startswith("setting up torch: PyTorch from the index of your pip settings ")
    assert first.endswith("; up to 202 MB to fetch, 868 MB more on disk")
    steps = [line.split(" … ")[0] for line in lines]
    assert steps == ["installing torch", "installing PyTorch itself"]
    assert all(line.endswith(" s") for line in lines)


def test_a_moved_checkout_still_runs(built, run, tmp_path):
    moved = tmp_path / "другая папка"
    built.rename(moved)
    done = run("lesson1", "--backend=numpy", root=moved)
    assert done.stderr == ""
    assert json.loads(done.stdout)["path"] == str(moved)


def test_a_poisoned_environment_changes_nothing(built, run, tmp_path):
    poison = tmp_path / "poison"
    poison.mkdir()
    for name in ("course", "random", "json"):
        (poison / f"{name}.py").write_text("raise SystemExit('poisoned')")
        (tmp_path / f"{name}.py").write_text("raise SystemExit('poisoned')")
    (built / ".venv" / "kit" / "numpy.stamp").unlink()
    done = run(
        "lesson1",
        "--backend=numpy",
        # PYTHONHOME and PYTHONPATH would stop the Python that runs kit.py; the next test sets them.
        VIRTUAL_ENV=str(poison),
        PIP_TARGET=str(poison),
        PIP_PREFIX=str(poison),
        PIP_USER="1",
        PIP_REQUIRE_VIRTUALENV="1",
        PIP_NO_DEPS="1",
        PIP_DRY_RUN="1",
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["packages"] == ["toynumpy"]
    assert sorted(p.name for p in poison.iterdir()) == ["course.py", "json.py", "random.py"]


@posix_only
def test_start_removes_variables_that_poison_python(kit, monkeypatch):
    variables = {}
    monkeypatch.setattr(
        os, "execve", lambda path, command, env: variables.update(env) or sys.exit()
    )
    monkeypatch.setenv("PYTHONHOME", "/nowhere")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    with pytest.raises(SystemExit):
        kit.start(["-m", "course"])
    assert "PYTHONHOME" not in variables
    assert variables["PYTHONPATH"] == str(kit.ROOT)


def test_a_missing_package_is_one_line_and_leaves_no_stamp(built, run, tmp_path):
    done = run("setup", "torch", PIP_FIND_LINKS=str(tmp_path))
    assert done.returncode == 2
    assert "No matching distribution found for toy" in done.stderr
    assert "Traceback" not in done.stderr
    last = done.stderr.splitlines()[-1]
    assert last.startswith("kit.py: installing torch failed, see above; check network")
    # Nothing was installed, so numpy is still complete.
    assert run("lesson1", "--backend=numpy").stderr == ""
    assert not (built / ".venv" / "kit" / "torch.stamp").exists()


def test_a_package_with_another_hash_is_refused(built, run):
    lock = built / "locks" / "numpy.txt"
    lock.write_text("toynumpy==1.0 --hash=sha256:" + "0" * 64)
    shutil.rmtree(next((built / ".venv").rglob("toynumpy-1.0.dist-info")))
    done = run("lesson1", "--backend=numpy")
    assert done.returncode == 2
    assert "hash" in done.stderr.lower()


def test_packages_that_pip_replaced_are_restored(built, run, tmp_path, wheels):
    """The backup consists of hard links, so pip must not write into existing files."""
    packages = next((built / ".venv").rglob("toynumpy.py")).parent
    before = {path: path.read_bytes() for path in packages.rglob("*") if path.is_file()}
    again = tmp_path / "again"
    again.mkdir()
    digest = wheel(again, "toynumpy", version="2.0")
    (built / "locks" / "torch.txt").write_text(f"toynumpy==2.0 --hash=sha256:{digest}")
    done = run("setup", "torch", PIP_FIND_LINKS=again.as_uri())  # which has no toytorch
    assert done.returncode == 2
    assert "installing torch … failed" not in done.stderr
    assert "installing PyTorch itself … failed" in done.stderr
    assert {path: path.read_bytes() for path in packages.rglob("*") if path.is_file()} == before
    assert run("lesson1", "--backend=numpy").stderr == ""


@pytest.fixture
def slow(tree, variables):
    """Start a set-up, and wait until it hangs in its first step."""
    command = [sys.executable, "-c", SLOW, str(tree / "kit.py")]
    started = []

    def start():
        process = subprocess.Popen(
            command,
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        assert process.stdout.readline().startswith("making .venv")
        log = tree / ".venv" / "kit" / "log.txt"
        while not (log.exists() and log.read_text().strip()):
            time.sleep(0.02)
        return process, int(log.read_text())

    yield start
    for process in started:
        process.kill()
        process.communicate()


@posix_only
def test_after_a_kill_the_next_set_up_waits_for_the_child_and_rebuilds(
    slow, tree, kit, run, capsys
):
    process, child = slow()
    process.kill()
    process.wait()
    with (tree / ".setup.lock").open("a+") as lock:
        assert not kit.try_lock(lock.fileno())  # the child is alive and holds the lock
        os.kill(child, signal.SIGKILL)
        until(lambda: kit.try_lock(lock.fileno()))
    assert kit.broken() == "its last set-up did not finish"
    kit.ready("numpy")
    messages = capsys.readouterr().err.splitlines()
    assert messages[1:] == [".venv: its last set-up did not finish; building it again"]
    assert (kit.broken(), kit.incomplete("numpy")) == ("", "")


@posix_only
def test_two_set_ups_wait_for_each_other(slow, tree, variables):
    first, _ = slow()
    clean = [sys.executable, str(tree / "kit.py"), "clean"]
    second = subprocess.Popen(clean, env=variables, stderr=subprocess.PIPE, text=True)
    assert second.stderr.readline() == "waiting for another set-up to finish\n"
    assert second.poll() is None
    os.killpg(first.pid, signal.SIGKILL)
    rest = second.communicate(timeout=PATIENCE)[1]
    assert (rest, second.returncode) == ("", 0)
    assert not (tree / ".venv").exists()


@posix_only
def test_control_c_in_a_set_up_is_one_line(tree, tmp_path, variables):
    # A Python whose `-m venv` hangs: kit.py starts it as the first step.
    fake = tmp_path / "python"
    fake.write_text("#!/bin/sh\necho started\nexec sleep 60\n")
    fake.chmod(0o755)
    program = (
        f"import sys, runpy; sys._base_executable = {str(fake)!r}; sys.argv = ['kit.py', 'setup'];"
        f"runpy.run_path({str(tree / 'kit.py')!r}, run_name='__main__')"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        env=variables,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    log = tree / ".venv" / "kit" / "log.txt"
    while not (log.exists() and log.read_text()):
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    output = process.communicate(timeout=PATIENCE)[1]
    assert process.returncode == 130
    assert output.splitlines()[2:] == ["stopped; the same command goes on from here"]
    assert (tree / ".venv" / "kit" / "installing").exists()


def test_a_full_disk_is_one_line(kit, monkeypatch, tree):
    def full(*arguments):
        raise OSError(28, "No space left on device", "somewhere")

    monkeypatch.setattr(kit, "step", full)
    with pytest.raises(OSError, match="No space left"):
        kit.ready("numpy")
    assert kit.broken() == "its last set-up did not finish"
