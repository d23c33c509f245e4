"""Recognizing a file's kind by its first bytes, for the error message about a wrong file.

Sources of the signatures: the formats' specifications, as collected by file(1).
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from datasets.files import DataError, show

START = 512  # bytes examined; the first block of a tar archive

NPZ = "write the arrays with np.savez(file, x_train=…, y_train=…, x_test=…, y_test=…)"
UNPACK = "unpack it, and name the folder with the data files"
AGAIN = "the download went wrong: fetch the file itself"
CONVERT = f"read it with the program that wrote it, and {NPZ}"
CODE = "which can run code and is never read"
PICKLE = f"with a pickle in it, {CODE}"
PICTURE = f"one picture is not a data set: read them all, and {NPZ}"

# (pattern of a file's first bytes, its kind, a remedy); the first match counts.
SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (rb"\x93NUMPY", "a single .npy array", NPZ),
    (rb"(?s)PK\x03\x04.{26}[\w. /-]{1,200}/data\.pkl", f"a PyTorch file, {PICKLE}", CONVERT),
    (rb"(?s)PK\x03\x04.{26}\[Content_Types\]\.xml", "an Office document or table", CONVERT),
    (rb"PK(\x03\x04|\x05\x06|\x07\x08)", "a zip archive", UNPACK),
    (rb"\x1f\x8b", "gzip data", "unpack it, once more if it was packed twice"),
    (rb"BZh[1-9]", "bzip2 data", "unpack it"),
    (rb"\xfd7zXZ\0", "xz data", "unpack it"),
    (rb"\x28\xb5\x2f\xfd", "zstd data", "unpack it"),
    (rb"\x04\x22\x4d\x18", "lz4 data", "unpack it"),
    (rb"\x1f\x9d", "data of compress", "unpack it"),
    (rb"7z\xbc\xaf\x27\x1c", "a 7z archive", UNPACK),
    (rb"Rar!\x1a\x07", "a rar archive", UNPACK),
    (rb"(?s).{257}ustar", "a tar archive", UNPACK),
    (rb"\x89HDF\r\n\x1a\n", "an HDF5 file", CONVERT),
    (rb"MATLAB \d\.\d MAT-file", "a MATLAB file", CONVERT),
    (rb"CDF[\x01\x02\x05]", "a NetCDF file", CONVERT),
    (rb"(?s).{8}\{\s*\"", "a safetensors file", CONVERT),
    (rb"PAR1", "a Parquet file", CONVERT),
    (rb"(?s)ARROW1|FEA1|\xff{4}.{2}\0\0\x10\0\0\0", "an Arrow file", CONVERT),
    (rb"Obj\x01", "an Avro file", CONVERT),
    (rb"SQLite format 3\0", "an SQLite database", CONVERT),
    (rb"\x89PNG\r\n", "a PNG picture", PICTURE),
    (rb"\xff\xd8\xff", "a JPEG picture", PICTURE),
    (rb"GIF8[79]a", "a GIF picture", PICTURE),
    (rb"(?s)RIFF.{4}WEBP", "a WebP picture", PICTURE),
    (rb"II\*\0|MM\0\*", "a TIFF picture", PICTURE),
    (rb"(?s)BM.{4}\0{4}", "a BMP picture", PICTURE),
    (rb"P[1-6]\s", "a picture (PNM)", PICTURE),
    (rb"%PDF-", "a PDF document", AGAIN),
    (rb"\x80[\x02-\x05]|\([dlit]p\d+\n|c\w[\w.]*\n\w+\n", f"a pickle, {CODE}", CONVERT),
    (rb"version https://git-lfs", "a Git LFS pointer in place of the file", "run `git lfs pull`"),
    (rb"(?i)(\xef\xbb\xbf)?\s*<(!doctype|html|head|\?xml|!--|script|body)", "a web page", AGAIN),
    (rb"(?i)(\xef\xbb\xbf)?\s*<[a-z]", "text in HTML or XML", AGAIN),
    (rb"[45]\d\d:? [A-Z][a-z]", "an answer of a server that has no such file", AGAIN),
    (rb"(\xef\xbb\xbf)?\s*[{\[]\s*[\"{\[\d]", "text in JSON", CONVERT),
)
# An IDX file's third byte is the type of its values, the fourth the number of dimensions.
IDX = re.compile(rb"\0\0([\x08\x09\x0b-\x0e])([\x01-\x07])")
VALUES = {8: "unsigned bytes", 9: "signed bytes", 11: "short integers", 12: "integers",
          13: "floats", 14: "doubles"}  # fmt: skip
TABLE = re.compile(r"[^\n]*[,;\t]")
CONTROLS = re.compile(r"[\0-\x08\x0e-\x1f\x7f]")
PLAIN = 0.9  # the share of ASCII characters in a text of another encoding than UTF-8


def recognize(start: bytes) -> tuple[str, str]:
    """The kind of a file and a remedy; start: its first bytes, at most START."""
    for signature, kind, remedy in SIGNATURES:
        if re.match(signature, start):
            return kind, remedy
    if kind := idx_file(start):
        return kind, "name the folder that holds the four files of a data set like MNIST"
    if text := _text(start):
        kind = "a table in text, such as a CSV" if TABLE.match(text) else "text"
        return kind, f"read its numbers with np.loadtxt, and {NPZ}"
    unknown = f"an unknown kind of file (it begins with {start[:4].hex()})"
    return unknown, "check that it is the right file"


def _text(start: bytes) -> str:
    """The beginning of a text in any encoding; empty if it is not text."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return start.decode("utf-16", "ignore")
    try:
        text = codecs.getincrementaldecoder("utf-8-sig")().decode(start)  # may end inside a letter
    except UnicodeDecodeError:
        text = start.decode("latin-1")
        if sum(map(str.isascii, text)) < PLAIN * len(text):
            return ""
    return "" if CONTROLS.search(text) else text


def idx_file(start: bytes) -> str:
    """A description of an IDX file with these first bytes; empty if it is not one."""
    match = IDX.match(start)
    if not match:
        return ""
    values, dimensions = VALUES[match[1][0]], match[2][0]
    return f"an IDX file of {values} with {dimensions} dimension{'s' * (dimensions > 1)}"


def refused(path: Path, start: bytes, expected: str) -> DataError:
    """The error for a file with these first bytes where another kind was expected."""
    kind, remedy = recognize(start)
    return DataError(f"{show(path)} is {kind}, and not {expected}: {remedy}")
