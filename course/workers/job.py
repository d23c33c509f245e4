"""What is to run on several workers: plain values, which a worker reads from a file."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from adapters import require_workers
from adapters.contract import require
from adapters.parallel import World
from course.settings import CHAPTERS, Settings

LESSONS = (3, 4)  # those whose training is a loop over batches and nothing else


@dataclass(frozen=True)
class Job:
    """A lesson, its settings, and the addresses of its workers; `ranks` are this machine's."""

    lesson: int
    settings: Settings
    seeds: int
    addresses: tuple[str, ...]  # host:port, one for each worker
    ranks: tuple[int, ...]
    timeout: float  # seconds without a sign of life

    def world(self, rank: int, progress: Path) -> World:
        """What one worker knows of the others."""
        return World(rank, len(self.addresses), self.addresses, self.timeout, str(progress))

    def written(self) -> str:
        """As JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, text: str) -> Job:
        """From JSON; the text is our own launcher's."""
        told: dict[str, Any] = json.loads(text)
        settings = Settings(**told.pop("settings"))
        addresses, ranks = tuple(told.pop("addresses")), tuple(told.pop("ranks"))
        return cls(settings=settings, addresses=addresses, ranks=ranks, **told)


def check(lesson: int, settings: Settings) -> Settings:
    """The settings as workers take them; SettingsError where they cannot train together."""
    require(
        lesson in LESSONS,
        f"lesson {lesson} trains on one worker: WORKERS= is for lessons "
        f"{' and '.join(map(str, LESSONS))}, not for {CHAPTERS[lesson].title!r}",
    )
    require_workers(settings.backend)
    require(
        settings.device != "gpu",
        "DEVICE=gpu with WORKERS= has not been tried, so it is refused: use DEVICE=cpu",
    )
    return replace(settings, device="cpu")
