"""Every law, on one backend in one precision: `pytest tests/conformance --backend torch`."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given

from adapters.laws.cases import ARCHITECTURES, Case, draw
from adapters.laws.registry import EACH, FEW, FEW_ON, ONCE, SINGLE
from adapters.laws.subject import NotRun, Subject
from tests.conformance.strategies import cases

# Keras compiles a model four times, which takes about three seconds. These have every loss,
# activation and optimizer, with and without L2, and depths of one, two and three.
FOR_KERAS = ["perceptron", "logistic", "squeezed", "relu", "tanh", "mixed"]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every architecture, or fewer on Keras, which takes seconds for each."""
    if "architecture" in metafunc.fixturenames:
        keras = metafunc.config.getoption("--backend") == "keras"
        metafunc.parametrize("architecture", FOR_KERAS if keras else ARCHITECTURES)


def by_name(laws: list[Callable[..., None]]) -> list[object]:
    return [pytest.param(law, id=law.__name__.removeprefix("law_")) for law in laws]


def applied(law: Callable[..., None], subject: Subject, *case: Case) -> None:
    """Apply a law; one that does not concern this backend is reported as not run."""
    try:
        law(subject, *case)
    except NotRun as reason:
        pytest.skip(f"{law.__name__.removeprefix('law_')}: {reason}")


@pytest.mark.parametrize("law", by_name(ONCE))
def test_once(law: Callable[[Subject], None], subject: Subject) -> None:
    applied(law, subject)


@pytest.mark.parametrize("law", by_name(EACH))
def test_each(law: Callable[[Subject, Case], None], architecture: str, subject: Subject) -> None:
    @given(cases(ARCHITECTURES[architecture], subject.dtype))
    def on_every_example(case: Case) -> None:
        applied(law, subject, case)

    on_every_example()


@pytest.mark.parametrize("law", by_name(SINGLE))
def test_single(law: Callable[[Subject, Case], None], architecture: str, subject: Subject) -> None:
    applied(law, subject, draw(ARCHITECTURES[architecture], subject.dtype, seed=0))


@pytest.mark.parametrize("name", FEW_ON)
@pytest.mark.parametrize("law", by_name(FEW))
def test_few(law: Callable[[Subject, Case], None], name: str, subject: Subject) -> None:
    applied(law, subject, draw(ARCHITECTURES[name], subject.dtype, seed=0))
