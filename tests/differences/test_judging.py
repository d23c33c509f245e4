"""The judge of the catalogue can fail, and values are the same up to a tolerance."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import pytest

from compare.drift import comparison
from compare.drift.requirements import Pin
from tests.differences.conftest import Write
from triptych.differences.judge import Finding, judge, not_run
from triptych.differences.processes import ObservationError, observe_all
from triptych.differences.reading import read_all
from triptych.differences.values import format_value, grouped, is_value, same, shortest
from triptych.errors import TriptychError

# The judge can fail: it names each way in which a backend differs from its entry.

# The results of the two backends of the sound entry.
GOOD = {"default": 1, "matched": 3}, {"default": 2, "matched": 3}


def findings(home: Path, numpy: dict[str, Any], torch: dict[str, Any]) -> list[str]:
    observed = {"numpy": {"some_entry": numpy}, "torch": {"some_entry": torch}}
    return [str(finding) for finding in judge(read_all(home), observed)]


def test_unchanged_values_are_no_finding(write: Write) -> None:
    assert findings(write(), *GOOD) == []


def test_what_did_not_run_is_no_finding_and_is_listed(write: Write) -> None:
    entries, lacking = read_all(write()), {"missing": ["torch", "scipy"]}
    observed = {"numpy": {"some_entry": GOOD[0]}, "torch": {"some_entry": lacking}}
    assert judge(entries, observed) == []
    both = ["some_entry on torch"]
    assert not_run(entries, observed) == {"torch": both, "scipy": both}
    assert not_run(entries, {"jax": {}}) == {}
    everywhere = {"numpy": {"some_entry": lacking}, "torch": {"some_entry": lacking}}
    assert not_run(entries, everywhere)["scipy"] == ["some_entry on numpy", "some_entry on torch"]


def test_a_changed_default_is_named_with_both_values(write: Write) -> None:
    messages = findings(write(), GOOD[0], {"default": 2.5, "matched": 3})
    assert messages == ["some_entry on torch: expected 2, now 2.5"]


def test_a_default_that_raises_now_is_named(write: Write) -> None:
    messages = findings(write(), {"default": {"raises": "ValueError"}, "matched": 3}, GOOD[1])
    assert messages == ["some_entry on numpy: expected 1, now raises ValueError"]


def test_a_remedy_that_does_not_close_is_named(write: Write) -> None:
    messages = findings(write(), GOOD[0], {"default": 2, "matched": 3 + 1e-11})
    assert len(messages) == 1
    assert messages[0].startswith("some_entry: the remedy does not close the difference: numpy 3; ")


def test_a_remedy_that_raises_is_named(write: Write) -> None:
    messages = findings(write(), GOOD[0], {"default": 2, "matched": {"raises": "TypeError"}})
    assert messages == ["some_entry on torch: the remedy raises TypeError"]


def test_an_agreement_that_ends_is_named(write: Write) -> None:
    # 1e-9 is within an entry's tolerance, but too large for round-off between backends.
    home = write(changes={
        '"difference"': '"agreement"', '"torch": 2': '"torch": 1',
        "return default, matched": "return default",
    })  # fmt: skip
    assert findings(home, {"default": 1}, {"default": 1.0}) == []
    (message,) = findings(home, {"default": 1}, {"default": 1 + 1e-9})
    expected = "some_entry: the defaults no longer agree: numpy 1; torch 1.000000001"
    assert message.startswith(expected)


# Changes of numpy() in the sound entry, and their results.
ONE = '    """One."""\n'


def test_a_program_may_print_raise_and_import(write: Write) -> None:
    home = write(changes={
        ONE: ONE + "\n    import numpy as np\n",
        "        return 1\n": "        print('x', end='')\n        return np.ones(2).tolist()\n",
        "        return 3\n": "        return [1] + 'x'\n",
    })  # fmt: skip
    results = observe_all(["numpy"], home=home)
    assert results["numpy"]["some_entry"] == {
        "default": [1.0, 1.0],
        "matched": {"raises": "TypeError"},
        "reasons": {"matched": 'TypeError: can only concatenate list (not "str") to list'},
    }


def test_a_default_that_needs_no_remedy_is_compared_with_the_others(write: Write) -> None:
    home = write(changes={"return default, matched": "return default, default"})
    results = observe_all(["numpy"], home=home)["numpy"]["some_entry"]
    assert results == {"default": 1, "matched": 1}


def test_a_snippet_that_cannot_be_loaded_is_named_and_stops_no_other(write: Write) -> None:
    write("other_entry")
    home = write(changes={ONE: ONE + "\n    import nothing_of_this_name\n"})
    observed = observe_all(["numpy"], home=home)
    (results,) = judge(read_all(home), observed)
    assert str(results).startswith("some_entry on numpy: its snippet cannot be loaded: ModuleNotFo")
    assert observed["numpy"]["other_entry"] == GOOD[0]


def test_a_value_that_is_not_plain_is_named(write: Write) -> None:
    home = write(changes={"        return 1\n": "        return {1, 2}\n"})
    (results,) = judge(read_all(home), observe_all(["numpy"], home=home))
    assert "not a plain value but a set" in str(results)


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("import os, sys\n    print('why', file=sys.stderr, flush=True)\n    os._exit(3)",
         "exit status 3: why"),
        ("import os\n    os._exit(0)", "exit status 0"),
        ("import os, signal\n    os.kill(os.getpid(), signal.SIGTERM)", "killed by signal 15"),
    ],
)  # fmt: skip
def test_a_process_without_a_result_is_an_error(program: str, reason: str, write: Write) -> None:
    home = write(changes={ONE: f"{ONE}\n    {program}\n"})
    with pytest.raises(ObservationError, match=f"numpy cannot be run: {reason}"):
        observe_all(["numpy"], home=home)


def test_a_backend_that_does_not_exist() -> None:
    with pytest.raises(TriptychError, match=r"unknown backend 'kears': did you mean keras\?"):
        observe_all(["kears"])


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (1.0, 1.0 + 1e-7, True),
        (1.0, 1.0 + 2e-6, False),
        (1e6, 1e6 + 0.5, True),
        (float("nan"), float("nan"), True),
        (float("inf"), float("inf"), True),
        (float("inf"), float("-inf"), False),
        (float("nan"), 0.0, False),
        (True, 1, False),
        ("same", "same", True),
        ("same", "valid", False),
        ([1, [2.0]], [1, [2.0]], True),
        ([1, 2], [1, 2, 3], False),
        ({"raises": "A"}, {"raises": "A"}, True),
        ({"raises": "A"}, {"raises": "B"}, False),
        ({"raises": "A"}, 1.0, False),
        (1, 1.0, True),
    ],
)
def test_when_two_values_are_the_same(one: Any, other: Any, equal: bool) -> None:
    assert same(one, other, 1e-6) is equal
    assert same(other, one, 1e-6) is equal
    assert len(grouped({"a": one, "b": other}, 1e-6)) == (1 if equal else 2)


def test_values_as_text() -> None:
    values = [0.1, 3, True, "same", [1, [0.5]], {"raises": "TypeError"}, float("nan")]
    words = ["0.1", "3", "True", "same", "[1, [0.5]]", "raises TypeError", "nan"]
    assert [format_value(value) for value in values] == words


def test_different_values_are_shown_with_the_digits_that_differ() -> None:
    assert shortest([1 / 3, 2 / 3]) == ["0.33333", "0.66667"]
    assert shortest([1 / 3, 1 / 3 + 2e-9]) == ["0.33333333", "0.33333334"]
    assert shortest([0.1, 0.1]) == ["0.10000000000000001"] * 2


# Values of the catalogue close to the tolerance, and records with their probes.


def test_numbers_are_the_same_up_to_the_tolerance_of_one_or_of_their_size() -> None:
    assert same(0.25, 0.5, 0.25)
    assert not same(0.25, 0.5 + 2**-40, 0.25)
    assert same(-8.0, -6.0, 0.25)
    assert not same(-8.0, -5.5, 0.25)
    assert not same(0.0, 0.375, 0.25)


def test_lists_hold_values_and_no_errors() -> None:
    assert is_value([1, [True, "x", float("nan")]])
    assert not is_value([{"raises": "TypeError"}])
    assert not is_value([1, None])


def test_ten_digits_are_shown_by_default() -> None:
    assert format_value(1 / 3) == "0.3333333333"


def test_both_records_are_read_with_their_probes(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[tuple[str, bool]] = []
    monkeypatch.setattr(
        comparison, "read_record", lambda path, probes: read.append((path.name, probes))
    )
    monkeypatch.setattr("compare.findings.findings", lambda ours, theirs: [])
    comparison.findings_of(Path("a"), Path("b"))
    assert read == [("a", True), ("b", True)]


def test_findings_cannot_be_changed() -> None:
    made: list[Any] = [Finding("an entry", "torch", "a message"), Pin.__new__(Pin)]
    for one in made:
        with pytest.raises(FrozenInstanceError):
            one.message = "another"


def test_defaults_are_written_before_the_process_ends_at_once(tmp_path: Path) -> None:
    environ = {k: v for k, v in os.environ.items() if k != "PYTHONUNBUFFERED"}
    file = tmp_path / "defaults.json"
    subprocess.run(
        [sys.executable, "-m", "compare.drift.defaults", "numpy", "float64", str(file)],
        cwd=Path(__file__).parents[2], env=environ, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(file.read_bytes()) == {"float": "float64", "std_ddof": 0}
