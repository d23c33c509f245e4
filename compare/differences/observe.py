"""Run the snippets of one engine: `python -m compare.differences.observe --backend torch [NAME …]`.

It prints JSON: for each entry what default() and matched() returned, {"raises": "TypeError"} for
one that raised, or why the file could not be loaded. The process is the framework as a user gets
it, on one thread of a CPU, with nothing of the user's own settings.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from argparse import ArgumentParser
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from adapters import ENGINES, environment
from compare.differences.entry import HOME, Entry, framework_of, read_all
from compare.differences.values import is_value

# Our adapter's choices, not what a user of Keras on JAX is given.
NOT_A_USERS = ("JAX_DEFAULT_MATMUL_PRECISION", "JAX_ENABLE_X64")


def observe(backend: str, entries: list[Entry]) -> dict[str, dict[str, Any]]:
    """What this engine does: {entry: {"default": value, "matched": value}} or {"broken": why}."""
    return {entry.name: run(backend, entry) for entry in entries if backend in entry.engines}


def run(backend: str, entry: Entry) -> dict[str, Any]:
    """One snippet's functions, each called once."""
    try:
        with environment.without_chatter():
            snippet = load(entry.snippets[framework_of(backend)], f"{entry.name}_on_{backend}")
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told
        return {"broken": f"{type(error).__name__}: {error}"}
    found = {}
    for name in ("default", "matched"):
        if hasattr(snippet, name):
            found[name] = call(getattr(snippet, name))
    return found


def load(file: Path, name: str) -> ModuleType:
    """A snippet by its path: its folder, with a file called torch.py, is on no path."""
    spec = spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def call(function: Any) -> Any:
    """What a function returns; the name of what it raises."""
    try:
        value = function()
    except Exception as error:  # noqa: BLE001 - the kind of error is what is observed
        return {"raises": type(error).__name__}
    return value if is_value(value) else f"no plain value but a {type(value).__name__}: {value!r}"


def main() -> None:
    """Settle the process, run, print."""
    parser = ArgumentParser(prog="python -m compare.differences.observe", description=__doc__)
    parser.add_argument("--backend", required=True, choices=list(ENGINES))
    parser.add_argument("--home", type=Path, default=HOME, help="the folder of the topics")
    parser.add_argument("names", nargs="*", help="entries; all of them if none is named")
    args = parser.parse_args()
    extra = {k: v for k, v in ENGINES[args.backend].environment.items() if k not in NOT_A_USERS}
    environment.settle("cpu", 1, extra, os.environ)
    entries = read_all(args.home)
    unknown = set(args.names) - {entry.name for entry in entries}
    if unknown:
        parser.error(f"unknown entries: {', '.join(sorted(unknown))}")
    entries = [entry for entry in entries if not args.names or entry.name in args.names]
    with contextlib.redirect_stdout(sys.stderr):  # a framework's progress bar is no JSON
        found = observe(args.backend, entries)
    print(json.dumps(found), flush=True)
    os._exit(0)  # the answer is out: a framework's own shutdown has nothing to add


if __name__ == "__main__":
    main()
