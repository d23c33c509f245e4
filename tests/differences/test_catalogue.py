"""The catalogue is correct: every installed backend gives the values of every entry."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from adapters import BACKENDS as OF_THE_KIT
from course.lessons import LESSONS
from triptych.backends import BACKENDS, installed, process_environment
from triptych.differences.entry import Entry
from triptych.differences.judge import judge
from triptych.differences.reading import HOME, read_all

ENTRIES = read_all()  # each is checked as it is read: see test_reading.py


@pytest.mark.sampled(24)
@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_every_backend_gives_the_values_of_an_entry(
    entry: Entry, observed: dict[str, dict[str, Any]]
) -> None:
    ran = [backend for backend in entry.backends if entry.name in observed.get(backend, {})]
    assert ran == installed(entry.backends)
    findings = judge([entry], observed)
    assert not findings, "\n".join(map(str, findings))


def test_every_installed_backend_was_observed(observed: dict[str, dict[str, Any]]) -> None:
    assert list(observed) == installed(BACKENDS)


def test_every_file_is_an_entry() -> None:
    files = {file for file in HOME.rglob("*.py") if file.parent != HOME}
    assert files == {entry.file for entry in ENTRIES}


def test_lessons_are_lessons_of_the_course() -> None:
    assert {lesson for entry in ENTRIES for lesson in entry.lessons} <= LESSONS.keys()


def test_the_backends_are_those_of_the_lessons() -> None:
    assert list(BACKENDS) == list(OF_THE_KIT)
    for name, backend in BACKENDS.items():
        assert backend.packages == OF_THE_KIT[name].packages
        # Other variables that an adapter sets are not what a user of Keras gets.
        assert backend.environment.items() <= OF_THE_KIT[name].environment.items()


def test_no_setting_of_the_user_reaches_an_observed_process(tmp_path: Path) -> None:
    theirs = {"KERAS_BACKEND": "jax", "JAX_ENABLE_X64": "1", "TF_ENABLE_ONEDNN_OPTS": "0",
              "OMP_NUM_THREADS": "7", "PYTENSOR_FLAGS": "floatX=float16"}  # fmt: skip
    clean = process_environment("keras", tmp_path, os.environ)
    assert process_environment("keras", tmp_path, os.environ | theirs) == clean
