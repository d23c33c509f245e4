"""The exercises and the command that checks them: points, hints, output and exit status."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import classroom.check  # noqa: F401 - imported once, before this process is forked
from adapters import BACKENDS
from classroom.check import exercises
from course.settings import ROOT
from tests.classroom.handing_in import (
    changed,
    judge_exercise,
    judged_together,
    marks,
    solution,
    untouched,
)
from tests.classroom.hints import WrongAnswer, wrong_answers
from tests.classroom.sandboxed import confined_if_possible
from tests.forked import Outcome, module

# The exercises: full points for solutions, none without answers, hints for wrong answers.

CHECKS = Path(__file__).parents[2] / "classroom" / "checks"
LESSONS = sorted(int(file.stem[-1]) for file in CHECKS.glob("lesson?.py"))
NOT_TOGETHER = ("cages",)  # needs the whole file


def lesson_parameters() -> list[object]:
    return [pytest.param(n, marks=getattr(pytest.mark, f"lesson{n}")) for n in LESSONS]


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


# python -m classroom.check: its output, its JSON file and its exit status.


def check(*arguments: str, cwd: Path = ROOT) -> Outcome:
    return module("classroom.check", arguments, cwd)


def written(folder: Path, text: str, name: str = "my [bold]answers.py") -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


def test_full_marks_are_status_0(tmp_path: Path) -> None:
    marks = tmp_path / "marks.json"
    done = check(
        "1", "--backend=numpy", "--file", written(tmp_path, solution(1)), f"--json={marks}"
    )
    assert done.status == 0, done.err
    assert "well done" in done.out
    result = json.loads(marks.read_text(encoding="utf-8"))
    assert set(result) == {
        "file", "lesson", "backend", "exercises", "points", "out_of", "problem", "seconds", "notes",
    }  # fmt: skip
    assert result["points"] == result["out_of"] == sum(e["points"] for e in result["exercises"])
    fields = {"name", "title", "points", "out_of", "hint", "excerpt"}
    assert set(result["exercises"][0]) == fields


def test_it_names_the_file_that_it_judged(tmp_path: Path) -> None:
    """A student who answered in a notebook must notice that another file was judged."""
    file = written(tmp_path, untouched(1))
    for arguments, name in (
        ([], "lessons/exercises/lesson1.py"),
        (["--file=lessons/exercises/../exercises/lesson1.py"], "lessons/exercises/lesson1.py"),
        (["--file", file], file),
    ):
        done = check("1", "--backend=numpy", *arguments)
        assert f"judged:{name}" in "".join(done.out.split()).replace("my[bold]", "my [bold]")


def test_missing_points_are_status_1_and_a_hint(tmp_path: Path) -> None:
    answer = next(each for each in wrong_answers(1) if each.mistake == "not squared")
    text = answer.applied(solution(1))
    done = check("1", "--backend=numpy", "--file", written(tmp_path, text))
    assert done.status == 1
    assert answer.hint in " ".join(done.out.split())
    assert "19 of 23 points" in done.out
    assert all(len(line) <= 100 for line in done.out.splitlines())


def test_a_file_that_does_not_run_is_status_1_and_a_line(tmp_path: Path) -> None:
    marks = tmp_path / "marks.json"
    text = "import nowhere_at_all\nprint(nowhere_at_all)\n"
    done = check("1", "--backend=numpy", "--file", written(tmp_path, text), f"--json={marks}")
    assert done.status == 1
    assert "nowhere_at_all" in done.out
    assert "Traceback" not in done.out + done.err
    assert "nowhere_at_all" in json.loads(marks.read_text(encoding="utf-8"))["problem"]


def test_a_crash_is_shown_with_its_line_and_a_mark(tmp_path: Path) -> None:
    """Also one that costs no point, as in an example that nothing depends on."""
    text = solution(3).replace("    return product\n", "    return A * B\n")
    text = text.replace("print(cross_entropy(np.zeros(", "print(cross_entorpy(np.zeros(")
    done = check("3", "--backend=numpy", "--file", written(tmp_path, text))
    lines = [line.strip() for line in done.out.splitlines()]
    at = lines.index("return A * B")
    assert lines[at + 1] == "^^^^^"
    assert "22 of 26 points" in done.out
    after = lines[lines.index("Elsewhere in the file:") :]
    assert "Did you mean `cross_entropy`?" in " ".join(after)
    assert "^^^^^^^^^^^^^" in after


def test_one_broken_import_is_named_wherever_it_is_missed(tmp_path: Path) -> None:
    text = solution(1).replace("import numpy as np", "import nunpy as np")
    result = marks(text, tmp_path)
    assert not result.problem
    hints = {each.name: each.hint for each in result.exercises}
    assert "nunpy" in hints["learn"]
    assert "nunpy" in hints["by_hand"]
    assert not result.notes


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["9"], "9"),
        (["1", "--file=nowhere.py"], "nowhere.py"),
        (["1", "--file=."], "is no file"),
        (["1", "--file=marks.txt"], "neither a .py nor an .ipynb"),
        (["1", "--file=latin.py"], "UTF-8"),
        (["1", "--file=bad.ipynb"], "is not a notebook"),
        (["1", "--backend=numpi"], "numpi"),
        (["1", "--json=."], "is a folder"),
        (["one"], "one"),
    ],
)
def test_wrong_input_is_one_line_and_status_2(
    tmp_path: Path, arguments: list[str], message: str
) -> None:
    written(tmp_path, "", "marks.txt")
    written(tmp_path, "[1]", "bad.ipynb")
    (tmp_path / "latin.py").write_bytes("é = 1".encode("latin-1"))
    done = check("--backend=numpy", *arguments, cwd=tmp_path)
    assert done.status == 2
    assert done.err.count("\n") == 1
    assert done.err.startswith("error: ")
    assert message in done.err
