"""A text as numbers: lower-cased, on one line, and each of its letters the number of a symbol."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from datasets import committed
from datasets.files import DataError, content, digest, show

LARGEST = 2_000_000  # bytes of a file of your own: some ten novels; a lesson reads all of it
SHORTEST = 1_000  # letters: nine tenths to learn from, and a tenth that is held out
MOST_SYMBOLS = 150  # different ones: an alphabet, capitals aside, with its punctuation and digits
HELD_OUT = 10  # the last of so many equal parts is not learnt from


@dataclass(frozen=True, eq=False)
class Text:
    """A text, lower-cased, with one space for each run of spaces and ends of lines.

    symbols: every letter that occurs, sorted. codes (n,): each letter's number among them, int64.
    digest: sha256 of the codes and the symbols.
    """

    name: str
    symbols: str
    codes: NDArray[np.int64]
    digest: str

    @cached_property
    def letters(self) -> str:
        """The text itself."""
        return self.spelt(self.codes)

    @property
    def train(self) -> NDArray[np.int64]:
        """The letters to learn from: the first nine tenths."""
        return self.codes[: self._cut]

    @property
    def test(self) -> NDArray[np.int64]:
        """The letters that are held out: the last tenth."""
        return self.codes[self._cut :]

    @property
    def _cut(self) -> int:
        return len(self.codes) * (HELD_OUT - 1) // HELD_OUT

    def spelt(self, codes: NDArray[np.int64]) -> str:
        """The letters of these numbers."""
        return "".join(self.symbols[code] for code in codes)


def plain(text: str) -> str:
    """The text lower-cased, with one space for each run of spaces and ends of lines.

    Other signs that are not printed, as that for the end of a file, count as spaces.
    """
    return " ".join("".join(a if a.isprintable() else " " for a in text.lower()).split())


def made_of(name: str, text: str, source: str | None = None) -> Text:
    """A Text of any text. Raises DataError if it is too short, or has too many symbols.

    source: what errors call it.
    """
    letters, where = plain(text), source or name
    if len(letters) < SHORTEST:
        raise DataError(
            f"{where} has {len(letters):,} letters; expected {SHORTEST:,} or more, since a tenth "
            "of them is held out"
        )
    points = np.array([ord(letter) for letter in letters])
    found, codes = np.unique(points, return_inverse=True)
    if len(found) > MOST_SYMBOLS:
        raise DataError(
            f"{where} has {len(found):,} different letters; expected {MOST_SYMBOLS} or fewer, as "
            "an alphabet has"
        )
    symbols = "".join(map(chr, found))
    codes = codes.astype(np.int64)
    return Text(name, symbols, codes, digest({"symbols": found.astype(np.int64), "codes": codes}))


def read(path: Path) -> Text:
    """A text file of your own, in UTF-8. Raises DataError if it is no text."""
    data = content(path, LARGEST)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(
            f"{show(path)} is no text in UTF-8 (byte {error.start}): save it as plain text in UTF-8"
        ) from error
    if "\0" in text:
        raise DataError(f"{show(path)} holds a zero byte: expected plain text in UTF-8")
    return made_of(path.absolute().name, text, show(path))


def alice() -> Text:
    """*Alice's Adventures in Wonderland*, as committed. Raises DataError if it is damaged."""
    stored = committed.read("alice.npz")["text"]  # (n,) uint8, one ASCII letter each
    return made_of("alice", stored.tobytes().decode("ascii"))
