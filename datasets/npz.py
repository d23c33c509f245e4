"""Reading untrusted .npz files of plain numbers, without pickles and in bounded memory; writing.

`np.load` trusts a file too much: it allocates what a header claims, and evaluates the header's
text. Here the three fields of a header are parsed by regular expressions and compared with the size
of the member, before anything is allocated. Source of the layout: numpy.lib.format, version 1.0.
"""

from __future__ import annotations

import math
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO, Any, BinaryIO

import numpy as np

from datasets.atomic_files import write_whole
from datasets.files import CHUNK, LIMIT, Array, DataError, opened, show
from datasets.signatures import START, refused

DESCR = re.compile(r"'descr': *'([^']{1,20})'")
ORDER = re.compile(r"'fortran_order': *(True|False)")
SHAPE = re.compile(r"'shape': *\(([\d, ]{0,200})\)")
NUMBERS = re.compile(r"[<>|=]?(b1|[iu][1248]|f[248])")
TEXTS = re.compile(r"[<>=]U\d{1,7}")

EXPECTED = "an .npz file as written by np.savez"
ZIP = b"PK\3\4"
INSTEAD = {  # by the letter of the dtype
    "U": (texts := "number the classes in place of text: np.unique(y, return_inverse=True)[1]"),
    "O": f"objects need pickle, which can run code and is never read; {texts}",
    "S": texts,
}
PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # as np.savez and savez_compressed use
ENCRYPTED = 1  # a bit of a member's flags


class _InPieces:
    """A file that refuses to read more than CHUNK bytes at once.

    zipfile reads the whole table of contents at once; a forged one would fill the memory.
    """

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.seek, self.tell, self.seekable = file, file.seek, file.tell, file.seekable

    def read(self, size: int = -1, /) -> bytes:
        if size > CHUNK:
            raise zipfile.BadZipFile("its table of contents is too long for a data set")
        return self.file.read(size)


def read(path: Path, keys: Sequence[str]) -> dict[str, Array]:
    """Read the named arrays of an .npz file, and nothing else of it.

    Returns {key: array} in the order of `keys`: booleans, integers or floats of at most 8 bytes,
    in C order and the machine's byte order. Raises DataError if the file is not a sound zip, or if
    an array is missing, pickled, too large, or contradicts its header.
    """
    with _archive(path) as archive:
        return {key: _array(path, archive, key) for key in keys}


def read_all(path: Path) -> dict[str, Array]:
    """Read every array of an .npz file, numbers or text, of at most LIMIT bytes in total.

    Raises DataError as `read` does.
    """
    with _archive(path) as archive:
        size = sum(member.file_size for member in archive.infolist())
        if size > LIMIT:
            raise DataError(f"{show(path)} claims {size} bytes; at most {LIMIT} are allowed")
        keys = [member.filename.removesuffix(".npy") for member in archive.infolist()]
        return {key: _array(path, archive, key, texts=True) for key in keys}


def write(path: Path, arrays: Mapping[str, Array]) -> None:
    """Write arrays to a compressed .npz file, whole or not at all; equal arrays give equal bytes.

    Raises OSError if the disk refuses; an earlier file is then unchanged.
    """
    content = BytesIO()
    numbers: Any = arrays  # NumPy's types take a key for an option
    np.savez_compressed(content, allow_pickle=False, **numbers)
    write_whole(path, content.getvalue())


@contextmanager
def _archive(path: Path) -> Iterator[zipfile.ZipFile]:
    with opened(path) as file, _as_data_error(path):
        start = file.read(START)
        if not start.startswith(ZIP):
            raise refused(path, start, EXPECTED)
        with zipfile.ZipFile(_InPieces(file)) as archive:
            if not any(name.endswith(".npy") for name in archive.namelist()):
                raise refused(path, start, EXPECTED)
            yield archive


@contextmanager
def _as_data_error(path: Path) -> Iterator[None]:
    try:
        yield
    except DataError:
        raise
    except Exception as error:  # forged bytes make zipfile raise a dozen kinds of exception
        reason = (str(error) or type(error).__name__)[:120]
        raise DataError(
            f"{show(path)} is damaged, not {EXPECTED} ({reason}): copy or write it again"
        ) from error


def _array(path: Path, archive: zipfile.ZipFile, key: str, texts: bool = False) -> Array:
    where = f"{show(path)}: {key[:80]}"
    members = [m for m in archive.infolist() if m.filename == f"{key}.npy"]
    if len(members) != 1:
        names = sorted({m.filename.removesuffix(".npy") for m in archive.infolist()})
        raise DataError(f"{where} is there {len(members)} times, not once; found {show(names)}")
    (member,) = members
    if member.flag_bits & ENCRYPTED or member.compress_type not in PACKINGS:
        raise DataError(f"{where} is encrypted or packed unusually; write it with np.savez")
    if member.file_size > LIMIT:
        raise DataError(f"{where} claims {member.file_size} bytes; at most {LIMIT} are allowed")
    with archive.open(member) as stream:
        dtype, fortran, shape, start = _header(where, stream, texts)
        size = math.prod(shape) * dtype.itemsize
        if start + size != member.file_size:
            raise DataError(
                f"{where} is said to be {shape} of {dtype}, which is {size} bytes, "
                f"but {member.file_size - start} are there; write the file again"
            )
        data = bytearray()
        while piece := stream.read(CHUNK):  # zipfile stops at file_size, and checks the checksum
            data += piece
    if len(data) != size:
        raise DataError(f"{where} ends early: {len(data)} of {size} bytes; copy the file again")
    array = np.frombuffer(data, dtype).reshape(shape, order="F" if fortran else "C")
    return np.asarray(array, dtype.newbyteorder("="), order="C")


def _header(
    where: str, stream: IO[bytes], texts: bool
) -> tuple[np.dtype, bool, tuple[int, ...], int]:
    """The dtype, whether it is column-major, the shape, and the offset of the values."""
    magic = stream.read(10)
    if magic[:8] != b"\x93NUMPY\x01\x00":
        raise DataError(f"{where} is not a .npy array of version 1.0; write it with np.savez")
    length = int.from_bytes(magic[8:], "little")  # two bytes: never more than 65,535
    text = stream.read(length).decode("latin-1")
    descr, order, shape = DESCR.search(text), ORDER.search(text), SHAPE.search(text)
    text_too = bool(texts and descr and TEXTS.fullmatch(descr[1]))
    if not descr or not (NUMBERS.fullmatch(descr[1]) or text_too):
        kind = f"dtype {show(descr[1])}" if descr else "a structured dtype"
        letter = descr[1].strip("<>|=")[:1] if descr else ""
        raise DataError(
            f"{where} has {kind}: expected plain integers or floats; "
            f"{INSTEAD.get(letter, 'save it as one of these')}"
        )
    sizes = shape[1].replace(" ", "").removesuffix(",").split(",") if shape and shape[1] else []
    if not order or not shape or len(sizes) > 8 or not all(sizes):
        raise DataError(f"{where} has an invalid header; write it with np.savez")
    return np.dtype(descr[1]), order[1] == "True", tuple(map(int, sizes)), 10 + length
