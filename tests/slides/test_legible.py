"""Every slide of every deck is legible from the last row, measured in Chromium.

The decks are laid out in 1280 × 720 pixels and projected on 1920 × 1080, so a size here is half as
large again on the wall.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.browser import silent_pages
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
    for i in range(page.evaluate("Reveal.getTotalSlides()")):
        page.evaluate(f"Reveal.slide({i}, 0, 99)")
        found += [f"slide {i + 1}: {each}" for each in page.evaluate(SCRIPT, [figures, LIMITS])]
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_slide_is_legible(browser: Any, made: Made, name: str) -> None:
    with silent_pages(browser) as opened:
        page = opened((made.folder / f"{name}.html").as_uri(), WIDTH, height=HEIGHT)
        page.wait_for_function("window.Reveal?.isReady()")
        assert findings(page, made.folder) == []
