"""Find entries by what a user sees: any words, ranked, with the nearest where none fits.

Each word of a query adds to every entry that has it: more if few entries have it, more in a title,
a name or the symptoms than in an explanation, and again if its neighbour in the query is its
neighbour there. Words are compared whole: "eps" is epsilon and no part of "steps". A word that no
entry has counts as the one most like it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from triptych.differences.entry import Entry
from triptych.differences.words import pairs, trigrams, words

# How much a word counts by where it is, and how soon more of the same count no more.
WEIGHTS = {"name": 3.0, "title": 3.0, "symptoms": 3.0, "summary": 1.0, "matters": 1.0,
           "remedy": 0.7, "topic": 1.0, "code": 0.4}  # fmt: skip
PAIRED = ("name", "title", "symptoms")  # where neighbours count
ENOUGH = 2.0
PAIR = 0.6  # of a pair of neighbours, compared with a word
LIKE = 0.45  # the share of trigrams that makes two words alike
SHARE = 0.3  # of the best score; entries below are not shown
MOST = 10

Index = dict[str, dict[str, float]]  # word or pair → entry → what it adds


def ranked(entries: Sequence[Entry], query: str, most: int = MOST) -> list[Entry]:
    """The entries that answer a query best, the best first; none for a query without words."""
    index = index_of(tuple(entries))
    asked = words(query)
    known = [alike(index, word) if word not in index else word for word in asked]
    found = [word for word in known if word]
    scores: dict[str, float] = {}
    for word in dict.fromkeys([*found, *pairs(found)]):
        for name, adds in index.get(word, {}).items():
            scores[name] = scores.get(name, 0.0) + adds
    if not scores:
        return []
    by_name = {entry.name: entry for entry in entries}
    best = max(scores.values())
    order = sorted(scores, key=lambda name: (-round(scores[name], 6), name))
    return [by_name[name] for name in order if scores[name] >= SHARE * best][:most]


def alike(index: Index, word: str) -> str:
    """The known word that shares most trigrams with an unknown one; empty if it shares none."""
    ours = trigrams(word)

    def share(other: str) -> float:
        theirs = trigrams(other)
        return 2 * len(ours & theirs) / (len(ours) + len(theirs))

    single = sorted(known for known in index if " " not in known)
    best = max(single, key=share, default="")
    return best if best and share(best) > (LIKE if len(word) > 3 else 0.99) else ""


@lru_cache(maxsize=4)
def index_of(entries: tuple[Entry, ...]) -> Index:
    """What each word and pair adds to the score of each entry."""
    counts = {entry.name: _counts(entry) for entry in entries}
    having: Counter[str] = Counter(word for found in counts.values() for word in found)
    index: Index = {}
    for name, found in counts.items():
        for word, count in found.items():
            rare = math.log(1 + (len(entries) - having[word] + 0.5) / (having[word] + 0.5))
            scale = PAIR if " " in word else 1.0
            index.setdefault(word, {})[name] = round(scale * rare * count / (count + ENOUGH), 4)
    return index


def _counts(entry: Entry) -> Counter[str]:
    counts: Counter[str] = Counter()
    code = " ".join(snippet.text for snippet in entry.snippets.values())
    texts: dict[str, Any] = {"code": code}
    texts |= {field: getattr(entry, field) for field in WEIGHTS if field != "code"}
    for field, text in texts.items():
        found = words(text)
        for word in found:
            counts[word] += WEIGHTS[field]  # type: ignore[assignment]
        if field in PAIRED:
            for pair in pairs(found):
                counts[pair] += WEIGHTS[field]  # type: ignore[assignment]
    return counts
