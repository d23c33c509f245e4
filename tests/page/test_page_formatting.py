"""The page's text and cells; and without a browser its tests say that they are skipped."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from compare.comparison import STAGES, Comparison, Finding, Outcome
from compare.page.formatting import short, stage_table, verdict
from course.settings import ROOT
from tests.__main__ import not_run
from tests.browser import NO_BROWSER, REQUIRED

REFERENCE = Outcome("numpy", "complete")
WITHIN = Finding("trajectory", "softmax", "losses", 2e-13, 1e-12, "[3]", 3)
OVER = Finding("gradient", "softmax", "param_0", 1e-3, 1e-12, "[7, 2]", 0)
LATER = Finding("metric", "softmax", "predictions", 9.0, 0.0)


def comparison(*outcomes: Outcome) -> Comparison:
    return Comparison(3, "float64", 0, "numpy", [REFERENCE, *outcomes])


def test_the_verdict_names_the_closest_call_and_who_did_not_run() -> None:
    text = verdict(
        comparison(
            Outcome("torch", "complete", findings=[WITHIN]),
            Outcome("jax", "not run", "not installed"),
        )
    )
    assert text.startswith("Yes: 1 backend and numpy")
    assert "torch in trajectory, used 20% of it" in text
    assert text.endswith("Not run: jax.")


def test_the_verdict_names_backend_stage_and_place_of_the_first_break() -> None:
    text = verdict(comparison(Outcome("keras", "complete", findings=[WITHIN, LATER, OVER])))
    assert text.startswith("No: 1 of 1 backend")
    assert "keras first in gradient (softmax/param_0[7, 2], step 0: 0.001 where 1e-12" in text


def test_equal_numbers_are_reported_as_equal() -> None:
    equal = Finding("trajectory", "plane", "losses", 0.0, 0.0)
    assert "not one bit differs" in verdict(
        comparison(Outcome("torch", "complete", findings=[equal]))
    )


@pytest.mark.parametrize(
    ("outcomes", "words"),
    [
        ([Outcome("torch", "failed", "boom")], "No: torch did not finish the lesson."),
        ([Outcome("torch", "not run")], "Nothing to compare: only numpy ran. Not run: torch."),
        ([], "Nothing to compare: only numpy ran."),
    ],
)
def test_a_backend_that_did_not_run_never_agrees(outcomes: list[Outcome], words: str) -> None:
    assert verdict(comparison(*outcomes)) == words


def test_a_broken_run_beside_a_failed_one_names_both() -> None:
    text = verdict(
        comparison(
            Outcome("keras", "complete", findings=[OVER]), Outcome("torch", "failed", "boom")
        )
    )
    assert "keras first in gradient" in text
    assert text.endswith("Did not finish: torch.")


def test_the_table_has_an_entry_for_every_stage() -> None:
    outcomes = [
        Outcome("keras", "complete", findings=[WITHIN, OVER, LATER]),
        Outcome("jax", "not run", "not installed"),
    ]
    numpy, keras, jax = stage_table(comparison(*outcomes))
    assert numpy.state == "reference"
    assert (jax.state, jax.reason) == ("not run", "not installed")
    assert keras.state == "parts"
    assert keras.notes == ["shares kernels with tensorflow"]
    states = dict(zip(STAGES, [entry.state for entry in keras.entries], strict=True))
    assert states["gradient"] == states["metric"] == "over"
    assert states["trajectory"] == "holds"
    assert states["data"] == "not judged"
    assert dict(zip(STAGES, keras.entries, strict=True))["trajectory"].share == 20


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (3.0, "3"), (0.25, "0.25"), (2.94e-7, "2.9e-7"), (1e-5, "1e-5"), (12.34, "12"),
     (6.4e12, "6.4e12"), (-0.5, "-0.5"), (float("inf"), "not finite"), (None, "–")],
)  # fmt: skip
def test_numbers_are_short(value: float | None, text: str) -> None:
    assert short(value) == text


@pytest.mark.parametrize(("required", "status", "how"), [("", 0, "SKIPPED"), ("required", 1, "")])
def test_a_missing_browser_is_loud(required: str, status: int, how: str) -> None:
    test = "tests/page/test_page_in_browser.py::test_by_keyboard_alone"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", test],
        cwd=ROOT, env=os.environ | {"PATH": os.devnull, REQUIRED: required},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == status, done.stdout + done.stderr
    assert NO_BROWSER in done.stdout
    assert not_run(done.stdout) == ([f"tests NOT RUN (1): {NO_BROWSER}"] if how else [])
