"""The record of a run: a folder of numbers, card and figures, written whole or not at all.

Everything is written to a temporary folder beside the final one, and renamed at the end. A record
replaces only one with the same settings, and an unfinished record never replaces a finished one. A
folder cannot be renamed onto another, so the former record is first moved aside, under a name that
contains its own. If a run is killed between the two renames, the next run in that folder moves the
former record back.
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
from course.digests import SEAL, digest, digest_of, is_sealed
from course.lock import Lock, Taken
from datasets import DataError, npz
from datasets.atomic_files import UNFINISHED, flush, flush_folder
from datasets.files import content, opened, show

LARGEST_CARD = 20_000_000  # bytes; a lesson's card has some thousands
FORMAT = 1
SEALED = {"format", "files", SEAL}  # the keys that `write_card` adds to a card
LOCK = ".lock"
FORMER = ".former-"  # a record moved aside: FORMER, eight characters, "-", its name


class OutputError(TriptychError):
    """The results cannot be written to their folder."""


class Staging:
    """A temporary folder in OUT/lessonN that becomes the record or is removed."""

    def __init__(self, out: str, lesson: int) -> None:
        """Create the folder; raises OutputError, before training starts, if OUT is not writable."""
        self.home = Path(out).expanduser().absolute() / f"lesson{lesson}"
        self._lock: Lock | None = None
        self._made = [p for p in (self.home, *self.home.parents) if not p.exists()]
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            self._sweep()
            self.folder = self.home / f"{UNFINISHED}{secrets.token_hex(4)}"
            # Locked before the folder exists, because unlocked folders are removed.
            with contextlib.suppress(OSError):  # where files cannot be locked, none is removed
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
        """Write record.npz and card.json, and the probes, if there are any, to looks.npz."""
        _write_arrays(self.folder / "record.npz", arrays, zipfile.ZIP_DEFLATED)
        if probes:  # uncompressed, because gradients do not compress
            _write_arrays(self.folder / "looks.npz", probes, zipfile.ZIP_STORED)
        self.write_card(card)

    def write_card(self, card: Mapping[str, Any]) -> None:
        """Write card.json with the sha256 of every file in the folder, and a seal.

        The seal is the sha256 of the card's other content, so that every changed byte is noticed.
        """
        others = (p for p in sorted(self.folder.iterdir()) if p.name != "card.json")
        files = {p.name: digest([p.read_bytes()]) for p in others}
        content = {key: value for key, value in card.items() if key not in SEALED}
        content |= {"format": FORMAT, "files": files}
        sealed = {**content, SEAL: digest_of(content)}
        text = json.dumps(sealed, indent=2, ensure_ascii=False, allow_nan=False)
        (self.folder / "card.json").write_text(text + "\n", encoding="utf-8")

    def keep_figures(self, name: str) -> list[dict[str, str]]:
        """For a run without figures, copy those of the record that this one will replace.

        It has the same settings, so its figures would be the same. Returns their card entries.
        """
        if _status(self.home / name) != "complete":
            return []
        with contextlib.suppress(DataError):
            entries = read_card(self.home / name / "card.json").get("figures")
            if not isinstance(entries, list):
                return []
            figures = [entry for entry in entries if self._is_figure(name, entry)]
            for figure in figures:
                shutil.copy2(self.home / name / figure["file"], self.folder)
            return figures
        return []

    def publish(self, name: str, complete: bool) -> Path:
        """Rename the folder to its final name, replacing an earlier record; return its path."""
        target = self.home / name
        if not complete and _status(target) == "complete":
            target = self.home / f"{name}-unfinished"
        aside = self.home / f"{FORMER}{self.folder.name[-8:]}-{target.name}"
        for file in self.folder.iterdir():  # everything is on the disk before the rename
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
        """Remove the folder, and the parent folders that were created for it."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._let_go()
        self._remove_made()

    def _let_go(self) -> None:
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def _is_figure(self, name: str, entry: Any) -> bool:
        """Whether an entry of an untrusted card names a PNG file beside the card."""
        if not isinstance(entry, dict) or not all(isinstance(v, str) for v in entry.values()):
            return False
        file, alt = entry.get("file", ""), entry.get("alt")
        plain = file == PurePosixPath(file).name == PureWindowsPath(file).name
        path = self.home / name / file
        return alt is not None and plain and file.endswith(".png") and _is_plain_file(path)

    def _sweep(self) -> None:
        """Restore and remove the leftovers of killed runs: folders that no process has locked.

        Their age does not matter: clocks may be moved, and a lesson may take longer than a day.
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
    """Read the arrays and the card of a record, which is not trusted; raises DataError.

    probes: also read the arrays of looks.npz, if there is one.
    """
    names = ["record.npz"]
    if probes and os.path.lexists(folder / "looks.npz"):
        names.append("looks.npz")
    arrays = {key: array for name in names for key, array in npz.read_all(folder / name).items()}
    card = read_card(folder / "card.json")
    for name in names:
        with opened(folder / name) as stream:
            actual = hashlib.file_digest(stream, "sha256").hexdigest()
        if card.get("files", {}).get(name) not in (None, actual):
            raise DataError(
                f"{show(folder / name)} has changed since it was written: its sha256 is not the "
                "card's"
            )
    return arrays, card


def read_card(file: Path) -> dict[str, Any]:
    """Read the card of a record. Raises DataError if it is not one, or has changed."""
    text = content(file, LARGEST_CARD)
    try:
        card = json.loads(text.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise DataError(f"{show(file)} is not the card of a record ({error})") from error
    if not isinstance(card, dict):
        raise DataError(f"{show(file)} is not the card of a record: expected a JSON object")
    # Another program's card has none of these keys; one changed byte cannot remove all of them.
    sound = card.keys() >= SEALED and is_sealed(card) and isinstance(card["files"], dict)
    if SEALED & card.keys() and not sound:
        raise DataError(f"{show(file)} has changed since it was written: its seal differs")
    return card


def _lock_of(folder: Path) -> Path:
    return folder.with_name(folder.name + LOCK)


def _put_back(former: Path) -> None:
    """Move a former record back, unless an equally complete one has its name by now."""
    target = former.with_name(former.name[len(FORMER) + 8 + 1 :])
    with contextlib.suppress(OSError):  # there is no former record, or another has its name
        former.rename(target)
        return
    if _status(former) == "complete" != _status(target):
        # The new one is unfinished: as in `publish`, it is renamed beside the finished one.
        beside = target.with_name(f"{target.name}-unfinished")
        with contextlib.suppress(OSError):
            shutil.rmtree(beside, ignore_errors=True)
            target.rename(beside)
            former.rename(target)
            return
    elif target.is_dir():
        shutil.rmtree(former, ignore_errors=True)


def _is_plain_file(path: Path) -> bool:
    with contextlib.suppress(OSError, ValueError):  # ValueError for a name with a null byte
        return path.is_file() and not path.is_symlink()
    return False


def _write_arrays(file: Path, arrays: Mapping[str, Array], compression: int) -> None:
    """Write an .npz without time stamps, so that equal arrays give equal bytes."""
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
