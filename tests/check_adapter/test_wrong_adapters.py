"""Each wrong adapter breaks the law that is about its mistake, and the law says what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.laws.subject import Subject
from adapters.numpy_adapter import NumpyModel, configure_device
from compare.check_adapter.formatting import in_full
from compare.check_adapter.laws import examples
from compare.check_adapter.process import Failure
from compare.check_adapter.trial import first_failure
from tests.check_adapter import wrong_loops  # noqa: F401 - they join WRONG
from tests.check_adapter.wrong_adapters import (
    WRONG,
    DividesByTheBatchSize,
    ShiftsSomeLabels,
    ShiftsSomeLabelsInEpoch,
    ShiftsSomeTargets,
)

# They change a single row's share, which rounding must not hide.
FEW_ROWS_WRONG = [
    DividesByTheBatchSize, ShiftsSomeLabels, ShiftsSomeLabelsInEpoch, ShiftsSomeTargets
]  # fmt: skip


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> None:
    """As in `check-adapter`: threads that wait for each other take ten times as long."""
    configure_device("float64", "cpu", 1)


def failures(cls: type[NumpyModel], law: str, dtype: str) -> list[Failure]:
    """The failures that `check-adapter` finds by one law."""
    settled = type(cls.__name__, (cls,), {"dtype": dtype, "device": "cpu", "threads": 1})
    subject, file = Subject(settled), Path(__file__)
    found = (first_failure(law, subject, *example, file) for example in examples(law, dtype))
    return [failure for failure in found if failure is not None]


@pytest.mark.parametrize("cls", WRONG)
def test_a_wrong_adapter_gets_a_message_about_its_mistake(cls: type[NumpyModel]) -> None:
    law, words = WRONG[cls]
    found = failures(cls, law, "float64")
    assert found, f"{cls.__name__} keeps the law {law}"
    assert any(words in in_full(failure) for failure in found), [in_full(f) for f in found]


@pytest.mark.parametrize("cls", FEW_ROWS_WRONG)
def test_a_few_wrong_rows_are_found_in_single_precision_too(cls: type[NumpyModel]) -> None:
    law, words = WRONG[cls]
    assert any(words in in_full(failure) for failure in failures(cls, law, "float32"))
