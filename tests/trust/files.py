"""A case of bad input, hostile files created on demand, and those that once broke a reader."""

from __future__ import annotations

import gzip
import io
import os
import struct
import zipfile
from base64 import b64decode
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


# Files that once broke a reader, by READER/NAME; the name says what is wrong with each.

CORPUS: dict[str, bytes] = {
    "card/a_list.json": b"[]",
    "card/endless_brackets.json": b"[" * 50_000,
    "card/latin1.json": b'{"a": "\xe9"}',
    "catalogue/a_sum_of_texts.po": b'msgid "x" + "y"\n',
    "catalogue/a_text_of_no_message.po": b'"x"\n',
    "catalogue/an_escape_that_means_nothing.po": b'msgid "\\d"\nmsgstr "a"\n',
    "catalogue/half_an_escape.po": b'msgid "\\x4"\nmsgstr "a"\n',
    "catalogue/latin1.po": b'msgid "\xe9"\nmsgstr "a"\n',
    "catalogue/two_texts_make_a_tuple.po": b'msgid "x", "y"\n',
    "record/deflate_with_changed_bytes.npz": b64decode(
        "UEsDBBQAAAAIABCOeV281Cde8wIAACAQAAAFAAAAYS5ucHmdzUmSFkUYBuDPneGKhQsXLioMw8jJysvMzc7P0NHS09TV"
        "1tfY2drb3N3e3+Dh4uPk5ebn6Onq6+zt7u9HUKOfjVtr89SbX7zx/nX+wrnp4n1xO+7sXNk/vHywc2rYOX315M7usHP1"
        "5sGtg70bl24eXNn/9/3s3vXD/X/eD6/tzfv/5OMnxnH38d3h7vC/vwfiP996xk864n4e44N8iA9z4CN8lI/xOJ/gLp/k"
        "yKf4NJ/hszzB5/g8T/IFnuKLPM2X+DLPMB1ZGK/IjFdlxmsy43WZ8YbMOCsz3pQZb8mMt2XGOzLjXZnxnsw4JzPOy4z3"
        "ZcZ0ZGJhY3zgzsLG+NCdhY3xkTsLG+NjdxY2xgV3FjbGJ+4sbIxP3VnYGJ+5s7AxLrqzsDE+d2dhY3zhzsLG+NKdhY3x"
        "lTsLG+NrdxY2xiV3FjZGPnJgYmZhZWNn7OkzMbOwsrEzvtFnYmZhZWNnXNZnYmZhZWNnXNFnYmZhZWNn7OszMbOwsrEz"
        "ruozMbOwsrEzvtVnYmZhZWNnXNNnYmZhZWNnfKfPxMzCysbO+F6fiZmFlY2d8YM+EzMLKxs747o+EzMLKxs740d9JmYW"
        "VjZ2xg19JmYWVjZ2xk19JmYWVjZ2xnzkMQ4cmTgxc2bhwsoNG7fsXBk/2efAkYkTM2cWLqzcsHHLzpVxYJ8DRyZOzJxZ"
        "uLByw8YtO1fGoX0OHJk4MXNm4cLKDRu37FwZt+xz4MjEiZkzCxdWbti4ZefK+Nk+B45MnJg5s3Bh5YaNW3aujNv2OXBk"
        "4sTMmYULKzds3LJzZfxinwNHJk7MnFm4sHLDxi07V8av9jlwZOLEzJmFCys3bNyyc2X8Zp8DRyZOzJxZuLByw8YtO1fG"
        "7/Y5cGTixMyZhQsrN2zcsnNl3LHPgSMTJ2bOLFxYuWHjlp0r4w/7HDgycWLmzMKFlRs2btm5Mu7a58CRiRMzZxYurNyw"
        "ccvOlfGnfQ4cmTgxc2bhwsoNG7fsXBn37HPgeC/9DVBLAQIUAxQAAAAIABCOeV281Cde8wIAACAQAAAFAAAAAAAAAAAA"
        "AACAAQAAAABhLm5weVBLBQYAAAAAAQABADMAAAAWAwAAAAA="
    ),
    "record/header_claims_terabytes.npz": b64decode(
        "UEsDBBQAAAAIABCOeV2yjAtEUAAAAIAAAAAFAAAAYS5ucHmb7BfqGxDJyFDGUK2eklqcXKRupaBuk2ahrqOgnpZfVFKU"
        "mBefX5SSChJ3S8wpTgWKF2ckFqQC+RqGBpaWpoaGZkbm5uZmOpo6CrUKJAIuAFBLAQIUAxQAAAAIABCOeV2yjAtEUAAA"
        "AIAAAAAFAAAAAAAAAAAAAACAAQAAAABhLm5weVBLBQYAAAAAAQABADMAAABzAAAAAAA="
    ),
    "record/member_claims_gigabytes.npz": b64decode(
        "UEsDBBQAAAAIABCOeV3AEj1URwAAAP7///8FAAAAYS5ucHmb7BfqGxDJyFDGUK2eklqcXKRupaBuk2ahrqOgnpZfVFKU"
        "mBefX5SSChJ3S8wpTgWKF2ckFqQC+RoWOpo6CrUKFAAuBgoBAFBLAQIUAxQAAAAIABCOeV3AEj1URwAAAP7///8FAAAA"
        "AAAAAAAAAACAAQAAAABhLm5weVBLBQYAAAAAAQABADMAAABqAAAAAAA="
    ),
    "record/packed_in_an_unknown_way.npz": b64decode(
        "UEsDBBQAAABjABCOeV281Cde8wIAACAQAAAFAAAAYS5ucHmdzUmSFkUYBuDPneGKhQsXLioMw0ajwygHFBElnXAEywEV"
        "J7KFRlSEshtxQCSPUBFeII/wHyGP8B8hj1BHUKOfjVtr89SbX7zx/nX+wrnp4n1xO+7sXNk/vHywc2rYOX315M7usHP1"
        "5sGtg70bl24eXNn/9/3s3vXD/X/eD6/tzfv/5OMnxnH38d3h7vC/vwfiP996xk864n4e44N8iA9z4CN8lI/xOJ/gLp/k"
        "yKf4NJ/hszzB5/g8T/IFnuKLPM2X+DLPMB1ZGK/IjFdlxmsy43WZ8YbMOCsz3pQZb8mMt2XGOzLjXZnxnsw4JzPOy4z3"
        "ZcZ0ZGJhY3zgzsLG+NCdhY3xkTsLG+NjdxY2xgV3FjbGJ+4sbIxP3VnYGJ+5s7AxLrqzsDE+d2dhY3zhzsLG+NKdhY3x"
        "lTsLG+NrdxY2xiV3FjZGPnJgYmZhZWNn7OkzMbOwsrEzvtFnYmZhZWNnXNZnYmZhZWNnXNFnYmZhZWNn7OszMbOwsrEz"
        "ruozMbOwsrEzvtVnYmZhZWNnXNNnYmZhZWNnfKfPxMzCysbO+F6fiZmFlY2d8YM+EzMLKxs747o+EzMLKxs740d9JmYW"
        "VjZ2xg19JmYWVjZ2xk19JmYWVjZ2xnzkMQ4cmTgxc2bhwsoNG7fsXBk/2efAkYkTM2cWLqzcsHHLzpVxYJ8DRyZOzJxZ"
        "uLByw8YtO1fGoX0OHJk4MXNm4cLKDRu37FwZt+xz4MjEiZkzCxdWbti4ZefK+Nk+B45MnJg5s3Bh5YaNW3aujNv2OXBk"
        "4sTMmYULKzds3LJzZfxinwNHJk7MnFm4sHLDxi07V8av9jlwZOLEzJmFCys3bNyyc2X8Zp8DRyZOzJxZuLByw8YtO1fG"
        "7/Y5cGTixMyZhQsrN2zcsnNl3LHPgSMTJ2bOLFxYuWHjlp0r4w/7HDgycWLmzMKFlRs2btm5Mu7a58CRiRMzZxYurNyw"
        "ccvOlfGnfQ4cmTgxc2bhwsoNG7fsXBn37HPgeC/9DVBLAQIUAxQAAABjABCOeV281Cde8wIAACAQAAAFAAAAAAAAAAAA"
        "AACAAQAAAABhLm5weVBLBQYAAAAAAQABADMAAAAWAwAAAAA="
    ),
    "record/said_to_be_encrypted.npz": b64decode(
        "UEsDBBQAAQAIABCOeV281Cde8wIAACAQAAAFAAAAYS5ucHmdzUmSFkUYBuDPneGKhQsXLioMw0ajwygHFBElnXAEywEV"
        "J7KFRlSEshtxQCSPUBFeII/wHyGP8B8hj1BHUKOfjVtr89SbX7zx/nX+wrnp4n1xO+7sXNk/vHywc2rYOX315M7usHP1"
        "5sGtg70bl24eXNn/9/3s3vXD/X/eD6/tzfv/5OMnxnH38d3h7vC/vwfiP996xk864n4e44N8iA9z4CN8lI/xOJ/gLp/k"
        "yKf4NJ/hszzB5/g8T/IFnuKLPM2X+DLPMB1ZGK/IjFdlxmsy43WZ8YbMOCsz3pQZb8mMt2XGOzLjXZnxnsw4JzPOy4z3"
        "ZcZ0ZGJhY3zgzsLG+NCdhY3xkTsLG+NjdxY2xgV3FjbGJ+4sbIxP3VnYGJ+5s7AxLrqzsDE+d2dhY3zhzsLG+NKdhY3x"
        "lTsLG+NrdxY2xiV3FjZGPnJgYmZhZWNn7OkzMbOwsrEzvtFnYmZhZWNnXNZnYmZhZWNnXNFnYmZhZWNn7OszMbOwsrEz"
        "ruozMbOwsrEzvtVnYmZhZWNnXNNnYmZhZWNnfKfPxMzCysbO+F6fiZmFlY2d8YM+EzMLKxs747o+EzMLKxs740d9JmYW"
        "VjZ2xg19JmYWVjZ2xk19JmYWVjZ2xnzkMQ4cmTgxc2bhwsoNG7fsXBk/2efAkYkTM2cWLqzcsHHLzpVxYJ8DRyZOzJxZ"
        "uLByw8YtO1fGoX0OHJk4MXNm4cLKDRu37FwZt+xz4MjEiZkzCxdWbti4ZefK+Nk+B45MnJg5s3Bh5YaNW3aujNv2OXBk"
        "4sTMmYULKzds3LJzZfxinwNHJk7MnFm4sHLDxi07V8av9jlwZOLEzJmFCys3bNyyc2X8Zp8DRyZOzJxZuLByw8YtO1fG"
        "7/Y5cGTixMyZhQsrN2zcsnNl3LHPgSMTJ2bOLFxYuWHjlp0r4w/7HDgycWLmzMKFlRs2btm5Mu7a58CRiRMzZxYurNyw"
        "ccvOlfGnfQ4cmTgxc2bhwsoNG7fsXBn37HPgeC/9DVBLAQIUAxQAAQAIABCOeV281Cde8wIAACAQAAAFAAAAAAAAAAAA"
        "AACAAQAAAABhLm5weVBLBQYAAAAAAQABADMAAAAWAwAAAAA="
    ),
    "trace/card_is_a_list.npz": b64decode(
        "UEsDBC0AAAAAAAAAIQBT+2L3//////////8IABQAY2FyZC5ucHkBABAAjAAAAAAAAACMAAAAAAAAAJNOVU1QWQEAdgB7"
        "J2Rlc2NyJzogJzxVMycsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgpLCB9ICAgICAgICAgICAgICAg"
        "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKWwAAADEAAABdAAAAUEsBAi0DLQAA"
        "AAAAAAAhAFP7YveMAAAAjAAAAAgAAAAAAAAAAAAAAIABAAAAAGNhcmQubnB5UEsFBgAAAAABAAEANgAAAMYAAAAAAA=="
    ),
    "trace/card_names_no_backend.npz": b64decode(
        "UEsDBC0AAAAAAAAAIQBboxki//////////8IABQAY2FyZC5ucHkBABAAtAAAAAAAAAC0AAAAAAAAAJNOVU1QWQEAdgB7"
        "J2Rlc2NyJzogJzxVMTMnLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoKSwgfSAgICAgICAgICAgICAg"
        "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKewAAACIAAABmAAAAbwAAAHIAAABt"
        "AAAAYQAAAHQAAAAiAAAAOgAAACAAAAAxAAAAfQAAAFBLAQItAy0AAAAAAAAAIQBboxkitAAAALQAAAAIAAAAAAAAAAAA"
        "AACAAQAAAABjYXJkLm5weVBLBQYAAAAAAQABADYAAADuAAAAAAA="
    ),
    "trace/tables_are_scalars.npz": b64decode(
        "UEsDBC0AAAAAAAAAIQDqGy7r//////////8IABQAY2FyZC5ucHkBABAA8AAAAAAAAADwAAAAAAAAAJNOVU1QWQEAdgB7"
        "J2Rlc2NyJzogJzxVMjgnLCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoKSwgfSAgICAgICAgICAgICAg"
        "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKewAAACIAAABmAAAAbwAAAHIAAABt"
        "AAAAYQAAAHQAAAAiAAAAOgAAACAAAAAxAAAALAAAACAAAAAiAAAAZQAAAG4AAABnAAAAaQAAAG4AAABlAAAAIgAAADoA"
        "AAAgAAAAIgAAAHgAAAAiAAAAfQAAAFBLAwQtAAAAAAAAACEAKjZMqv//////////CQAUADAvcnVuLm5weQEAEACEAAAA"
        "AAAAAIQAAAAAAAAAk05VTVBZAQB2AHsnZGVzY3InOiAnPFUxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBl"
        "JzogKCksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg"
        "IApyAAAAUEsDBC0AAAAAAAAAIQA6sTVm//////////8KABQAMC9zdGVwLm5weQEAEACIAAAAAAAAAIgAAAAAAAAAk05V"
        "TVBZAQB2AHsnZGVzY3InOiAnPGk4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKCksIH0gICAgICAg"
        "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAAAAFBLAwQt"
        "AAAAAAAAACEAoTCKgf//////////CgAUADAvbm9ybS5ucHkBABAAiAAAAAAAAACIAAAAAAAAAJNOVU1QWQEAdgB7J2Rl"
        "c2NyJzogJzxmOCcsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgpLCB9ICAgICAgICAgICAgICAgICAg"
        "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKAAAAAAAAAABQSwMELQAAAAAAAAAhAKEw"
        "ioH//////////woAFAAwL3N1bXMubnB5AQAQAIgAAAAAAAAAiAAAAAAAAACTTlVNUFkBAHYAeydkZXNjcic6ICc8Zjgn"
        "LCAnZm9ydHJhbl9vcmRlcic6IEZhbHNlLCAnc2hhcGUnOiAoKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAg"
        "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgCgAAAAAAAAAAUEsBAi0DLQAAAAAAAAAhAOobLuvwAAAA8AAA"
        "AAgAAAAAAAAAAAAAAIABAAAAAGNhcmQubnB5UEsBAi0DLQAAAAAAAAAhACo2TKqEAAAAhAAAAAkAAAAAAAAAAAAAAIAB"
        "KgEAADAvcnVuLm5weVBLAQItAy0AAAAAAAAAIQA6sTVmiAAAAIgAAAAKAAAAAAAAAAAAAACAAekBAAAwL3N0ZXAubnB5"
        "UEsBAi0DLQAAAAAAAAAhAKEwioGIAAAAiAAAAAoAAAAAAAAAAAAAAIABrQIAADAvbm9ybS5ucHlQSwECLQMtAAAAAAAA"
        "ACEAoTCKgYgAAACIAAAACgAAAAAAAAAAAAAAgAFxAwAAMC9zdW1zLm5weVBLBQYAAAAABQAFABUBAAA1BAAAAAA="
    ),
    "trace/text_claims_megabytes.npz": b64decode(
        "UEsDBBQAAAAIABCOeV2VhKbdRAAAAIAAAAAIAAAAY2FyZC5ucHmb7BfqGxDJyFDGUK2eklqcXKRupaBuE2oJAeo6Cupp"
        "+UUlRYl58flFKakgWbfEnOJUoHhxRmJBKpCvoamjUKtAJuACAFBLAQIUAxQAAAAIABCOeV2VhKbdRAAAAIAAAAAIAAAA"
        "AAAAAAAAAACAAQAAAABjYXJkLm5weVBLBQYAAAAAAQABADYAAABqAAAAAAA="
    ),
}
