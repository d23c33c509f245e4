"""The folder of an environment, and how a set-up changes it without losing a working one.

Each version of Python has one folder: .venv, or .venv-3.12 beside it where another version made
.venv. Before a set-up changes an environment, it makes a backup of hard links in kit/before. The
backup is restored when a step fails, at Ctrl-C, and by the next set-up after a kill. The files in
kit/ tell the state of an environment, at whatever moment its set-up was stopped:

    neither             no set-up was running
    before              valid: the set-up had not begun, or was finished
    installing, before  half changed: the backup is restored
    installing          half made, with nothing to restore: it is made again

Hard links are safe because pip, venv and Python replace files instead of writing into them.
Standard library only, in syntax that an unsupported Python can still read.
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
    """The folder for this version of Python, such as "3.12"; never that of another version."""
    plain, versioned = root / ".venv", root / (".venv-" + running)
    version = made_by(plain)
    other = version and version.split(".")[:2] != running.split(".")
    return versioned if other or versioned.is_dir() else plain


def made_by(folder: Path) -> str:
    """The version of Python that made an environment, such as "3.12.1"; empty if unknown."""
    file = folder / "pyvenv.cfg"
    try:  # is_file, because reading a named pipe would block
        text = file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""
    except OSError:
        return ""
    settings = dict(line.split(" = ", 1) for line in text.splitlines() if " = " in line)
    return settings.get("version") or settings.get("version_info", "")  # uv calls it version_info


def in_the_way(folder: Path) -> tuple[str, str]:
    """Why a set-up must not change the folder, and a remedy; both empty if it may."""
    if folder.is_symlink() and not folder.exists():
        reason = f"a link to {folder.readlink()}, which does not exist"
        return reason, "restore that folder, or remove the link"
    if folder.exists() and not folder.is_dir():
        return "not a folder", "move it away or delete it"
    if folder.is_dir() and not _state(folder).is_dir() and any(folder.iterdir()):
        return "not made by kit.py", "move it away or delete it"
    return "", ""


@contextlib.contextmanager
def changing(folder: Path) -> Iterator[None]:
    """Change an environment in a `with` block, completely or not at all.

    The marker `installing` exists meanwhile. If the folder was empty before, the marker stays after
    a failure, since the half-made environment is useless. Raises OSError if writing fails.
    """
    _state(folder).mkdir(parents=True, exist_ok=True)
    if contents(folder):
        _back_up(folder)
    marker(folder).touch()
    try:
        yield
    except BaseException:
        with contextlib.suppress(OSError):  # a full disk: the next set-up restores it
            _restore(folder)
        raise
    remove(marker(folder))
    with contextlib.suppress(OSError):  # the next set-up removes what is left
        _discard(folder)


def recover(folder: Path) -> bool:
    """Clean up after a set-up that was killed; True if the backup was restored."""
    if not _before(folder).is_dir():
        return False
    if marker(folder).exists():
        _restore(folder)
        return True
    _discard(folder)
    return False


def marker(folder: Path) -> Path:
    return _state(folder) / "installing"


def contents(folder: Path) -> list[Path]:
    """The files of an environment: all but the state folder, and the stamps in that folder."""
    state = _state(folder)
    return [path for path in folder.iterdir() if path != state] + list(state.glob("*.stamp"))


def remove(path: Path) -> None:
    """Remove a file, a link or a folder with all that is in it."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def try_lock(descriptor: int) -> bool:
    """Lock an open file without waiting; False if another process holds the lock."""
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


def _back_up(folder: Path) -> None:
    """Back the environment up, completely or not at all, with its marker if there is one."""
    part = _part(folder)
    remove(part)
    _link(contents(folder), folder, part)
    if marker(folder).exists():
        marker(part).touch()
    part.rename(_before(folder))


def _restore(folder: Path) -> None:
    """Restore the backup. This may be interrupted at any moment and started again."""
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
    """Discard the backup: one rename first, then its files, which takes a while."""
    remove(_part(folder))
    _before(folder).rename(_part(folder))
    remove(_part(folder))


def _link(paths: list[Path], source: Path, target: Path) -> None:
    """Hard-link files from one folder into another, under the same names."""
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
        except OSError:  # a file system without hard links, or with a limit on them
            shutil.copy2(path, new)
