"""The site in real Chromium: every type of page, from disk and from a server."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser import Open, silent_pages
from tests.site.conftest import BACKENDS

# One page of each type.
PAGES = (
    "index", "lessons/lesson1", "lessons/nl/lesson1", "exercises/index",
    "exercises/lesson3", "backends/losses", "backends/side_by_side", "backends/torch",
    "backends/api",
    "comparisons", "agreement", "differences/index", "differences/optimizers", "guide/index",
    "slides", "decisions/0001-to-0006", "house/data", "search",
)  # fmt: skip
DESKTOP, PHONE = 1440, 390
ENOUGH = 5  # blocks of code for axe, which checks the colour of every word
# Style sheets are not preloaded: from disk a browser does not let a script read them, nor a frame.
# What a frame shows is a piece of the playground, whose own tests run axe.
AXE = {"resultTypes": ["violations"], "preload": False, "iframes": False}

CHOSEN = """all => all.map(set => {
    const chosen = [...set.children].filter(e => e.matches('input:checked + label'));
    return chosen.map(label => label.dataset.syncId).join();
})"""
# The theme lets an element scroll sideways while the page as a whole does not.
TOO_WIDE = """all => all.filter(e => e.scrollWidth > e.clientWidth + 1)
    .map(e => [e.className, e.scrollWidth])"""


def _settle(page: Any) -> None:
    """Wait until mathematics, search results and scrollable elements are ready."""
    page.wait_for_load_state("load")
    page.evaluate("window.MathJax?.startup?.promise")
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def _run_axe(page: Any) -> Any:
    """Run axe, on the first blocks of code only."""
    _settle(page)
    page.locator("div.highlight").evaluate_all(
        f"all => all.slice({ENOUGH}).forEach(e => e.remove())"
    )
    return Axe().run(page, options=AXE)


# Two of the four: a width changes where words are, not their colour.
VIEWS = [(name, *view) for name in PAGES for view in [(DESKTOP, "light"), (PHONE, "dark")]]


@pytest.mark.sampled(4)
@pytest.mark.parametrize(("name", "width", "theme"), VIEWS)
def test_axe_finds_nothing(open_site: Open, name: str, width: int, theme: str) -> None:
    found = _run_axe(open_site(name, width, theme))
    assert not found.violations_count, found.generate_report()


def test_axe_can_find_something(open_site: Open) -> None:
    page = open_site("lessons/lesson1", DESKTOP, "dark")
    page.add_style_tag(content=".backends-agree { color: #444 !important }")
    page.locator("article img").first.evaluate("image => image.removeAttribute('alt')")
    rules = {violation["id"] for violation in _run_axe(page).response["violations"]}
    assert rules == {"color-contrast", "image-alt"}


@pytest.mark.sampled(6)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_a_phone_and_has_its_language_and_title(open_site: Open, name: str) -> None:
    page = open_site(name, PHONE)
    _settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
    assert page.locator(".content").evaluate_all(TOO_WIDE) == []
    assert page.locator("h1").count() == 1
    assert page.locator("html").get_attribute("lang") == ("nl" if "/nl/" in name else "en")
    alts = page.locator("img").evaluate_all(
        "all => all.filter(i => !i.closest('.sidebar-logo-container'))"
        ".map(i => (i.getAttribute('alt') || '').length)"
    )
    assert all(length > 20 for length in alts), "an image without alternative text"


def test_a_click_on_a_tab_switches_all_and_is_remembered(open_site: Open) -> None:
    page = open_site("lessons/lesson1")
    sets = page.locator(".sd-tab-set")
    assert sets.count() > 5
    assert set(sets.evaluate_all(CHOSEN)) == {"numpy"}
    sets.nth(3).get_by_text("torch", exact=True).click()
    assert set(sets.evaluate_all(CHOSEN)) == {"torch"}
    assert "backend torch" in page.locator(".sd-tab-content:visible").first.inner_text()
    page.goto(page.url.replace("lessons/lesson1", "lessons/nl/lesson1"))
    assert set(page.locator(".sd-tab-set").evaluate_all(CHOSEN)) == {"torch"}
    page.goto(page.url.replace("lessons/nl/lesson1", "backends/side_by_side"))
    with_torch = page.locator(".sd-tab-set", has=page.locator("label[data-sync-id=torch]"))
    assert set(with_torch.evaluate_all(CHOSEN)) == {"torch"}


def test_the_keyboard_reaches_the_tabs(open_site: Open) -> None:
    page = open_site("lessons/lesson1")
    reached = "document.activeElement.matches('.sd-tab-set > input')"
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate(reached):
            break
    assert page.evaluate(reached)
    outline = "getComputedStyle(document.activeElement.nextElementSibling).outlineWidth"
    assert page.evaluate(outline) == "3px"
    page.keyboard.press("ArrowRight")
    assert set(page.locator(".sd-tab-set").evaluate_all(CHOSEN)) == {"torch"}


def test_each_tab_shows_its_own_backend(open_site: Open) -> None:
    page = open_site("lessons/lesson1")
    for backend in BACKENDS:
        page.locator(".sd-tab-set").first.get_by_text(backend, exact=True).click()
        shown = page.locator(".sd-tab-content:visible")
        assert f"backend {backend}, device" in shown.first.inner_text()
        assert shown.count() == page.locator(".sd-tab-set").count()
        assert page.locator(".sd-tab-content:visible img").count() > 4
        widths = page.locator(".sd-tab-content:visible img").evaluate_all(
            "all => Promise.all(all.map(async i => { i.loading = 'eager'; await i.decode();"
            "return i.naturalWidth; }))"
        )
        assert min(widths) > 400, "a picture that did not load"


def _found(page: Any) -> list[str]:
    """The pages that a search has found, once it has finished."""
    page.wait_for_function(
        "document.querySelector('#search-results p.search-summary')?.innerText.includes('found')"
    )
    return list(page.locator("#search-results a").evaluate_all("all => all.map(a => a.href)"))


def test_search_finds_learning_rate_from_disk(open_site: Open) -> None:
    found = _found(open_site("search?q=learning+rate"))
    assert any("lessons/lesson1.html" in address for address in found)
    assert any("differences/optimizers.html" in address for address in found)


def test_search_and_tabs_work_from_a_server(browser: Any, served: str) -> None:
    with silent_pages(browser) as opened:
        page = opened(f"{served}/search.html?q=learning+rate", offline=False)
        assert any("lessons/lesson1.html" in address for address in _found(page))
        page.goto(f"{served}/lessons/lesson1.html")
        page.locator(".sd-tab-set").first.get_by_text("torch", exact=True).click()
        assert set(page.locator(".sd-tab-set").evaluate_all(CHOSEN)) == {"torch"}


def test_mathematics_is_rendered(open_site: Open) -> None:
    page = open_site("backends/losses")
    _settle(page)
    assert page.locator("mjx-container svg").count() > 20
    assert "\\frac" not in page.locator("article").inner_text()
    assert page.locator("mjx-assistive-mml math").count() > 20  # what a screen reader reads


def test_a_lesson_is_readable_without_scripts(open_site: Open) -> None:
    page = open_site("lessons/lesson1", script=False)
    assert page.locator("h1").inner_text().startswith("Lesson 1")
    assert page.locator(".sd-tab-content:visible").count() > 5


def test_every_link_has_a_target(open_site: Open, site: Path) -> None:
    page = open_site("index")
    collect = "all => all.map(a => a.href).filter(h => h.startsWith('file:'))"
    addresses = set()
    for name in PAGES:
        page.goto((site / f"{name}.html").as_uri())
        addresses |= {a.partition("#")[0] for a in page.locator("a[href]").evaluate_all(collect)}
    missing = [a for a in addresses if not Path(a.removeprefix("file://").split("?")[0]).is_file()]
    assert len(addresses) > 50
    assert not missing
