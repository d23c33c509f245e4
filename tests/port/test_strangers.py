"""Thirty mistakes of a stranger, who had not seen a hypothesis: outcomes as they came out.

Written and run once before anything was mended for them: 30 located, 20 named, 3 with a wrong name
(an in-place ReLU, a scale that was said of the wrong side, norms that were paired the wrong way
round). What was missed has been made a hypothesis since.
"""

from __future__ import annotations

import re

import pytest

from tests.port.mistakes import Mistake, strangers
from triptych.port.api import check

NOT_NAMED = {
    "scores scaled by the model's width",  # "1.41421 × as large in A" is true, and in other words
}
# The same function on its batch: a maximum over everything takes the ReLU's place.
SAME = {"batch norm after the ReLU"}


def cases(mistakes: list[Mistake]) -> list[object]:
    """All in `make test-all`."""
    return [pytest.param(m, id=m.name, marks=pytest.mark.slow) for m in mistakes]


@pytest.mark.filterwarnings("ignore:Using a target size:UserWarning")  # the mistake itself
@pytest.mark.parametrize("mistake", cases(strangers.MISTAKES))
def test_mistake(mistake: Mistake) -> None:
    model, module, batch, options = mistake.build()
    result = check(model, module, batch, **options)
    name = mistake.name.removeprefix("strangers: ")
    assert bool(result.causes) == (name not in SAME), str(result)
    named = any(
        cause.proved and re.search(mistake.cause or "", cause.text) for cause in result.causes
    )
    assert named == (name not in NOT_NAMED | SAME), str(result)


@pytest.mark.parametrize("mistake", cases(strangers.RIGHT))
def test_right_port(mistake: Mistake) -> None:
    model, module, batch, options = mistake.build()
    assert check(model, module, batch, **options).is_port_right
