"""The folder of an environment, and how a set-up changes it without losing a good one.

There is one folder for each version of Python: .venv, or .venv-3.12 beside it where .venv was made
by another version. Before a set-up changes one, what is there is kept in its kit/before, by hard
links. It is put back when a step fails, at Ctrl-C, and at the next set-up after a kill. What stands
in kit/ tells which of the two counts, at whatever moment it was stopped:

    neither             nothing was going on
    before              what is there counts: nothing had begun, or all was done
    installing, before  half changed: the one before counts
    installing          half made where there was nothing to keep: it is made again

Hard links are safe because pip, venv and Python write a file anew instead of changing it. Standard
library only, and syntax that an unsupported Python can still read.
"""

from __future__ import annotations

import contextlib
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


def chosen(root: Path, running: str) -> Path:
    """The folder for this version of Python, such as "3.12"; another version's is never taken."""
    plain, own = root / ".venv", root / (".venv-" + running)
    version = made_by(plain)
    another = version and version.split(".")[:2] != running.split(".")
    return own if another or own.is_dir() else plain


def made_by(folder: Path) -> str:
    """The version of Python that made an environment, such as "3.12.1"; empty if none is said."""
    file = folder / "pyvenv.cfg"
    try:  # a pipe in its place would be waited for
        text = file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""
    except OSError:
        return ""
    settings = dict(line.split(" = ", 1) for line in text.splitlines() if " = " in line)
    return settings.get("version") or settings.get("version_info", "")  # the second is uv's name


def in_the_way(folder: Path) -> tuple[str, str]:
    """Why a set-up must not touch the folder, and what to do; both empty if it may."""
    if folder.is_symlink() and not folder.exists():
        gone = f"a link to {folder.readlink()}, which leads nowhere"
        return gone, "bring that folder back, or remove the link"
    if folder.exists() and not folder.is_dir():
        return "no folder", "move it away or delete it"
    if folder.is_dir() and not _state(folder).is_dir() and any(folder.iterdir()):
        return "not made by kit.py", "move it away or delete it"
    return "", ""


@contextlib.contextmanager
def changing(folder: Path) -> Iterator[None]:
    """Change an environment: all of what is done inside takes effect, or nothing of it.

    The marker `installing` stands meanwhile. Where there was nothing before, it stays after a
    failure, since what was made is of no use. Raises OSError where nothing can be written.
    """
    _state(folder).mkdir(parents=True, exist_ok=True)
    if contents(folder):
        _keep(folder)
    marker(folder).touch()
    try:
        yield
    except BaseException:
        with contextlib.suppress(OSError):  # a full disk: the next set-up does it
            _put_back(folder)
        raise
    remove(marker(folder))
    with contextlib.suppress(OSError):  # the next set-up removes what is left
        _discard(folder)


def recover(folder: Path) -> bool:
    """Settle what a killed set-up has left; True where the environment before it was put back."""
    if not _before(folder).is_dir():
        return False
    if marker(folder).exists():
        _put_back(folder)
        return True
    _discard(folder)
    return False


def marker(folder: Path) -> Path:
    return _state(folder) / "installing"


def contents(folder: Path) -> list[Path]:
    """What makes up an environment: all but the state folder, and the stamps in that."""
    state = _state(folder)
    return [path for path in folder.iterdir() if path != state] + list(state.glob("*.stamp"))


def remove(path: Path) -> None:
    """Remove a file, a link or a folder with all that is in it."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def try_lock(descriptor: int) -> bool:
    """Lock an open file at once, or return False because another process holds it."""
    with contextlib.suppress(BlockingIOError, PermissionError):
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def _state(folder: Path) -> Path:
    return folder / "kit"


def _before(folder: Path) -> Path:
    return _state(folder) / "before"


def _part(folder: Path) -> Path:
    return _state(folder) / "before.part"


def _keep(folder: Path) -> None:
    """Keep what is there, whole or not at all, and whether it was marked as half made."""
    part = _part(folder)
    remove(part)
    _link(contents(folder), folder, part)
    if marker(folder).exists():
        marker(part).touch()
    part.rename(_before(folder))


def _put_back(folder: Path) -> None:
    """Make the environment what it was. It can be stopped at any moment and begun again."""
    before = _before(folder)
    if not before.is_dir():
        return
    for path in contents(folder):
        remove(path)
    _link(contents(before), before, folder)
    if not marker(before).exists():
        remove(marker(folder))
    _discard(folder)


def _discard(folder: Path) -> None:
    """Forget the environment before: at once, though its files take a while to remove."""
    remove(_part(folder))
    _before(folder).rename(_part(folder))
    remove(_part(folder))


def _link(paths: list[Path], source: Path, target: Path) -> None:
    """The same files under the same names in another folder."""
    _state(target).mkdir(parents=True, exist_ok=True)
    for path in paths:
        _link_one(path, target / path.relative_to(source))


def _link_one(path: Path, new: Path) -> None:
    if path.is_symlink():
        new.symlink_to(path.readlink())
    elif path.is_dir():
        new.mkdir()
        for inside in path.iterdir():
            _link_one(inside, new / inside.name)
    else:
        try:
            new.hardlink_to(path)
        except OSError:  # not every disk has links, nor any number of them
            shutil.copy2(path, new)
