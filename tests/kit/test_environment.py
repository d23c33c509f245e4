"""When kit.py builds, when it repairs, when it rebuilds, and when it does nothing."""

from pathlib import Path

import pytest

from tests.kit import stand_in

VENV = "making .venv"
NUMPY = "installing numpy"


def titles(kit):
    """What ran since the last look, without the version of this Python."""
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


def test_a_warm_start_waits_for_nothing(warm, monkeypatch):
    """It reads a few small files: no lock, no other process, nothing written."""

    def forbidden(*arguments, **more):
        raise AssertionError("a warm start has no need of this")

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


def test_another_backends_package_is_no_concern(warm):
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


def test_a_changed_companion_concerns_torch_only(warm):
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
def test_a_broken_environment_is_rebuilt_and_says_why(warm, capsys, damage, reason):
    (warm.VENV / "leftover").mkdir()
    damage(warm)
    warm.ready("numpy")
    assert titles(warm) == [VENV, NUMPY]
    assert not (warm.VENV / "leftover").exists()
    _, *said = capsys.readouterr().err.splitlines()
    assert said == [f".venv: {reason}; building it again"]


def test_a_rebuild_forgets_the_other_backends(warm):
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


def test_the_marker_stands_while_a_step_runs(kit, monkeypatch):
    seen, play = [], kit.step

    def step(*arguments):
        seen.append(kit.MARKER.exists())
        play(*arguments)

    monkeypatch.setattr(kit, "step", step)
    kit.ready("torch")
    assert seen == [True, True, True]
    assert not kit.MARKER.exists()


OWN = "global.index-url='https://example.org/simple'"
TORCH = {
    # TORCH_INDEX, pip's settings, whether there is a driver: what pip is told of PyTorch.
    ("", "", False): ["--index-url=https://download.pytorch.org/whl/cpu"],
    ("", "", True): ["-c"],
    ("", OWN, False): ["-c"],
    ("https://example.org/cu130", "", False): ["--index-url=https://example.org/cu130"],
    ("https://example.org/cpu", OWN, True): ["--index-url=https://example.org/cpu"],
    ("https://pypi.org/simple", "", False): ["--index-url=https://pypi.org/simple", "-c"],
}


@pytest.mark.parametrize(("index", "settings", "driver"), TORCH)
def test_torch_comes_from_where_it_should(kit, monkeypatch, index, settings, driver):
    commands, play = [], kit.step

    def step(title, command, held):
        commands.append(command)
        play(title, command, held)

    monkeypatch.setattr(kit, "step", step)
    monkeypatch.setattr(kit.downloads, "pip_settings", lambda *asked: settings)
    monkeypatch.setattr(kit.downloads, "has_driver", lambda: driver)
    monkeypatch.setattr(kit.downloads.sys, "platform", "linux")
    monkeypatch.setenv("TORCH_INDEX", index)
    kit.ready("torch")
    _, hashed, torch = commands
    assert "--require-hashes" in hashed
    assert "--require-hashes" not in torch
    assert not any(word.startswith("--index-url") for word in hashed)
    # A build from another index brings companions that ours do not pin.
    told = [word for word in torch if word.startswith("--index-url") or word == "-c"]
    assert told == TORCH[index, settings, driver]


def test_a_local_version_is_the_version(kit, monkeypatch):
    """What the CPU build calls itself, 2.13.0+cpu, is what the lock names."""
    kit.ready("torch")
    (kit.PACKAGES / "toytorch-1.0.dist-info").rename(kit.PACKAGES / "toytorch-1.0+cpu.dist-info")
    (kit.STATE / "torch.stamp").unlink()
    monkeypatch.setattr(kit, "step", lambda *step: None)  # pip finds nothing to do
    kit.ready("torch")
    assert kit.incomplete("torch") == ""
    assert kit.installed()["toytorch"] == "toytorch-1.0+cpu.dist-info"


def test_what_an_earlier_kit_has_made_is_taken_as_it_is(warm):
    """Its stamps are these, and the order of their lines is whatever the folder's was."""
    stamp = [warm.digest("numpy"), warm.RUNNING, "toynumpy-1.0.dist-info"]
    (warm.STATE / "numpy.stamp").write_text("\n".join(stamp))
    warm.ready("numpy")
    assert titles(warm) == []


def test_each_python_has_a_folder(warm, tree):
    (warm.VENV / "pyvenv.cfg").write_text("version = 3.9.18\n")
    (warm.VENV / "of the other one").mkdir()
    other = stand_in.load(tree)
    assert other.VENV.relative_to(tree) == Path(f".venv-{other.RUNNING}")
    other.step, _ = stand_in.player(other)
    other.ready("numpy")
    assert other.VENV.is_dir()
    assert (warm.VENV / "of the other one").is_dir()
    # It stays where it is if .venv goes.
    warm.remove(warm.VENV)
    assert stand_in.load(tree).VENV == other.VENV
    other.main(["clean"])
    assert not other.VENV.exists()


def test_two_pythons_that_begin_at_once_do_not_share(kit):
    """Each has chosen .venv; the second finds it made when it is its turn."""
    kit.VENV.mkdir()
    (kit.VENV / "pyvenv.cfg").write_text("version = 3.9.18\n")
    with pytest.raises(kit.Trouble, match=r"another Python has just made \.venv: say it again"):
        kit.ready("numpy")
    assert (kit.VENV / "pyvenv.cfg").read_text() == "version = 3.9.18\n"


def test_venv_is_given_the_folder_and_not_a_link_to_it(kit, tmp_path, monkeypatch):
    """A real venv refuses links."""
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
        (lambda path: path.symlink_to("/nowhere"), "is a link to /nowhere, which leads nowhere"),
        (lambda path: path.symlink_to(path.name), "is a link to .venv, which leads nowhere"),
        (lambda path: path.write_text(""), "is no folder"),
        (lambda path: (path / "precious").mkdir(parents=True), "is not made by kit.py"),
    ],
)
def test_what_is_in_the_way_is_left_alone(kit, make, what):
    make(kit.VENV)
    was = kit.VENV.lstat()
    with pytest.raises(kit.Trouble, match=what):
        kit.ready("numpy")
    assert kit.VENV.lstat() == was
    assert titles(kit) == []
