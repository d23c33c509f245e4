"""XLA compiles a large network's epoch; its numbers are the same, but for the order of sums.

The laws use small networks, whose epoch is not compiled; here every network counts as large.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from adapters.laws.cases import ARCHITECTURES, Case, draw
from adapters.laws.subject import Subject
from adapters.laws.tolerances import COMPILED_EPOCH
from adapters.laws.training import check_epoch


@pytest.fixture
def all_large(subject: Subject, monkeypatch: pytest.MonkeyPatch) -> Subject:
    """The backend under test, compiling every epoch."""
    adapter: dict[str, Any] = subject.cls.epoch.__globals__  # type: ignore[attr-defined]
    monkeypatch.setitem(adapter, "LARGE", 0)
    return Subject(subject.cls)


def drawn(architecture: str, dtype: str, seed: int) -> Case:
    """An epoch of three or four batches, because a single one would not be compiled."""
    case = draw(ARCHITECTURES[architecture], dtype, seed, rows=20)
    return replace(case, batch_size=len(case.order) // 3)


@pytest.mark.parametrize("architecture", ["relu", "tanh", "mixed"])
def test_a_compiled_epoch_is_its_steps(all_large: Subject, architecture: str) -> None:
    for seed in range(2):
        case = drawn(architecture, all_large.dtype, seed)
        assert all_large.model(case)._is_large  # type: ignore[attr-defined]
        check_epoch(all_large, case, COMPILED_EPOCH)


def test_a_compiled_epoch_repeats_to_the_bit(all_large: Subject) -> None:
    tensorflow: Any = all_large.cls.epoch.__globals__["tf"]  # type: ignore[attr-defined]
    if tensorflow.config.functions_run_eagerly():
        pytest.skip("nothing is compiled while the lines that run are counted")
    case = drawn("relu", all_large.dtype, seed=0)
    ends = []
    for _ in range(2):
        model = all_large.model(case)
        losses = model.epoch(case.x, case.y, case.order, case.batch_size)
        ends.append([losses, *model.params()])
        compiled: Any = model._compiled_epoch  # type: ignore[attr-defined]
        assert compiled.experimental_get_tracing_count() > 0, "nothing was compiled"
        assert compiled._jit_compile, "not by XLA"
    assert all(np.array_equal(a, b) for a, b in zip(*ends, strict=True))
