"""How long a test waits for what must happen: so long that only what hangs takes it.

Tests run beside each other, on machines of any speed, under any load. So a limit in seconds is
never what a test is about; it only ends one that would wait for ever.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

PATIENCE = 300.0  # seconds
BLINK = 0.02  # seconds between two looks

T = TypeVar("T")


def until(met: Callable[[], T], patience: float = PATIENCE) -> T:
    """What `met` returns, as soon as that is something; AssertionError if that never comes."""
    end = time.monotonic() + patience
    while not (found := met()):
        assert time.monotonic() < end, f"it has not happened within {patience:g} s"
        time.sleep(BLINK)
    return found
