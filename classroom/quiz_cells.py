"""The quiz of a lesson as a cell of its notebook: text and folds, so it needs neither a kernel nor
a network, and looks the same on the site."""

from __future__ import annotations

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from course.quiz import Question, questions
from course.translation import catalogue
from course.translation.catalogues import SOURCE_LANGUAGE, read

TEXT = {
    "en": (
        "## Two questions\n\nWrite a letter on a piece of paper, before you open anything. Then "
        "open your answer, and the others as well: each says why.",
        "**Right.**", "**No.**",
    ),
    "nl": (
        "## Twee vragen\n\nSchrijf een letter op een blaadje voor je iets openmaakt. Maak dan je "
        "antwoord open, en ook de andere: bij elk staat waarom.",
        "**Juist.**", "**Nee.**",
    ),
}  # fmt: skip


def quiz_cells(number: int, language: str) -> list[NotebookNode]:
    """The cell with the questions of a lesson."""
    words = {} if language == SOURCE_LANGUAGE else read(catalogue(number, language))
    opening, right, wrong = TEXT[language]
    asked = [
        _markdown(i, question, right, wrong)
        for i, question in enumerate(questions(number, words), 1)
    ]
    return [new_markdown_cell("\n\n".join([opening, *asked]))]


def _markdown(number: int, question: Question, right: str, wrong: str) -> str:
    """A question, and a fold for each answer, which opens to why it is right or wrong."""
    folds = [
        f"<details>\n<summary>\n{letter} · {answer.text}\n</summary>\n\n"
        f"{right if answer.right else wrong} {answer.why}\n\n</details>"
        for letter, answer in question.lettered
    ]
    return "\n\n".join([f"**{number}.** {question.ask}", *folds])
