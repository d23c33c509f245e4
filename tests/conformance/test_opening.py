"""A backend is opened as it was asked, and says of its framework what is so."""

from __future__ import annotations

from tests.conformance.idioms import in_its_own_way
from tests.conformance.opening import as_opened, in_silence
from tests.conformance.subject import Subject


def test_a_backend_is_opened_as_it_was_asked(subject: Subject) -> None:
    as_opened(subject)


def test_a_model_is_silent(subject: Subject) -> None:
    in_silence(subject)


def test_a_framework_works_in_its_own_way(subject: Subject) -> None:
    in_its_own_way(subject)
