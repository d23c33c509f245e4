"""A cache of finished tasks, so that an interrupted comparison can continue (RESUME=auto).

A task (a lesson on a backend, in one dtype, with one or more seeds) that ends successfully is
entered as OUT/.cells/<key>.json: the digests of its records' files. The key is the digest of
everything that decides what the task computes: its options, the code, the versions, the user's
data. A task that would compute something else has another key, and records that were replaced,
removed or damaged have other digests; such tasks run again.
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
from compare.backends import LessonTask
from compare.fingerprint import code
from course.card import versions
from course.digests import digest_of
from datasets.atomic_files import write_whole
from datasets.files import Unreadable, content, contents

FOLDER = ".cells"
LARGEST = 1_000_000  # bytes of an entry; a usual one has a few hundred
RECORD_FILES = ("record.npz", "looks.npz", "card.json")  # figures are drawn from the record


class RunCache:
    """The tasks under OUT that have ended successfully."""

    def __init__(self, out: str, data: str | None = None, resume: bool = False) -> None:
        """data: the user's option, unchanged; resume: whether `load` may use entries."""
        self.out, self.data, self.resume = Path(out).expanduser().absolute(), data, resume

    @cached_property
    def same(self) -> dict[str, Any]:
        """The part of the key that all tasks of a comparison share."""
        return {
            "code": code(),
            "data": contents(Path(self.data).expanduser()) if self.data else {},
            "platform": [platform.system(), platform.machine()],
        }

    def load(self, task: LessonTask) -> bool:
        """Whether this task has an entry with sound records; marks the task as done then."""
        if not self.resume or not self._covers(task):
            return False
        path = self._path(task)
        if not os.path.lexists(path):
            return False
        try:
            entry = json.loads(content(path, LARGEST))
            seconds = float(entry["seconds"])
            folders = [self.out / name for name in entry["records"]]
            sound = all(
                contents(folder, RECORD_FILES) == entry["records"][name]
                for folder, name in zip(folders, entry["records"], strict=True)
            )
        except Unreadable as error:
            click.echo(f"{task.name} runs again: {error}", err=True)
            return False
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return False
        if not sound:
            return False
        task.state, task.records = "done", folders
        task.started, task.ended = 1.0, 1.0 + seconds
        task.line = "reused"
        return True

    def store(self, task: LessonTask) -> None:
        """Enter a task that has ended successfully, with a record."""
        if task.state != "done" or not task.records or not self._covers(task):
            return
        with suppress(OSError, Unreadable):  # an entry only saves time; no result depends on it
            records = {
                folder.relative_to(self.out).as_posix(): contents(folder, RECORD_FILES)
                for folder in task.records
            }
            entry = {"records": records, "seconds": round(task.seconds, 3)}
            write_whole(self._path(task), f"{json.dumps(entry, indent=1)}\n".encode())

    def _covers(self, task: LessonTask) -> bool:
        """Whether its records are in OUT, not in a temporary folder."""
        return Path(task.home).expanduser().absolute() == self.out

    def _path(self, task: LessonTask) -> Path:
        what: dict[str, Any] = self.same | {
            "arguments": list(task.arguments),
            "versions": versions({*BACKENDS[task.backend].packages, "numpy"}),
        }
        return self.out / FOLDER / f"{digest_of(what)[:32]}.json"
