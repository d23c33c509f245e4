"""The pages of `make compare`, one for each lesson, and a page of links to them.

Every backend is judged, stage by stage. A quick look judges the records that the notebooks of this
build have left; it runs no lesson a second time.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from pathlib import Path

from adapters import BACKENDS, environment
from adapters.contract import TriptychError
from compare.backends import REFERENCE, Plan
from compare.comparison_run import compare_recorded
from compare.page import write_page
from course.lessons import LESSONS
from course.settings import ROOT
from tools.site import dependencies, result_cache
from tools.site.processes import Call

AGREE, OVER = 0, 1  # exit status of `python -m compare` after a comparison
COMPARISONS = """\
# Every backend side by side

Each lesson was run on {backends}, with the same data, initial weights and batches, and compared
stage by stage with NumPy. Every page has the loss curves, the gaps to the reference beside their
budgets, the weights as pictures, and the code of the lesson and of all adapters in columns.

{links}

`make compare LESSON=3` makes such a page on your machine.
"""


@dataclass(frozen=True)
class Compared:
    """The comparisons of a build: backends, lessons, epochs (None: the lessons' own), and jobs."""

    backends: tuple[str, ...]
    lessons: tuple[int, ...]
    epochs: int | None
    jobs: int | None
    begun: set[int] = field(default_factory=set)  # lessons whose records are being judged
    made: set[int] = field(default_factory=set)  # lessons whose page was not in the cache

    @cached_property
    def pages(self) -> dict[int, bytes]:
        """The pages that the cache has."""
        found = {number: result_cache.load(self.entry(number)) for number in self.lessons}
        return {number: page for number, page in found.items() if page is not None}

    @property
    def missing(self) -> list[int]:
        """The lessons whose page has to be made."""
        return [number for number in self.lessons if number not in self.pages]

    def entry(self, number: int) -> Path:
        """The file in the cache for the page of a lesson."""
        depends_on = [comparison_surroundings(number), [*self.backends], self.epochs]
        return result_cache.entry(f"compared-{number}", depends_on)

    def write(self, sources: Path, extra: Path, report: Callable[[str], object]) -> None:
        """Write each page, from the cache, from notebooks or from new runs, and a page of links."""
        # Of a lesson whose notebooks were cached in part, nothing has been judged yet.
        for number in self.missing:
            self.on_end(number, report, self.from_runs(number))
        cached = [number for number in self.lessons if number not in self.made]
        for number in cached:
            report(f"lesson {number}, the backends compared: from the cache")
        if self.lessons:
            report(f"{len(cached)} of {len(self.lessons)} comparisons from the cache")
        self.write_files(sources, extra)

    def from_notebooks(
        self, number: int, folder: Path | None, report: Callable[[str], object]
    ) -> list[Call]:
        """The comparison of a lesson, once the notebooks of all backends have left records.

        folder: with a folder for each backend. An empty list if one is missing, or if the
        comparison has been made.
        """
        left = self.records_in(folder)
        if number not in self.missing or number in self.begun or not self.suffices(left):
            return []
        self.begun.add(number)
        return [
            Call(from_records, (number, self.epochs, left), partial(self.on_end, number, report))
        ]

    def on_end(
        self, number: int, report: Callable[[str], object], result: tuple[bytes, float]
    ) -> tuple[()]:
        """Keep and cache a lesson's page; nothing follows from it."""
        self.pages[number] = result[0]
        self.made.add(number)
        result_cache.store(self.entry(number), result[0])
        report(f"lesson {number}, the backends compared: {result[1]:.1f} s")
        return ()

    def records_in(self, folder: Path | None) -> dict[str, Path]:
        """The record that each backend has left there; a cached notebook leaves none."""
        cards = {name: [*folder.glob(f"{name}/*/*/card.json")] for name in self.backends if folder}
        return {name: found[0].parent for name, found in cards.items() if found}

    def suffices(self, recorded: Mapping[str, Path]) -> bool:
        """Whether these records are all that a quick look compares.

        Only a quick look measures no noise, and none of the time and memory of a notebook matter.
        """
        return self.epochs is not None and {REFERENCE, *self.backends} == {*recorded}

    def from_runs(self, number: int) -> tuple[bytes, float]:
        """The page of a lesson that `python -m compare` runs, and the seconds that it took.

        Raises TriptychError if it fails.
        """
        begun = time.perf_counter()
        with tempfile.TemporaryDirectory(prefix="triptych-") as out:
            command = [sys.executable, "-P", "-m", "compare", f"--lesson={number}", f"--out={out}",
                       f"--backends={' '.join(self.backends)}"]  # fmt: skip
            # With other epochs than the lesson's it is a quick look, which measures no noise: the
            # runs for that take as long as the comparison itself.
            command += [f"--epochs={self.epochs}", "--noise=none"] if self.epochs else []
            command += [f"--jobs={self.jobs}"] if self.jobs else []
            environ = environment.allowed(os.environ) | {"PYTHONPATH": str(ROOT)}
            done = subprocess.run(
                command, env=environ, capture_output=True, text=True, errors="replace", check=False
            )
            file = Path(out) / f"lesson{number}" / "report.html"
            if done.returncode not in (AGREE, OVER) or not file.is_file():
                last = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
                reason = (last or ["no output"])[-1]
                raise TriptychError(f"comparing lesson {number} failed: {reason}")
            return file.read_bytes(), time.perf_counter() - begun

    def write_files(self, sources: Path, extra: Path) -> None:
        """Write the pages, and the page of links."""
        (extra / "comparisons").mkdir()
        cards = []
        for number in self.lessons:
            (extra / "comparisons" / f"lesson{number}.html").write_bytes(self.pages[number])
            title, question = LESSONS[number].title, LESSONS[number].question
            cards.append(
                f'<a class="card" href="comparisons/lesson{number}.html">'
                f'<span class="number">{number}</span>'
                f"<strong>{title}</strong><span>{question}</span></a>"
            )
        links = f'<div class="cards">{"".join(cards)}</div>'
        names = ", ".join(f"`{name}`" for name in self.backends)
        index = COMPARISONS.format(backends=names, links=links)
        (sources / "comparisons.md").write_text(index, encoding="utf-8")


def from_records(
    number: int, epochs: int | None, recorded: Mapping[str, Path]
) -> tuple[bytes, float]:
    """The page of a lesson whose backends have left these records; the seconds that it took."""
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="triptych-") as out:
        page = write_page(compare_recorded(Plan(number, epochs=epochs), recorded), Path(out))
        return page.read_bytes(), time.perf_counter() - begun


@cache
def comparison_surroundings(number: int) -> str:
    """The digest of what the comparison of a lesson depends on; its page shows every adapter."""
    lesson = LESSONS[number].file.removesuffix(".py")
    modules = ["compare.__main__", "course.__main__", f"lessons.{lesson}"]
    modules += [backend.module for backend in BACKENDS.values()]
    native = f"lessons/native/lesson{number}_*.py"
    return dependencies.digest(modules, ["adapters/**/*.py", "compare/page/*", native])
