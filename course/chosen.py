"""The settings that a lesson takes from the user, each with the lesson's own default."""

from __future__ import annotations

from typing import Any, TypeVar

import datasets
from adapters.contract import require
from course import console
from course.settings import Settings

T = TypeVar("T")


class Chosen:
    """The settings that one run of a lesson has asked for; its record and card contain them."""

    def __init__(self, number: int, settings: Settings) -> None:
        self.number, self.settings = number, settings
        self.chosen: dict[str, tuple[Any, Any]] = {}  # setting: (its value, the lesson's default)
        self.data_digests: list[str] = []
        self.doubts: list[str] = []  # about the user's own data

    def data(self, default: str) -> Any:
        """The data set of this lesson, or the user's own data of the same kind (DATA=)."""
        name = self._choose("data", self.settings.data, default)
        loaded = (datasets.load_text if default in datasets.TEXTS else datasets.load)(name)
        if name != default:
            kinds = {
                datasets.Images: "images with labels", datasets.Houses: "houses with prices",
                datasets.Text: "a text",
            }  # fmt: skip
            own = {"houses": datasets.Houses} | dict.fromkeys(datasets.TEXTS, datasets.Text)
            wanted = own.get(default, datasets.Images)
            require(
                isinstance(loaded, wanted),
                f"lesson {self.number} takes {kinds[wanted]}, and {name!r} holds "
                f"{kinds[type(loaded)]}: leave DATA out to use {default!r}",
            )
        self.data_digests.append(loaded.digest)
        self.doubts = [f"{name!r}: {doubt}" for doubt in getattr(loaded, "doubts", ())]
        console.warn(self.doubts, to_stdout=self.settings.world is not None)
        return loaded

    def more_data(self, name: str) -> Any:
        """Another data set, which DATA= does not replace."""
        self.data_digests.append((loaded := datasets.load(name)).digest)
        return loaded

    def epochs(self, default: int) -> int:
        """How often the training visits every row (EPOCHS=)."""
        return self._choose("epochs", self.settings.epochs, default)

    def learning_rate(self, default: float) -> float:
        """The learning rate of the main training runs (LEARNING_RATE=)."""
        return self._choose("learning_rate", self.settings.learning_rate, default)

    def knobs(self, *default: float) -> tuple[float, ...]:
        """The knobs that the user sets by hand (KNOBS="1 2 3")."""
        knobs = self._choose("knobs", self.settings.knobs, default)
        require(
            len(knobs) == len(default),
            f"KNOBS has {len(knobs)} numbers: this lesson has {len(default)} knobs, "
            f"such as KNOBS={' '.join(f'{k:g}' for k in default)!r}",
        )
        return knobs

    def _choose(self, name: str, choice: T | None, default: T) -> T:
        value = default if choice is None else choice
        self.chosen[name] = (value, default)
        return value
