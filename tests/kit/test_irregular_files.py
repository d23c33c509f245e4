"""A pipe, a device, a folder or a broken link where kit.py expects a regular file."""

import os
import sys

import pytest

from course import environments
from tests.kit import stand_in

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no named pipes in folders")


@pytest.mark.parametrize(
    "put",
    [os.mkfifo, os.mkdir, *(lambda at, to=to: at.symlink_to(to) for to in ("/dev/tty", "gone"))],
)
def test_settings_that_are_no_regular_file_are_ignored(tmp_path, put):
    (tmp_path / ".venv").mkdir()
    put(tmp_path / ".venv" / "pyvenv.cfg")
    assert environments.made_by(tmp_path / ".venv") == ""
    assert environments.chosen(tmp_path, "3.12") == tmp_path / ".venv"


@pytest.mark.parametrize("put", [os.mkfifo, os.mkdir, lambda at: at.symlink_to(at.name)])
def test_a_lock_that_is_no_regular_file_is_an_error(kit, tree, put):
    put(tree / ".setup.lock")
    with pytest.raises(kit.Trouble, match=r"^\.setup\.lock is no regular file: move it away"):
        kit.ready("numpy")
    assert not kit.VENV.exists()


@pytest.mark.parametrize("put", [os.mkfifo, os.mkdir, lambda at: at.symlink_to(at.name)])
def test_a_log_that_is_no_regular_file_is_replaced(tree, put):
    kit = stand_in.load(tree)
    kit.STATE.mkdir(parents=True)
    put(kit.LOG)
    with kit.one_at_a_time() as lock_fd:
        kit.step("printing a word", [sys.executable, "-I", "-c", "print('word')"], lock_fd)
    assert kit.LOG.read_text() == "word\n"


def test_a_folder_in_place_of_the_marker_is_removed(kit):
    kit.ready("numpy")
    kit.environments.marker(kit.VENV).mkdir()
    kit.ready("torch")
    assert (kit.broken(), kit.incomplete("torch")) == ("", "")
