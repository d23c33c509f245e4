"""The comparison functions can fail, for every way in which two arrays may differ."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from adapters.laws.comparing import all_close, all_equal, close, equal, must

ONE = np.array([1.0, 2.0])
ULP = float(np.spacing(2.0))


@pytest.mark.parametrize(
    ("got", "want"),
    [
        (ONE, ONE[None]),
        (ONE, ONE.astype(np.float32)),
        (ONE, [1.0, 2.0 + ULP]),
        (ONE, [1.0, np.nan]),
        ([np.nan, np.nan], [np.nan, 1.0]),
        ([np.inf], [-np.inf]),
        (1, 1.0),
        (np.array([1]), np.array([2])),
    ],
)
def test_equal_fails(got: Any, want: Any) -> None:
    with pytest.raises(AssertionError, match="the law: the array"):
        equal("the law", "the array", got, want)
    with pytest.raises(AssertionError):
        equal("the law", "the array", want, got)


@pytest.mark.parametrize(
    ("got", "want", "budget"),
    [
        (ONE, ONE[None], 1.0),
        (ONE, ONE.astype(np.float32), 1.0),
        (ONE, [1.0, 2.0 + 2 * ULP], ULP),  # one ulp over its budget
        (ONE, [1.0, 2.0 + ULP], [1.0, 0.0]),  # entry by entry
        (ONE, [1.0, np.nan], np.inf),
        ([np.nan], [0.0], np.inf),
        ([np.inf], [1.0], 1e300),
        ([np.inf], [-np.inf], 1e300),
        (ONE, [1.0, 2.5], np.nan),
        ([1.0], [2.0], -1.0),
    ],
)
def test_close_fails(got: Any, want: Any, budget: Any) -> None:
    with pytest.raises(AssertionError, match="the law: the array"):
        close("the law", "the array", got, want, np.asarray(budget))


def test_equal_arrays_pass() -> None:
    for values in (ONE, [np.nan, np.inf, -np.inf], [-0.0], np.array([3]), [], 2.0):
        equal("the law", "the array", values, values)
        close("the law", "the array", values, values, 0.0)
    equal("the law", "the array", [0.0], [-0.0])
    close("the law", "the array", ONE, ONE + ULP, ULP)


def test_the_message_has_the_place_the_gap_and_the_budget() -> None:
    with pytest.raises(AssertionError) as caught:
        close("forward", "scores", np.array([[1.0, 2.0]]), np.array([[1.0, 2.5]]), 0.25)
    message = str(caught.value)
    for part in ("forward", "scores[0, 1]", "2.5", "gap of 0.5", "budget is 0.25", "1 of 2"):
        assert part in message, message


def test_lists_and_dictionaries_must_have_the_same_entries() -> None:
    with pytest.raises(AssertionError, match="2 arrays, not 1"):
        all_equal("the law", "list", [ONE, ONE], [ONE])
    with pytest.raises(AssertionError, match="names"):
        all_equal("the law", "state", {"a": ONE}, {"b": ONE})
    with pytest.raises(AssertionError, match="state b"):
        all_equal("the law", "state", {"a": ONE, "b": ONE}, {"a": ONE, "b": 2 * ONE})
    with pytest.raises(AssertionError, match="list 1"):
        all_close("the law", "list", [ONE, ONE], [ONE, 2 * ONE], [0.0, 0.1])
    with pytest.raises(AssertionError, match="the law: words"):
        must("the law", False, "words")
