"""The decks in real Chromium: layout, keys, accessibility, printing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser import AT_HOME, Open, silent_pages
from tests.slides.conftest import Made
from tests.slides.test_decks import NAMES
from tools.slides.printing import find_browser, pages, print_deck

WIDTH, HEIGHT = 1280, 720
SMALLEST = 22  # pixels of 720 that the last row can read; the slide number may be smaller
# Preloading would read the style sheets again, which a page on the disk may not.
AXE = {"preload": False}
LOWEST_FIGURE = 200  # pixels; a lower figure is too small to read

# For each fully revealed slide: the size of its content, and the elements that lie outside.
ROOM = """() => {
    const slide = Reveal.getCurrentSlide(), box = slide.getBoundingClientRect();
    const floor = box.bottom - 20;  // there begin the slide's number and the arrows
    const out = [...slide.querySelectorAll('*:not(aside, aside *)')].filter(e => {
        const r = e.getBoundingClientRect();
        return r.width && (r.bottom > floor || r.right > box.right || r.left < box.left);
    });
    return {
        size: [slide.offsetWidth, slide.offsetHeight],
        wide: [...slide.querySelectorAll('pre')].filter(e => e.scrollWidth > e.clientWidth)
            .map(e => e.textContent.slice(0, 40)),
        over: [slide.scrollWidth - slide.clientWidth, slide.scrollHeight - slide.clientHeight],
        out: out.map(e => e.tagName + ': ' + e.textContent.slice(0, 40)),
        figures: [...slide.querySelectorAll('.drawn')].map(e => e.getBoundingClientRect().height),
    };
}"""
SMALL = """least => [...document.querySelectorAll('.slides section *:not(aside, aside *)')].filter(
    e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())
        && !['SUB', 'SUP'].includes(e.tagName) && parseFloat(getComputedStyle(e).fontSize) < least
).map(e => e.tagName + ': ' + e.textContent)"""

EVERYTHING = """.reveal .slides, .reveal .slides section { position: static !important;
    display: flex !important; flex-direction: column; transform: none !important;
    height: auto !important; visibility: visible !important; opacity: 1 !important }
    .drawn { height: 300px } .fragment { opacity: 1 !important; visibility: visible !important }
    html, body, main, .reveal { overflow: visible !important; height: auto !important }"""


@pytest.fixture
def open_deck(browser: Any, made: Made) -> Iterator[Open]:
    """open_deck(name, width) → the page; afterwards it must have printed no errors."""
    with silent_pages(browser) as opened:

        def open_it(name: str, width: int = WIDTH, height: int = HEIGHT) -> Any:
            page = opened((made.folder / f"{name}.html").as_uri(), width, height=height)
            if name != "index":
                page.wait_for_function("window.Reveal?.isReady()")
            return page

        yield open_it


@pytest.mark.parametrize("name", NAMES)
def test_nothing_overflows_and_figures_are_large(open_deck: Open, name: str) -> None:
    page = open_deck(name)
    assert page.evaluate("Reveal.getScale()") == 1
    assert not page.evaluate(SMALL, SMALLEST)
    for i in range(page.evaluate("Reveal.getTotalSlides()")):
        page.evaluate(f"Reveal.slide({i}, 0, 99)")
        room = page.evaluate(ROOM)
        assert room["size"] == [WIDTH, HEIGHT], f"slide {i + 1}"
        assert room["over"] == [0, 0], f"slide {i + 1}"
        assert not room["out"], f"slide {i + 1}"
        assert not room["wide"], f"slide {i + 1}: a line runs over its frame"
        assert all(height >= LOWEST_FIGURE for height in room["figures"]), f"slide {i + 1}"


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", NAMES)
def test_keys_lead_through_the_deck_and_reveal_answers(open_deck: Open, name: str) -> None:
    page = open_deck(name)
    slides = page.evaluate("Reveal.getTotalSlides()")
    assert slides == len(page.query_selector_all(".slides > section"))
    hidden = page.locator(".fragment").count()
    assert page.locator(".fragment.visible").count() == 0
    for _ in range(slides - 1 + hidden):
        page.keyboard.press("Space")
    assert page.evaluate("Reveal.isLastSlide()")
    assert page.locator(".fragment.visible").count() == hidden
    assert page.evaluate("Reveal.getCurrentSlide().id") == "what-to-notice"
    page.keyboard.press("ArrowLeft")
    assert not page.evaluate("Reveal.isLastSlide()")


def _all_at_once(page: Any) -> None:
    """Lay all slides below one another: a run of axe for each of them would take minutes."""
    page.evaluate("Reveal.destroy()")
    page.add_style_tag(content=EVERYTHING)
    page.locator("section").evaluate_all(
        "all => all.forEach(e => { e.removeAttribute('hidden'); e.removeAttribute('aria-hidden') })"
    )


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing_on_any_slide(open_deck: Open, name: str) -> None:
    page = open_deck(name)
    _all_at_once(page)
    found = Axe().run(page, options=AXE)
    assert not found.violations_count, found.generate_report()
    (contrast,) = (rule for rule in found.response["passes"] if rule["id"] == "color-contrast")
    assert (
        len(contrast["nodes"]) > page.locator("section").count()
    )  # it checked more than one slide


def test_axe_finds_nothing_on_a_deck_as_it_runs_and_on_the_index(open_deck: Open) -> None:
    for page in (open_deck("lesson3"), open_deck("index"), open_deck("index", 400, 800)):
        found = Axe().run(page, options=AXE)
        assert not found.violations_count, found.generate_report()


def test_axe_can_find_something(open_deck: Open) -> None:
    page = open_deck("lesson1")
    _all_at_once(page)
    page.add_style_tag(content=".reveal blockquote { color: #9cc }")
    page.locator("img").first.evaluate("e => e.removeAttribute('alt')")
    rules = {violation["id"] for violation in Axe().run(page, options=AXE).response["violations"]}
    assert {"color-contrast", "image-alt"} <= rules


def test_the_index_leads_to_every_deck_also_on_a_phone(open_deck: Open) -> None:
    for width in (WIDTH, 400):
        page = open_deck("index", width, 800)
        assert page.locator(".decks a").count() == len(NAMES)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("link", name="Lesson 3").click()
    page.wait_for_function("window.Reveal?.isReady()")
    assert page.evaluate("Reveal.getScale()") < 0.4


def test_the_speakers_window_shows_notes_and_minutes(open_deck: Open) -> None:
    page = open_deck("lesson2")
    page.evaluate("Reveal.slide(2)")
    requests: list[str] = []
    page.context.on("request", lambda request: requests.append(request.url))  # of both windows
    with page.expect_popup() as opened:
        page.keyboard.press("s")
    notes = opened.value.locator(".speaker-controls-notes .value")
    notes.get_by_text("With one knob you simply look.").wait_for()
    assert "3 min" in notes.inner_text()
    assert requests
    assert all(url.startswith(AT_HOME) for url in requests), requests


def test_a_printed_deck_has_a_page_for_each_slide(made: Made, browser: Any, tmp_path: Any) -> None:
    deck = max(made.decks, key=lambda deck: deck.slides)
    folder = tmp_path / "printed"
    shutil.copytree(made.folder, folder)
    paper = print_deck(find_browser(), folder / f"{deck.name}.html", deck.slides)
    assert pages(paper) == deck.slides
    assert paper.stat().st_size > 50_000
