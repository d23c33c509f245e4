"""Any architecture keeps every law: drawn for the backends that need not compile one."""

from __future__ import annotations

from hypothesis import given

from adapters.laws.cases import Case
from adapters.laws.registry import EACH, FEW, SINGLE
from adapters.laws.subject import Subject
from tests.conformance.strategies import cases, drawn_architectures


def test_any_architecture_keeps_every_law(subject: Subject) -> None:
    @given(drawn_architectures().flatmap(lambda drawn: cases(drawn, subject.dtype)))
    def on_every_example(case: Case) -> None:
        for law in (*EACH, *SINGLE, *FEW):
            law(subject, case)

    on_every_example()
