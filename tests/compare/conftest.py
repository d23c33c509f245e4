"""Fixtures: real records of the reference with probes, to change, and the command line."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest

from course import result_file
from course.record import read_record
from course.settings import ROOT
from tests.images import small_images
from tests.texts import few_letters

Record = tuple[dict[str, np.ndarray], dict[str, Any]]
Records = Callable[..., Path]


OF_IMAGES = (3, 4, 5, 6, 7)  # lessons that read images: here few and small ones
FOLDER = TemporaryDirectory()


@cache
def data_of(lesson: int) -> tuple[str, ...]:
    """The option that gives a lesson its data, where it is not to read its own."""
    if lesson == 8:
        return (f"--data={few_letters(Path(FOLDER.name))}",)
    return (f"--data={small_images(Path(FOLDER.name))}",) if lesson in OF_IMAGES else ()


def run_course(lesson: int, out: Path, *options: str) -> Path:
    """A lesson of one epoch on NumPy, without figures; the folder of its record."""
    options = (*options, *data_of(lesson))
    command = [sys.executable, "-m", "course", f"lesson{lesson}", "--backend=numpy", "--epochs=1"]
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    subprocess.run(
        [*command, "--no-figures", f"--out={out}", f"--result={out / 'result.json'}", *options],
        env=environ, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return result_file.read(out / "result.json")[-1]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Records:
    """folder(3, "float64"): the folder of NumPy's record of a lesson, with probes; made once."""
    out, made = tmp_path_factory.mktemp("records"), {}

    def of(lesson: int, dtype: str = "float64") -> Path:
        key = (lesson, dtype)
        if key not in made:
            made[key] = run_course(lesson, out, f"--dtype={dtype}", "--probes")
        return made[key]

    return of


@pytest.fixture
def record(folder: Records) -> Callable[..., Record]:
    """record(3, "float64"): the arrays and the card, a copy for each test."""
    return lambda lesson, dtype="float64": read_record(folder(lesson, dtype), probes=True)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of this checkout, whose adapters can be changed."""
    for name in ("adapters", "compare", "course", "injections", "lessons", "datasets"):
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, tmp_path / "checkout" / name, ignore=ignore)
    shutil.copy(ROOT / "spelling.py", tmp_path / "checkout")
    return tmp_path / "checkout"


def compare(*arguments: str, root: Path = ROOT, module: str = "compare", **extra: str) -> Any:
    """`python -m compare …` as a user runs it."""
    return subprocess.run(
        [sys.executable, "-P", "-m", module, *arguments],
        env=os.environ | {"PYTHONPATH": str(root), **extra}, capture_output=True, text=True,
        check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
