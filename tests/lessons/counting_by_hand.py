"""Tables of how often letters follow each other, counted with dictionaries, letter by letter."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import numpy as np

import datasets


def strokes(text: str, behind: int) -> dict[str, Counter[str]]:
    """For each context of so many letters, how often each letter follows it."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for i in range(behind, len(text)):
        found[text[i - behind : i]][text[i]] += 1
    return found


def by_dictionaries(book: datasets.Text, most: int) -> tuple[float, float]:
    """The loss and the share of right guesses on the held-out letters, from the fourth on."""
    train, test = book.spelt(book.train), book.spelt(book.test)
    tables = [strokes(train, behind) for behind in range(most + 1)]
    losses, hits = [], []
    for i in range(3, len(test)):
        shares = dict.fromkeys(book.symbols, 1 / len(book.symbols))
        for behind, table in enumerate(tables):
            counts = table.get(test[i - behind : i], Counter())
            total = sum(counts.values()) + 5
            shares = {a: (counts[a] + 5 * share) / total for a, share in shares.items()}
        losses.append(-np.log(shares[test[i]]))
        hits.append(max(shares, key=lambda a: shares[a]) == test[i])
    return float(np.mean(losses)), float(np.mean(hits))


def check_counts(book: datasets.Text, table: Any) -> None:
    symbols = len(book.symbols)
    for order, row in enumerate(table):
        contexts = strokes(book.spelt(book.train), order)
        filled = sum(map(len, contexts.values()))
        loss, hits = by_dictionaries(book, order)
        assert row[1:] == [
            f"{symbols**order:,}", f"{len(contexts):,}",
            f"{1 - filled / (symbols * len(contexts)):.0%}", f"{loss:.3f}", f"{hits:.1%}",
        ]  # fmt: skip
