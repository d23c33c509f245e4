"""python -m compare.drift.defaults BACKEND DTYPE FILE: a backend's defaults, of its live framework.

It runs in the environment of the other version, and writes JSON to the file. Importing the adapter
there is the first thing that can fail.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from adapters import load
from datasets.atomic_files import write_whole

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
    backend, dtype, file = sys.argv[1:]
    plain = json.dumps(load(backend, dtype=dtype, device="cpu").DEFAULTS)
    write_whole(Path(file), plain.encode())
    os._exit(0)  # skip the framework's own shutdown
