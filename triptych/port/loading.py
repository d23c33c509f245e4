"""Find what the user names on the command line: a model, a function in a file, a batch."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch

from triptych.port.errors import PortError

EXAMPLE = "expected FILE.py:NAME, as in my_model.py:build"


def load(target: str, beside: str = "") -> Any:
    """The object that FILE.py:NAME or package.module:NAME names; a lone NAME is one of `beside`.

    Raises PortError if there is none.
    """
    place, _, name = target.rpartition(":")
    if not place:
        place = beside.rpartition(":")[0]
    if not place or not name:
        raise PortError(f"{target!r} names no object: {EXAMPLE}")
    module = module_of(place)
    if not hasattr(module, name):
        names = [n for n in vars(module) if not n.startswith("_")]
        raise PortError(f"{place} has no {name}: it has {', '.join(names[:8])}")
    return getattr(module, name)


def module_of(place: str) -> Any:
    """Import a file or a module; what it raises becomes one line."""
    known = sys.modules.get(place if not place.endswith(".py") else name_of(place))
    if known is not None:
        return known
    try:
        if not place.endswith(".py"):
            sys.path.insert(0, str(Path.cwd()))
            return importlib.import_module(place)
        path = Path(place)
        if not path.is_file():
            raise PortError(f"there is no file {place}: {EXAMPLE}")
        sys.path.insert(0, str(path.resolve().parent))
        spec = importlib.util.spec_from_file_location(name_of(place), path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name_of(place)] = module
        spec.loader.exec_module(module)
    except PortError:
        raise
    except Exception as error:
        raise PortError(f"{place} cannot be imported: {one_line(error)}") from error
    return module


def name_of(place: str) -> str:
    """The module's name for a file."""
    return f"triptych_port_{Path(place).stem}"


def build(target: str) -> Any:
    """The model that a target names, or that the function or class it names makes."""
    found = load(target)
    if isinstance(found, torch.nn.Module) or not callable(found):
        return found
    if inspect.isclass(found) or inspect.isroutine(found):
        try:
            return found()
        except Exception as error:
            raise PortError(f"{target} raised {one_line(error)}") from error
    return found


def one_line(error: Exception) -> str:
    """An exception as one line."""
    first = str(error).strip().splitlines()
    return f"{type(error).__name__}: {first[0]}" if first else type(error).__name__


def batch(path: str) -> dict[str, np.ndarray[Any, Any]]:
    """The arrays of an .npz file: x (or x0, x1, …), y, and x_b where B reads other inputs.

    Raises PortError for a file that is none, or that holds no x.
    """
    file = Path(path)
    if not file.is_file():
        raise PortError(f"there is no file {path}: expected an .npz with x, and y for training")
    try:
        with np.load(file, allow_pickle=False) as arrays:
            found = {name: arrays[name] for name in arrays.files}
    except (ValueError, OSError, AttributeError) as error:
        raise PortError(f"{path} is no .npz of plain arrays ({one_line(error)})") from error
    if not any(name.startswith("x") for name in found):
        raise PortError(
            f"{path} holds {', '.join(found) or 'nothing'}: expected x, and y for training"
        )
    return found


def drawn(shape: str, below: int | None, rows: int, seed: int) -> np.ndarray[Any, Any]:
    """A batch at random: --input 28x28x1; with --below 1000, whole numbers below 1000.

    Raises PortError for a shape that is none.
    """
    try:
        sizes = [int(n) for n in shape.lower().replace(",", "x").split("x")]
    except ValueError:
        sizes = []
    if not sizes or min(sizes) < 1:
        raise PortError(f"--input {shape!r} is no shape: expected one row's, as in 28x28x1")
    rng = np.random.default_rng(seed)
    if below is not None:
        return rng.integers(0, below, (rows, *sizes))
    return rng.normal(size=(rows, *sizes))
