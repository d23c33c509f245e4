"""The steps of kit.py played fast and without a network; as a program, set-ups that are killed.

python tests/kit/stand_in.py BACKEND CHECKOUT ...

The first of these equal checkouts sets the backend up in peace, and the changes that this makes to
files are counted. Each of the others is killed before one of them, at moments spread over all.
"""

import importlib.util
import os
import signal
import sys
from pathlib import Path

# What kit.py imports from course/.
READ = ("command_table", "downloads", "environments", "make", "wording")
CHANGES = ("os.link", "os.symlink", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.truncate")
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def load(checkout):
    """The checkout's kit.py as a module."""
    spec = importlib.util.spec_from_file_location("toy_kit", checkout / "kit.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def player(kit):
    """A step for this kit.py, and the list of the titles that it has played."""
    titles = []

    def step(title, command, held):
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
    """Install one package as pip does: what was there goes first, and nothing is written over."""
    for old in packages.glob(f"{name}-*.dist-info"):
        old.rmdir()
    (packages / f"{name}.py").unlink(missing_ok=True)
    (packages / f"{name}.py").write_text(f"version = {version!r}\n")
    (packages / f"{name}-{version}.dist-info").mkdir(exist_ok=True)


def set_up(backend, checkout, last):
    """Set the backend up; be killed before the change with this number. Returns how many there are.

    In a process of its own: a hook like this one cannot be taken out again.
    """
    kit = load(checkout)
    kit.step, _ = player(kit)
    kit.downloads.pip_settings = lambda *asked: ""
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
    """What set_up returns (at most 250) or, killed, minus the signal."""
    child = os.fork()
    if not child:
        os._exit(min(250, set_up(*arguments)))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main(backend, *checkouts):
    first, *others = map(Path, checkouts)
    load(first)  # what it imports is then there in every child
    changes = forked(backend, first, None)
    assert len(others) <= changes < 250, changes
    for number, checkout in enumerate(others):
        ended = forked(backend, checkout, number * changes // len(others))
        assert ended == -signal.SIGKILL, ended


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    main(*sys.argv[1:])
