"""Helpers: a mutant, an adapter loaded from changed text, and Python in a process of its own."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from adapters import BACKENDS
from adapters.contract import Model

ADAPTERS = Path(__file__).parents[2] / "adapters"


def mutate(source: str, old: str, new: str) -> str:
    """The text with its only occurrence of `old` replaced; LookupError unless there is one."""
    count = source.count(old)
    if count != 1:
        raise LookupError(f"{old!r} occurs {count} times in the adapter, not once: fix the mutant")
    return source.replace(old, new)


def load_changed(
    real: type[Model], folder: Path, old: str, new: str, file: str = ""
) -> type[Model]:
    """The model class of an adapter with one change, in its own file or another it imports."""
    file = file or BACKENDS[real.backend].module.rpartition(".")[2]
    source = (ADAPTERS / f"{file}.py").read_text(encoding="utf-8")
    return load_text(real, folder, mutate(source, old, new) if old else source, file)


def load_text(real: type[Model], folder: Path, source: str, file: str) -> type[Model]:
    """The model class of an adapter whose own file, or another file it imports, has this text.

    The text is written to a file, because TensorFlow reads the source of functions that it
    compiles. The class has the precision, device and threads of the real one.
    """
    own = BACKENDS[real.backend].module.rpartition(".")[2]
    changed = folder / f"{file}.py"
    changed.write_text(source, encoding="utf-8")
    if file == own:
        module = _import(f"changed_{own}", changed)
    else:
        name = f"adapters.{file}"
        originals = {name: sys.modules[name]}
        sys.modules[name] = _import(f"changed_{file}", changed)
        for between in _between(own, file):
            originals[between] = sys.modules.pop(between)  # to be read anew, with the changed one
        try:
            module = _import(f"changed_{own}", ADAPTERS / f"{own}.py")
        finally:
            sys.modules.update(originals)
    cls: type[Model] = module.MODEL
    cls.dtype, cls.device, cls.threads = real.dtype, real.device, real.threads
    return cls


def _between(own: str, file: str) -> list[str]:
    """The modules of the adapter that import this file of it, other than the adapter itself."""
    family = own.partition("_")[0]
    sources = {path.stem: path.read_text("utf-8") for path in ADAPTERS.glob(f"{family}_*.py")}
    return [
        f"adapters.{name}"
        for name, source in sources.items()
        if f"from adapters.{file} import" in source and name != own
    ]


def _import(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


ROOT = Path(__file__).parents[2]


def python(code: str, *args: str, extra: Mapping[str, str] | None = None, path: str = "") -> str:
    """The output of the code; AssertionError with its output if it fails."""
    environ = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, [path, str(ROOT)]))}
    done = subprocess.run(
        [sys.executable, "-c", code, *args],
        cwd=ROOT, env=environ | dict(extra or {}), text=True, capture_output=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise AssertionError(f"status {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout.strip()


@dataclass(frozen=True)
class Mutant:
    """One mistake, on one backend.

    `old` must occur once in the adapter, so that a change of the adapter cannot silently disable
    the mutant.
    """

    name: str
    old: str
    new: str  # replaces it
    killed_by: str  # the law that must fail, without the prefix law_
    teaches: str
    on: str = "relu"  # the architecture of cases.py on which it is tested
    dtype: str = ""  # the only precision in which it has an effect; both if empty
    file: str = ""  # under adapters/, if it is not the backend's own
