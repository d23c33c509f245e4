"""Find a model class in a file, and configure the process in which it will run.

Every problem with the file raises a TriptychError of one line.
"""

from __future__ import annotations

import ast
import importlib.util
import inspect
import os
import sys
import traceback
from pathlib import Path
from types import ModuleType
from typing import Any

from adapters import BACKENDS, DEFAULT_THREADS, environment
from adapters.contract import Model, SettingsError, TriptychError, require
from datasets.files import Unreadable, opened

LARGEST_ADAPTER = 10_000_000  # bytes; ours have about 10 thousand


def named(adapter: str) -> tuple[Path, str]:
    """Split FILE:CLASS into the file and the class. Raises SettingsError for other text."""
    path, _, name = adapter.rpartition(":")
    if not path or not name.isidentifier():
        file = Path(adapter.rstrip(":")).expanduser()
        classes = classes_in(file)
        expected = (
            f"{adapter.rstrip(':')}:{classes[0]}" if len(classes) == 1
            else f"{adapter.rstrip(':')}:CLASS, with a class from {', '.join(classes)}" if classes
            else "a file and a class, such as mine.py:MyModel"
        )  # fmt: skip
        raise SettingsError(f"{adapter!r} names no class: expected {expected}")
    file = Path(path).expanduser().absolute()
    require(
        os.path.lexists(file), f"there is no file {path!r}: expected one such as mine.py:MyModel"
    )
    check_file(file)
    return file, name


def classes_in(file: Path) -> list[str]:
    """The classes of a Python file that have bases, or else all classes; runs nothing."""
    try:
        tree = ast.parse(file.read_bytes()) if file.is_file() else ast.Module([], [])
    except (OSError, SyntaxError, ValueError):
        return []
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    return [node.name for node in classes if node.bases] or [node.name for node in classes]


def load_class(file: Path, name: str, dtype: str) -> type[Model]:
    """Load the class and configure precision, device and threads, as `adapters.load` does."""
    environment.configure("cpu", DEFAULT_THREADS, {}, os.environ)
    # Appended last, so that no file beside the adapter hides a package; it can import its helpers.
    sys.path.append(str(file.parent))
    module = import_file(file)
    cls = find_class(module, file, name)
    configure = getattr(module, "configure_device", None)
    inherited = next(
        (m for m in modules_of_bases(cls) if hasattr(sys.modules[m], "configure_device")), ""
    )
    require(
        configure is not None or not inherited,
        f"{file.name} lacks configure_device, which sets precision and threads for the base class "
        f"of {name}: add `from {inherited} import configure_device`",
    )
    try:
        device = configure(dtype, "cpu", DEFAULT_THREADS) if configure else "cpu"
    except (Exception, SystemExit) as error:
        raise SettingsError(f"{file.name}: configure_device() {in_words(error, file)}") from error
    # Its bases too: static methods of an adapter look these up on their class by name.
    for one in cls.__mro__:
        if issubclass(one, Model) and one is not Model:
            one.device, one.dtype, one.threads = device, dtype, DEFAULT_THREADS  # type: ignore[assignment]
    return cls


def modules_of_bases(cls: type[Model]) -> list[str]:
    """The modules of this class's bases, the nearest first."""
    return [base.__module__ for base in cls.__mro__[1:] if base.__module__ in sys.modules]


def import_file(file: Path) -> ModuleType:
    """Import a file under a module name that no package has."""
    check_file(file)
    spec = importlib.util.spec_from_file_location(f"checked_{file.stem}", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look up their module
    try:
        spec.loader.exec_module(module)
    except SyntaxError as error:
        where = f"{Path(error.filename or file).name} line {error.lineno}"
        raise SettingsError(f"{where} is not Python: {error.msg}") from error
    except ModuleNotFoundError as error:
        raise SettingsError(f"{file.name} needs {missing(error)}") from error
    except (Exception, SystemExit) as error:
        raise SettingsError(
            f"{file.name} cannot be imported: it {in_words(error, file)}"
        ) from error
    return module


def check_file(file: Path) -> None:
    """Raise SettingsError for a pipe, a device or an enormous file, which Python would read."""
    try:
        with opened(file, LARGEST_ADAPTER):
            return
    except Unreadable as error:
        raise SettingsError(str(error)) from None


def missing(error: ModuleNotFoundError) -> str:
    """The missing package, and how to install it."""
    package = (error.name or str(error)).split(".")[0]
    backend = next((name for name, e in BACKENDS.items() if package in e.packages), "")
    remedy = f"python kit.py setup {backend}" if backend else f"{sys.executable} -m pip install …"
    return f"the package {package!r}, which is not installed here: run `{remedy}`"


def find_class(module: ModuleType, file: Path, name: str) -> type[Model]:
    """The model class of that name; raises SettingsError if a method is missing."""
    own = [k for k, v in vars(module).items() if is_model(v) and v.__module__ == module.__name__]
    cls: Any = getattr(module, name, None)
    has = ", ".join(own) or "none that is a Model"
    require(cls is not None, f"{file.name} has no class {name!r}: it has {has}")
    if not is_model(cls):
        raise SettingsError(
            f"{name} of {file.name} is not a subclass of adapters.contract.Model: start with "
            f"`class {name}(Model):`, as docs/your_backend/my_adapter.py does"
        )
    model: type[Model] = cls
    absent = sorted(model.__abstractmethods__)
    require(
        not absent,
        f"{name} lacks {', '.join(absent)}: every backend has all of them, see "
        "docs/your_backend/my_adapter.py",
    )
    for attribute in ("backend", "DEFAULTS"):
        require(
            hasattr(model, attribute),
            f"{name} has no class attribute {attribute}: see docs/your_backend/my_adapter.py",
        )
    return model


def is_model(value: object) -> bool:
    return inspect.isclass(value) and issubclass(value, Model) and value is not Model


def in_words(error: BaseException, file: Path) -> str:
    """An exception, with the line of the adapter that it came through, as one line."""
    if isinstance(error, TriptychError):
        return f"raises {type(error).__name__}: {error}"
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == str(file)]
    where = f" (line {frames[-1].lineno})" if frames else ""
    if isinstance(error, SystemExit):
        return f"ends the process with sys.exit({error.code!r}){where}"
    return f"raises {type(error).__name__}: {' '.join(str(error).split())}{where}"
