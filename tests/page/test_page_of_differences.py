"""The page of the catalogue in a browser: search, checkboxes, address, axe, phone, no script."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from compare.differences.page import link, write
from compare.page.formatting import prose
from tests.browser import Open
from triptych.differences.entry import Entry
from triptych.differences.reading import read_all
from triptych.differences.search import ranked

ENTRIES = read_all()
WIDTHS = (1280, 400)  # a notebook, a phone
ONLY_SHOWN = """all => all.forEach(e => {
    if (e.getClientRects().length) e.open = true; else e.remove();
})"""
SNIPPETS = """() => Object.fromEntries([...document.querySelectorAll('.entry')]
    .map(e => [e.id, e.querySelectorAll('.code').length]))"""
SHOWN = "all => all.filter(e => e.getClientRects().length > 0).map(e => e.id)"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the whole catalogue."""
    return write(ENTRIES, tmp_path_factory.mktemp("differences") / "a" / "differences.html")


def shown(page: Any) -> list[str]:
    """The entries that can be seen."""
    return list(page.locator(".entry").evaluate_all(SHOWN))


def names(fits: Callable[[Entry], bool]) -> list[str]:
    return [entry.name for entry in ENTRIES if fits(entry)]


def test_every_entry_is_there_with_every_snippet(open_page: Open) -> None:
    page = open_page()
    assert shown(page) == names(lambda entry: True)
    assert page.evaluate(SNIPPETS) == {entry.name: len(entry.snippets) for entry in ENTRIES}


def test_the_filters_show_matching_entries(open_page: Open) -> None:
    page = open_page()
    page.get_by_label("Topic").select_option("losses")
    assert shown(page) == names(lambda entry: entry.topic == "losses")
    page.get_by_label("TensorFlow").check()
    both = names(lambda entry: entry.topic == "losses" and "tensorflow" in entry.snippets)
    assert 0 < len(both) == len(shown(page))
    assert page.locator("#count").text_content() == f"{len(both)} of {len(ENTRIES)}"
    page.get_by_label("TensorFlow").uncheck()
    page.get_by_label("Topic").select_option("")
    page.get_by_label("Find").fill("nesterov PyTorch")
    assert "nesterov_form" in shown(page)
    assert 0 < len(shown(page)) < len(ENTRIES) / 4
    page.get_by_label("Find").fill("qqqq")
    assert shown(page) == []
    assert page.get_by_text("No entry fits").is_visible()
    assert page.locator(".topic h2").evaluate_all("a => a.some(e => e.checkVisibility())") is False


@pytest.mark.parametrize(
    "query", ["loss is 64 times larger", "nn.Linear transposed", "epsylon", "nan after masking"]
)
def test_the_page_answers_as_the_command_does(open_page: Open, query: str) -> None:
    page = open_page()
    page.get_by_label("Find").fill(query)
    links = page.locator("#best a").evaluate_all("all => all.map(a => a.hash.slice(1))")
    assert links == [entry.name for entry in ranked(ENTRIES, query)]
    assert {*shown(page)} == {*links}


def test_an_address_opens_an_entry(open_page: Open) -> None:
    page = open_page(to="#adam_epsilon")
    assert page.locator("#adam_epsilon .code").first.is_visible()
    assert not page.locator("#velocity_holds_learning_rate .code").first.is_visible()
    open_page(to="#%zz&&==")  # a strange one does no harm


def test_by_keyboard_alone(open_page: Open) -> None:
    page = open_page()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.get_by_label("Find").focus()
    page.keyboard.type("epsilon")
    page.keyboard.press("Enter")  # sends no form anywhere
    assert "adam_epsilon" in shown(page)
    page.locator("#adam_epsilon summary").focus()
    page.keyboard.press("Space")
    assert page.locator("#adam_epsilon .code").first.is_visible()


def test_without_a_script_everything_is_there(open_page: Open) -> None:
    page = open_page(script=False)
    assert page.locator(".entry:visible").count() == len(ENTRIES)
    assert not page.get_by_label("Find").is_visible()  # it could not do anything
    page.locator("summary").first.click()
    assert page.locator(".entry .code").first.is_visible()


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("width", "theme"),
    [
        (WIDTHS[0], "light"),
        (WIDTHS[1], "dark"),
        pytest.param(WIDTHS[0], "dark", marks=pytest.mark.slow),
        pytest.param(WIDTHS[1], "light", marks=pytest.mark.slow),
    ],
)
def test_axe_finds_nothing(open_page: Open, width: int, theme: str) -> None:
    page = open_page(width, theme)
    # One topic, opened: axe weighs the colour of each word, and the others have the same.
    page.get_by_label("Topic").select_option("losses")
    page.locator(".entry").evaluate_all(ONLY_SHOWN)
    assert page.locator(".entry .code:visible").count()
    results = Axe().run(page)
    assert not results.violations_count, results.generate_report()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_never_scrolls_sideways(open_page: Open, width: int) -> None:
    page = open_page(width)
    page.locator("details").evaluate_all("all => all.forEach(e => e.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_prose_and_links_are_safe() -> None:
    assert prose("say `a < b` & go") == "say <code>a &lt; b</code> &amp; go"
    assert link("https://x.org/a (it's <b>)").startswith(
        '<a href="https://x.org/a">https://x.org/a'
    )
    assert "<b>" not in link("https://x.org/a (it's <b>)") + link("torch/<b>.py")
