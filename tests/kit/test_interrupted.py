"""Whatever stops a set-up, either the environment that was there works, or the new one."""

import errno
import os
import shutil
import subprocess
import sys

import pytest

from tests.kit import stand_in

MOMENTS = 20
posix_only = pytest.mark.skipif(os.name == "nt", reason="signals as POSIX has them")


def files(folder):
    """All of an environment but its state folder: each file's text, each link's end."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if name.parts[0] != "kit" and not (path.is_dir() and not path.is_symlink()):
            found[str(name)] = str(path.readlink()) if path.is_symlink() else path.read_text()
    return found


def change(checkout, name, old, new):
    lock = checkout / "locks" / name
    lock.write_text(lock.read_text().replace(old, new))


def no_network(title, command, held):
    raise AssertionError(f"what was there does not work by itself: {title}")


@pytest.fixture
def killed(tree, tmp_path, variables):
    """Kill equal set-ups at their moments; the finished one, and those that were killed."""

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


def settled(kit, backend):
    """What the next set-up that finds the backend complete makes of it; nothing is installed."""
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
    seen = [settled(other, "numpy") for other in others]
    assert all(found in (before, after) for found in seen)
    for other, found in zip(others, seen, strict=True):
        assert other.incomplete("torch") == ("not installed" if found == before else "")
    assert seen[0] == before


@posix_only
def test_killed_while_it_follows_a_lock(kit, killed, tree):
    kit.ready("numpy")
    kit.ready("lab")
    before = files(kit.VENV)
    change(tree, "lab.txt", "toydep==1.0", "toydep==2.0")
    finished, others = killed("lab")
    after = files(finished.VENV)
    assert before != after
    for other in others:
        found = settled(other, "numpy")
        assert found in (before, after)
        assert other.incomplete("lab") == ("its lock has changed" if found == before else "")


@posix_only
def test_killed_while_it_builds_again(kit, killed):
    kit.ready("lab")
    (kit.VENV / "of the old one").write_text("")
    before = files(kit.VENV)
    kit.MARKER.touch()  # as a set-up leaves it that was killed by its power cord
    finished, others = killed("numpy")
    after = files(finished.VENV)
    assert not before.keys() <= after.keys()
    for other in others:
        other.environments.recover(other.VENV)
        found = files(other.VENV)
        assert found in (before, after)
        assert bool(other.broken()) == (found == before)  # as broken as it was, and all there
        other.step, _ = stand_in.player(other)
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
        other.step, _ = stand_in.player(other)
        other.ready("torch")
        assert files(other.VENV) == files(finished.VENV)


@posix_only
@pytest.mark.parametrize("marked", [False, True])
def test_killed_while_it_puts_back(kit, killed, marked):
    """The moments of the next set-up, which begins with what a kill has left half done."""
    kit.ready("numpy")
    before = files(kit.VENV)
    if marked:  # what was there was itself half made
        kit.MARKER.touch()
    kit.environments._keep(kit.VENV)
    kit.MARKER.touch()
    kit.remove(kit.PACKAGES)
    (kit.VENV / "half").mkdir()
    finished, others = killed("torch")
    after = files(finished.VENV)
    for other in others:
        other.environments.recover(other.VENV)
        found = files(other.VENV)
        assert found in (before, after)
        assert bool(other.broken()) == (marked and found == before)


STOPS = {
    "Ctrl-C": KeyboardInterrupt(),
    "a full disk": OSError(errno.ENOSPC, "No space left on device"),
    "pip fails": Exception("installing failed"),
}


@pytest.mark.parametrize("why", STOPS)
@pytest.mark.parametrize("half_way", [False, True])
@pytest.mark.parametrize("position", [0, 1])
def test_a_step_that_fails_leaves_what_was_there(kit, monkeypatch, why, half_way, position):
    kit.ready("numpy")
    before = files(kit.VENV)
    play, count = kit.step, len(kit.steps)

    def step(title, command, held):
        if len(kit.steps) - count < position:
            return play(title, command, held)
        if half_way:
            kit.remove(kit.PACKAGES)
            stand_in.put(kit.VENV, "half", "1")
        raise STOPS[why]

    monkeypatch.setattr(kit, "step", step)
    with pytest.raises(type(STOPS[why])):
        kit.ready("torch")
    assert files(kit.VENV) == before
    assert settled(kit, "numpy") == before
    assert sorted(path.name for path in kit.STATE.iterdir()) == ["log.txt", "numpy.stamp"]


def test_a_disk_that_is_full_from_the_first_moment(kit, monkeypatch):
    kit.ready("numpy")
    before = files(kit.VENV)

    def full(*arguments, **more):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(kit.Path, "hardlink_to", full)
        patch.setattr(shutil, "copy2", full)
        with pytest.raises(OSError, match="No space left"):
            kit.ready("torch")
    assert settled(kit, "numpy") == before


def test_a_disk_without_links_is_copied(kit, monkeypatch):
    def refused(*arguments):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(kit.Path, "hardlink_to", refused)
    kit.ready("numpy")
    before = files(kit.VENV)
    monkeypatch.setattr(kit, "step", lambda *step: kit.remove(kit.PACKAGES) or 1 / 0)
    with pytest.raises(ZeroDivisionError):
        kit.ready("torch")
    assert settled(kit, "numpy") == before


def test_a_rebuild_that_fails_leaves_what_was_there(kit, monkeypatch):
    kit.ready("numpy")
    kit.PYTHON.unlink()
    kit.PYTHON.symlink_to("/a disk/that is not/mounted")
    before = files(kit.VENV)
    play = kit.step

    def step(title, command, held):
        if title.startswith("installing"):
            raise kit.Trouble("no network")
        play(title, command, held)

    monkeypatch.setattr(kit, "step", step)
    with pytest.raises(kit.Trouble):
        kit.ready("numpy")
    assert files(kit.VENV) == before
    assert kit.broken() == "its Python is gone"
    assert (kit.STATE / "numpy.stamp").exists()
