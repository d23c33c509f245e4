"""What a class handed in: each file found, read once and with care, and told which lesson it is.

The folder is somebody else's work. A link may point at the teacher's own files, a pipe may never
end, a file may be of any size, and a name may hold anything; so nothing is followed, nothing but a
regular file of moderate size is opened, and what is graded is the copy that was read.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from adapters.contract import require
from classroom.sources import KINDS, LARGEST, program
from course.settings import CHAPTERS
from datasets.files import Unreadable, content

DEEPEST = 4  # folders within a student's folder, as unpacked archives have them
MOST = 500  # files and folders that one student's folder may hold
# What systems and editors leave beside the files of a person.
LITTER = re.compile(r"\..*|__MACOSX|__pycache__|Thumbs\.db|desktop\.ini")
NAMED = re.compile(r"^[^#\n]*\bopen_exercises\(\s*(?:number\s*=\s*)?(\d{1,4})\b", re.MULTILINE)


@dataclass(frozen=True)
class Submission:
    """One student's file for one lesson; `problem` says why there is nothing to grade."""

    student: str
    file: str  # its path below the folder, as it can be printed
    lesson: int | None = None
    content: bytes = b""
    problem: str = ""

    @property
    def suffix(self) -> str:
        """`.py` or `.ipynb`."""
        return Path(self.file).suffix.lower()


def handed_in(
    folder: Path, lesson: int | None = None, ours: frozenset[Path] = frozenset()
) -> list[Submission]:
    """Every submission in the folder, by student and lesson; `ours` are files that we write there.

    lesson: only this one. Raises SettingsError for a folder that is none, or that holds nothing.
    """
    require(folder.is_dir(), f"{str(folder)!r} is no folder: name the one with the submissions")
    found: list[Submission] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if not LITTER.fullmatch(entry.name) and Path(entry.path).absolute() not in ours:
                found += _of_one(entry, folder)
    require(
        bool(found),
        f"nothing was handed in in {str(folder)!r}: it should hold a .py or .ipynb file, or a "
        "folder of them, for each student",
    )
    if lesson is not None:
        found = [one for one in found if one.lesson in (lesson, None)]
        require(bool(found), f"no submission in {str(folder)!r} is for lesson {lesson}")
    return _one_for_each(sorted(found, key=lambda one: (one.student, one.lesson or 0, one.file)))


def printable(name: str) -> str:
    """A name as it can be shown: one line, no control characters, accents composed."""
    composed = unicodedata.normalize("NFC", name)
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in composed)


def _of_one(entry: os.DirEntry[str], top: Path) -> list[Submission]:
    """What one entry of the folder holds: a file, or a student's folder."""
    is_folder = entry.is_dir(follow_symlinks=False)
    student = printable(entry.name if is_folder else Path(entry.name).stem)
    if not is_folder:
        return [_read(Path(entry.path), top, student)]
    try:
        paths = list(_below(Path(entry.path)))
    except (OSError, ValueError) as error:
        return [Submission(student, printable(entry.name), problem=_why(error))]
    read = [_read(path, top, student) for path in paths if path.suffix.lower() in KINDS]
    # Modules of their own that students import have no lesson; alone, they are worth a word.
    meant = [one for one in read if one.lesson is not None] or read
    nothing = Submission(student, printable(entry.name), problem="no .py or .ipynb file in it")
    return meant or [nothing]


def _below(folder: Path) -> Iterator[Path]:
    """The files in a folder and its folders. Raises ValueError where there is no end to them."""
    waiting, seen = [(folder, 1)], 0
    while waiting:
        here, depth = waiting.pop()
        with os.scandir(here) as entries:
            for entry in entries:
                seen += 1
                if seen > MOST:
                    raise ValueError(f"more than {MOST} files: hand in only what was written")
                if LITTER.fullmatch(entry.name):
                    continue
                if not entry.is_dir(follow_symlinks=False):
                    yield Path(entry.path)
                elif depth < DEEPEST:
                    waiting.append((Path(entry.path), depth + 1))


def _read(path: Path, top: Path, student: str) -> Submission:
    """One file as a submission, also when it cannot be read."""
    one = Submission(student, printable(str(path.relative_to(top))))
    if path.suffix.lower() not in KINDS:
        return replace(one, problem="neither a .py nor an .ipynb file")
    try:
        found = content_of(path)
        text = program(found, one.suffix).text
    except (OSError, ValueError) as error:
        return replace(one, problem=_why(error))
    number = NAMED.search(text)
    if number is None:
        return replace(one, problem="no open_exercises(…) in it, so nobody knows its lesson")
    lesson = int(number[1])
    if lesson not in CHAPTERS:
        return replace(one, problem=f"it opens the exercises of a lesson {lesson}, and none exists")
    return replace(one, lesson=lesson, content=found)


def content_of(path: Path) -> bytes:
    """A regular file's bytes. Never follows a link, and never waits for a pipe."""
    if path.is_symlink():
        raise ValueError("a link: hand in the file itself")
    try:
        found = content(path, LARGEST, follow=False)
    except Unreadable as error:
        raise ValueError(error.reason) from None
    if not found.strip():
        raise ValueError("empty")
    return found


def _why(error: Exception) -> str:
    """Why a file could not be read, in a few words."""
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)


def _one_for_each(found: list[Submission]) -> list[Submission]:
    """One submission for each student and lesson: nobody can tell which of two is meant."""
    kept: dict[tuple[str, object], Submission] = {}
    for one in found:
        key = (one.student, one.lesson if one.lesson is not None else one.file)
        if key not in kept:
            kept[key] = one
        else:
            both = f"handed in twice, as {kept[key].file} and {one.file}: keep one"
            kept[key] = replace(kept[key], content=b"", problem=kept[key].problem or both)
    return list(kept.values())
