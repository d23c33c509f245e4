"""Rows that are small, and made without installing anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from triptych.ledger.rows import Row

DAYS = {"1.0": "2024-01-10", "1.1": "2024-05-02", "1.2": "2024-09-30"}
Make = Callable[..., Row]


def stage(bits: str = "aa", share: float = 0.1) -> dict[str, Any]:
    """One stage of a lesson."""
    return {"bits": bits, "gap": share * 1e-12, "share": share}


def lesson(**stages: dict[str, Any]) -> dict[str, Any]:
    """A lesson that ran, with these stages."""
    return {"status": "complete", "reason": "", "stages": stages}


@pytest.fixture
def make() -> Make:
    """A function that makes a row of Keras."""

    def row(version: str, **parts: Any) -> Row:
        usual: dict[str, Any] = {
            "lessons": {"3": {"float64": lesson(forward=stage(), update=stage("bb"))}},
            "defaults": {"adam.epsilon": 1e-7},
            "catalogue": {"adam_epsilon": {"code": "c", "default": 1.0, "matched": 2.0}},
            "companions": {"numpy": "2.4.6"},
        }
        return Row(
            "keras", "keras", version, DAYS[version], "3.11.7", "Linux x86_64", "code",
            **(usual | parts),
        )  # fmt: skip

    return row
