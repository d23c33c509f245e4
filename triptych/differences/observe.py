"""Run the snippets of one backend, in the process of its own that processes.py starts.

`observe BACKEND HOME RESULT [NAME …]` writes a JSON file: for each entry what default() and
matched() returned, {"raises": "TypeError"} where one raised, or why the snippet could not be
loaded ("broken").
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from triptych.backends import framework_of
from triptych.differences.entry import Entry
from triptych.differences.reading import read_all
from triptych.differences.values import Value, is_value


def observe(backend: str, entries: list[Entry]) -> dict[str, dict[str, Any]]:
    """{entry: {"default": value, "matched": value} or {"broken": reason}}."""
    return {entry.name: run(backend, entry) for entry in entries if backend in entry.backends}


def run(backend: str, entry: Entry) -> dict[str, Any]:
    """The functions of one snippet, each called once."""
    framework = framework_of(backend)
    try:
        functions = load(entry.file, framework)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is reported
        return {"broken": f"{type(error).__name__}: {error}"}
    # `return default, default` has nothing to match, but is compared with what the others match.
    names = entry.snippets[framework].returns
    keys = ("default", "matched")[: len(names)]
    return {key: call(function) for key, function in zip(keys, functions, strict=True)}


def load(file: Path, framework: str) -> tuple[Callable[[], Value], ...]:
    """Import the framework, as its snippet does, and return the snippet's functions."""
    spec = spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    functions = getattr(module, framework)()
    return functions if isinstance(functions, tuple) else (functions,)


def call(function: Callable[[], Value]) -> Value:
    """What a function returns; the name of what it raises."""
    try:
        value = function()
    except Exception as error:  # noqa: BLE001 - the kind of error is what is observed
        return {"raises": type(error).__name__}
    return value if is_value(value) else f"no plain value but a {type(value).__name__}: {value!r}"


def main() -> None:
    """Run the entries that are named, or all of them, and write the result."""
    backend, home, result, *names = sys.argv[1:]
    entries = [entry for entry in read_all(Path(home)) if not names or entry.name in names]
    found = observe(backend, entries)
    Path(result).write_text(json.dumps(found), encoding="utf-8")
    os._exit(0)  # the result is written: a framework's own shutdown has nothing to add
