"""The settings of a run, the table of lessons, and the name of a record's folder."""

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
class Chapter:
    """A lesson's file, title and question, and the optional settings that it takes."""

    file: str
    title: str
    question: str
    takes: frozenset[str]


def _chapter(file: str, title: str, question: str, *takes: str) -> Chapter:
    return Chapter(f"{file}.py", title, question, frozenset(takes) | {"epochs"})


CHAPTERS: dict[int, Chapter] = {
    1: _chapter("lesson1_perceptron", "The perceptron", "What can one neuron do?", "data", "knobs"),
    2: _chapter(
        "lesson2_gradient_descent",
        "Gradient descent",
        "Which way should I turn the knob?",
        "data",
        "learning_rate",
    ),
    3: _chapter(
        "lesson3_logistic_regression",
        "Logistic regression",
        "How does one neuron become a classifier?",
        "data",
        "learning_rate",
    ),
    4: _chapter("lesson4_mlp", "A multilayer perceptron", "Why deep?", "data", "learning_rate"),
    5: _chapter(
        "lesson5_same_recipe",
        "Where the frameworks differ",
        "Same recipe, other numbers?",
        "data",
        "learning_rate",
    ),
    6: _chapter(
        "lesson6_many_machines",
        "Many machines",
        "Does training on two machines change the answer?",
        "data",
        "learning_rate",
    ),
}


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
