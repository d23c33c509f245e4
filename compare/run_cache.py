"""What has been run already, so that a comparison that was cut off goes on (RESUME=auto).

A cell (a lesson on a backend, in one dtype, on one or some seeds) that ends well is entered as
OUT/.cells/<key>.json: the digests of the files of its records. The key is the digest of all that
decides what the cell computes: its options, the code, the versions, the user's data. So a cell that
would compute anything else has another key, and one whose records were replaced, removed or damaged
since has other digests: both are run.
"""

from __future__ import annotations

import json
import os
import platform
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any

import click

from adapters import BACKENDS
from compare.backends import LessonTask, record_folders
from compare.fingerprint import code
from course.atomic_files import contents, write_whole
from course.card import versions
from course.settings import digest_of
from datasets.files import Unreadable, content

FOLDER = ".cells"
LARGEST = 1_000_000  # bytes of an entry; it has some hundreds
RECORD_FILES = ("record.npz", "looks.npz", "card.json")  # a figure is drawn from the record


class RunCache:
    """The cells under OUT that have ended well."""

    def __init__(self, out: str, data: str | None = None, resume: bool = False) -> None:
        """data: the user's, as given; resume: whether what is there is taken."""
        self.out, self.data, self.resume = Path(out).expanduser().absolute(), data, resume

    @cached_property
    def same(self) -> dict[str, Any]:
        """What all cells of a comparison share."""
        return {
            "code": code(),
            "data": contents(Path(self.data).expanduser()) if self.data else {},
            "platform": [platform.system(), platform.machine()],
        }

    def find(self, cell: LessonTask) -> bool:
        """Whether a cell has been run: then it has ended, and says so as it did then."""
        if not self.resume or not self._keeps(cell):
            return False
        place = self._place(cell)
        if not os.path.lexists(place):
            return False
        try:
            entry = json.loads(content(place, LARGEST))
            seconds = float(entry["seconds"])
            folders = [self.out / name for name in entry["records"]]
            sound = all(
                contents(folder, RECORD_FILES) == entry["records"][name]
                for folder, name in zip(folders, entry["records"], strict=True)
            )
        except Unreadable as error:
            click.echo(f"{cell.name} is run again: {error}", err=True)
            return False
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return False
        if not sound:
            return False
        cell.state, cell.out = "done", [f"complete: {folder}" for folder in folders]
        cell.begun, cell.ended = 1.0, 1.0 + seconds
        cell.line = "taken as it is"
        return True

    def keep(self, cell: LessonTask) -> None:
        """Enter a cell that has ended well."""
        if cell.state != "done" or not self._keeps(cell):
            return
        with suppress(OSError, Unreadable):  # an entry saves time; to lack it costs no result
            records = {
                folder.relative_to(self.out).as_posix(): contents(folder, RECORD_FILES)
                for folder in record_folders(cell.out)
            }
            entry = {"records": records, "seconds": round(cell.seconds, 3)}
            write_whole(self._place(cell), f"{json.dumps(entry, indent=1)}\n".encode())

    def _keeps(self, cell: LessonTask) -> bool:
        """Not what lies in a folder that goes away."""
        return Path(cell.home).expanduser().absolute() == self.out

    def _place(self, cell: LessonTask) -> Path:
        what: dict[str, Any] = self.same | {
            "arguments": list(cell.arguments),
            "versions": versions({*BACKENDS[cell.backend].packages, "numpy"}),
        }
        return self.out / FOLDER / f"{digest_of(what)[:32]}.json"
