"""A backend's defaults, read from its live framework: `python -m compare.drift.defaults keras`.

It runs in the environment that is asked about, and prints JSON. That the adapter can be imported
there at all is the first thing that another version may change.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from adapters import load

NOTHING = "(not there)"


def changed(ours: dict[str, Any], theirs: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The defaults that differ, by name: here and there."""
    left, right = flat(ours), flat(theirs)
    return {
        name: (left.get(name, NOTHING), right.get(name, NOTHING))
        for name in sorted({*left, *right})
        if left.get(name, NOTHING) != right.get(name, NOTHING)
    }


def flat(nested: dict[str, Any], above: str = "") -> dict[str, Any]:
    """The leaves of nested dictionaries under the path that leads to them: adam.epsilon."""
    leaves: dict[str, Any] = {}
    for name, value in nested.items():
        path = f"{above}.{name}" if above else name
        leaves |= flat(value, path) if isinstance(value, dict) else {path: value}
    return leaves


if __name__ == "__main__":
    backend, dtype = sys.argv[1:]
    print(json.dumps(load(backend, dtype=dtype, device="cpu").DEFAULTS), flush=True)
    os._exit(0)  # the answer is out: a framework's own shutdown has nothing to add
