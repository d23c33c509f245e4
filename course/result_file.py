"""The file in which a lesson names its records to the program that started it (--result).

The lines that a lesson prints are for people: no program reads them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from datasets.atomic_files import write_whole
from datasets.files import Unreadable, content

LARGEST = 10_000_000  # bytes; a record takes about a hundred
COMPLETE, INCOMPLETE = "complete", "incomplete"


def write(file: Path, records: Sequence[Path], *, complete: bool) -> None:
    """Write the folders of the complete records. complete: whether all seeds have run."""
    status = COMPLETE if complete else INCOMPLETE
    plain = {"status": status, "records": [str(folder.absolute()) for folder in records]}
    write_whole(file, f"{json.dumps(plain, indent=1)}\n".encode())


def read(file: Path) -> list[Path]:
    """The folders of the records, one for each seed; none if the lesson did not come to its end."""
    try:
        plain = json.loads(content(file, LARGEST))
        return [Path(folder) for folder in plain["records"] if plain["status"] == COMPLETE]
    except (Unreadable, OSError, ValueError, KeyError, TypeError, RecursionError):
        return []
