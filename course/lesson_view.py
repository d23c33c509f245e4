"""What the card and the checkpoints read of a lesson; class Lesson has it all."""

from __future__ import annotations

from typing import Any, Protocol

from adapters.contract import Model
from course.record import Staging
from course.settings import Settings
from course.training import Run


class LessonView(Protocol):
    """A lesson that has begun: its settings, and what it has trained, measured and drawn."""

    number: int
    settings: Settings
    seed: int
    Model: type[Model]
    staging: Staging
    start: float  # of time.perf_counter
    chosen: dict[str, tuple[Any, Any]]  # setting: (its value, the lesson's default)
    data_digests: list[str]
    doubts: list[str]
    runs: dict[str, Run]
    accuracies: dict[str, float]
    measures: dict[str, float]
    figures: list[dict[str, str]]

    def folder_name(self) -> str:
        """The name of the record's folder."""
        ...
