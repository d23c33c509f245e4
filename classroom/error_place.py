"""Report an error of a student's program: what it is, and where in the program it happened.

{"error": "NameError", "message": …, "line": 12, "columns": [4, 9], "file": …, "near": "price"}.
The line is the last one of the program's own; the columns are those of UTF-8 (-1: to the end of the
line). `near` is an existing name that is spelt like the missing one, or empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from itertools import islice
from types import FrameType, TracebackType
from typing import Any, Final

LONGEST: Final = 500  # characters of an error's message
ALIKE: Final = 0.6  # of difflib's ratio: "pices" and "pieces" have 0.91, "w" and "x" have 0


def report(error: BaseException, owns: Callable[[FrameType], bool]) -> dict[str, Any]:
    """The report on an error. owns: whether a frame is the student's program's."""
    place = _last_own(error.__traceback__, owns)
    line, columns, file = _position(place) if place is not None else (0, [0, -1], "")
    if isinstance(error, SyntaxError) and place is None:
        line, columns, file = error.lineno or 0, _columns(error), error.filename or ""
    try:
        message = error.msg if isinstance(error, SyntaxError) else str(error)
    except Exception:  # noqa: BLE001 - the student's own __str__
        message = ""
    return {
        "error": type(error).__name__,
        "message": message[:LONGEST],
        "line": line,
        "columns": columns,
        "file": file,
        "near": _near(error, place),
    }


def nearest(name: str, names: Iterable[str]) -> str:
    """The public name that is spelt most like this one; empty if none is."""
    public = {each for each in names if not each.startswith("_") and each != name}
    small = {each.lower(): each for each in sorted(public)}
    close = get_close_matches(name.lower(), small, 1, ALIKE)
    return small[close[0]] if close else ""


def _last_own(
    trace: TracebackType | None, owns: Callable[[FrameType], bool]
) -> TracebackType | None:
    last = None
    while trace is not None:
        if owns(trace.tb_frame):
            last = trace
        trace = trace.tb_next
    return last


def _position(trace: TracebackType) -> tuple[int, list[int], str]:
    """Line, columns and file of the instruction that failed."""
    code = trace.tb_frame.f_code
    positions = islice(code.co_positions(), trace.tb_lasti // 2, None)
    line, end, first, last = next(positions, (None,) * 4)
    if line != trace.tb_lineno or first is None or last is None:
        return trace.tb_lineno or 0, [0, -1], code.co_filename
    return line, [first, last if end == line else -1], code.co_filename


def _columns(error: SyntaxError) -> list[int]:
    """The columns of a syntax error, which counts characters from 1."""
    if not error.text or not error.offset:
        return [0, -1]
    first = len(error.text[: error.offset - 1].encode())
    same_line = error.end_lineno == error.lineno and (error.end_offset or 0) > error.offset
    last = len(error.text[: (error.end_offset or 0) - 1].encode()) if same_line else first + 1
    return [first, last]


def _near(error: BaseException, place: TracebackType | None) -> str:
    """An existing name instead of the one that is missing."""
    try:
        if isinstance(error, NameError) and error.name and place is not None:
            frame = place.tb_frame
            return nearest(error.name, {*frame.f_locals, *frame.f_globals, *frame.f_builtins})
        if isinstance(error, AttributeError) and error.name:
            return nearest(error.name, dir(error.obj))
    except Exception:  # noqa: BLE001 - the student's own __dir__
        return ""
    return ""
