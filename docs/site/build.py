"""From the lessons and texts of the course to a folder that any browser can show.

The pages are gathered in a folder of their own, executed lessons and hand-written texts alike, and
Sphinx makes HTML of them. A warning of Sphinx's is an error.
"""

from __future__ import annotations

import io
import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from adapters.contract import TriptychError, require
from course.settings import CHAPTERS
from docs.site import (
    accessible,
    adapter_pages,
    catalogue_pages,
    comparison_pages,
    exercise_pages,
    lesson_pages,
    slide_pages,
    text_pages,
)

HERE = Path(__file__).resolve().parent
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
OURS = "_static/site.css"  # what only a folder that this has built has
MOST_WARNINGS = 5  # in one message; the first ones tell the reason

Say = Callable[[str], object]


@dataclass(frozen=True)
class Plan:
    """What is to be shown: backends, epochs (None: each lesson's own), and how many run at once."""

    backends: tuple[str, ...]
    epochs: int | None = None
    jobs: int | None = None
    lessons: tuple[int, ...] = tuple(CHAPTERS)
    compared: tuple[int, ...] = tuple(CHAPTERS)  # lessons that have a comparison page


def build(plan: Plan, out: Path, say: Say) -> int:
    """Build the site into a folder, which is replaced; the number of its pages.

    Raises TriptychError where a lesson fails on a backend, a figure has no alternative text, or
    Sphinx has anything to say.
    """
    require(
        not out.exists() or not any(out.iterdir()) or (out / OURS).is_file(),
        f"{out} is not empty, and no site: choose another folder with OUT=, or empty it",
        TriptychError,
    )
    with tempfile.TemporaryDirectory(prefix="triptych-site-") as temporary:
        sources, extra, html = (Path(temporary) / name for name in ("sources", "extra", "html"))
        gather(plan, sources, extra, say)
        say("making pages …")
        sphinx(sources, extra, html)
        publish(html, out)
    return len(list(out.rglob("*.html")))


def gather(plan: Plan, sources: Path, extra: Path, say: Say) -> None:
    """Write the sources of all pages, and into `extra` the pages that are complete as they are."""
    shutil.copytree(HERE / "pages", sources)
    shutil.copyfile(HERE.parent / "side_by_side.png", sources / "side_by_side.png")
    extra.mkdir()
    lesson_pages.write(sources, plan.backends, plan.lessons, plan.epochs, plan.jobs, say)
    exercise_pages.write(sources)
    adapter_pages.write(sources)
    catalogue_pages.write(sources, extra)
    text_pages.write(sources)
    slide_pages.write(sources, extra)
    comparison_pages.write(
        sources, extra, plan.backends, plan.compared, plan.epochs, plan.jobs, say
    )


def sphinx(sources: Path, extra: Path, html: Path) -> None:
    """Run Sphinx; TriptychError carries its warnings."""
    from sphinx.application import Sphinx
    from sphinx.errors import SphinxError
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    said = io.StringIO()
    try:
        with patch_docutils(str(HERE)), docutils_namespace():
            app = Sphinx(
                sources, HERE, html, html.with_name("doctrees"), "html",
                confoverrides={"html_extra_path": [str(extra)]},
                status=None, warning=said, freshenv=True,
            )  # fmt: skip
            app.build(force_all=True)
    except SphinxError as error:
        raise TriptychError(f"the site: {error}") from error
    warnings = COLOUR.sub("", said.getvalue()).replace(str(sources), "").strip().splitlines()
    if warnings:
        more = f" … and {len(warnings) - MOST_WARNINGS} more" * (len(warnings) > MOST_WARNINGS)
        raise TriptychError(f"the site: {'; '.join(warnings[:MOST_WARNINGS])}{more}")


def publish(html: Path, out: Path) -> None:
    """Put the finished site in its place, without what only Sphinx needs."""
    for page in html.rglob("*.html"):
        accessible.mend(page)
    for rest in (".buildinfo", "objects.inv"):
        (html / rest).unlink(missing_ok=True)
    shutil.rmtree(html / "_sources", ignore_errors=True)
    if out.exists():
        shutil.rmtree(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(html, out)
