"""The figures of the decks: drawn once, and cached until something that they depend on changes.

Each lesson's figures are drawn in a separate process, since matplotlib's style is global.
"""

from __future__ import annotations

import importlib
import json
import multiprocessing
import os
import re
import shutil
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from itertools import repeat
from pathlib import Path

from adapters.contract import TriptychError, require
from adapters.environment import cache_folder
from course.digests import LESSON_CODE, digest_of, digests_of_files

# A figure may depend on anything in here: code and data.
DEPENDED_ON = (
    *LESSON_CODE, "datasets/*.npz", "tools/slides/figures/*.py", "tools/slides/drawings.py",
    "tools/slides/lesson_run.py",
)  # fmt: skip
LESSON = re.compile(r"/lesson([0-9]+)[^/]*$")  # the name of a file that belongs to one lesson
SHORTEST = 30  # characters: a shorter text names the kind of figure, and not what it shows


def digest(number: int, short: bool = False) -> str:
    """A digest of everything that the figures of a lesson depend on."""
    files = digests_of_files(*DEPENDED_ON)
    of = {name: LESSON.search(name) for name in files}
    own = {name: files[name] for name, one in of.items() if not one or one[1] == str(number)}
    return digest_of([number, short, version("numpy"), version("matplotlib"), own])[:16]


def drawn(numbers: list[int], short: bool = False) -> dict[int, Path]:
    """For each lesson the folder with its figures, drawings.json and tables.json; drawn if missing.

    short: of a run of a few epochs, for tests.
    Raises TriptychError for a figure without alternative text.
    """
    folders = {n: cache_folder() / f"slides-lesson{n}-{digest(n, short)}" for n in numbers}
    missing = {n: folder for n, folder in folders.items() if not folder.is_dir()}
    if missing:
        context = multiprocessing.get_context("spawn")
        workers = min(len(missing), os.cpu_count() or 1)
        with ProcessPoolExecutor(workers, mp_context=context) as pool:
            list(pool.map(draw, missing.keys(), missing.values(), repeat(short)))
    return folders


def draw(number: int, folder: Path, short: bool = False) -> None:
    """Run a lesson, draw all figures of its module, and move them to their folder in one step."""
    from tools.slides.figures.style import legible, projected, save
    from tools.slides.lesson_run import run_lesson

    module = importlib.import_module(f"tools.slides.figures.lesson{number}")
    run = run_lesson(number, short)
    part = folder.with_name(f"{folder.name}.{os.getpid()}.part")
    part.mkdir(parents=True)
    files: dict[str, list[tuple[str, str]]] = {}
    try:
        for name in module.FIGURES:
            with projected():
                steps = getattr(module, name)(run)
                steps = steps if isinstance(steps, list) else [steps]
                for i, step in enumerate(steps):
                    require_alt(f"lesson{number}: {name}", step.alt)
                    legible(step.figure, name)
                    file = f"{name}-{i + 1}.svg" if len(steps) > 1 else f"{name}.svg"
                    save(step.figure, part / file)
                    files.setdefault(name, []).append((file, step.alt))
        for file, content in (("drawings", files), ("tables", run.tables)):
            text = json.dumps(content, ensure_ascii=False)
            (part / f"{file}.json").write_text(text, encoding="utf-8")
        if not folder.is_dir():  # another process may have been faster
            part.replace(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def require_alt(name: str, alt: str) -> None:
    """Raise TriptychError unless a figure has an alternative text."""
    require(
        len(alt.strip()) >= SHORTEST,
        f"{name}: the alternative text is {alt!r}: say in a sentence what the figure shows",
        TriptychError,
    )
