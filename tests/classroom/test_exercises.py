"""The exercises: full marks for solutions, none for what is handed out, hints in between."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from adapters import ENGINES
from classroom.check import exercises
from tests.classroom.checking import marks, of_one_exercise
from tests.classroom.handing_in import solution, untouched
from tests.classroom.sandboxed import confined_if_possible
from tests.classroom.wrong_answers.wrong_answer import WrongAnswer

CHECKS = Path(__file__).parents[2] / "classroom" / "checks"
LESSONS = sorted(int(file.stem[-1]) for file in CHECKS.glob("lesson?.py"))
AT_ONCE = ("numpy", "torch")  # the other engines are for `make test-all`


def of_lessons() -> list[object]:
    return [pytest.param(n, marks=getattr(pytest.mark, f"lesson{n}")) for n in LESSONS]


def backends() -> list[object]:
    return [pytest.param(name, marks=[] if name in AT_ONCE else pytest.mark.slow)
            for name in ENGINES]  # fmt: skip


def wrong_answers() -> Iterator[object]:
    for number in LESSONS:
        table = import_module(f"tests.classroom.wrong_answers.lesson{number}").WRONG_ANSWERS
        for answer in table:
            name = f"lesson{number}-{answer.exercise}-{answer.mistake}"
            yield pytest.param(
                number, answer, id=name, marks=getattr(pytest.mark, f"lesson{number}")
            )


@pytest.mark.parametrize("lesson", of_lessons())
def test_a_lesson_has_exercises_enough(lesson: int) -> None:
    found = exercises(lesson)
    assert len(found) >= 4
    assert min(one.minutes for one in found) <= 10
    assert all(one.points >= 2 and one.judge.__doc__ for one in found)
    assert len({one.name for one in found}) == len(found)


@pytest.mark.parametrize("backend", backends())
@pytest.mark.parametrize("lesson", of_lessons())
def test_the_solution_has_full_marks_and_finds_all_it_needs_between_walls(
    lesson: int, backend: str, tmp_path: Path
) -> None:
    if ENGINES[backend].missing:
        pytest.skip(f"{backend} is not installed")
    found = marks(solution(lesson), tmp_path, lesson, backend, room=confined_if_possible())
    assert not found.problem
    assert [(one.name, one.hint) for one in found.exercises if one.hint] == []
    assert found.points == found.out_of > 0


@pytest.mark.parametrize("seed", [1, 7])
@pytest.mark.parametrize("lesson", [1, 2])
def test_other_random_numbers_judge_alike(lesson: int, seed: int, tmp_path: Path) -> None:
    found = marks(solution(lesson), tmp_path, lesson, seed=seed)
    assert [(one.name, one.hint) for one in found.exercises if one.hint] == []
    assert marks(untouched(lesson), tmp_path, lesson, seed=seed).points == 0


@pytest.mark.parametrize("lesson", of_lessons())
def test_what_is_handed_out_runs_and_has_nothing(lesson: int, tmp_path: Path) -> None:
    found = marks(untouched(lesson), tmp_path, lesson)
    assert not found.problem
    assert found.points == 0
    assert all(one.hint for one in found.exercises)


@pytest.mark.parametrize(("lesson", "answer"), [*wrong_answers()])
def test_a_wrong_answer_gets_the_hint_written_for_it(lesson: int, answer: WrongAnswer) -> None:
    text = answer.applied(solution(lesson))
    points, out_of, hint = of_one_exercise(text, lesson, answer.exercise)
    assert answer.hint in hint
    assert points < out_of
    # Nobody is told what stands in the solution's place.
    assert answer.old.strip() not in hint


@pytest.mark.parametrize("lesson", of_lessons())
def test_titles_and_points_are_those_of_the_file(lesson: int) -> None:
    text = untouched(lesson)
    for number, one in enumerate(exercises(lesson), 1):
        assert f"# ## {number} · {one.title}\n" in text
        rest = text.split(f"# ## {number} · {one.title}\n")[1]
        minutes, points = rest.split("*")[1].split(", ")
        assert points == f"{one.points} points"
        assert minutes in (f"{one.minutes} minutes", "open")
