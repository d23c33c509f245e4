"""Every slide of every deck is legible from the last row, measured in Chromium.

The decks are laid out in 1280 × 720 pixels and projected on 1920 × 1080, so a size here is half as
large again on the wall.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser import Open, silent_pages
from tests.slides.conftest import Made
from tests.slides.test_decks import NAMES
from tests.slides.test_in_browser import HEIGHT, WIDTH

SCRIPT = Path(__file__).with_name("legible.js").read_text(encoding="utf-8")
# A thirtieth of the slide's height: 36 pixels on a wall of 1080, and the size at which a reader in
# the last row of a room eight times as deep as its screen is high sees a line of a book.
SMALLEST = 24
LIMITS = {
    "smallest": SMALLEST - 0.1,  # matplotlib writes sizes with few digits
    "touch": 1.0,  # pixels that two boxes may share: antialiasing paints the last one pale
    "edge": 1.0,
    "clear": 1.0,  # pixels between a letter and the edge of a line: with less they look joined
    "step": 2.0,  # pixels between two points of a line; no stroke of a letter is thinner
}


def findings(page: Any, folder: Path) -> list[str]:
    """What is wrong on each slide of an open deck."""
    figures = {
        source: (folder / source).read_text(encoding="utf-8")
        for source in page.locator(".drawn img").evaluate_all(
            "all => all.map(image => image.getAttribute('src'))"
        )
    }
    found = []
    for i in range(page.evaluate("window.Reveal ? Reveal.getTotalSlides() : 1")):
        page.evaluate(f"window.Reveal?.slide({i}, 0, 99)")
        found += [f"slide {i + 1}: {each}" for each in page.evaluate(SCRIPT, [figures, LIMITS])]
    return found


@pytest.fixture
def opened(browser: Any, made: Made) -> Iterator[Open]:
    """opened(name) → the page of a deck, or of the index."""
    with silent_pages(browser) as open_it:

        def deck(name: str) -> Any:
            page = open_it((made.folder / f"{name}.html").as_uri(), WIDTH, height=HEIGHT)
            if name != "index":
                page.wait_for_function("window.Reveal?.isReady()")
            return page

        yield deck


@pytest.mark.parametrize("name", [*NAMES, "index"])
def test_every_slide_is_legible(opened: Open, made: Made, name: str) -> None:
    assert findings(opened(name), made.folder) == []


# A figure as matplotlib writes it: two words of 10 and 20 points, and a line.
FIGURE = """<svg viewBox="0 0 584 300"><defs><path id="g" d="M0 0L60 0L60 70L0 70z"/></defs>
<g id="text_1"><!-- a --><g transform="translate({ax} 100) scale({size} -{size})">
<use href="#g"/></g></g>
<g id="text_2"><!-- b --><g transform="translate(100 100) scale(0.2 -0.2)"><use href="#g"/></g></g>
<g id="line2d_1"><path d="M {line} 0 L {line} 300" style="stroke: #000; fill: none"/></g></svg>"""


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({}, None),
        ({"size": 0.1}, "small"),
        ({"ax": 105}, "text on text"),
        ({"ax": 580}, "outside"),
        ({"line": 106}, "text on line"),
        ({"line": 113}, "text on line"),  # beside the letter, and too near
    ],
)
def test_what_is_not_legible_is_found(
    opened: Open, made: Made, change: dict[str, float], kind: str | None
) -> None:
    page = opened("lesson1")
    slides = page.evaluate(
        "[...document.querySelectorAll('section')].map(e => !!e.querySelector('.drawn'))"
    )
    page.evaluate(f"Reveal.slide({slides.index(True)}, 0, 99)")
    figure = FIGURE.format(**{"ax": 20, "size": 0.2, "line": 400} | change)
    sources = page.locator("section.present .drawn img").evaluate_all(
        "all => all.map(image => image.getAttribute('src'))"
    )
    found = page.evaluate(SCRIPT, [dict.fromkeys(sources, figure), LIMITS])
    assert {each.partition(":")[0] for each in found} == ({kind} if kind else set())


def test_small_and_overlapping_words_of_the_slide_are_found(opened: Open, made: Made) -> None:
    page = opened("lesson1")
    assert findings(page, made.folder) == []
    moved = ".reveal h2 { position: relative; top: 110px } .reveal p { font-size: 20px }"
    page.add_style_tag(content=moved)
    kinds = {each.split(": ")[1] for each in findings(page, made.folder)}
    assert {"small", "text on text"} <= kinds
