"""When kit.py builds, repairs, rebuilds or does nothing."""

from pathlib import Path

import pytest

from tests.kit import stand_in

VENV = "making .venv"
NUMPY = "installing numpy"


def titles(kit):
    """The titles of the steps since the last call, without the version of Python."""
    done = [title.split(" with ")[0] for title in kit.steps]
    kit.steps.clear()
    return done


@pytest.fixture
def warm(kit, capsys):
    kit.ready("numpy")
    kit.steps.clear()
    capsys.readouterr()
    return kit


def test_builds_once(kit):
    kit.ready("numpy")
    assert titles(kit) == [VENV, NUMPY]
    kit.ready("numpy")
    assert titles(kit) == []


def test_a_warm_start_does_no_work(warm, monkeypatch):
    """It reads a few small files; it takes no lock, starts no process and writes nothing."""

    def forbidden(*arguments, **more):
        raise AssertionError("a warm start must not call this")

    for owner, name in [
        (warm, "one_at_a_time"),
        (warm.subprocess, "run"),
        (warm.subprocess, "Popen"),
        (warm.os, "mkdir"),
        (warm.Path, "write_text"),
        (warm.Path, "touch"),
    ]:
        monkeypatch.setattr(owner, name, forbidden)
    warm.ready("numpy")


def test_backends_add_up(warm):
    warm.ready("torch")
    assert titles(warm) == ["installing torch", "installing PyTorch itself"]
    warm.ready("numpy")
    assert titles(warm) == []


def test_dev_holds_every_backend(kit):
    kit.ready("dev")
    kit.steps.clear()
    for name in kit.backends():
        kit.ready(name)
    assert titles(kit) == []


def test_a_missing_package_of_another_backend_does_not_matter(warm):
    warm.ready("torch")
    (warm.PACKAGES / "toydep-1.0.dist-info").rmdir()
    assert warm.incomplete("numpy") == ""
    assert warm.incomplete("torch") == "toydep-1.0 was removed"


def test_a_changed_lock_installs_again(warm):
    lock = warm.LOCKS / "numpy.txt"
    lock.write_text(lock.read_text() + "# newer\n")
    assert warm.incomplete("numpy") == "its lock has changed"
    warm.ready("numpy")
    assert titles(warm) == [NUMPY]


def test_a_changed_companion_affects_torch_only(warm):
    warm.ready("torch")
    (warm.LOCKS / "torch.companions.txt").write_text("toycuda==2.0\n")
    assert (warm.incomplete("numpy"), warm.incomplete("torch")) == ("", "its lock has changed")


def test_a_removed_package_is_installed_again(warm):
    (warm.PACKAGES / "toynumpy-1.0.dist-info").rmdir()
    assert warm.incomplete("numpy") == "toynumpy-1.0 was removed"
    warm.ready("numpy")
    assert titles(warm) == [NUMPY]


def test_an_empty_stamp_counts_as_none(warm):
    (warm.STATE / "numpy.stamp").write_text("")
    assert warm.incomplete("numpy") == "not installed"


def damage_marker(kit):
    kit.MARKER.touch()


def damage_link(kit):
    kit.PYTHON.unlink()
    kit.PYTHON.symlink_to("/nowhere/python")


def damage_settings(kit):
    (kit.VENV / "pyvenv.cfg").unlink()


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (damage_marker, "its last set-up did not finish"),
        (damage_link, "its Python is gone"),
        (damage_settings, "its pyvenv.cfg is missing"),
    ],
)
def test_a_broken_environment_is_rebuilt_with_a_reason(warm, capsys, damage, reason):
    (warm.VENV / "leftover").mkdir()
    damage(warm)
    warm.ready("numpy")
    assert titles(warm) == [VENV, NUMPY]
    assert not (warm.VENV / "leftover").exists()
    _, *messages = capsys.readouterr().err.splitlines()
    assert messages == [f".venv: {reason}; building it again"]


def test_a_rebuild_removes_the_other_backends(warm):
    warm.ready("torch")
    warm.MARKER.touch()
    warm.ready("numpy")
    assert warm.incomplete("torch") == "not installed"


def test_a_linked_environment_stays_a_link(kit, tmp_path):
    larger = tmp_path / "larger disk"
    larger.mkdir()
    kit.VENV.symlink_to(larger)
    kit.ready("numpy")
    kit.MARKER.touch()
    kit.ready("numpy")
    assert kit.VENV.is_symlink()
    assert kit.broken() == ""


def test_the_marker_exists_while_a_step_runs(kit, monkeypatch):
    marked, play = [], kit.step

    def step(*arguments):
        marked.append(kit.MARKER.exists())
        play(*arguments)

    monkeypatch.setattr(kit, "step", step)
    kit.ready("torch")
    assert marked == [True, True, True]
    assert not kit.MARKER.exists()


