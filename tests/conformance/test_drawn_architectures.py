"""Any architecture keeps every law: drawn for the backends that need not compile one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.laws.cases import Architecture, Case
from adapters.laws.registry import EACH, FEW, SINGLE
from adapters.laws.subject import Subject
from tests.conformance.strategies import (
    cases,
    drawn_architectures,
    drawn_of_pictures,
    drawn_of_sequences,
)

DRAWN = {
    "dense layers": drawn_architectures(),
    "pictures": drawn_of_pictures(),
    "sequences": drawn_of_sequences(),
}


@pytest.mark.parametrize("architectures", DRAWN.values(), ids=DRAWN)
def test_any_architecture_keeps_every_law(
    architectures: st.SearchStrategy[Architecture], subject: Subject
) -> None:
    @given(architectures.flatmap(lambda drawn: cases(drawn, subject.dtype)))
    def on_every_example(case: Case) -> None:
        for law in (*EACH, *SINGLE, *FEW):
            law(subject, case)

    on_every_example()
