"""An adapter that never returns, exits or crashes fails only the law that was running."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.laws.registry import LAWS
from compare.check_adapter.process import MOST_SLOW
from tests.check_adapter.conftest import CheckResult

Check = Callable[..., CheckResult]
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
