"""Pages that are made elsewhere, and a page of links to them: comparisons and decks of slides."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from adapters import BACKENDS, environment
from adapters.contract import TriptychError
from course.lessons import LESSONS
from course.settings import ROOT
from tools.site import dependencies, result_cache

# The pages of `make compare`, one for each lesson: every backend judged, stage by stage.

AGREE, OVER = 0, 1  # exit status of `python -m compare` after a comparison
COMPARISONS = """\
# Every backend side by side

Each lesson was run on {backends}, with the same data, initial weights and batches, and compared
stage by stage with NumPy. Every page has the loss curves, the gaps to the reference beside their
budgets, the weights as pictures, and the code of the lesson and of all adapters in columns.

{links}

`make compare LESSON=3` makes such a page on your machine.
"""


def write_comparisons(
    sources: Path, extra: Path, backends: Sequence[str], lessons: Sequence[int],
    epochs: int | None, at_once: int | None, report: Callable[[str], object],
) -> None:  # fmt: skip
    """Compare the backends in each lesson, or take the cached page, and write a page of links."""
    (extra / "comparisons").mkdir()
    cards, cached = [], 0
    for number in lessons:
        begun = time.perf_counter()
        content, fresh = compared(number, backends, epochs, at_once)
        (extra / "comparisons" / f"lesson{number}.html").write_bytes(content)
        took = f"{time.perf_counter() - begun:.1f} s" if fresh else "from the cache"
        report(f"lesson {number}, the backends compared: {took}")
        cached += not fresh
        title, question = LESSONS[number].title, LESSONS[number].question
        cards.append(
            f'<a class="card" href="comparisons/lesson{number}.html"><span class="number">{number}'
            f"</span><strong>{title}</strong><span>{question}</span></a>"
        )
    if lessons:
        report(f"{cached} of {len(lessons)} comparisons from the cache")
    links = f'<div class="cards">{"".join(cards)}</div>'
    index = COMPARISONS.format(backends=", ".join(f"`{name}`" for name in backends), links=links)
    (sources / "comparisons.md").write_text(index, encoding="utf-8")


def compared(
    number: int, backends: Sequence[str], epochs: int | None, at_once: int | None
) -> tuple[bytes, bool]:
    """The page of a lesson, and whether it is new rather than cached.

    Raises TriptychError if `python -m compare` fails.
    """
    entry = result_cache.entry(
        f"compared-{number}", [comparison_surroundings(number), [*backends], epochs]
    )
    cached = result_cache.load(entry)
    if cached is not None:
        return cached, False
    with tempfile.TemporaryDirectory(prefix="triptych-") as out:
        command = [sys.executable, "-P", "-m", "compare", f"--lesson={number}", f"--out={out}",
                   f"--backends={' '.join(backends)}"]  # fmt: skip
        # With other epochs than the lesson's it is a quick look, which measures no noise: the runs
        # for that take as long as the comparison itself.
        command += [f"--epochs={epochs}", "--noise=none"] if epochs else []
        command += [f"--jobs={at_once}"] if at_once else []
        environ = environment.allowed(os.environ) | {"PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            command, env=environ, capture_output=True, text=True, errors="replace", check=False
        )
        file = Path(out) / f"lesson{number}" / "report.html"
        if done.returncode not in (AGREE, OVER) or not file.is_file():
            last = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
            raise TriptychError(f"comparing lesson {number} failed: {(last or ['no output'])[-1]}")
        content = file.read_bytes()
        result_cache.store(entry, content)
    return content, True


@cache
def comparison_surroundings(number: int) -> str:
    """The digest of what the comparison of a lesson depends on; its page shows every adapter."""
    lesson = LESSONS[number].file.removesuffix(".py")
    modules = ["compare.__main__", "course.__main__", f"lessons.{lesson}"]
    modules += [backend.module for backend in BACKENDS.values()]
    native = f"lessons/native/lesson{number}_*.py"
    return dependencies.digest(modules, ["adapters/**/*.py", "compare/page/*", native])


# The decks of slides, if `make slides` has built them, and a page that opens them.

BUILT = ROOT / "build" / "slides"
SLIDES = """\
# Slides

A deck for each lesson, for the morning: the theory in pictures, with speaker's notes (press **S**).
The arrow keys turn the page, and **F** fills the screen.

{links}
"""
NONE = "Run `make slides` and build the site again: the decks will be here."


def write_slides(sources: Path, extra: Path) -> None:
    """Copy the decks beside the site, and write the page that opens them."""
    links = NONE
    if (BUILT / "index.html").is_file():
        shutil.copytree(BUILT, extra / "slides")
        cards = [
            f'<a class="card" href="slides/lesson{number}.html">'
            f'<span class="number">{number}</span>'
            f"<strong>{chapter.title}</strong><span>{chapter.question}</span></a>"
            for number, chapter in LESSONS.items()
            if (BUILT / f"lesson{number}.html").is_file()
        ]
        links = f'<div class="cards">{"".join(cards)}</div>'
    (sources / "slides.md").write_text(SLIDES.format(links=links), encoding="utf-8")
