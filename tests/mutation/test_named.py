"""Known mistakes: each is found by a test about it."""

from __future__ import annotations

import random

import pytest

from tests.mutation.mutants import ROOT
from tests.mutation.named import Mistake, mistakes, seen_by
from tests.mutation.workers import Worker

MISTAKES = mistakes()
DRAWN = 3  # of those that no lesson has to be run for: some two seconds each
QUICK = [m for m in MISTAKES if not m.file.startswith("lessons/")]


def alive(chosen: list[Mistake], worker: Worker) -> list[str]:
    """The mistakes that no test finds."""
    return [mistake.name for mistake in chosen if not seen_by(mistake, worker)]


def test_each_mistake_changes_existing_code() -> None:
    """The mistakes differ from each other and compile."""
    assert len({mistake.name for mistake in MISTAKES}) == len(MISTAKES)
    assert len({(m.file, m.old, m.new) for m in MISTAKES}) == len(MISTAKES)
    for mistake in MISTAKES:
        compile(mistake.source, mistake.file, "exec")
        assert all((ROOT / file).is_file() for file in mistake.killed_by), mistake.name


def test_mistakes_drawn_by_the_seed_are_found(pytestconfig: pytest.Config, worker: Worker) -> None:
    draw = random.Random(pytestconfig.getoption("--seed"))
    assert alive(draw.sample(QUICK, DRAWN), worker) == []


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_all_mistakes_are_found(worker: Worker) -> None:
    assert alive(MISTAKES, worker) == []


def test_a_mistake_that_no_test_finds_is_reported(worker: Worker) -> None:
    """The control: a change without effect survives."""
    harmless = Mistake(
        "nothing", "course/randomness.py", "scale * rng.normal", "1 * scale * rng.normal",
        ("tests/course/test_settings.py",),
    )  # fmt: skip
    assert alive([harmless], worker) == ["nothing"]
    with pytest.raises(ValueError, match=r"bring named\.toml up to date"):
        _ = Mistake("gone", "course/randomness.py", "no such text", "", ()).source