OTHER_INDEX = "global.index-url='https://example.org/simple'"
TORCH = {
    # TORCH_INDEX, settings of pip, whether there is a driver: options of pip for PyTorch.
    ("", "", False): ["--index-url=https://download.pytorch.org/whl/cpu"],
    ("", "", True): ["-c"],
    ("", OTHER_INDEX, False): ["-c"],
    ("https://example.org/cu130", "", False): ["--index-url=https://example.org/cu130"],
    ("https://example.org/cpu", OTHER_INDEX, True): ["--index-url=https://example.org/cpu"],
    ("https://pypi.org/simple", "", False): ["--index-url=https://pypi.org/simple", "-c"],
}


@pytest.mark.parametrize(("index", "settings", "driver"), TORCH)
def test_torch_comes_from_the_right_index(kit, monkeypatch, index, settings, driver):
    commands, play = [], kit.step

    def step(title, command, lock_fd):
        commands.append(command)
        play(title, command, lock_fd)

    monkeypatch.setattr(kit, "step", step)
    monkeypatch.setattr(kit.downloads, "pip_settings", lambda *arguments: settings)
    monkeypatch.setattr(kit.downloads, "has_driver", lambda: driver)
    monkeypatch.setattr(kit.downloads.sys, "platform", "linux")
    monkeypatch.setenv("TORCH_INDEX", index)
    kit.ready("torch")
    _, hashed, torch = commands
    assert "--require-hashes" in hashed
    assert "--require-hashes" not in torch
    assert not any(word.startswith("--index-url") for word in hashed)
    # A build from another index has companions that the locks do not pin.
    options = [word for word in torch if word.startswith("--index-url") or word == "-c"]
    assert options == TORCH[index, settings, driver]


def test_a_local_version_satisfies_the_lock(kit, monkeypatch):
    """The CPU build calls itself 2.13.0+cpu, and the lock names 2.13.0."""
    kit.ready("torch")
    (kit.PACKAGES / "toytorch-1.0.dist-info").rename(kit.PACKAGES / "toytorch-1.0+cpu.dist-info")
    (kit.STATE / "torch.stamp").unlink()
    monkeypatch.setattr(kit, "step", lambda *step: None)  # pip finds nothing to do
    kit.ready("torch")
    assert kit.incomplete("torch") == ""
    assert kit.installed()["toytorch"] == "toytorch-1.0+cpu.dist-info"


def test_a_stamp_of_an_earlier_kit_is_valid(warm):
    """Its packages stand in the order of the folder."""
    stamp = [warm.digest("numpy"), warm.RUNNING, "toynumpy-1.0.dist-info"]
    (warm.STATE / "numpy.stamp").write_text("\n".join(stamp))
    warm.ready("numpy")
    assert titles(warm) == []


def test_each_python_has_a_folder(warm, tree):
    (warm.VENV / "pyvenv.cfg").write_text("version = 3.9.18\n")
    (warm.VENV / "of the other one").mkdir()
    other = stand_in.load(tree)
    assert other.VENV.relative_to(tree) == Path(f".venv-{other.RUNNING}")
    other.step, _ = stand_in.imitation(other)
    other.ready("numpy")
    assert other.VENV.is_dir()
    assert (warm.VENV / "of the other one").is_dir()
    # It stays where it is after .venv is removed.
    warm.remove(warm.VENV)
    assert stand_in.load(tree).VENV == other.VENV
    other.main(["clean"])
    assert not other.VENV.exists()


def test_two_pythons_that_start_together_do_not_share_a_folder(kit):
    """Both choose .venv; when the second gets the lock, the first has made it."""
    kit.VENV.mkdir()
    (kit.VENV / "pyvenv.cfg").write_text("version = 3.9.18\n")
    with pytest.raises(
        kit.Trouble, match=r"another Python has just made \.venv: run the command again"
    ):
        kit.ready("numpy")
    assert (kit.VENV / "pyvenv.cfg").read_text() == "version = 3.9.18\n"


def test_venv_gets_the_folder_behind_a_link(kit, tmp_path, monkeypatch):
    """The module venv refuses links."""
    larger = tmp_path / "larger disk"
    larger.mkdir()
    kit.VENV.symlink_to(larger)
    commands, play = [], kit.step
    monkeypatch.setattr(kit, "step", lambda *step: commands.append(step[1]) or play(*step))
    kit.ready("numpy")
    assert commands[0][-1] == str(larger.resolve())


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (lambda path: path.symlink_to("/nowhere"), "is a link to /nowhere, which does not exist"),
        (lambda path: path.symlink_to(path.name), "is a link to .venv, which does not exist"),
        (lambda path: path.write_text(""), "is not a folder"),
        (lambda path: (path / "precious").mkdir(parents=True), "is not made by kit.py"),
    ],
)
def test_a_foreign_file_or_folder_is_not_touched(kit, make, what):
    make(kit.VENV)
    before = kit.VENV.lstat()
    with pytest.raises(kit.Trouble, match=what):
        kit.ready("numpy")
    assert kit.VENV.lstat() == before
    assert titles(kit) == []
