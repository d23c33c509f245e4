"""What a framework does when it is not told: the defaults in its own signatures."""

from __future__ import annotations

import inspect
from typing import Any


def defaults_of(function: Any) -> dict[str, Any]:
    """The keyword defaults of a function or class; what is no plain value becomes its text."""
    parameters = inspect.signature(function).parameters.values()
    plain = (str, int, float, bool, tuple, type(None))
    return {
        p.name: p.default if isinstance(p.default, plain) else str(p.default)
        for p in parameters
        if p.default is not p.empty
    }
