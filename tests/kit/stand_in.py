"""Imitate the steps of kit.py, fast and without a network; as a program, kill set-ups.

python tests/kit/stand_in.py BACKEND CHECKOUT ...

All checkouts are equal. The first one sets the backend up undisturbed, and its changes to files are
counted. Each of the others is killed before one of these changes, spread evenly over the set-up.
"""

import importlib.util
import os
import signal
import sys
from pathlib import Path

# The modules of course/ that kit.py imports.
READ = ("command_table", "downloads", "environments", "lessons", "make", "variables",
        "wording")  # fmt: skip
CHANGES = ("os.link", "os.symlink", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.truncate")
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def load(checkout):
    """The checkout's kit.py as a module."""
    spec = importlib.util.spec_from_file_location("toy_kit", checkout / "kit.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def imitation(kit):
    """An imitation of kit.step, and the list of the titles of its steps."""
    titles = []

    def step(title, command, lock_fd):
        titles.append(title)
        kit.LOG.write_text("")
        if "venv" in command:
            kit.PYTHON.parent.mkdir(parents=True)
            kit.PYTHON.symlink_to(sys.executable)
            kit.PACKAGES.mkdir(parents=True)
            (kit.VENV / "pyvenv.cfg").write_text(f"version = {kit.RUNNING}.9\n")
        for position, word in enumerate(command):
            if word == "-r":
                for line in Path(command[position + 1]).read_text().splitlines():
                    if "==" in line:
                        put(kit.PACKAGES, *line.split()[0].split("=="))

    return step, titles


def put(packages, name, version):
    """Install a package as pip does: remove the old one first, never overwrite a file."""
    for old in packages.glob(f"{name}-*.dist-info"):
        old.rmdir()
    (packages / f"{name}.py").unlink(missing_ok=True)
    (packages / f"{name}.py").write_text(f"version = {version!r}\n")
    (packages / f"{name}-{version}.dist-info").mkdir(exist_ok=True)


def set_up(backend, checkout, last):
    """Set the backend up, and kill this process before change number `last`.

    Returns the number of changes. Runs in its own process, because an audit hook cannot be removed.
    """
    kit = load(checkout)
    kit.step, _ = imitation(kit)
    kit.downloads.pip_settings = lambda *arguments: ""
    changes = 0

    def hook(event, arguments):
        nonlocal changes
        if event in CHANGES or (event == "open" and (arguments[2] or 0) & WRITES):
            if changes == last:
                os.kill(os.getpid(), signal.SIGKILL)
            changes += 1

    sys.addaudithook(hook)
    kit.ready(backend)
    return changes


def forked(*arguments):
    """The result of set_up, at most 250, or minus the signal that killed it."""
    child = os.fork()
    if not child:
        os._exit(min(250, set_up(*arguments)))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main(backend, *checkouts):
    first, *others = map(Path, checkouts)
    load(first)  # its imports are then shared by every child
    changes = forked(backend, first, None)
    assert len(others) <= changes < 250, changes
    for number, checkout in enumerate(others):
        ended = forked(backend, checkout, number * changes // len(others))
        assert ended == -signal.SIGKILL, ended


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    main(*sys.argv[1:])
