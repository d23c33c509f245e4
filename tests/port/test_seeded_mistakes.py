"""Each faulty port is located and named, and to right ports the check has nothing to say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pytest
import torch

from tests.port.mistakes import Mistake
from tests.port.mistakes.families import MISTAKES
from triptych.port.api import check
from triptych.port.causes.cause import Cause
from triptych.port.result import Result

LEAST = {"convolutional": 30, "recurrent": 14, "transformer": 22, "training": 18}
ROUNDING = 1e-11  # of a result with every remedy applied
# In `make test`; all others, and the counts, are in `make test-all`.
SAMPLE = {
    "convolutional: right, with a shortcut",
    "convolutional: symmetric padding",
    "convolutional: batch norm epsilon",
    "convolutional: flattened with rows and columns exchanged",
    "convolutional: group norm epsilon",
    "recurrent: right, a reader",
    "recurrent: batch not first",
    "recurrent: GRU that resets before",
    "transformer: right, by PyTorch's layers",
    "transformer: gelu by tanh",
    "transformer: causal mask forgotten",
    "training: right, Adam",
    "training: Adam's epsilon",
    "training: batch norm momentum",
}


@dataclass(frozen=True)
class Outcome:
    """What the check made of one port. wrong: proved causes that are not the mistake."""

    located: bool
    named: bool
    wrong: tuple[str, ...]
    result: Result


@cache
def outcome(mistake: Mistake) -> Outcome:
    """Check one port. The frameworks' own differences are no wrong names, but they may be right."""
    model, module, batch, options = mistake.build()
    result = check(model, module, batch, **options)
    own = [cause for cause in result.causes if not cause.frameworks_differ]
    first = (own or result.causes)[:2]
    place, text = mistake.place or "", mistake.cause or ""

    def fits(cause: Cause) -> bool:
        return bool(re.search(text, cause.text))

    return Outcome(
        any(re.search(place, where.b) for cause in first for where in cause.places),
        any(cause.proved and fits(cause) for cause in result.causes),
        tuple(cause.text for cause in own if cause.proved and not fits(cause)),
        result,
    )


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Small models are fastest with one."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def cases() -> list[object]:
    """All ports; those outside the sample are slow."""
    return [
        pytest.param(
            mistake, id=mistake.name, marks=() if mistake.name in SAMPLE else pytest.mark.slow
        )
        for mistake in MISTAKES
    ]


@pytest.mark.parametrize("mistake", cases())
def test_port(mistake: Mistake) -> None:
    if mistake.right:
        model, module, batch, options = mistake.build()
        result = check(model, module, batch, **options)
        assert all(cause.frameworks_differ for cause in result.causes), str(result)
        assert result.proof <= ROUNDING, str(result)
        assert not result.unmapped, str(result)
        assert not result.ambiguous, str(result)
        return
    found = outcome(mistake)
    assert found.located, str(found.result)
    assert found.named, str(found.result)
    assert not found.wrong, str(found.result)


def test_each_family_has_its_mistakes_and_each_name_is_used_once() -> None:
    names = [mistake.name for mistake in MISTAKES]
    assert len(set(names)) == len(names)
    assert set(names) >= SAMPLE
    assert sum(mistake.right for mistake in MISTAKES) >= 8
    for family, least in LEAST.items():
        faulty = [one for one in MISTAKES if one.family == family and not one.right]
        assert len(faulty) >= least, family
