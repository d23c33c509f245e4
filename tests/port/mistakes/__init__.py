"""Faulty ports, one mistake each, and right ones, to which the check has nothing to say."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

os.environ.setdefault("KERAS_BACKEND", "torch")  # before the families import Keras

# A Keras model, its port, the batch, and what else `check` takes.
Case = tuple[Any, Any, Any, dict[str, Any]]


@dataclass(frozen=True)
class Mistake:
    """A port with one mistake; a right one has neither place nor cause.

    place: a pattern for B's place of one of the first two causes. cause: a pattern for its text.
    """

    name: str
    family: str
    build: Callable[[], Case]
    place: str | None = None
    cause: str | None = None

    @property
    def right(self) -> bool:
        """Whether the port has no mistake."""
        return self.place is None


def of_architecture(
    family: str, model: Callable[..., Any], module: Callable[..., Any], batch: Callable[[], Any]
) -> Callable[..., Mistake]:
    """What makes the mistakes of one architecture.

    both: options of the model and of its port. port: the port's own, which are the mistake. given:
    options of `check`.
    """

    def mistake(
        name: str, place: str | None = None, cause: str | None = None, *,
        both: Mapping[str, Any] | None = None, given: Mapping[str, Any] | None = None, **port: Any,
    ) -> Mistake:  # fmt: skip
        shared = dict(both or {})

        def build() -> Case:
            import keras

            keras.utils.set_random_seed(0)
            return model(**shared), module(**shared, **port), batch(), dict(given or {})

        return Mistake(f"{family}: {name}", family, build, place, cause)

    return mistake
