"""A line of a program with a mark beneath the part in which an error happened."""

from __future__ import annotations

from typing import Final

WIDEST: Final = 76  # characters of the line that are shown


def excerpt(line: str, columns: tuple[int, int]) -> str:
    """The line without its indent, and beneath it a row of carets.

    columns: characters from 0, the second is -1 for the end of the line. Empty for an empty line.
    """
    code = line.rstrip().replace("\t", " ")
    if not code.strip():
        return ""
    first, last = columns
    without_comment = len(code.split("  #")[0].rstrip())
    if not first < last <= len(code):
        last = without_comment if without_comment > first else len(code)
    first = min(max(first, 0), len(code) - 1)
    indent = len(code) - len(code.lstrip())
    first, code = max(first - indent, 0), code[indent:]
    last = max(min(last - indent, without_comment - indent), first + 1)
    if len(code) > WIDEST:  # show what is around the mark
        start = max(0, min(first - WIDEST // 4, len(code) - WIDEST))
        end = start + WIDEST
        code = (
            "…" * (start > 0)
            + code[start + (start > 0) : end - 1]
            + ("…" if end < len(code) else code[end - 1 :])
        )
        first, last = first - start, min(last - start, WIDEST)
    return f"{code}\n{' ' * first}{'^' * max(1, last - first)}"


def characters(line: str, columns: tuple[int, int]) -> tuple[int, int]:
    """Columns that count bytes of UTF-8, as Python's do, as columns that count characters."""
    first, last = (
        column if column < 0 else len(line.encode()[:column].decode(errors="ignore"))
        for column in columns
    )
    return first, last
