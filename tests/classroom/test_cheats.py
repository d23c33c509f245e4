"""Cheats get no points; honest work that looks similar gets all of them."""

from __future__ import annotations

import pytest

from classroom.check import exercises
from tests.classroom.cheats import CHEATS
from tests.classroom.honest import HONEST
from tests.classroom.renamed import judged_together

LESSONS = [
    pytest.param(n, marks=getattr(pytest.mark, f"lesson{n}"))
    for n in sorted({cheat.lesson for cheat in CHEATS})
]


def possible_points(lesson: int) -> dict[str, float]:
    return {exercise.name: exercise.points for exercise in exercises(lesson)}


@pytest.mark.sampled(2)
@pytest.mark.parametrize("lesson", LESSONS)
def test_a_cheat_has_no_points_and_a_hint(lesson: int) -> None:
    cheats = [each for each in CHEATS if each.lesson == lesson and each.possible]
    results = judged_together(lesson, [(cheat.exercise, cheat.code) for cheat in cheats])
    most = dict.fromkeys(possible_points(lesson), 0.0)
    if "cages" in most:  # the rest of the answer is right
        most["cages"] = possible_points(lesson)["cages"] - 2
    wrong = [
        (cheat.exercise, cheat.idea, points, hint)
        for cheat, (points, hint) in zip(cheats, results, strict=True)
        if cheat.hint not in hint or points > most[cheat.exercise]
    ]
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize("lesson", [pytest.param(
    n, marks=getattr(pytest.mark, f"lesson{n}")) for n in sorted({each.lesson for each in HONEST})
])  # fmt: skip
def test_honest_work_has_all_points(lesson: int) -> None:
    answers = [each for each in HONEST if each.lesson == lesson]
    results = judged_together(lesson, [(each.exercise, each.code) for each in answers])
    possible = possible_points(lesson)
    wrong = [
        (each.exercise, each.idea, points, hint)
        for each, (points, hint) in zip(answers, results, strict=True)
        if (points, hint) != (possible[each.exercise], "")
    ]
    assert not wrong, "\n".join(map(str, wrong))
