"""From the lessons and texts of the course to a folder that any browser can show.

The sources of all pages, executed lessons and hand-written texts alike, are written to a temporary
folder, and Sphinx makes HTML of them. A warning of Sphinx is an error.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from adapters.contract import TriptychError, require
from course.lessons import LESSONS
from course.settings import ROOT
from tools.site import (
    adapter_pages,
    catalogue_pages,
    exercise_pages,
    ledger_pages,
    lesson_pages,
    linked_pages,
    playground_frames,
    text_pages,
)
from tools.site.comparisons import Compared

HERE = Path(__file__).resolve().parent
DOCS = ROOT / "docs"
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
SITE_MARK = "_static/site.css"  # a folder that has this file was built here
MOST_WARNINGS = 5  # in one message; the first ones give the cause

# Corrections of the theme's HTML that axe asks for: names for landmarks and headings.
REPLACEMENTS = {
    '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="Site" lang="en">',
    '<aside class="toc-drawer">': '<aside class="toc-drawer" aria-label="Sections">',
    '<p class="caption" role="heading">': '<p class="caption" role="heading" aria-level="2">',
    '<th class="head"><p></p></th>': "<td></td>",  # the corner of a table is not a heading
}

Report = Callable[[str], object]


@dataclass(frozen=True)
class Plan:
    """What the site shows: backends, epochs (None: each lesson's own), and jobs at a time."""

    backends: tuple[str, ...]
    epochs: int | None = None
    jobs: int | None = None
    lessons: tuple[int, ...] = tuple(LESSONS)
    compared: tuple[int, ...] = tuple(LESSONS)  # lessons that have a comparison page
    topics: tuple[str, ...] = ()  # of the catalogue of differences; by default all


def build(plan: Plan, out: Path, report: Report) -> int:
    """Build the site into a folder, which is replaced; the number of its pages.

    Raises TriptychError if a lesson fails on a backend, a figure has no alternative text, or
    Sphinx gives a warning.
    """
    require(
        not out.exists() or not any(out.iterdir()) or (out / SITE_MARK).is_file(),
        f"{out} is not empty and not a site: choose another folder with OUT=, or empty it",
        TriptychError,
    )
    with tempfile.TemporaryDirectory(prefix="triptych-site-") as temporary:
        sources, extra, html = (Path(temporary) / name for name in ("sources", "extra", "html"))
        gather(plan, sources, extra, Path(temporary) / "records", report)
        report("making pages …")
        sphinx(sources, extra, html, plan.jobs or os.cpu_count() or 1)
        publish(html, out)
    return len(list(out.rglob("*.html")))


def gather(plan: Plan, sources: Path, extra: Path, scratch: Path, report: Report) -> None:
    """Write the sources of all pages, and into `extra` the finished pages.

    scratch: a folder for the records of the lessons.
    """
    shutil.copytree(DOCS / "site", sources)
    shutil.copyfile(DOCS / "side_by_side.png", sources / "side_by_side.png")
    extra.mkdir()
    compared = Compared(plan.backends, plan.compared, plan.epochs, plan.jobs)
    records = {number: scratch / str(number) for number in compared.missing}
    lesson_pages.write(
        sources, plan.backends, plan.lessons, plan.epochs, plan.jobs, report,
        records if plan.epochs else {},  # a quick look compares what the notebooks record
        lambda job: compared.from_notebooks(job.number, records.get(job.number), report),
    )  # fmt: skip
    exercise_pages.write(sources)
    adapter_pages.write(sources)
    catalogue_pages.write(sources, extra, plan.topics)
    text_pages.write(sources)
    ledger_pages.write(sources, extra)
    playground_frames.write(extra)
    linked_pages.write_slides(sources, extra)
    compared.write(sources, extra, report)


def sphinx(sources: Path, extra: Path, html: Path, processes: int = 1) -> None:
    """Run Sphinx, in several processes where it can. Raises TriptychError with its warnings."""
    from sphinx.application import Sphinx
    from sphinx.errors import SphinxError
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    messages = io.StringIO()
    try:
        with patch_docutils(str(HERE)), docutils_namespace():
            app = Sphinx(
                sources, HERE, html, html.with_name("doctrees"), "html",
                confoverrides={"html_extra_path": [str(extra)]},
                status=None, warning=messages, freshenv=True,
                parallel=processes,
            )  # fmt: skip
            app.build(force_all=True)
    except SphinxError as error:
        raise TriptychError(f"the site: {error}") from error
    warnings = COLOUR.sub("", messages.getvalue()).replace(str(sources), "").strip().splitlines()
    if warnings:
        more = f" … and {len(warnings) - MOST_WARNINGS} more" * (len(warnings) > MOST_WARNINGS)
        raise TriptychError(f"the site: {'; '.join(warnings[:MOST_WARNINGS])}{more}")


def publish(html: Path, out: Path) -> None:
    """Move the finished site to its place, without the files that only Sphinx needs."""
    for page in html.rglob("*.html"):
        correct(page)
    for rest in (".buildinfo", "objects.inv"):
        (html / rest).unlink(missing_ok=True)
    shutil.rmtree(html / "_sources", ignore_errors=True)
    if out.exists():
        shutil.rmtree(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(html, out)


def correct(page: Path) -> None:
    """Correct a page; one that is not of the theme stays as it is."""
    text = page.read_text(encoding="utf-8")
    for old, new in REPLACEMENTS.items():
        text = text.replace(old, new)
    page.write_text(text, encoding="utf-8")
