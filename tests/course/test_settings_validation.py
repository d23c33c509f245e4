"""Validation of a notebook's settings: the bounds are accepted, values beyond them refused."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from adapters.contract import SettingsError, UnknownBackend
from course.settings import LARGEST_SEED, MOST_EPOCHS, MOST_THREADS, Settings, interval
from course.settings_validation import checked

ACCEPTED: list[dict[str, Any]] = [
    {"backend": "numpy", "dtype": "float64", "device": "cpu"},
    {"seed": 0}, {"seed": LARGEST_SEED}, {"epochs": 1}, {"epochs": MOST_EPOCHS}, {"epochs": None},
    {"threads": 1}, {"threads": MOST_THREADS}, {"threads": None}, {"seed": np.int64(3)},
    {"learning_rate": 1e-300}, {"learning_rate": 1}, {"learning_rate": None},
    {"knobs": (0.5, -1)}, {"knobs": [0]}, {"knobs": ()}, {"knobs": None},
    {"data": "houses"}, {"data": None}, {"checkpoint": 1}, {"checkpoint": "100steps"},
    {"resume": "auto"}, {"resume": None}, {"out": "here"}, {"out": Path("here")},
]  # fmt: skip
REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"backend": "pytorch"}, "unknown backend 'pytorch'"), ({"backend": 3}, "unknown backend 3"),
    ({"dtype": "float16"}, "unknown dtype 'float16'"), ({"dtype": None}, "unknown dtype None"),
    ({"device": "tpu"}, "unknown device 'tpu'"), ({"device": ["cpu"]}, "unknown device ['cpu']"),
    ({"seed": -1}, "seed is -1"), ({"seed": LARGEST_SEED + 1}, "seed is"),
    ({"seed": None}, "seed is None"), ({"seed": True}, "seed is True"), ({"seed": 1.0}, "seed is"),
    ({"epochs": 0}, "epochs is 0"), ({"epochs": MOST_EPOCHS + 1}, "epochs is"),
    ({"threads": 0}, "threads is 0"), ({"threads": MOST_THREADS + 1}, "threads is"),
    ({"learning_rate": 0}, "learning_rate is 0"), ({"learning_rate": -0.5}, "learning_rate is"),
    ({"learning_rate": float("nan")}, "learning_rate is"), ({"learning_rate": "fast"}, "is 'fast'"),
    ({"learning_rate": True}, "learning_rate is True"), ({"learning_rate": 10**400}, "rate is"),
    ({"knobs": (1, "2")}, "knobs are"), ({"knobs": 3}, "knobs are 3"),
    ({"knobs": (1, float("inf"))}, "knobs are"), ({"data": 3}, "data is 3"),
    ({"checkpoint": 0}, "checkpoint is 0"), ({"checkpoint": "2 days"}, "checkpoint is"),
    ({"resume": "yes"}, "resume is 'yes'"), ({"resume": False}, "resume is False"),
    ({"out": 3}, "out is 3"), ({"world": object()}, "several workers"),
    ({"epoch": 3}, "unknown setting"),
]  # fmt: skip


@pytest.mark.parametrize("settings", ACCEPTED, ids=str)
def test_valid_settings_are_accepted(settings: dict[str, Any]) -> None:
    assert checked(4, settings) == Settings(**settings)


@pytest.mark.parametrize(("settings", "message"), REFUSED, ids=lambda value: str(value)[:40])
def test_invalid_settings_are_refused(settings: dict[str, Any], message: str) -> None:
    error = UnknownBackend if "backend" in settings else SettingsError
    with pytest.raises(error, match=re.escape(message)) as refused:
        checked(4, settings)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("number", [0, 7, -1, "4", None, True, 4.0])
def test_unknown_lessons_are_refused(number: object) -> None:
    with pytest.raises(SettingsError, match="there is no lesson"):
        checked(number, {})


@pytest.mark.parametrize(
    ("checkpoint", "expected"),
    [(1, (1, "epochs")), (7, (7, "epochs")), ("2", (2, "epochs")), ("1epoch", (1, "epochs")),
     ("2epochs", (2, "epochs")), ("1step", (1, "steps")), ("100steps", (100, "steps")),
     (MOST_EPOCHS, (MOST_EPOCHS, "epochs"))],
)  # fmt: skip
def test_checkpoint_intervals(checkpoint: Any, expected: tuple[int, str]) -> None:
    assert interval(checkpoint) == expected


@pytest.mark.parametrize(
    "checkpoint", [0, -1, MOST_EPOCHS + 1, "", "steps", "1.5", "1 step", True, None]
)
def test_invalid_checkpoint_intervals(checkpoint: Any) -> None:
    with pytest.raises(SettingsError, match="expected a number of epochs or steps"):
        interval(checkpoint)
