"""The steps of a teaching day, in its order: the command a teacher types, and what must come of it.

Everything is written to a folder that is removed at the end. Only the caches stay, and so the real
day is faster.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from classroom.rehearsal.running import Ended, run
from classroom.rehearsal.sample_class import DONE, EMPTY, FAILING, points, write_class
from course.lessons import NATIVE
from course.settings import ROOT

FIRST_DAY = (1, 2, 3, 4, 5, 6)  # docs/guide/index.md
PATIENCE = 900.0  # seconds for one step; the longest takes one minute on a laptop
SPACE = 1000**3  # bytes free for a day: records, figures, notebooks of every student's own
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "firefox", "safari", "msedge")
LAB_IS_UP = re.compile(r"is running at")
Wrong = str  # what is missing and what to do; empty if nothing is


@dataclass(frozen=True)
class Step:
    """One step. command: what a teacher types, or empty; perform: does it in a folder."""

    name: str
    command: str
    perform: Callable[[Path], Wrong]


def steps(lessons: Sequence[int], backend: str) -> list[Step]:
    """The steps of a day with these lessons, in the order in which they are needed."""
    first = lessons[0]
    return [
        Step("space on the disk", "", _space),
        Step("a browser for slides and pages", "", _browser),
        Step("the slides", "make slides", _slides),
        *(
            Step(
                f"lesson {number}", f"make lesson{number} BACKEND={backend}",
                _module("course", f"lesson{number}", f"--backend={backend}", "--out=results"),
            )
            for number in lessons
        ),
        _projector(first, backend),
        Step(
            "the notebooks", f"make notebooks BACKEND={backend}",
            _module("classroom.notebooks", f"--backend={backend}", "--out=notebooks"),
        ),
        Step("JupyterLab opens", f"make lab BACKEND={backend}", _lab(backend)),
        Step(
            f"the notebook of lesson {first} runs", "",
            _module("classroom.rehearsal.one_notebook", str(first), backend),
        ),
        Step(f"a check of lesson {first}", f"make check{first} BACKEND={backend}",
             _check(first, backend)),
        Step("grading a sample class", f"make grade SUBMISSIONS=class BACKEND={backend}",
             _grade(first, backend)),
    ]  # fmt: skip


def _argv(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-P", "-m", module, *arguments]


def _module(module: str, *arguments: str) -> Callable[[Path], Wrong]:
    """A step that succeeds if a module does."""
    return lambda folder: _problem(run(_argv(module, *arguments), folder, PATIENCE))


def _problem(ended: Ended) -> Wrong:
    if ended.status is None:
        return f"it did not end within {ended.seconds:.0f} s: close other programs and try again"
    return ended.reason if ended.status else ""


def _space(folder: Path) -> Wrong:
    free = shutil.disk_usage(ROOT).free
    if free < SPACE:
        return f"{free / 1e6:.0f} MB are free: make room for {SPACE / 1e6:.0f} MB"
    return ""


def _browser(folder: Path) -> Wrong:
    if sys.platform in ("win32", "darwin") or any(map(shutil.which, BROWSERS)):
        return ""
    return "none is installed: install Firefox or Chromium, or show the pages from another machine"


def _slides(folder: Path) -> Wrong:
    ended = run(_argv("tools.slides", "--out=slides"), folder, PATIENCE)
    if not ended.status and ended.status is not None and not (folder / "slides").is_dir():
        return "no deck was written: run `make slides` and read what it prints"
    if "the package sphinx" in ended.output:
        return "what builds them is not installed: run `make slides` once, with a network"
    return _problem(ended)


def _projector(lesson: int, backend: str) -> Step:
    """The page with two frameworks side by side: their programs, or the records of their runs."""
    backends = " ".join(dict.fromkeys(["numpy", backend]))
    target, module = (
        ("side-by-side", "compare.native.side_by_side")
        if lesson in NATIVE
        else ("compare", "compare")
    )

    def perform(folder: Path) -> Wrong:
        ended = run(
            _argv(module, f"--lesson={lesson}", f"--backends={backends}", "--out=projector"),
            folder, PATIENCE,
        )  # fmt: skip
        if list((folder / "projector").rglob("*.html")):
            return ""  # a difference over its budget is an answer, and no obstacle
        return _problem(ended) or "no page was written: run it and read what it prints"

    command = f'make {target} LESSON={lesson} BACKENDS="{backends}"'
    return Step("the page for the projector", command, perform)


def _lab(backend: str) -> Callable[[Path], Wrong]:
    def perform(folder: Path) -> Wrong:
        ended = run(
            _argv("classroom.lab", f"--backend={backend}", "--out=lab", "--", "--no-browser",
                  "--ip=127.0.0.1"),
            folder, PATIENCE, lambda output: bool(LAB_IS_UP.search(output)),
        )  # fmt: skip
        up = LAB_IS_UP.search(ended.output)
        return "" if up else _problem(ended) or "JupyterLab ended before it was up"

    return perform


def _check(lesson: int, backend: str) -> Callable[[Path], Wrong]:
    file = ROOT / f"lessons/solutions/lesson{lesson}.py"

    def perform(folder: Path) -> Wrong:
        ended = run(
            _argv("classroom.check", str(lesson), f"--backend={backend}", f"--file={file}"),
            folder, PATIENCE,
        )  # fmt: skip
        if ended.status == 1:
            return f"the solution does not get all points: {ended.reason}"
        return _problem(ended)

    return perform


def _grade(lesson: int, backend: str) -> Callable[[Path], Wrong]:
    def perform(folder: Path) -> Wrong:
        write_class(folder / "class", lesson)
        ended = run(
            _argv("classroom.grade", "class", f"--backend={backend}", "--csv=grades.csv",
                  "--out=graded"),
            folder, PATIENCE,
        )  # fmt: skip
        if problem := _problem(ended):
            return problem
        found = points(folder / "grades.csv")
        earned, out_of = found[DONE]
        if earned != out_of or found[EMPTY][0] != "0" or found[FAILING][0] != "0":
            return f"the points are wrong, {earned} of {out_of} for the solution: run `make doctor`"
        written = [folder / "graded" / name for name in ("index.html", "moodle.csv", "canvas.csv")]
        missing = [file.name for file in written if not file.is_file()]
        return f"{', '.join(missing)} is missing: run `make doctor`" if missing else ""

    return perform
