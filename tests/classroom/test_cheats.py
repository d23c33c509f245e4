"""Marks without work: none; and honest work in a form that looks a bit like it: all of them."""

from __future__ import annotations

import pytest

from classroom.check import exercises
from tests.classroom.cheats import CHEATS
from tests.classroom.honest import HONEST
from tests.classroom.renamed import judged_together

LESSONS = [
    pytest.param(n, marks=getattr(pytest.mark, f"lesson{n}"))
    for n in sorted({one.lesson for one in CHEATS})
]


@pytest.mark.sampled(2)
@pytest.mark.parametrize("lesson", LESSONS)
def test_a_cheat_has_no_marks_and_is_told_what_to_do(lesson: int) -> None:
    cheats = [one for one in CHEATS if one.lesson == lesson and one.possible]
    found = judged_together(lesson, [(one.exercise, one.code) for one in cheats])
    of = {one.name: one.points for one in exercises(lesson)}
    wrong = [
        (one.exercise, one.idea, points, hint)
        for one, (points, hint) in zip(cheats, found, strict=True)
        if one.hint not in hint or points > (of[one.exercise] - 2 if one.exercise == "cages" else 0)
    ]
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize("lesson", [pytest.param(
    n, marks=getattr(pytest.mark, f"lesson{n}")) for n in sorted({one.lesson for one in HONEST})
])  # fmt: skip
def test_honest_work_has_all_its_marks(lesson: int) -> None:
    answers = [one for one in HONEST if one.lesson == lesson]
    found = judged_together(lesson, [(one.exercise, one.code) for one in answers])
    of = {one.name: one.points for one in exercises(lesson)}
    wrong = [
        (one.exercise, one.idea, points, hint)
        for one, (points, hint) in zip(answers, found, strict=True)
        if (points, hint) != (of[one.exercise], "")
    ]
    assert not wrong, "\n".join(map(str, wrong))
