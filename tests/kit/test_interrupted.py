"""Whatever stops a set-up or stands in its way, the old environment works or the new one."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys

import pytest

from course import environments
from tests.kit import stand_in

MOMENTS = 20
posix_only = pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")


def files(folder):
    """The files of an environment without its state folder: texts of files, targets of links."""
    contents = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if name.parts[0] != "kit" and not (path.is_dir() and not path.is_symlink()):
            contents[str(name)] = str(path.readlink()) if path.is_symlink() else path.read_text()
    return contents


def change(checkout, name, old, new):
    lock = checkout / "locks" / name
    lock.write_text(lock.read_text().replace(old, new))


def no_network(title, command, lock_fd):
    raise AssertionError(f"the old environment does not work without: {title}")


@pytest.fixture
def killed(tree, tmp_path, variables):
    """Kill equal set-ups at different moments; return a finished one and the killed ones."""

    def killed(backend):
        checkouts = [tmp_path / f"{number}" for number in range(MOMENTS + 1)]
        rest = shutil.ignore_patterns("course", "lessons", "tests", "spelling.py")
        for checkout in checkouts:
            shutil.copytree(tree, checkout, symlinks=True, ignore=rest)
        command = [sys.executable, "-S", stand_in.__file__, backend, *map(str, checkouts)]
        done = subprocess.run(command, env=variables, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return stand_in.load(checkouts[0]), [stand_in.load(path) for path in checkouts[1:]]

    return killed


def files_after_ready(kit, backend):
    """The files after another set-up of a complete backend; it must not install anything."""
    kit.step = no_network
    kit.ready(backend)
    assert kit.broken() == ""
    return files(kit.VENV)


@posix_only
def test_killed_while_it_adds_a_backend(kit, killed):
    kit.ready("numpy")
    before = files(kit.VENV)
    finished, others = killed("torch")
    after = files(finished.VENV)
    assert before.items() < after.items()
    results = [files_after_ready(other, "numpy") for other in others]
    assert all(result in (before, after) for result in results)
    for other, result in zip(others, results, strict=True):
        assert other.incomplete("torch") == ("not installed" if result == before else "")
    assert results[0] == before


@posix_only
def test_killed_while_it_updates_to_a_changed_lock(kit, killed, tree):
    kit.ready("numpy")
    kit.ready("lab")
    before = files(kit.VENV)
    change(tree, "lab.txt", "toydep==1.0", "toydep==2.0")
    finished, others = killed("lab")
    after = files(finished.VENV)
    assert before != after
    for other in others:
        result = files_after_ready(other, "numpy")
        assert result in (before, after)
        assert other.incomplete("lab") == ("its lock has changed" if result == before else "")


@posix_only
def test_killed_while_it_rebuilds(kit, killed):
    kit.ready("lab")
    (kit.VENV / "of the old one").write_text("")
    before = files(kit.VENV)
    kit.MARKER.touch()  # as after a power failure during a set-up
    finished, others = killed("numpy")
    after = files(finished.VENV)
    assert not before.keys() <= after.keys()
    for other in others:
        other.environments.recover(other.VENV)
        result = files(other.VENV)
        assert result in (before, after)
        assert bool(other.broken()) == (result == before)  # restored completely, still broken
        other.step, _ = stand_in.imitation(other)
        other.ready("numpy")
        assert files(other.VENV) == after


@posix_only
def test_killed_while_another_python_builds_its_own(kit, killed, tree):
    kit.ready("numpy")
    (kit.VENV / "pyvenv.cfg").write_text("version = 3.9.18\n")
    before = files(kit.VENV)
    finished, others = killed("torch")
    assert finished.VENV.name == f".venv-{kit.RUNNING}"
    assert finished.complete() == ["numpy", "torch"][1:]
    for other in others:
        assert files(other.ROOT / ".venv") == before
        other.step, _ = stand_in.imitation(other)
        other.ready("torch")
        assert files(other.VENV) == files(finished.VENV)


@posix_only
@pytest.mark.parametrize("marked", [False, True])
def test_killed_while_it_restores_the_backup(kit, killed, marked):
    """The environment is half changed, as after a kill; then the next set-up is killed too."""
    kit.ready("numpy")
    before = files(kit.VENV)
    if marked:  # the old environment was half made as well
        kit.MARKER.touch()
    kit.environments._back_up(kit.VENV)
    kit.MARKER.touch()
    kit.remove(kit.PACKAGES)
    (kit.VENV / "half").mkdir()
    finished, others = killed("torch")
    after = files(finished.VENV)
    for other in others:
        other.environments.recover(other.VENV)
        result = files(other.VENV)
        assert result in (before, after)
        assert bool(other.broken()) == (marked and result == before)


STOPS = {
    "Ctrl-C": KeyboardInterrupt(),
    "a full disk": OSError(errno.ENOSPC, "No space left on device"),
    "pip fails": Exception("installing failed"),
}


@pytest.mark.parametrize("why", STOPS)
@pytest.mark.parametrize("half_way", [False, True])
@pytest.mark.parametrize("position", [0, 1])
def test_a_failing_step_leaves_the_old_environment(kit, monkeypatch, why, half_way, position):
    kit.ready("numpy")
    before = files(kit.VENV)
    play, count = kit.step, len(kit.steps)

    def step(title, command, lock_fd):
        if len(kit.steps) - count < position:
            return play(title, command, lock_fd)
        if half_way:
            kit.remove(kit.PACKAGES)
            stand_in.put(kit.VENV, "half", "1")
        raise STOPS[why]

    monkeypatch.setattr(kit, "step", step)
    with pytest.raises(type(STOPS[why])):
        kit.ready("torch")
    assert files(kit.VENV) == before
    assert files_after_ready(kit, "numpy") == before
    assert sorted(path.name for path in kit.STATE.iterdir()) == ["log.txt", "numpy.stamp"]


def test_a_disk_that_is_full_from_the_start(kit, monkeypatch):
    kit.ready("numpy")
    before = files(kit.VENV)

    def full(*arguments, **more):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(kit.Path, "hardlink_to", full)
        patch.setattr(shutil, "copy2", full)
        with pytest.raises(OSError, match="No space left"):
            kit.ready("torch")
    assert files_after_ready(kit, "numpy") == before


def test_a_disk_without_links_is_copied(kit, monkeypatch):
    def refused(*arguments):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(kit.Path, "hardlink_to", refused)
    kit.ready("numpy")
    before = files(kit.VENV)
    monkeypatch.setattr(kit, "step", lambda *step: kit.remove(kit.PACKAGES) or 1 / 0)
    with pytest.raises(ZeroDivisionError):
        kit.ready("torch")
    assert files_after_ready(kit, "numpy") == before


def test_a_failing_rebuild_leaves_the_old_environment(kit, monkeypatch):
    kit.ready("numpy")
    kit.PYTHON.unlink()
    kit.PYTHON.symlink_to("/a disk/that is not/mounted")
    before = files(kit.VENV)
    play = kit.step

    def step(title, command, lock_fd):
        if title.startswith("installing"):
            raise kit.Trouble("no network")
        play(title, command, lock_fd)

    monkeypatch.setattr(kit, "step", step)
    with pytest.raises(kit.Trouble):
        kit.ready("numpy")
    assert files(kit.VENV) == before
    assert kit.broken() == "its Python is gone"
    assert (kit.STATE / "numpy.stamp").exists()


has_pipes = pytest.mark.skipif(os.name == "nt", reason="Windows has no named pipes in folders")


@pytest.mark.parametrize(
    "put",
    [os.mkfifo, os.mkdir, *(lambda at, to=to: at.symlink_to(to) for to in ("/dev/tty", "gone"))],
)
@has_pipes
def test_settings_that_are_no_regular_file_are_ignored(tmp_path, put):
    (tmp_path / ".venv").mkdir()
    put(tmp_path / ".venv" / "pyvenv.cfg")
    assert environments.made_by(tmp_path / ".venv") == ""
    assert environments.chosen(tmp_path, "3.12") == tmp_path / ".venv"


@pytest.mark.parametrize("put", [os.mkfifo, os.mkdir, lambda at: at.symlink_to(at.name)])
@has_pipes
def test_a_lock_that_is_no_regular_file_is_an_error(kit, tree, put):
    put(tree / ".setup.lock")
    with pytest.raises(kit.Trouble, match=r"^\.setup\.lock is no regular file: move it away"):
        kit.ready("numpy")
    assert not kit.VENV.exists()


@pytest.mark.parametrize("put", [os.mkfifo, os.mkdir, lambda at: at.symlink_to(at.name)])
@has_pipes
def test_a_log_that_is_no_regular_file_is_replaced(tree, put):
    kit = stand_in.load(tree)
    kit.STATE.mkdir(parents=True)
    put(kit.LOG)
    with kit.one_at_a_time() as lock_fd:
        kit.step("printing a word", [sys.executable, "-I", "-c", "print('word')"], lock_fd)
    assert kit.LOG.read_text() == "word\n"


@has_pipes
def test_a_folder_in_place_of_the_marker_is_removed(kit):
    kit.ready("numpy")
    kit.environments.marker(kit.VENV).mkdir()
    kit.ready("torch")
    assert (kit.broken(), kit.incomplete("torch")) == ("", "")
