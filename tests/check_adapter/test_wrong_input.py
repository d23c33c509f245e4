"""An adapter that cannot be checked gives one line that says what to do, and status 2."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.check_adapter.conftest import EXAMPLES, CheckResult

Check = Callable[..., CheckResult]

HEAD = "from adapters.contract import Model\n"
# the file's text, and words of the message
FILES = {
    "no class of that name": (HEAD + "class Other(Model): pass", "no class 'M': it has Other"),
    "not even a model": ("x = 1", "no class 'M': it has none that is a Model"),
    "not a subclass": ("class M: pass", "M of mine.py is not a subclass"),
    "not a class": ("M = 3", "M of mine.py is not a subclass"),
    "no methods": (HEAD + "class M(Model): pass", "M lacks __init__, activations, assign"),
    "a syntax error": ("x = 1\nclass M(:", "mine.py line 2 is not Python: "),
    "a helper with one": ("import helper", "helper.py line 1 is not Python: "),
    "a package that is missing": (
        "import no_such_package.part",
        "needs the package 'no_such_package', which is not installed here: run",
    ),
    "an error": ("x = 1\n1 / 0", "raises ZeroDivisionError: division by zero (line 2)"),
    "an exit": ("import sys\nsys.exit(0)", "ends the process with sys.exit(0) (line 2)"),
    "a hard exit": ("import os\nos._exit(0)", "mine.py: its import ended the process"),
    "an endless loop": ("while True: pass", "its import took more than 2 s"),
    "a null byte": ("x = '\0'", "mine.py"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_cannot_be_judged(name: str, check: Check, tmp_path: Path) -> None:
    text, words = FILES[name]
    (tmp_path / "mine.py").write_text(text, encoding="utf-8")
    (tmp_path / "helper.py").write_text("def (", encoding="utf-8")
    limit = ["--limit=2"] if "endless" in name else []
    error = check(f"{tmp_path / 'mine.py'}:M", *limit).error
    assert error.startswith("error: ")
    assert words in error


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (('    backend = "pebble"\n', ""), "PebbleModel has no class attribute backend"),
        (("    DEFAULTS = DEFAULTS\n", ""), "PebbleModel has no class attribute DEFAULTS"),
        (
            ('return choose_device("pebble", device, gpu_found=False)', "return 1 / 0"),
            "configure_device() raises ZeroDivisionError",
        ),
    ],
)
def test_a_class_that_cannot_be_judged(
    changed: tuple[str, str], words: str, check: Check, solution: Callable[..., Path]
) -> None:
    assert words in check(f"{solution(*changed)}:PebbleModel").error


@pytest.mark.parametrize("module", ["numpy", "torch"])
def test_a_subclass_without_configure_device_learns_what_to_import(
    module: str, check: Check, tmp_path: Path
) -> None:
    base = f"{module.capitalize()}Model"
    text = f"from adapters.{module}_adapter import {base}\nclass Mine({base}):\n    pass\n"
    (tmp_path / "mine.py").write_text(text, encoding="utf-8")
    error = check(f"{tmp_path / 'mine.py'}:Mine").error
    assert f"add `from adapters.{module}_adapter import configure_device`" in error


def test_what_is_static_in_a_base_knows_the_precision(check: Check, tmp_path: Path) -> None:
    text = "from adapters.numpy_adapter import NumpyModel, configure_device\n"
    text += "class Mine(NumpyModel):\n    pass\n"
    (tmp_path / "mine.py").write_text(text, encoding="utf-8")
    result = check(f"{tmp_path / 'mine.py'}:Mine", "--only=derivative")
    assert result.status == 0, result.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "Missing argument 'FILE:CLASS'"),
        (["mine.py"], "'mine.py' names no class"),
        (["mine.py:"], "'mine.py:' names no class"),
        (["mine.py:a b"], "names no class"),
        (["nowhere.py:M"], "there is no file 'nowhere.py'"),
        (
            ["{example}:MyModel", "--only=gradient"],
            "unknown law 'gradient': did you mean gradients?",
        ),
        (["{example}:MyModel", "--dtype=float16"], "unknown dtype 'float16'"),
        (["{example}:MyModel", "--limit=0"], "--limit"),
    ],
)
def test_invalid_arguments_are_one_line(arguments: list[str], words: str, check: Check) -> None:
    example = str(EXAMPLES / "my_adapter.py")
    error = check(*(text.replace("{example}", example) for text in arguments)).error
    assert words in error
