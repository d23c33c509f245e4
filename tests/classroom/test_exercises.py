"""The exercises: full marks for solutions, none for what is handed out, hints in between."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from adapters import BACKENDS
from classroom.check import exercises
from tests.classroom.checking import marks, of_one_exercise
from tests.classroom.handing_in import solution, untouched
from tests.classroom.renamed import changed, judged_together
from tests.classroom.sandboxed import confined_if_possible
from tests.classroom.wrong_answers.wrong_answer import WrongAnswer

CHECKS = Path(__file__).parents[2] / "classroom" / "checks"
LESSONS = sorted(int(file.stem[-1]) for file in CHECKS.glob("lesson?.py"))
NOT_TOGETHER = ("cages",)  # judged by how the whole file comes to its answer


def of_lessons() -> list[object]:
    return [pytest.param(n, marks=getattr(pytest.mark, f"lesson{n}")) for n in LESSONS]


def wrong_answers(lesson: int) -> list[WrongAnswer]:
    table: list[WrongAnswer] = import_module(
        f"tests.classroom.wrong_answers.lesson{lesson}"
    ).WRONG_ANSWERS
    return table


@pytest.mark.parametrize("lesson", of_lessons())
def test_a_lesson_has_exercises_enough(lesson: int) -> None:
    found = exercises(lesson)
    assert len(found) >= 4
    assert min(one.minutes for one in found) <= 10
    assert all(one.points >= 2 and one.judge.__doc__ for one in found)
    assert len({one.name for one in found}) == len(found)


@pytest.mark.parametrize("lesson", of_lessons())
def test_the_solution_has_full_marks_and_finds_all_it_needs_between_walls(
    lesson: int, tmp_path: Path
) -> None:
    full_marks_between_walls(lesson, "numpy", tmp_path)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("lesson", of_lessons())
def test_between_walls_there_is_a_framework_too(lesson: int, tmp_path: Path) -> None:
    full_marks_between_walls(lesson, "torch", tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("backend", [name for name in BACKENDS if name not in ("numpy", "torch")])
@pytest.mark.parametrize("lesson", of_lessons())
def test_between_walls_there_is_every_backend(lesson: int, backend: str, tmp_path: Path) -> None:
    full_marks_between_walls(lesson, backend, tmp_path)


def full_marks_between_walls(lesson: int, backend: str, tmp_path: Path) -> None:
    if BACKENDS[backend].missing:
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


@pytest.mark.parametrize("lesson", of_lessons())
def test_a_wrong_answer_gets_the_hint_written_for_it(lesson: int) -> None:
    """All of a lesson in one process; each in a file of its own in `make test-all`."""
    whole = solution(lesson)
    answers = [one for one in wrong_answers(lesson) if one.exercise not in NOT_TOGETHER]
    found = judged_together(
        lesson, [(one.exercise, changed(whole, one.applied(whole))) for one in answers]
    )
    worth = {one.name: one.points for one in exercises(lesson)}
    failed = [
        (one.mistake, points, hint) for one, (points, hint) in zip(answers, found, strict=True)
        if not is_right(one, points, worth[one.exercise], hint)
    ]  # fmt: skip
    assert not failed, "\n".join(map(str, failed))


def each_wrong_answer() -> Iterator[object]:
    for number in LESSONS:
        for one in wrong_answers(number):
            marks = [getattr(pytest.mark, f"lesson{number}")]
            marks += [pytest.mark.slow] * (one.exercise not in NOT_TOGETHER)
            name = f"lesson{number}-{one.exercise}-{one.mistake}"
            yield pytest.param(number, one, id=name, marks=marks)


@pytest.mark.parametrize(("lesson", "answer"), [*each_wrong_answer()])
def test_a_wrong_answer_in_a_file_of_its_own(lesson: int, answer: WrongAnswer) -> None:
    points, out_of, hint = of_one_exercise(
        answer.applied(solution(lesson)), lesson, answer.exercise
    )
    assert is_right(answer, points, out_of, hint), (points, hint)


def is_right(answer: WrongAnswer, points: float, out_of: float, hint: str) -> bool:
    """Points are lost, for the reason; and nobody is told what stands in the solution's place."""
    return answer.hint in hint and points < out_of and answer.old.strip() not in hint


@pytest.mark.parametrize("lesson", of_lessons())
def test_titles_and_points_are_those_of_the_file(lesson: int) -> None:
    text = untouched(lesson)
    for number, one in enumerate(exercises(lesson), 1):
        assert f"# ## {number} · {one.title}\n" in text
        rest = text.split(f"# ## {number} · {one.title}\n")[1]
        minutes, points = rest.split("*")[1].split(", ")
        assert points == f"{one.points} points"
        assert minutes in (f"{one.minutes} minutes", "open")
