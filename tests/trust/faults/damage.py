"""One byte changed at random: in the data, a record, its probes and card, or a checkpoint.

A file is divided into regions, each of which is hit: an .npz into the zip's headers, the names of
its members, the headers of the arrays, the numbers, and the tail; other files into head, middle and
tail. The change is reported, in one line that names the file; or it does not matter, and every
number that is read is the same to the bit.
"""

from __future__ import annotations

import shutil
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from adapters.contract import TriptychError
from course import checkpoint_format
from course.record import read_record
from datasets import DataError, committed
from tests.trust.faults.bench import HARMLESS, ONE_LINE, WRONG, Bench, Outcome

EACH = 40  # of a region, in the table; a tenth in a sample
HEAD = 64  # bytes of a file that is no zip
ZIPPED = ("members' sizes and times", "names", "arrays' headers", "numbers", "tail")
PLAIN = ("head", "middle", "tail")
FILES = {
    **dict.fromkeys([*committed.HASHES, "record.npz", "looks.npz"], ZIPPED),
    "card.json": PLAIN, "checkpoint's arrays": PLAIN, "checkpoint's card": PLAIN,
}  # fmt: skip
ROWS = tuple(f"byte changed: {file}, {part}" for file, parts in FILES.items() for part in parts)
Read = Callable[[], list[np.ndarray[Any, Any]]]
LOCAL, CENTRAL = 30, 46  # bytes of a member's two entries before its name


def tried(bench: Bench) -> Iterator[Outcome]:
    """Every region of every file."""
    for name, (file, read) in _files(bench).items():
        before, content = read(), file.read_bytes()
        parts = _zipped(file) if file.suffix == ".npz" else _plain(content)
        for part, places in parts.items():
            for _ in range(EACH if bench.full else EACH // 10):
                at = int(bench.rng.choice(places))
                other = content[at] ^ int(bench.rng.integers(1, 256))
                with file.open("r+b") as stream:
                    stream.seek(at)
                    stream.write(bytes([other]))
                row, what = f"byte changed: {name}, {part}", f"byte {at} made {other}"
                yield _judged(row, what, file, read, before)
                with file.open("r+b") as stream:
                    stream.seek(at)
                    stream.write(content[at : at + 1])


def _judged(row: str, what: str, file: Path, read: Read, before: list[Any]) -> Outcome:
    try:
        found = read()
    except (DataError, TriptychError) as error:
        message = str(error)
        named = file.name in message and "\n" not in message
        return Outcome(row, ONE_LINE if named else WRONG, f"{what}: {message}")
    except Exception as error:  # noqa: BLE001 - what a person would see as a traceback
        return Outcome(row, WRONG, f"{what}: raises {type(error).__name__}: {error}")
    same = len(found) == len(before) and all(
        (a.dtype, a.shape, a.tobytes()) == (b.dtype, b.shape, b.tobytes())
        for a, b in zip(found, before, strict=True)
    )
    return Outcome(row, HARMLESS if same else WRONG, f"{what}: is read as other numbers")


def _files(bench: Bench) -> dict[str, tuple[Path, Read]]:
    """Copies of the files, and what reads each."""
    folder = bench.fresh()
    for name in committed.HASHES:
        shutil.copy(committed.FOLDER / name, folder)
    done = bench.run(bench.words(folder, "--probes", "--no-figures"))
    assert done.status == 0, done.err
    (record,) = folder.glob("lesson*/numpy-*")
    arrays, _ = read_record(record)
    card = checkpoint_format.write(folder, "step-000000001", arrays, {"of": {"lesson": 3}})

    def of_record() -> list[Any]:
        found, metadata = read_record(record, probes=True)
        return [*found.values(), np.array(repr(metadata))]

    def of_checkpoint() -> list[Any]:
        found, metadata = checkpoint_format.read(card)
        return [*found.values(), np.array(repr(metadata))]

    data: dict[str, tuple[Path, Read]] = {
        name: (folder / name, lambda name=name: [*committed.read(name, folder).values()])
        for name in committed.HASHES
    }
    return data | {
        **{name: (record / name, of_record) for name in ("record.npz", "looks.npz", "card.json")},
        "checkpoint's arrays": (card.with_suffix(".safetensors"), of_checkpoint),
        "checkpoint's card": (card, of_checkpoint),
    }


def _plain(content: bytes) -> dict[str, Any]:
    end = len(content)
    edges = (0, HEAD, end - HEAD, end)
    return {part: np.arange(a, b) for part, a, b in zip(PLAIN, edges[:-1], edges[1:], strict=True)}


def _zipped(file: Path) -> dict[str, Any]:
    """The places of each region; where an array is packed, its header is packed with it."""
    content = file.read_bytes()
    kind = np.full(len(content), ZIPPED.index("numbers"), np.int8)
    with zipfile.ZipFile(file) as archive:
        members, start = archive.infolist(), archive.start_dir

    def mark(first: int, count: int, part: str) -> int:
        kind[first : first + count] = ZIPPED.index(part)
        return first + count

    for member in members:
        at = member.header_offset
        name, extra = struct.unpack("<HH", content[at + 26 : at + 30])
        at = mark(mark(at, LOCAL, ZIPPED[0]), name, "names")
        at = mark(at, extra, ZIPPED[0])
        mark(at, 64 if member.compress_type else 128, "arrays' headers")
    at = start
    while content[at : at + 4] == b"PK\x01\x02":
        name, extra, comment = struct.unpack("<HHH", content[at + 28 : at + 34])
        at = mark(mark(at, CENTRAL, ZIPPED[0]), name, "names")
        at = mark(at, extra + comment, ZIPPED[0])
    mark(at, len(content) - at, "tail")
    return {part: np.flatnonzero(kind == i) for i, part in enumerate(ZIPPED)}
