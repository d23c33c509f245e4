"""The page of programs side by side, in real Chromium: size, keys, choice, colours, no network."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from click.testing import CliRunner

from compare.comparison import Finding
from compare.native import page as pages
from compare.native.programs import FRAMEWORKS, PARTS, file_of
from compare.native.run import run as run_program
from compare.native.side_by_side import sentence, side_by_side
from compare.native.witness import Outcome, accuracy, gaps
from tests.browser import Open, silent_pages
from tests.native.conftest import Run

LAST_ROW = 28  # px of the smallest text at a width of 1920: what the last row of a hall can read
PROJECTORS = [(1920, 1080), (1280, 720)]
TEXTS = """() => [...document.querySelectorAll('body *')]
    .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()))
    .filter(e => e.getClientRects().length && !e.closest('svg'))
    .map(e => parseFloat(getComputedStyle(e).fontSize))"""
IN_CHART = """() => [...document.querySelectorAll('svg text')]
    .map(e => e.getBoundingClientRect().height)"""
WRAPPED = """() => [...document.querySelectorAll('.cell:not([hidden]) .l')]
    .filter(e => e.getBoundingClientRect().height > 1.6 * parseFloat(getComputedStyle(e).fontSize))
    .map(e => e.textContent)"""
NOW = """() => [...document.querySelectorAll('.part.now .cell:not([hidden])')]
    .map(e => [e.dataset.framework, Math.round(e.getBoundingClientRect().top)])"""


@pytest.fixture(scope="module")
def outcomes(ran: Run) -> list[Outcome]:
    """NumPy's program, run; the others have its numbers and their own text."""
    lesson = ran(4)
    left = run_program(4, "numpy", lesson.file)
    found = gaps(4, "numpy", left, lesson.record, lesson.fixed)
    return [
        Outcome(f, file_of(4, f).read_text(encoding="utf-8"), left, found,
                accuracy(left, lesson.fixed))
        for f in FRAMEWORKS
    ]  # fmt: skip


@pytest.fixture(scope="module")
def file(ran: Run, outcomes: list[Outcome], tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings = ran(4).settings
    summary = sentence(4, outcomes)
    return pages.write(
        4, settings, outcomes, summary, tmp_path_factory.mktemp("page") / "page.html"
    )


@pytest.fixture
def open_page(browser: Any, file: Path) -> Iterator[Open]:
    with silent_pages(browser) as opened:
        yield lambda to="", **how: opened(f"{file.as_uri()}{to}", **how)


@pytest.mark.parametrize(("width", "height"), PROJECTORS)
def test_the_last_row_can_read_it(open_page: Open, width: int, height: int) -> None:
    """28 px on a wall of 1920, as large on the same wall at 1280; and no line of code wraps."""
    page = open_page(width=width, height=height)
    least = LAST_ROW * width / 1920 - 0.01
    assert min(page.evaluate(TEXTS)) >= least
    assert min(page.evaluate(IN_CHART)) >= 0.9 * least  # of the letters, without their leading
    for left in FRAMEWORKS:
        page.get_by_label("The program on the left").select_option(left)
        assert page.evaluate(WRAPPED) == []


def test_the_arrow_keys_step_through_both_programs_at_one_height(open_page: Open) -> None:
    page = open_page(width=1920, height=1080)
    for part in PARTS:
        page.keyboard.press("ArrowRight")
        (left, top), (right, other) = page.evaluate(NOW)
        assert (left, right) == ("torch", "keras")
        assert top == other
        assert page.locator("[aria-current=step]").all_inner_texts() == [part]
    page.keyboard.press("ArrowRight")  # the last step stays
    page.keyboard.press("ArrowLeft")
    assert page.locator("[aria-current=step]").all_inner_texts() == [PARTS[-2]]
    assert page.evaluate(NOW)[0][1] < 1080 // 4  # in view, under the bar


def test_everything_can_be_done_by_keyboard(open_page: Open) -> None:
    page = open_page(width=1920, height=1080)
    for _ in range(2):  # the theme, then the first step
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator("[aria-current=step]").all_inner_texts() == ["data"]
    for _ in PARTS:
        page.keyboard.press("Tab")
    page.keyboard.type("JAX")
    assert page.evaluate(NOW)[0][0] == "jax"


def test_choosing_what_the_other_column_shows_exchanges_them(open_page: Open) -> None:
    page = open_page("#left=jax&right=torch&step=model")
    assert [name for name, _ in page.evaluate(NOW)] == ["jax", "torch"]
    page.get_by_label("The program on the left").select_option("torch")
    assert [name for name, _ in page.evaluate(NOW)] == ["torch", "jax"]
    assert page.evaluate("location.hash") == "#left=torch&right=jax&step=model"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(open_page: Open, theme: str) -> None:
    page = open_page("#step=training", width=1920, theme=theme)
    found = Axe().run(page).response["violations"]
    assert found == [], json.dumps(found, indent=1)[:2000]


def test_the_button_changes_the_theme(open_page: Open) -> None:
    page = open_page(theme="light")
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="light or dark").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before


def test_the_sentence_is_of_this_run(outcomes: list[Outcome]) -> None:
    largest = max(gap.gap for gap in outcomes[0].gaps if gap.tensor == "losses")
    summary = sentence(4, outcomes)
    assert summary == (
        f"the same numbers: the largest difference of a loss over 300 steps is {largest:.1e}"
    )
    over = [Finding("trajectory", "momentum", "losses", 1.0, 0.5)]
    apart = [replace(outcomes[0], gaps=over), *outcomes[1:]]
    summary = sentence(4, apart)
    assert summary == "not the same numbers: PyTorch went over its budget"
    failed = [replace(outcomes[0], error="lesson4_torch.py: it broke"), *outcomes[1:]]
    assert sentence(4, failed).endswith("; PyTorch could not be run")
    in_float32 = [  # judged by accuracy alone
        replace(o, gaps=[gap for gap in o.gaps if gap.tensor == "accuracy"]) for o in outcomes
    ]
    assert "rounding alone" in sentence(4, in_float32)


def test_the_command_runs_the_programs_and_says_how_far_apart_they_are(tmp_path: Path) -> None:
    done = CliRunner().invoke(
        side_by_side,
        ["--lesson=2", "--backends=numpy sklearn", "--epochs=300", f"--out={tmp_path}"],
    )
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    assert [line.split()[0] for line in lines[:2]] == ["NumPy", "scikit-learn"]
    assert lines[2].startswith("Gradient descent: the same numbers: the largest difference of")
    assert (tmp_path / "lesson2" / "side_by_side.html").is_file()
    assert np.isfinite(float(lines[2].split()[-1]))
