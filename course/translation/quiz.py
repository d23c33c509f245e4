"""The messages of a lesson's quiz, which stand in the catalogue of the lesson."""

from __future__ import annotations

from course.quiz import questions
from course.translation.message import Message, inline_code


def messages(number: int) -> list[Message]:
    """The questions, answers and explanations of a lesson, in order."""
    return [
        Message(text, 0, 0, "quiz", inline_code, str)
        for question in questions(number)
        for text in question.texts
    ]
