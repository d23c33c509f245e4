"""A mistake in one exercise costs the points of that exercise only, and its hint names the cause.

Generated from the solutions: each exercise of each lesson is damaged as beginners do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from classroom.check import exercises
from classroom.scores import Marks
from course.lessons import LESSONS
from tests.classroom.damage import KINDS, NOTHING_TO_RETURN, Damaged, damaged, with_three
from tests.classroom.handing_in import marks, solution


def problems(result: Marks, done: Sequence[Damaged]) -> list[object]:
    """What is not as it should be, by exercise."""
    wrong: list[object] = [result.problem] if result.problem else []
    by_name = {each.exercise: each for each in done}
    for scored in result.exercises:
        damage = by_name.get(scored.name)
        if damage is None:
            if (scored.points, scored.hint) != (scored.out_of, ""):
                wrong.append((scored.name, "lost points", scored.hint))
        elif scored.points == scored.out_of or not all(
            hint in scored.hint for hint in damage.hints
        ):
            wrong.append((scored.name, damage.kind, scored.points, scored.hint, damage.hints))
        elif damage.kind != "no return" and "^" not in scored.excerpt:
            wrong.append((scored.name, damage.kind, "no mark", scored.excerpt))
    return wrong


def files() -> Iterator[object]:
    for lesson in LESSONS:
        for first, exercise in enumerate(exercises(lesson)):
            mark = getattr(pytest.mark, f"lesson{lesson}")
            yield pytest.param(lesson, first, id=f"lesson{lesson}-{exercise.name}", marks=mark)


@pytest.mark.parametrize(("lesson", "first"), [*files()])
def test_a_crash_a_missing_return_and_a_syntax_error_in_three_exercises(
    lesson: int, first: int, tmp_path: Path
) -> None:
    """Over all files of a lesson, each exercise has each of the three."""
    text, done = with_three(lesson, first)
    assert problems(marks(text, tmp_path, lesson), done) == []


def each_damage() -> Iterator[object]:
    for lesson in LESSONS:
        for exercise in exercises(lesson):
            for kind in KINDS:
                if kind != "no return" or (lesson, exercise.name) not in NOTHING_TO_RETURN:
                    name = f"lesson{lesson}-{exercise.name}-{kind}"
                    yield pytest.param(lesson, exercise.name, kind, id=name)


@pytest.mark.slow
@pytest.mark.parametrize(("lesson", "exercise", "kind"), [*each_damage()])
def test_each_damage_in_its_own_file(lesson: int, exercise: str, kind: str, tmp_path: Path) -> None:
    damage = damaged(lesson, solution(lesson), exercise, kind)
    assert problems(marks(damage.text, tmp_path, lesson), [damage]) == []
