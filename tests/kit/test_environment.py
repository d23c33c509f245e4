"""When kit.py builds, when it repairs, when it rebuilds, and when it does nothing."""

import pytest

VENV = "making .venv"
NUMPY = "installing numpy"


def titles(kit):
    """What ran since the last look, without the version of this Python."""
    done = [title.split(" with ")[0] for title in kit.steps]
    kit.steps.clear()
    return done


@pytest.fixture
def warm(kit):
    kit.ready("numpy")
    kit.steps.clear()
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


def test_engines_add_up(warm):
    warm.ready("torch")
    assert titles(warm) == ["installing torch", "installing PyTorch itself"]
    warm.ready("numpy")
    assert titles(warm) == []


def test_dev_holds_every_engine(kit):
    kit.ready("dev")
    kit.steps.clear()
    for name in kit.engines():
        kit.ready(name)
    assert titles(kit) == []


def test_another_engines_package_is_no_concern(warm):
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


def damage_version(kit):
    (kit.VENV / "pyvenv.cfg").write_text("version = 3.10.4\n")


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (damage_marker, "its last set-up did not finish"),
        (damage_link, "its Python is gone"),
        (damage_settings, "its pyvenv.cfg is missing"),
        (damage_version, "it was made by Python 3.10.4 and this is Python"),
    ],
)
def test_a_broken_environment_is_rebuilt_and_says_why(warm, capsys, damage, reason):
    (warm.VENV / "leftover").mkdir()
    damage(warm)
    warm.ready("numpy")
    assert titles(warm) == [VENV, NUMPY]
    assert not (warm.VENV / "leftover").exists()
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1
    assert reason in said[0]
    assert said[0].endswith("building it again")


def test_a_rebuild_forgets_the_other_engines(warm):
    warm.ready("torch")
    warm.MARKER.touch()
    warm.ready("numpy")
    assert warm.incomplete("torch") == "not installed"


def test_somebody_elses_environment_is_left_alone(kit):
    (kit.VENV / "precious").mkdir(parents=True)
    with pytest.raises(kit.Trouble, match="move it away or delete it"):
        kit.ready("numpy")
    assert (kit.VENV / "precious").is_dir()


def test_a_linked_environment_stays_a_link(kit, tmp_path):
    larger = tmp_path / "larger disk"
    larger.mkdir()
    kit.VENV.symlink_to(larger)
    kit.ready("numpy")
    kit.MARKER.touch()
    kit.ready("numpy")
    assert kit.VENV.is_symlink()
    assert kit.broken() == ""


@pytest.mark.parametrize(
    "last_words", ["Collecting toydep", "Installing collected packages: toydep"]
)
def test_a_failure_costs_other_engines_only_if_pip_had_begun(warm, monkeypatch, last_words):
    def step(title, command, held):
        warm.LOG.write_text(last_words)
        raise warm.Trouble(title + " failed")

    monkeypatch.setattr(warm, "step", step)
    with pytest.raises(warm.Trouble):
        warm.ready("torch")
    assert warm.incomplete("torch") == "not installed"
    assert warm.MARKER.exists() == last_words.startswith("Installing")


def test_the_marker_stands_while_a_step_runs(kit, monkeypatch):
    seen, play = [], kit.step

    def step(*arguments):
        seen.append(kit.MARKER.exists())
        play(*arguments)

    monkeypatch.setattr(kit, "step", step)
    kit.ready("torch")
    assert seen == [True, True, True]
    assert not kit.MARKER.exists()


@pytest.mark.parametrize("index", ["", "https://example.org/cpu"])
def test_torch_comes_from_the_index_asked_for(kit, monkeypatch, index):
    commands, play = [], kit.step

    def step(title, command, held):
        commands.append(command)
        play(title, command, held)

    monkeypatch.setattr(kit, "step", step)
    monkeypatch.setenv("TORCH_INDEX", index)
    kit.ready("torch")
    _, hashed, torch = commands
    assert "--require-hashes" in hashed
    assert "--require-hashes" not in torch
    assert not any(word.startswith("--index-url") for word in hashed)
    assert (f"--index-url={index}" in torch) == bool(index)
    # A build from another index brings companions that ours do not pin.
    assert ("-c" in torch) == (not index)
