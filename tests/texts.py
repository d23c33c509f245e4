"""Files of few letters, on which lesson 8 takes a fraction of its time."""

from __future__ import annotations

from pathlib import Path

import datasets

FEW = 2_600  # letters: 50 lines to learn from, 8 lines held out


def few_letters(folder: Path, count: int = FEW) -> str:
    """A file with the first letters of Alice."""
    book = datasets.load("alice")
    assert isinstance(book, datasets.Text)
    file = folder / f"few{count}.txt"
    file.write_text(book.letters[:count], encoding="utf-8")
    return str(file)
