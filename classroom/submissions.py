"""Find the submissions of a class, read each file once, and find out its lesson.

The folder is untrusted. A link may lead to the teacher's own files, a pipe may never end, a file
may have any size, and a name may contain anything. So links are not followed, only regular files of
moderate size are opened, and the copy that was read is graded.
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
from course.lessons import LESSONS
from datasets.files import Unreadable, content

DEEPEST = 4  # levels of folders in a student's folder; unpacked archives have some
MOST = 500  # files and folders in one student's folder
# Files that systems and editors create.
IGNORED = re.compile(r"\..*|__MACOSX|__pycache__|Thumbs\.db|desktop\.ini")
OPENING_CALL = re.compile(
    r"^[^#\n]*\bopen_exercises\(\s*(?:number\s*=\s*)?(\d{1,4})\b", re.MULTILINE
)


@dataclass(frozen=True)
class Submission:
    """One student's file for one lesson; problem: why it cannot be graded, or empty."""

    student: str
    file: str  # its path relative to the folder, printable
    lesson: int | None = None
    content: bytes = b""
    problem: str = ""

    @property
    def suffix(self) -> str:
        """`.py` or `.ipynb`."""
        return Path(self.file).suffix.lower()


def find_submissions(
    folder: Path, lesson: int | None = None, outputs: frozenset[Path] = frozenset()
) -> list[Submission]:
    """All submissions in the folder, sorted by student and lesson.

    lesson: only this one. outputs: files to skip, because the grader writes them. Raises
    SettingsError if the folder does not exist or contains no submission.
    """
    require(folder.is_dir(), f"{str(folder)!r} is no folder: name the one with the submissions")
    submissions: list[Submission] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if not IGNORED.fullmatch(entry.name) and Path(entry.path).absolute() not in outputs:
                submissions += _of_entry(entry, folder)
    require(
        bool(submissions),
        f"{str(folder)!r} contains no submission: expected a .py or .ipynb file, or a folder of "
        "them, for each student",
    )
    if lesson is not None:
        submissions = [each for each in submissions if each.lesson in (lesson, None)]
        require(bool(submissions), f"no submission in {str(folder)!r} is for lesson {lesson}")
    submissions.sort(key=lambda each: (each.student, each.lesson or 0, each.file))
    return _without_duplicates(submissions)


def in_the_only_lesson(
    submissions: list[Submission], lesson: int | None = None
) -> list[Submission]:
    """Where only one lesson is handed in, a file that cannot be read is a failure in that one."""
    lessons = {each.lesson for each in submissions if each.lesson is not None}
    only = lesson if lesson is not None else lessons.pop() if len(lessons) == 1 else None
    return [each if each.lesson else replace(each, lesson=only) for each in submissions]


def printable(name: str) -> str:
    """A name that is safe to print: one line, no control characters, composed accents."""
    composed = unicodedata.normalize("NFC", name)
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in composed)


def _of_entry(entry: os.DirEntry[str], top: Path) -> list[Submission]:
    """The submissions in one entry of the folder: a file, or a student's folder."""
    is_folder = entry.is_dir(follow_symlinks=False)
    student = printable(entry.name if is_folder else Path(entry.name).stem)
    if not is_folder:
        return [_read(Path(entry.path), top, student)]
    try:
        paths = list(_below(Path(entry.path)))
    except (OSError, ValueError) as error:
        return [Submission(student, printable(entry.name), problem=_reason(error))]
    read = [_read(path, top, student) for path in paths if path.suffix.lower() in KINDS]
    # A student's own modules have no lesson. They are reported only if there is nothing else.
    with_lesson = [each for each in read if each.lesson is not None] or read
    nothing = Submission(student, printable(entry.name), problem="no .py or .ipynb file in it")
    return with_lesson or [nothing]


def _below(folder: Path) -> Iterator[Path]:
    """The files in a folder and its subfolders. Raises ValueError if there are too many."""
    waiting, entries_read = [(folder, 1)], 0
    while waiting:
        current, depth = waiting.pop()
        with os.scandir(current) as entries:
            for entry in entries:
                entries_read += 1
                if entries_read > MOST:
                    raise ValueError(f"more than {MOST} files: hand in only your own files")
                if IGNORED.fullmatch(entry.name):
                    continue
                if not entry.is_dir(follow_symlinks=False):
                    yield Path(entry.path)
                elif depth < DEEPEST:
                    waiting.append((Path(entry.path), depth + 1))


def _read(path: Path, top: Path, student: str) -> Submission:
    """One file as a submission, even if it cannot be read."""
    submission = Submission(student, printable(str(path.relative_to(top))))
    if path.suffix.lower() not in KINDS:
        return replace(submission, problem="neither a .py nor an .ipynb file")
    try:
        raw = content_of(path)
        text = program(raw, submission.suffix).text
    except (OSError, ValueError) as error:
        return replace(submission, problem=_reason(error))
    number = OPENING_CALL.search(text)
    if number is None:
        return replace(submission, problem="no open_exercises(…) in it, so its lesson is unknown")
    lesson = int(number[1])
    if lesson not in LESSONS:
        return replace(
            submission, problem=f"it opens the exercises of a lesson {lesson}, and none exists"
        )
    return replace(submission, lesson=lesson, content=raw)


def content_of(path: Path) -> bytes:
    """The bytes of a regular file. Raises ValueError for links, pipes and empty files."""
    if path.is_symlink():
        raise ValueError("a link: hand in the file itself")
    try:
        raw = content(path, LARGEST, follow=False)
    except Unreadable as error:
        raise ValueError(f"the file {error.reason}") from None
    if not raw.strip():
        raise ValueError("empty")
    return raw


def _reason(error: Exception) -> str:
    """Why a file could not be read."""
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)


def _without_duplicates(submissions: list[Submission]) -> list[Submission]:
    """One submission for each student and lesson; two files for one lesson are an error."""
    unique: dict[tuple[str, object], Submission] = {}
    for each in submissions:
        key = (each.student, each.lesson if each.lesson is not None else each.file)
        if key not in unique:
            unique[key] = each
        else:
            first = unique[key]
            duplicate = f"handed in twice, as {first.file} and {each.file}: keep one"
            unique[key] = replace(first, content=b"", problem=first.problem or duplicate)
    return list(unique.values())
