"""The settings of a run, and the name of a record's folder."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from adapters.parallel import World

from adapters.contract import is_count, require
from course.digests import ROOT as ROOT
from course.digests import digest_of

# A seed is part of a folder's name, and must fit into a 64-bit integer for readers of the card.
LARGEST_SEED = 2**63 - 1
MOST_EPOCHS = 1_000_000
MOST_THREADS = 1024
MOST_WORKERS = 1024
INTERVAL = re.compile(r"([0-9]{1,18})(epochs?|steps?|)")


@dataclass(frozen=True)
class Settings:
    """The settings of one run; None stands for the lesson's own default."""

    backend: str = "torch"
    dtype: str = "float32"
    device: str = "auto"
    seed: int = 0
    threads: int | None = None
    data: str | None = None
    epochs: int | None = None
    learning_rate: float | None = None
    knobs: tuple[float, ...] | None = None
    out: str = "results"
    draw: bool = True
    probes: bool = False
    language: str = "en"
    checkpoint: int | str | None = None  # the interval: 2 or "2epochs", or "100steps"
    resume: str | None = None  # auto: resume from the newest sound checkpoint
    world: World | None = None  # this process's rank and peers, if it is one of several workers


def interval(checkpoint: object) -> tuple[int, str]:
    """The number and unit, "epochs" or "steps", of a checkpoint interval; raises SettingsError."""
    text = str(checkpoint) if isinstance(checkpoint, str) or is_count(checkpoint) else ""
    match = INTERVAL.fullmatch(text)
    require(
        match is not None and 0 < int(match[1]) <= MOST_EPOCHS,
        f"checkpoint is {checkpoint!r}: expected a number of epochs or steps from 1 to "
        f"{MOST_EPOCHS}, such as 2, 2epochs or 100steps",
    )
    assert match is not None
    return int(match[1]), "steps" if match[2].startswith("step") else "epochs"


def folder_name(backend: str, dtype: str, device: str, seed: int, unusual: dict[str, Any]) -> str:
    """`torch-float32-cpu-seed0`, plus eight digits of a hash if other settings are unusual."""
    name = f"{backend}-{dtype}-{device}-seed{seed}"
    return f"{name}-{digest_of(unusual)[:8]}" if unusual else name


def relative_to_root(file: Path) -> str:
    """A file's path relative to the checkout, or its absolute path outside of it."""
    whole = Path(os.path.abspath(file))  # noqa: PTH100 - a link keeps the name it was given
    return whole.relative_to(ROOT).as_posix() if whole.is_relative_to(ROOT) else str(whole)
