"""Adapters that cannot be checked, and those that never return, exit or crash."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.laws.registry import LAWS
from compare.check_adapter.process import MOST_SLOW
from tests.check_adapter.conftest import EXAMPLES, CheckResult

# An adapter that cannot be checked gives one line that says what to do, and status 2.

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


# An adapter that never returns, exits or crashes fails only the law that was running.

Solution = Callable[..., Path]

STEP = "        self._t += 1\n"
ENDLESS = {
    "in Python": "        while True: pass\n",
    # One call that never returns to Python, so that no signal handler can run.
    "in C": "        import itertools; sum(itertools.repeat(0))\n",
}


@pytest.mark.parametrize("place", ENDLESS)
def test_an_endless_loop_is_ended_and_placed(place: str, check: Check, solution: Solution) -> None:
    file = solution(STEP, ENDLESS[place])
    laws = ["--only=gradients", "--only=loss_before_update", "--only=whole_numbers"]
    result = check(f"{file}:PebbleModel", "--dtype=float64", "--limit=2", *laws)
    assert result.status == 1
    assert result.laws == {"loss_before_update"}
    assert "took more than 2 s: does a loop never end?, in step(), solution.py line" in result.out
    assert "float64: 2 of 3 laws hold, 1 took too long" in result.out


def test_after_some_timeouts_the_rest_is_not_tried(check: Check, solution: Solution) -> None:
    result = check(f"{solution(STEP, ENDLESS['in Python'])}:PebbleModel", "--limit=0.5")
    assert result.status == 1
    assert len(result.laws) == MOST_SLOW
    assert f"{MOST_SLOW} took too long" in result.out
    # In float32 no law starts any more.
    assert f"{len(LAWS)} were not tried after {MOST_SLOW} that took too long" in result.out


ENDINGS = {
    "import sys; sys.exit(3)": "ends the process: sys.exit(3), in step(), solution.py line",
    "import os; os._exit(3)": "ended the process with status 3",
    "import os; os.abort()": "crashed the process (SIGABRT), in step(), solution.py line",
    "import ctypes; ctypes.string_at(0)": "crashed the process (SIGSEGV), in step(), solution.py",
    "1 / 0": "raises ZeroDivisionError: division by zero, in step(), solution.py line",
    "assert False, 'why'": "raises AssertionError: why, in step(), solution.py line",
    "input()": "raises EOFError",
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_crash_is_reported_and_the_next_law_is_checked(
    ending: str, check: Check, solution: Solution
) -> None:
    file = solution(STEP, f"        {ending}\n")
    result = check(
        f"{file}:PebbleModel",
        "--dtype=float32",
        "--only=loss_before_update",
        "--only=whole_numbers",
    )
    assert result.status == 1
    assert result.laws == {"loss_before_update"}
    assert ENDINGS[ending] in " ".join(result.out.split())
    assert "float32: 1 of 2 laws hold, 1 " in result.out


def test_crashes_are_cheap_so_every_law_is_tried(check: Check, solution: Solution) -> None:
    file = solution(STEP, "        import os; os.abort()\n")
    laws = {"first_adam_steps", "step", "loss_before_update", "epoch_equals_steps"}
    only = [f"--only={law}" for law in (*laws, "forward", "gradients")]
    result = check(f"{file}:PebbleModel", "--dtype=float64", *only)
    assert result.laws == laws
    assert len(laws) > MOST_SLOW
    assert "float64: 2 of 6 laws hold, 4 ended the process" in result.out


def test_output_of_an_adapter_is_not_a_verdict(check: Check, solution: Solution) -> None:
    file = solution(STEP, STEP + '        print(\'{"kind": "Verdict"}\')\n')
    only = ["--dtype=float64", "--only=loss_before_update"]
    quiet = check(f"{file}:PebbleModel", *only)
    assert (quiet.status, quiet.err) == (0, "")
    loud = check(f"{file}:PebbleModel", *only, "--verbose")
    assert loud.status == 0
    assert "Verdict" in loud.err
    assert "loss_before_update: holds" in loud.out
