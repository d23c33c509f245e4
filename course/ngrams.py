"""Counting tables, how often each letter follows the ones behind it; and the losses of guesses."""

from __future__ import annotations

import numpy as np

from adapters.contract import Array

STROKES = 5.0  # what the next smaller table thinks counts as much as so many strokes


class NGrams:
    """Tables of a text that look back at 0, 1, …, `most` letters.

    tables: for each of them the contexts that occur, as numbers (k,), and the counts of the letters
    that follow each, (k, symbols).
    """

    def __init__(self, letters: Array, symbols: int, most: int) -> None:
        self.symbols = symbols
        self.tables = [self._counted(letters, behind) for behind in range(most + 1)]

    def shares(self, letters: Array, behind: int, first: int) -> Array:
        """The share of each letter at each place from `first` on, (n − first, symbols).

        behind: how many letters the largest table looks at. Each table's counts are mixed with what
        the next smaller one thinks; the smallest is mixed with equal shares.
        """
        n = len(letters) - first
        found = np.full((n, self.symbols), 1 / self.symbols)
        for back in range(behind + 1):
            contexts, table = self.tables[back]
            ids = self._numbered(letters, back)[-n:]
            rows = np.searchsorted(contexts, ids).clip(max=len(contexts) - 1)
            counts = np.where((contexts[rows] == ids)[:, None], table[rows], 0)
            found = (counts + STROKES * found) / (counts.sum(1, keepdims=True) + STROKES)
        return found

    def _counted(self, letters: Array, behind: int) -> tuple[Array, Array]:
        contexts, rows = np.unique(self._numbered(letters, behind), return_inverse=True)
        table = np.zeros((len(contexts), self.symbols))
        np.add.at(table, (rows, letters[behind:]), 1)
        return contexts, table

    def _numbered(self, letters: Array, behind: int) -> Array:
        """The letters behind each place as one number, (n − behind,)."""
        n = len(letters) - behind
        ids = np.zeros(n, np.int64)
        for i in range(behind):
            ids += letters[i : i + n] * self.symbols**i
        return ids


def losses_of(scores: Array, answers: Array) -> Array:
    """−log of the share that scores (…, symbols) give to each answer (…), in float64."""
    scores = scores.astype(np.float64)
    highest = scores.max(-1, keepdims=True)
    total = np.log(np.exp(scores - highest).sum(-1)) + highest[..., 0]
    losses: Array = total - np.take_along_axis(scores, answers[..., None], -1)[..., 0]
    return losses
