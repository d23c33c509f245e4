"""The decks of slides, if `make slides` has built them, and a page that opens them."""

from __future__ import annotations

import shutil
from pathlib import Path

from course.lessons import LESSONS
from course.settings import ROOT

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
