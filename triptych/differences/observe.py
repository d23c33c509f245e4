"""Run the snippets of one backend, in a process that processes.py starts.

`observe BACKEND HOME RESULT [NAME …]` writes a JSON file with the results of each entry: what
default() and matched() returned, {"raises": "TypeError"} if one raised, which of OPTIONAL the
snippet needs and this Python lacks ("missing"), or why it could not be loaded ("broken"). Messages
of what was raised are under "reasons".
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from triptych.backends import framework_of, not_installed
from triptych.differences.entry import Entry
from triptych.differences.reading import read_all
from triptych.differences.values import Value, is_value

LONGEST = 300  # characters of a message


def observe(backend: str, entries: list[Entry]) -> dict[str, dict[str, Any]]:
    """{entry: {"default": value, "matched": value}, or "missing" or "broken" with the reason}."""
    return {entry.name: run(backend, entry) for entry in entries if backend in entry.backends}


def run(backend: str, entry: Entry) -> dict[str, Any]:
    """Call each function of one snippet once."""
    framework = framework_of(backend)
    if missing := not_installed(entry.snippets[framework].optional):
        return {"missing": missing}
    try:
        functions = load(entry.file, framework)
    except Exception as error:  # noqa: BLE001 - any error is reported
        return {"broken": f"{type(error).__name__}: {error}"}
    # `return default, default` needs no remedy, but is compared with the others' matched().
    names = entry.snippets[framework].returns
    keys = ("default", "matched")[: len(names)]
    reasons: dict[str, str] = {}
    values = {key: call(f, key, reasons) for key, f in zip(keys, functions, strict=True)}
    return values | ({"reasons": reasons} if reasons else {})


def load(file: Path, framework: str) -> tuple[Callable[[], Value], ...]:
    """Import the framework, as its snippet does, and return the snippet's functions."""
    spec = spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    functions = getattr(module, framework)()
    return functions if isinstance(functions, tuple) else (functions,)


def call(function: Callable[[], Value], key: str, reasons: dict[str, str]) -> Value:
    """The function's result, or the name of its exception, whose message goes into reasons."""
    try:
        value = function()
    except Exception as error:  # noqa: BLE001 - the kind of error is the observation
        reasons[key] = " ".join(f"{type(error).__name__}: {error}".split())[:LONGEST]
        return {"raises": type(error).__name__}
    if is_value(value):
        return value
    return f"not a plain value but a {type(value).__name__}: {value!r}"


def main() -> None:
    """Run the named entries, or all of them, and write the results."""
    backend, home, result, *names = sys.argv[1:]
    entries = [entry for entry in read_all(Path(home)) if not names or entry.name in names]
    results = observe(backend, entries)
    Path(result).write_text(json.dumps(results), encoding="utf-8")
    os._exit(0)  # skip the framework's own shutdown
