"""What a run leaves behind: a folder of numbers, card and figures, whole or not at all.

Everything is written into a folder beside the final one, which takes its place by a rename at the
end. Only a run with the same settings replaces another, and never an unfinished one a finished one.
A folder cannot be renamed onto another, so the former record steps aside first, under a name that
says whose place it had. Where a run is killed between the two renames, the next one in that folder
puts it back.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import shutil
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

import numpy as np

from adapters.contract import Array, TriptychError
from course.atomic_files import UNFINISHED, flush, flush_folder, sha256
from course.lock import Lock, Taken
from datasets import DataError, npz
from datasets.files import content, opened, show

LARGEST_CARD = 20_000_000  # bytes; a lesson's has some thousands
FORMAT = 1
SEALED = {"format", "files", "seal"}  # what a card of ours has beside what the lesson says
LOCK = ".lock"
FORMER = ".former-"  # a record that has stepped aside: FORMER, eight characters, "-", its name


class OutputError(TriptychError):
    """The results cannot be written where they should go."""


class Staging:
    """A folder under OUT/lessonN that becomes the record, or vanishes."""

    def __init__(self, out: str, lesson: int) -> None:
        """Make the folder now: whether OUT can be written to is known before training starts."""
        self.home = Path(out).expanduser().absolute() / f"lesson{lesson}"
        self._lock: Lock | None = None
        self._made = [p for p in (self.home, *self.home.parents) if not p.exists()]
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            self._sweep()
            self.folder = self.home / f"{UNFINISHED}{secrets.token_hex(4)}"
            # Before the folder is there: what nobody holds is swept.
            with contextlib.suppress(OSError):  # where files cannot be locked, nothing is swept
                self._lock = Lock(_lock_of(self.folder))
            self.folder.mkdir()
        except (OSError, ValueError) as error:
            self._let_go()
            self._remove_made()
            raise OutputError(
                f"cannot write to {str(self.home)!r} ({_reason(error)}): "
                "choose another folder with OUT="
            ) from None

    def write(
        self,
        arrays: Mapping[str, Array],
        card: Mapping[str, Any],
        probes: Mapping[str, Array] | None = None,
    ) -> None:
        """Write record.npz and card.json, and looks.npz where there are looks."""
        _write_arrays(self.folder / "record.npz", arrays, zipfile.ZIP_DEFLATED)
        if probes:  # as they are: gradients do not compress
            _write_arrays(self.folder / "looks.npz", probes, zipfile.ZIP_STORED)
        self.write_card(card)

    def write_card(self, card: Mapping[str, Any]) -> None:
        """Write card.json, with the sha256 of every file and of itself: no byte changes unnoticed.

        What lies in the folder by now is what the card is about.
        """
        others = (p for p in sorted(self.folder.iterdir()) if p.name != "card.json")
        files = {p.name: sha256(p.read_bytes()) for p in others}
        told = {key: value for key, value in card.items() if key not in SEALED}
        told |= {"format": FORMAT, "files": files}
        whole = {**told, "seal": _seal(told)}
        text = json.dumps(whole, indent=2, ensure_ascii=False, allow_nan=False)
        (self.folder / "card.json").write_text(text + "\n", encoding="utf-8")

    def keep_figures(self, name: str) -> list[dict[str, str]]:
        """Take over the figures of the record that this one will replace, for it draws none.

        It has the same settings, so it would draw the same. Returns what the card says of them.
        """
        if _status(self.home / name) != "complete":
            return []
        with contextlib.suppress(DataError):
            told = read_card(self.home / name / "card.json").get("figures")
            kept = [f for f in told if self._is_figure(name, f)] if isinstance(told, list) else []
            for figure in kept:
                shutil.copy2(self.home / name / figure["file"], self.folder)
            return kept
        return []

    def publish(self, name: str, complete: bool) -> Path:
        """Give the folder its name, in place of an earlier record of that name."""
        target = self.home / name
        if not complete and _status(target) == "complete":
            target = self.home / f"{name}-unfinished"
        aside = self.home / f"{FORMER}{self.folder.name[-8:]}-{target.name}"
        for file in self.folder.iterdir():  # all of it is on the disk before it has its name
            flush(file)
        flush_folder(self.folder)
        for _ in range(100):  # another process may publish the same name in between
            with contextlib.suppress(OSError):
                target.rename(aside)
            try:
                self.folder.rename(target)
                break
            except OSError as error:
                last = error
            finally:
                _put_back(aside)
        else:
            self.discard()
            raise OutputError(f"cannot replace {str(target)!r} ({_reason(last)})")
        flush_folder(self.home)
        self._let_go()
        return target

    def discard(self) -> None:
        """Leave nothing behind, not even the folders that were made for it."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._let_go()
        self._remove_made()

    def _let_go(self) -> None:
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def _is_figure(self, name: str, told: Any) -> bool:
        """Whether a card, which may be anybody's, speaks of a picture that lies beside it."""
        if not isinstance(told, dict) or not all(isinstance(v, str) for v in told.values()):
            return False
        file, alt = told.get("file", ""), told.get("alt")
        plain = file == PurePosixPath(file).name == PureWindowsPath(file).name
        at = self.home / name / file
        return alt is not None and plain and file.endswith(".png") and _is_plain_file(at)

    def _sweep(self) -> None:
        """Put back and remove what killed runs have left: what no process holds, whatever its age.

        A clock may have been moved, and a day may be shorter than a lesson.
        """
        for former in self.home.glob(f"{FORMER}*"):
            _put_back(former)
        for folder in self.home.glob(f"{UNFINISHED}*"):
            file = folder if folder.suffix == LOCK else _lock_of(folder)
            with contextlib.suppress(OSError, Taken):
                lock = Lock(file)
                shutil.rmtree(file.with_suffix(""), ignore_errors=True)
                lock.release()

    def _remove_made(self) -> None:
        for folder in self._made:
            with contextlib.suppress(OSError):
                folder.rmdir()


