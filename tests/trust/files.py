"""A case of bad input, and hostile files, created on demand; none is larger than some kilobytes."""

from __future__ import annotations

import gzip
import io
import os
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from datasets.idx import FILES, header

TINY: dict[str, Any] = {
    "x_train": np.arange(6 * 4, dtype=np.uint8).reshape(6, 2, 2),
    "y_train": np.arange(6) % 3,
    "x_test": np.arange(3 * 4, dtype=np.uint8).reshape(3, 2, 2),
    "y_test": np.arange(3) % 3,
}


def npz(**changes: Any) -> bytes:
    """An .npz file of images, some of its arrays changed; None leaves one out."""
    arrays = {key: array for key, array in (TINY | changes).items() if array is not None}
    out = io.BytesIO()
    np.savez(out, **arrays)
    return out.getvalue()


def archive(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return out.getvalue()


def npy(shape: str, descr: str = "<f8", values: bytes = b"") -> bytes:
    """An array with an arbitrary header."""
    text = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}".encode()
    text += b" " * (-(len(text) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + values


def bomb(name: str = "x_train", gigabytes: int = 4) -> bytes:
    """A member that says it unpacks to more than is allowed: its size is forged, in both places."""
    whole = bytearray(archive({f"{name}.npy": npy("(8,)", values=bytes(64))}))
    size = struct.pack("<I", min(gigabytes * 2**30, 2**32 - 2))
    whole[22:26] = size
    at = whole.rindex(b"PK\x01\x02")
    whole[at + 24 : at + 28] = size
    return bytes(whole)


def idx(**changes: bytes) -> Files:
    """A folder `mnist` with four IDX files, some of them changed."""
    files: Files = {}
    for key, (name, _) in FILES.items():
        array = TINY[key].astype(np.uint8)
        files[f"mnist/{name}"] = changes.get(key, header(array.shape) + array.tobytes())
    return files


TERABYTES = header((2**20, 2**12, 2**10)) + bytes(100)
NEGATIVE = header((2**32 - 1, 2, 2)) + bytes(100)
EMPTY_DIMENSION = header((6, 0, 2))
CUT_GZIP = gzip.compress(header((6, 2, 2)) + bytes(range(24)), mtime=0)[:-12]
GZIP_BOMB = gzip.compress(header((6, 2, 2)) + bytes(2_000_000), mtime=0)
A_CARD = b'{"status": "complete", "lesson": 3, "engine": "numpy", "dtype": "float32", '
A_CARD += b'"device": "cpu", "seed": 0, "settings": {}'


def loop(path: Path) -> None:
    path.symlink_to(path.name)


def fifo(path: Path) -> None:
    os.mkfifo(path)


def folder(path: Path) -> None:
    path.mkdir(parents=True)


def lay(files: Files, where: Path) -> None:
    """Put the files of a case into its folder."""
    for name, content in files.items():
        path = where / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            content(path)


Files = dict[str, "bytes | Callable[[Path], Any]"]  # what lies in the folder: content, or its maker


@dataclass(frozen=True)
class Case:
    """One row of the table.

    how: the arguments of a command, or a call that gets the folder it may look at.
    says: words of the one line, which name the value and what was expected; empty where it works.
    """

    where: str  # the command, or the function
    what: str
    how: list[str] | Callable[[Path], Any]
    says: tuple[str, ...] = ()
    files: Files = field(default_factory=dict)
    process: bool = False  # in a process of its own, as from a shell

    @property
    def name(self) -> str:
        return f"{self.where}: {self.what}"
