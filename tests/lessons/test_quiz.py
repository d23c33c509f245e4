"""Two questions for each lesson, whose answers explain: in the notebook, on the site, on slides."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from adapters.contract import TriptychError
from classroom.notebooks import notebook
from course import quiz
from course.lessons import LESSONS
from course.quiz import Question, questions
from course.settings import ROOT
from tools.site import lesson_pages

EACH = 2
SHORTEST = 8  # words of an explanation
MOST_WORDS = 65  # of a question on a slide, with all answers and why the right one is right


@pytest.mark.parametrize("number", LESSONS)
def test_a_lesson_has_two_questions_and_each_answer_explains(number: int) -> None:
    asked = questions(number)
    assert len(asked) == EACH
    for question in asked:
        assert question.ask.endswith("?")
        assert len(question.answers) == 3
        whys = [answer.why for answer in question.answers]
        assert len(set(whys)) == len({a.text for a in question.answers}) == 3
        for why in whys:
            assert len(why.split()) >= SHORTEST, why
        plain = [answer.text for answer in question.answers]
        assert not re.search(r"[*`_<$]", "".join(plain)), "a fold's title is shown as it is"
        shown = " ".join([question.ask, *plain, question.right[1].why])
        assert len(shown.split()) <= MOST_WORDS, f"{len(shown.split())} words: {shown}"


def test_the_right_answer_is_not_always_at_the_same_place() -> None:
    letters = [question.right[0] for number in LESSONS for question in questions(number)]
    assert all(2 <= letters.count(letter) <= len(letters) / 2 for letter in "ABC"), letters


def in_folds(text: str, question: Question) -> bool:
    """Whether a text shows the question, and each answer as a fold that opens to its why."""
    return question.ask in text and all(
        re.search(
            rf"<details>\n<summary>\n{letter} · {re.escape(answer.text)}\n</summary>\n\n"
            rf"\*\*{'Right' if answer.right else 'No'}\.\*\* {re.escape(answer.why)}\n\n</details>",
            text,
        )
        for letter, answer in question.lettered
    )


@pytest.mark.parametrize("number", LESSONS)
def test_notebook_and_site_show_both_questions(number: int) -> None:
    """Behind the lesson's text, in Markdown: it needs neither a kernel nor a network."""
    node = notebook(number, "numpy")
    page = lesson_pages.page({"numpy": node}, f"lesson {number}", "en")
    for shown in (node, page):
        text = "\n".join(c.source for c in shown.cells if c.cell_type == "markdown")
        for question in questions(number):
            assert in_folds(text, question)
            assert not in_folds(text.replace(question.answers[1].why, ""), question)


@pytest.mark.parametrize("number", LESSONS)
def test_the_deck_asks_both_questions(number: int) -> None:
    """tests/slides looks at the built slides."""
    deck = (ROOT / "docs" / "slides" / f"lesson{number}.md").read_text(encoding="utf-8")
    assert re.findall(r"^:::\{quiz\} (.*)$", deck, re.MULTILINE) == ["1", "2"]


def test_a_translated_lesson_has_a_translated_quiz() -> None:
    text = "\n".join(cell.source for cell in notebook(1, "numpy", language="nl").cells)
    assert "## Twee vragen" in text
    for question in questions(1):
        assert not any(words in text for words in question.texts)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("right = true\n", "", "has 0 right answers, not one"),
        ('why = "no"', 'why = "no"\nright = true', "has 2 right answers, not one"),
        ('why = "no"', 'why = " "', "'a' has no `why`"),
        ('why = "no"', "", "'a' has no `why`"),
    ],
)
def test_a_question_without_one_right_answer_or_an_explanation_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, message: str
) -> None:
    text = (
        '[[question]]\nask = "which?"\n[[question.answer]]\ntext = "a"\nwhy = "no"\n'
        '[[question.answer]]\ntext = "b"\nwhy = "yes"\nright = true\n'
    )
    assert text.count(old) == 1
    monkeypatch.setattr(quiz, "HOME", tmp_path)
    quiz.file_of(1).write_text(text, encoding="utf-8")
    assert questions(1)[0].right[0] == "B"
    quiz.file_of(1).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(TriptychError, match=message):
        questions(1)
