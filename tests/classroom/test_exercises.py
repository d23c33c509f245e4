"""The exercises: full points for solutions, none without answers, hints for wrong answers."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from adapters import BACKENDS
from classroom.check import exercises
from tests.classroom.handing_in import judge_exercise, marks, solution, untouched
from tests.classroom.renamed import changed, judged_together
from tests.classroom.sandboxed import confined_if_possible
from tests.classroom.wrong_answers.wrong_answer import WrongAnswer

CHECKS = Path(__file__).parents[2] / "classroom" / "checks"
LESSONS = sorted(int(file.stem[-1]) for file in CHECKS.glob("lesson?.py"))
NOT_TOGETHER = ("cages",)  # needs the whole file


def lesson_parameters() -> list[object]:
    return [pytest.param(n, marks=getattr(pytest.mark, f"lesson{n}")) for n in LESSONS]


def wrong_answers(lesson: int) -> list[WrongAnswer]:
    table: list[WrongAnswer] = import_module(
        f"tests.classroom.wrong_answers.lesson{lesson}"
    ).WRONG_ANSWERS
    return table


@pytest.mark.parametrize("lesson", lesson_parameters())
def test_a_lesson_has_enough_exercises(lesson: int) -> None:
    all_of_them = exercises(lesson)
    assert len(all_of_them) >= 4
    assert min(exercise.minutes for exercise in all_of_them) <= 10
    assert all(exercise.points >= 2 and exercise.judge.__doc__ for exercise in all_of_them)
    assert len({exercise.name for exercise in all_of_them}) == len(all_of_them)


@pytest.mark.parametrize("lesson", lesson_parameters())
def test_the_solution_has_full_points_in_the_sandbox(lesson: int, tmp_path: Path) -> None:
    full_points_in_the_sandbox(lesson, "numpy", tmp_path)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("lesson", lesson_parameters())
def test_a_framework_works_in_the_sandbox(lesson: int, tmp_path: Path) -> None:
    full_points_in_the_sandbox(lesson, "torch", tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("backend", [name for name in BACKENDS if name not in ("numpy", "torch")])
@pytest.mark.parametrize("lesson", lesson_parameters())
def test_every_backend_works_in_the_sandbox(lesson: int, backend: str, tmp_path: Path) -> None:
    full_points_in_the_sandbox(lesson, backend, tmp_path)


def full_points_in_the_sandbox(lesson: int, backend: str, tmp_path: Path) -> None:
    if BACKENDS[backend].missing:
        pytest.skip(f"{backend} is not installed")
    result = marks(solution(lesson), tmp_path, lesson, backend, launcher=confined_if_possible())
    assert not result.problem
    assert [(each.name, each.hint) for each in result.exercises if each.hint] == []
    assert result.points == result.out_of > 0


@pytest.mark.parametrize("seed", [1, 7])
@pytest.mark.parametrize("lesson", [1, 2])
def test_the_seed_does_not_change_the_result(lesson: int, seed: int, tmp_path: Path) -> None:
    result = marks(solution(lesson), tmp_path, lesson, seed=seed)
    assert [(each.name, each.hint) for each in result.exercises if each.hint] == []
    assert marks(untouched(lesson), tmp_path, lesson, seed=seed).points == 0


@pytest.mark.parametrize("lesson", lesson_parameters())
def test_a_file_without_answers_runs_and_has_no_points(lesson: int, tmp_path: Path) -> None:
    result = marks(untouched(lesson), tmp_path, lesson)
    assert not result.problem
    assert result.points == 0
    assert all(each.hint for each in result.exercises)


@pytest.mark.parametrize("lesson", lesson_parameters())
def test_a_wrong_answer_gets_the_hint_written_for_it(lesson: int) -> None:
    """All answers of a lesson in one process; `make test-all` also runs each in its own file."""
    text = solution(lesson)
    answers = [a for a in wrong_answers(lesson) if a.exercise not in NOT_TOGETHER]
    results = judged_together(
        lesson, [(a.exercise, changed(text, a.applied(text))) for a in answers]
    )
    possible = {exercise.name: exercise.points for exercise in exercises(lesson)}
    failed = [
        (a.mistake, points, hint) for a, (points, hint) in zip(answers, results, strict=True)
        if not is_right(a, points, possible[a.exercise], hint)
    ]  # fmt: skip
    assert not failed, "\n".join(map(str, failed))


def each_wrong_answer() -> Iterator[object]:
    for number in LESSONS:
        for answer in wrong_answers(number):
            marks = [getattr(pytest.mark, f"lesson{number}")]
            marks += [pytest.mark.slow] * (answer.exercise not in NOT_TOGETHER)
            name = f"lesson{number}-{answer.exercise}-{answer.mistake}"
            yield pytest.param(number, answer, id=name, marks=marks)


@pytest.mark.parametrize(("lesson", "answer"), [*each_wrong_answer()])
def test_a_wrong_answer_in_its_own_file(lesson: int, answer: WrongAnswer) -> None:
    points, out_of, hint = judge_exercise(answer.applied(solution(lesson)), lesson, answer.exercise)
    assert is_right(answer, points, out_of, hint), (points, hint)


def is_right(answer: WrongAnswer, points: float, out_of: float, hint: str) -> bool:
    """Whether points are lost, with the right hint, which does not contain the solution."""
    return answer.hint in hint and points < out_of and answer.old.strip() not in hint


@pytest.mark.parametrize("lesson", lesson_parameters())
def test_titles_and_points_match_the_file(lesson: int) -> None:
    text = untouched(lesson)
    for number, exercise in enumerate(exercises(lesson), 1):
        assert f"# ## {number} · {exercise.title}\n" in text
        rest = text.split(f"# ## {number} · {exercise.title}\n")[1]
        minutes, points = rest.split("*")[1].split(", ")
        assert points == f"{exercise.points} points"
        assert minutes in (f"{exercise.minutes} minutes", "open")
