"""A job for several workers: plain values, which a worker reads from a file."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from adapters import require_workers
from adapters.contract import require
from adapters.parallel import World
from course.lessons import LESSONS, WITH_WORKERS
from course.settings import Settings


@dataclass(frozen=True)
class Job:
    """A lesson, its settings, the addresses of all workers, and the ranks on this machine."""

    lesson: int
    settings: Settings
    seeds: int
    addresses: tuple[str, ...]  # host:port, one for each worker
    ranks: tuple[int, ...]
    timeout: float  # seconds without a sign of life
    result: str | None = None  # the file in which worker 0 names the records

    def world(self, rank: int, progress: Path) -> World:
        """The world of one worker, with its rank."""
        return World(rank, len(self.addresses), self.addresses, self.timeout, str(progress))

    def to_json(self) -> str:
        """The job as JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Job:
        """A job from JSON that the launcher has written."""
        fields: dict[str, Any] = json.loads(text)
        settings = Settings(**fields.pop("settings"))
        addresses, ranks = tuple(fields.pop("addresses")), tuple(fields.pop("ranks"))
        return cls(settings=settings, addresses=addresses, ranks=ranks, **fields)


def check(lesson: int, settings: Settings) -> Settings:
    """The settings for several workers; SettingsError if this lesson or backend has only one."""
    require(
        lesson in WITH_WORKERS,
        f"lesson {lesson} trains on one worker: WORKERS= works with lessons "
        f"{' and '.join(map(str, WITH_WORKERS))}, not for {LESSONS[lesson].title!r}",
    )
    require_workers(settings.backend)
    require(
        settings.device != "gpu",
        "DEVICE=gpu is untested with WORKERS= and therefore refused: use DEVICE=cpu",
    )
    return replace(settings, device="cpu")
