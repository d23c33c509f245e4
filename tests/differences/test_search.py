"""The search answers to what users see: queries from reports, whole words, the page likewise.

`queries.txt` has a query a line and the entries that are right for it, of which one has to be among
the first three; none where the catalogue has nothing to say. The queries were written from the
titles and texts of reports, before the entries had symptoms or were read for them; the right
entries were chosen by what they explain. `unseen.txt` came after the symptoms, and `of_jax.txt`
before any entry ran Optax or Flax.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from triptych.differences.reading import read_all
from triptych.differences.search import ranked
from triptych.differences.words import plain, words

HERE = Path(__file__).parent
ENTRIES = read_all()
SHARE = 0.9  # of the queries with a right entry must find one
FIRST = 3


def read(name: str) -> dict[str, list[str]]:
    """Each query with its right entries."""
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("=>") for line in lines)
    return {query.strip(): right.split() for query, _, right in pairs}


def misses(queries: dict[str, list[str]]) -> list[str]:
    """The queries that find none of their right entries among the first."""
    found = {query: {entry.name for entry in ranked(ENTRIES, query)[:FIRST]} for query in queries}
    return [query for query, right in queries.items() if right and not found[query] & {*right}]


@pytest.mark.parametrize(
    ("name", "least"), [("queries.txt", 150), ("unseen.txt", 40), ("of_jax.txt", 20)]
)
def test_queries_from_reports_find_a_right_entry(name: str, least: int) -> None:
    queries = read(name)
    answered = [query for query, right in queries.items() if right]
    assert len(answered) >= least
    assert {one for right in queries.values() for one in right} <= {e.name for e in ENTRIES}
    missed = misses(queries)
    assert len(missed) <= (1 - SHARE) * len(answered), "\n".join(missed)


def test_words_are_compared_whole() -> None:
    assert words("eps") == ["epsilon"]
    assert "epsilon" not in words("steps depsilon")
    for name in ("BatchNorm2d", "batch_norm", "BatchNormalization", "batch norm", "bn"):
        assert "batchnorm" in words(name), name


@pytest.mark.parametrize(
    ("one", "other"),
    [("lr", "learning rate"), ("weights", "kernel"), ("nn.Linear", "Dense"), ("F.pad", "padding"),
     ("optax", "jax"), ("bn", "batch normalization"), ("biases", "bias"), ("losses", "loss")],
)  # fmt: skip
def test_both_names_of_a_thing_are_one_word(one: str, other: str) -> None:
    assert words(one)[-1] == words(other)[-1]


@pytest.mark.parametrize(("word", "short"), [("steps", "step"), ("loss", "loss"), ("axis", "axis"),
                                             ("entries", "entry"), ("bias", "bias")])  # fmt: skip
def test_plurals_are_one_word_and_other_words_stay(word: str, short: str) -> None:
    assert plain(word) == short


def test_any_word_is_enough_and_the_nearest_answers() -> None:
    assert ranked(ENTRIES, "nesterov qqqq")[0].name == "nesterov_form"
    assert "adam_epsilon" in {entry.name for entry in ranked(ENTRIES, "epsylon")}
    assert ranked(ENTRIES, "") == []
