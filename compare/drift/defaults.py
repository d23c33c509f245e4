"""A backend's defaults, read from its live framework: `python -m compare.drift.defaults keras`.

It runs in the environment of the other version, and prints JSON. Importing the adapter there is the
first thing that can fail.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from adapters import load

NOTHING = "(not there)"


def changed(ours: dict[str, Any], theirs: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The defaults that differ, by name, as pairs (ours, theirs)."""
    left, right = flat(ours), flat(theirs)
    return {
        name: (left.get(name, NOTHING), right.get(name, NOTHING))
        for name in sorted({*left, *right})
        if left.get(name, NOTHING) != right.get(name, NOTHING)
    }


def flat(nested: dict[str, Any], above: str = "") -> dict[str, Any]:
    """The leaves of nested dictionaries, by their path, such as adam.epsilon."""
    leaves: dict[str, Any] = {}
    for name, value in nested.items():
        path = f"{above}.{name}" if above else name
        leaves |= flat(value, path) if isinstance(value, dict) else {path: value}
    return leaves


if __name__ == "__main__":
    backend, dtype = sys.argv[1:]
    print(json.dumps(load(backend, dtype=dtype, device="cpu").DEFAULTS), flush=True)
    os._exit(0)  # skip the framework's own shutdown