def read_record(folder: Path, probes: bool = False) -> tuple[dict[str, Array], dict[str, Any]]:
    """The arrays and the card of a record; looks: also those of its looks, if it has any.

    Raises DataError for what is no record: it may be anybody's.
    """
    names = ["record.npz"]
    if probes and os.path.lexists(folder / "looks.npz"):
        names.append("looks.npz")
    arrays = {key: array for name in names for key, array in npz.read_all(folder / name).items()}
    card = read_card(folder / "card.json")
    for name in names:
        with opened(folder / name) as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
        if card.get("files", {}).get(name) not in (None, found):
            raise DataError(
                f"{show(folder / name)} is not what was written: its sha256 is not the card's"
            )
    return arrays, card


def read_card(file: Path) -> dict[str, Any]:
    """The card of a record. Raises DataError for what is none."""
    text = content(file, LARGEST_CARD)
    try:
        card = json.loads(text.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise DataError(f"{show(file)} is no card of a record ({error})") from error
    if not isinstance(card, dict):
        raise DataError(f"{show(file)} is no card of a record: expected a JSON object")
    # Without either it is a card that others wrote; one byte cannot take away both.
    if SEALED & card.keys():
        seal = card.get("seal")
        rest = {key: value for key, value in card.items() if key != "seal"}
        if not card.keys() >= SEALED or seal != _seal(rest) or not isinstance(card["files"], dict):
            raise DataError(f"{show(file)} is not what was written: its seal does not fit")
    return card


def _seal(card: Mapping[str, Any]) -> str:
    return sha256(json.dumps(card, sort_keys=True).encode())


def _lock_of(folder: Path) -> Path:
    return folder.with_name(folder.name + LOCK)


def _put_back(former: Path) -> None:
    """Give a record that has stepped aside its name again, unless as good a one has it by now."""
    target = former.with_name(former.name[len(FORMER) + 8 + 1 :])
    with contextlib.suppress(OSError):  # that there is none by this name, or that there is another
        former.rename(target)
        return
    if _status(former) == "complete" != _status(target):
        # An unfinished one came in between: as in `publish`, it goes beside a finished one.
        beside = target.with_name(f"{target.name}-unfinished")
        with contextlib.suppress(OSError):
            shutil.rmtree(beside, ignore_errors=True)
            target.rename(beside)
            former.rename(target)
            return
    elif target.is_dir():
        shutil.rmtree(former, ignore_errors=True)


def _is_plain_file(path: Path) -> bool:
    with contextlib.suppress(OSError, ValueError):  # a name may hold what no name can
        return path.is_file() and not path.is_symlink()
    return False


def _write_arrays(file: Path, arrays: Mapping[str, Array], compression: int) -> None:
    """An .npz that holds no time stamps, only the arrays."""
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, array in arrays.items():
            content = BytesIO()
            array = np.asarray(array, order="C")
            np.lib.format.write_array(content, array, allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy")
            archive.writestr(entry, content.getvalue(), compression)


def _status(folder: Path) -> str | None:
    try:
        status = json.loads(content(folder / "card.json", LARGEST_CARD))["status"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return str(status)


def _reason(error: BaseException) -> str:
    return getattr(error, "strerror", None) or str(error)
