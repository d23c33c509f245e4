"""Waiting in tests, with a limit so long that only a hanging process reaches it.

Tests run in parallel, on machines of any speed, under any load. So a limit in seconds never decides
a test; it only ends one that would wait for ever.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

PATIENCE = 300.0  # seconds
BLINK = 0.02  # seconds between two checks

T = TypeVar("T")


def until(condition: Callable[[], T], patience: float = PATIENCE) -> T:
    """Wait until `condition` returns a true value, and return it; AssertionError at the limit."""
    end = time.monotonic() + patience
    while not (result := condition()):
        assert time.monotonic() < end, f"it has not happened within {patience:g} s"
        time.sleep(BLINK)
    return result
