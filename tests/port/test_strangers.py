"""Strangers' mistakes are named, and their right ports pass."""

from __future__ import annotations

import re

import pytest

from tests.port.mistakes import Mistake
from tests.port.strangers import OUTCOMES, SETS
from triptych.port.api import check

NOT_NAMED = {
    # "Positions in A, add in B" says where, and not what.
    "third: positions by row of the batch",
    # "A does not add 1, as B does": the place and the remedy, and not what the number counts.
    "fourth: places from one",
}
# The same function on its batch: a maximum over everything takes the ReLU's place.
SAME = {"first: batch norm after the ReLU"}


# Right ports that the check once could not take, or accused; all others are in `make test-all`.
SAMPLE = {
    "second: right: joint projection",
    "third: right: label smoothing",
    "third: right: state before the padded steps",
    "fourth: right: scores by a head's width",
}


def cases(which: int) -> list[object]:
    """The mistakes (0) or the right ports (1) of every set."""
    return [
        pytest.param(one, id=one.name, marks=() if one.name in SAMPLE else pytest.mark.slow)
        for both in SETS.values()
        for one in both[which]
    ]


@pytest.mark.filterwarnings("ignore:Using a target size:UserWarning")  # the mistake itself
@pytest.mark.parametrize("mistake", cases(0))
def test_mistake(mistake: Mistake) -> None:
    model, module, batch, options = mistake.build()
    result = check(model, module, batch, **options)
    assert bool(result.causes) == (mistake.name not in SAME), str(result)
    named = any(
        cause.proved and re.search(mistake.cause or "", cause.text) for cause in result.causes
    )
    assert named == (mistake.name not in NOT_NAMED | SAME), str(result)


@pytest.mark.filterwarnings("ignore:Using a target size:UserWarning")
@pytest.mark.parametrize("port", cases(1))
def test_right_port(port: Mistake) -> None:
    model, module, batch, options = port.build()
    result = check(model, module, batch, **options)
    assert result.is_port_right, str(result)


def test_each_set_has_thirty_mistakes_and_its_first_outcome() -> None:
    assert OUTCOMES.keys() == SETS.keys()
    for name, (mistakes, right) in SETS.items():
        assert len({mistake.name for mistake in mistakes}) == 30, name
        assert len(right) >= 10, name
        assert all(port.right for port in right), name
