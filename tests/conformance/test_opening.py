"""A loaded backend has the requested settings, is silent, and uses its framework's idioms."""

from __future__ import annotations

from adapters.laws.subject import Subject
from tests.conformance.opening import check_idioms, check_settings, check_silence


def test_a_backend_has_the_requested_settings(subject: Subject) -> None:
    check_settings(subject)


def test_a_model_is_silent(subject: Subject) -> None:
    check_silence(subject)


def test_an_adapter_uses_its_frameworks_idioms(subject: Subject) -> None:
    check_idioms(subject)
