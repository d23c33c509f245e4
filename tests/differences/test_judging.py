"""The judge can fail: each way in which an engine may leave its entry is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from adapters.contract import TriptychError
from compare.differences.entry import read_all
from compare.differences.judge import judge
from compare.differences.running import observe_all
from compare.differences.values import grouped, same, show, shown
from tests.differences.conftest import SNIPPET, Plant

GOOD = {"default": 1, "matched": 3}, {"default": 2, "matched": 3}


def said(home: Path, numpy: dict[str, Any], torch: dict[str, Any]) -> list[str]:
    observed = {"numpy": {"some_entry": numpy}, "torch": {"some_entry": torch}}
    return [str(finding) for finding in judge(read_all(home), observed)]


def test_what_is_as_written_is_no_finding(plant: Plant) -> None:
    assert said(plant(), *GOOD) == []


def test_a_changed_default_is_named_with_both_values(plant: Plant) -> None:
    found = said(plant(), GOOD[0], {"default": 2.5, "matched": 3})
    assert found == ["some_entry on torch: expected 2, now 2.5"]


def test_a_default_that_raises_now_is_named(plant: Plant) -> None:
    found = said(plant(), {"default": {"raises": "ValueError"}, "matched": 3}, GOOD[1])
    assert found == ["some_entry on numpy: expected 1, now raises ValueError"]


def test_a_remedy_that_does_not_close_is_named(plant: Plant) -> None:
    found = said(plant(), GOOD[0], {"default": 2, "matched": 3 + 1e-11})
    assert len(found) == 1
    assert found[0].startswith("some_entry: the remedy does not close the difference: numpy 3; ")


def test_a_remedy_that_raises_is_named(plant: Plant) -> None:
    found = said(plant(), GOOD[0], {"default": 2, "matched": {"raises": "TypeError"}})
    assert found == ["some_entry on torch: the remedy raises TypeError"]


def test_an_agreement_that_ends_is_named(plant: Plant) -> None:
    # 1e-9 is within the tolerance of what is written, and no round-off between engines.
    bare = "def default():\n    return 1\n"
    changes = {'"difference"': '"agreement"', "torch = 2": "torch = 1"}
    home = plant(changes=changes, numpy=bare, torch=bare)
    assert said(home, {"default": 1}, {"default": 1.0}) == []
    (found,) = said(home, {"default": 1}, {"default": 1 + 1e-9})
    assert found.startswith("some_entry: the defaults no longer agree: numpy 1; torch 1.000000001")


def test_observing_reads_the_files_by_their_path(plant: Plant) -> None:
    home = plant(numpy='"""A file called numpy.py may import NumPy."""\nimport numpy as np\n\n\n'
                 "def default():\n    print('x', end='')\n    return np.ones(2).tolist()\n\n\n"
                 "def matched():\n    return [1] + 'x'\n")  # fmt: skip
    found = observe_all(["numpy"], home=home)
    assert found["numpy"]["some_entry"] == {
        "default": [1.0, 1.0],
        "matched": {"raises": "TypeError"},
    }


def test_a_snippet_that_cannot_be_loaded_is_named_and_stops_no_other(plant: Plant) -> None:
    plant("other_entry")
    home = plant(numpy="import nothing_of_this_name\n" + SNIPPET.format(1, 1, 3))
    observed = observe_all(["numpy"], home=home)
    (found,) = judge(read_all(home), observed)
    assert str(found).startswith("some_entry on numpy: its snippet cannot be loaded: ModuleNotFo")
    assert observed["numpy"]["other_entry"] == GOOD[0]


def test_a_value_that_is_not_plain_is_named(plant: Plant) -> None:
    home = plant(numpy="import numpy as np\n" + SNIPPET.format("x", "np.ones(1)", 3))
    (found,) = judge(read_all(home), observe_all(["numpy"], home=home))
    assert "no plain value but a ndarray" in str(found)


def test_a_process_that_dies_is_told(plant: Plant) -> None:
    home = plant(numpy="import os\nos._exit(3)\n" + SNIPPET.format(1, 1, 3))
    with pytest.raises(TriptychError, match="numpy cannot be observed: exit status 3"):
        observe_all(["numpy"], home=home)


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (1.0, 1.0 + 1e-7, True),
        (1.0, 1.0 + 2e-6, False),
        (1e6, 1e6 + 0.5, True),
        (float("nan"), float("nan"), True),
        (float("inf"), float("inf"), True),
        (float("inf"), float("-inf"), False),
        (float("nan"), 0.0, False),
        (True, 1, False),
        ("same", "same", True),
        ("same", "valid", False),
        ([1, [2.0]], [1, [2.0]], True),
        ([1, 2], [1, 2, 3], False),
        ({"raises": "A"}, {"raises": "A"}, True),
        ({"raises": "A"}, {"raises": "B"}, False),
        ({"raises": "A"}, 1.0, False),
        (1, 1.0, True),
    ],
)
def test_when_two_values_are_the_same(one: Any, other: Any, equal: bool) -> None:
    assert same(one, other, 1e-6) is equal
    assert same(other, one, 1e-6) is equal
    assert len(grouped({"a": one, "b": other}, 1e-6)) == (1 if equal else 2)


def test_values_in_words() -> None:
    values = [0.1, 3, True, "same", [1, [0.5]], {"raises": "TypeError"}, float("nan")]
    words = ["0.1", "3", "True", "same", "[1, [0.5]]", "raises TypeError", "nan"]
    assert [show(value) for value in values] == words


def test_different_values_are_shown_with_the_digits_that_differ() -> None:
    assert shown([1 / 3, 2 / 3]) == ["0.33333", "0.66667"]
    assert shown([1 / 3, 1 / 3 + 2e-9]) == ["0.33333333", "0.33333334"]
    assert shown([0.1, 0.1]) == ["0.10000000000000001"] * 2
