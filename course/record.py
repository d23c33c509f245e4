"""What a run leaves behind: a folder of numbers, card and figures, whole or not at all.

Everything is written into a folder beside the final one, which takes its place by a rename at the
end. Only a run with the same settings replaces another, and never an unfinished one a finished one.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
import time
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from adapters.contract import Array, TriptychError


class OutputError(TriptychError):
    """The results cannot be written where they should go."""


class Staging:
    """A folder under OUT/lessonN that becomes the record, or vanishes."""

    def __init__(self, out: str, lesson: int) -> None:
        """Make the folder now: whether OUT can be written to is known before training starts."""
        self.home = Path(out).expanduser().absolute() / f"lesson{lesson}"
        self._made = [p for p in (self.home, *self.home.parents) if not p.exists()]
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            self._sweep()
            self.folder = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=self.home))
        except (OSError, ValueError) as error:
            self._remove_made()
            raise OutputError(
                f"cannot write to {str(self.home)!r} ({_reason(error)}): "
                "choose another folder with OUT="
            ) from None

    def write(
        self,
        arrays: Mapping[str, Array],
        card: Mapping[str, Any],
        looks: Mapping[str, Array] | None = None,
    ) -> None:
        """Write record.npz and card.json, and looks.npz where there are looks."""
        _write_arrays(self.folder / "record.npz", arrays, zipfile.ZIP_DEFLATED)
        if looks:  # as they are: gradients do not compress
            _write_arrays(self.folder / "looks.npz", looks, zipfile.ZIP_STORED)
        text = json.dumps(card, indent=2, ensure_ascii=False, allow_nan=False)
        (self.folder / "card.json").write_text(text + "\n", encoding="utf-8")

    def keep_figures(self, name: str) -> list[dict[str, str]]:
        """Take over the figures of the record that this one will replace, for it draws none.

        It has the same settings, so it would draw the same. Returns what the card says of them.
        """
        if _status(self.home / name) != "complete":
            return []
        card = json.loads((self.home / name / "card.json").read_text(encoding="utf-8"))
        kept = [f for f in card.get("figures", []) if (self.home / name / f["file"]).is_file()]
        for figure in kept:
            shutil.copy2(self.home / name / figure["file"], self.folder)
        return kept

    def publish(self, name: str, complete: bool) -> Path:
        """Give the folder its name, in place of an earlier record of that name."""
        target = self.home / name
        if not complete and _status(target) == "complete":
            target = self.home / f"{name}-unfinished"
        aside = self.folder.with_name(self.folder.name + "-old")
        self.folder.chmod(0o755)
        for _ in range(100):  # another process may publish the same name in between
            with contextlib.suppress(OSError):
                target.rename(aside)
            try:
                self.folder.rename(target)
                break
            except OSError as error:
                last = error
            finally:
                shutil.rmtree(aside, ignore_errors=True)
        else:
            self.discard()
            raise OutputError(f"cannot replace {str(target)!r} ({_reason(last)})")
        return target

    def discard(self) -> None:
        """Leave nothing behind, not even the folders that were made for it."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._remove_made()

    def _sweep(self) -> None:
        """Remove what killed runs have left; a day is longer than any lesson."""
        for folder in self.home.glob(".unfinished-*"):
            with contextlib.suppress(OSError):
                if folder.stat().st_mtime < time.time() - 24 * 3600:
                    shutil.rmtree(folder, ignore_errors=True)

    def _remove_made(self) -> None:
        for folder in self._made:
            with contextlib.suppress(OSError):
                folder.rmdir()


def read_record(folder: Path, looks: bool = False) -> tuple[dict[str, Array], dict[str, Any]]:
    """The arrays and the card of a record; looks: also those of its looks, if it has any."""
    arrays = _read_arrays(folder / "record.npz")
    if looks and (folder / "looks.npz").exists():
        arrays |= _read_arrays(folder / "looks.npz")
    return arrays, json.loads((folder / "card.json").read_text(encoding="utf-8"))


def _write_arrays(file: Path, arrays: Mapping[str, Array], compression: int) -> None:
    """An .npz that holds no time stamps, only the arrays."""
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, array in arrays.items():
            content = BytesIO()
            array = np.asarray(array, order="C")
            np.lib.format.write_array(content, array, allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy")
            archive.writestr(entry, content.getvalue(), compression)


def _read_arrays(file: Path) -> dict[str, Array]:
    with np.load(file, allow_pickle=False) as archive:
        arrays = {name: archive[name] for name in archive.files}
    for name, array in arrays.items():
        if not isinstance(array, np.ndarray):  # NumPy hands on as bytes what is none
            raise ValueError(f"{str(file)!r} is no record: its member {name!r} is no array")
    return arrays


def _status(folder: Path) -> str | None:
    try:
        status = json.loads((folder / "card.json").read_text(encoding="utf-8"))["status"]
    except (OSError, ValueError, KeyError):
        return None
    return str(status)


def _reason(error: BaseException) -> str:
    return getattr(error, "strerror", None) or str(error)
