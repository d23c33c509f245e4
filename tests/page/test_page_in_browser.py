"""The page in real Chromium: checkboxes, columns, address, print, axe."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser import Open
from tests.page.conftest import BACKENDS, POSING, Made

WIDTHS = (1920, 1280, 400)  # a projector, a notebook, a phone
PHONE = 400

VISIBLE = "all => all.filter(e => e.getClientRects().length > 0).length"
IN_CHARTS = """(charts, backend) => charts.filter(chart => {
    const groups = [...chart.querySelectorAll(`[data-backend="${backend}"]`)];
    return groups.length && groups.every(e => e.getClientRects().length > 0);
}).length"""
# The names of the columns that a reader sees in each row, from left to right.
COLUMNS = """rows => rows.filter(row => !row.hidden).map(row =>
    [...row.querySelectorAll('.cell')].filter(cell => cell.getClientRects().length)
        .sort((a, b) => a.getBoundingClientRect().x - b.getBoundingClientRect().x)
        .map(cell => cell.dataset.source))"""


def _thin_out(page: Any) -> None:
    """Leave a dozen blocks of code, for axe weighs the colour of each of 10,000 words.

    The whole page is looked at in one width: another one changes where words are, not their colour.
    """
    page.locator(".code").evaluate_all("all => all.slice(12).forEach(e => e.remove())")


def _shown(page: Any, backend: str) -> int:
    """How many of a backend's curves, bands, markers, pictures and panels are visible."""
    return int(page.locator(f'[data-backend="{backend}"]').evaluate_all(VISIBLE))


def _in_charts(page: Any, backend: str) -> int:
    """In how many charts everything of a backend is visible."""
    return int(page.locator(".chart").evaluate_all(IN_CHARTS, backend))


def test_a_tick_hides_a_backend_in_every_chart_and_shows_it_again(open_page: Open) -> None:
    page = open_page()
    charts = page.locator(".chart").count()
    assert charts == 4  # two runs, each with its losses and its gaps
    for backend in POSING:
        assert _in_charts(page, backend) == charts
        page.get_by_label(backend, exact=True).uncheck()
        assert _shown(page, backend) == 0, "chart, weights or panel of a hidden backend"
        for other in POSING:
            if other != backend:
                assert _in_charts(page, other) == charts
        page.get_by_label(backend, exact=True).check()
        assert _in_charts(page, backend) == charts


def test_the_columns_of_code_are_the_ones_chosen(open_page: Open) -> None:
    page = open_page(width=1920)
    rows = page.locator(".row")
    everywhere = rows.evaluate_all(COLUMNS)
    assert everywhere
    assert all(row == everywhere[0] for row in everywhere)
    assert len(everywhere[0]) == 3

    page.get_by_label("Columns").select_option("2")
    page.get_by_label("Column 1").select_option("tensorflow")
    page.get_by_label("Column 2").select_option("numpy")
    assert {tuple(row) for row in rows.evaluate_all(COLUMNS)} == {("tensorflow", "numpy")}

    # Choosing what the other column shows makes the two change places.
    page.get_by_label("Column 1").select_option("numpy")
    assert {tuple(row) for row in rows.evaluate_all(COLUMNS)} == {("numpy", "tensorflow")}


def test_cells_of_a_row_begin_at_the_same_height(open_page: Open) -> None:
    page = open_page(width=1920, to="#columns=numpy,torch,tensorflow,keras")
    tops = page.locator(".row:not([hidden])").evaluate_all(
        """rows => rows.map(row => [...row.querySelectorAll('.cell:not([hidden])')]
            .map(cell => cell.getBoundingClientRect().top))"""
    )
    assert all(len(row) == 4 and len(set(row)) == 1 for row in tops)


def test_the_address_brings_the_same_view_back(open_page: Open) -> None:
    page = open_page()
    page.get_by_label("torch", exact=True).uncheck()
    page.get_by_label("Column 2").select_option("tensorflow")
    page.get_by_label("dark", exact=True).check()
    again = open_page(to="#" + page.url.partition("#")[2])
    assert not again.get_by_label("torch", exact=True).is_checked()
    assert _shown(again, "torch") == 0
    assert _shown(again, "keras") > 0
    assert again.get_by_label("Column 2").input_value() == "tensorflow"
    assert again.get_by_label("dark", exact=True).is_checked()


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    "address", ["#backends=nobody", "#columns=torch", "#columns=a,b,c", "#theme=pink", "#%zz&&=="]
)
def test_a_strange_address_does_no_harm(open_page: Open, address: str) -> None:
    page = open_page(to=address)
    rows = page.locator(".row").evaluate_all(COLUMNS)
    assert rows
    assert all(len(row) == 2 for row in rows)


def test_a_jump_within_the_page_keeps_the_address(open_page: Open) -> None:
    page = open_page(to="#backends=numpy,keras")
    page.get_by_role("link", name="The code").click()
    assert page.url.endswith("#backends=numpy,keras")
    assert page.evaluate("document.activeElement.id") == "sources"


def test_by_keyboard_alone(open_page: Open) -> None:
    page = open_page()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the comparison"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.get_by_label("keras", exact=True).focus()
    page.keyboard.press("Space")
    assert _shown(page, "keras") == 0
    outline = page.get_by_label("keras", exact=True).evaluate(
        "e => getComputedStyle(e).outlineWidth"
    )
    assert outline == "3px"


@pytest.mark.sampled(1)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(open_page: Open, width: int, theme: str) -> None:
    page = open_page(width, theme)
    page.locator("details").evaluate_all("all => all.forEach(e => e.open = true)")
    if width != WIDTHS[1]:
        _thin_out(page)
    results = Axe().run(page)
    assert not results.violations_count, results.generate_report()


def test_axe_can_find_something(open_page: Open) -> None:
    page = open_page(theme="dark")
    _thin_out(page)
    page.add_style_tag(content=".verdict { color: #555 } :root { --muted: #444 }")
    rules = {violation["id"] for violation in Axe().run(page).response["violations"]}
    assert "color-contrast" in rules


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_never_scrolls_sideways(open_page: Open, width: int) -> None:
    page = open_page(width)
    page.locator("details").evaluate_all("all => all.forEach(e => e.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_code_stacks_on_a_phone_and_charts_stay_legible(open_page: Open) -> None:
    page = open_page(PHONE)
    cells = page.locator(".row:not([hidden]) .cell:not([hidden])")
    lefts = cells.evaluate_all("all => all.map(cell => cell.getBoundingClientRect().left)")
    assert len(set(lefts)) == 1
    sizes = page.locator(".chart text").evaluate_all(
        "all => all.map(t => parseFloat(getComputedStyle(t).fontSize) * t.getScreenCTM().a)"
    )
    assert min(abs(size) for size in sizes if size) >= 11  # px
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 18


def test_the_theme_can_be_chosen_against_the_system(open_page: Open) -> None:
    page = open_page(theme="light")
    paper = "getComputedStyle(document.body).backgroundColor"
    white = page.evaluate(paper)
    assert white == "rgb(255, 255, 255)"
    page.get_by_label("dark", exact=True).check()
    assert page.evaluate(paper) != white
    line = page.locator('.chart [data-backend="torch"] path[style*="stroke: var"]').first
    dark = line.evaluate("e => getComputedStyle(e).stroke")
    page.get_by_label("light", exact=True).check()
    assert page.evaluate(paper) == white
    assert line.evaluate("e => getComputedStyle(e).stroke") != dark


def test_without_a_script_everything_is_there(open_page: Open, made: Made) -> None:
    page = open_page(script=False)
    for backend in BACKENDS:
        assert page.locator(f'.panels [data-backend="{backend}"]').is_visible()
        assert page.locator(f'.chart [data-backend="{backend}"]').first.is_visible()
    for source in ("numpy", "torch", "tensorflow", "keras"):
        cells = page.locator(f'.cell[data-source="{source}"]')
        assert all(cell.is_visible() for cell in cells.all())
    assert not page.get_by_label("Column 1").is_visible()
    page.get_by_label("torch", exact=True).uncheck()  # a rule of the style sheet, not a script
    assert not page.locator('.panels [data-backend="torch"]').is_visible()


def test_it_prints_all_panels_without_controls_on_white(open_page: Open) -> None:
    page = open_page(theme="dark")
    page.get_by_label("dark", exact=True).check()
    page.get_by_label("torch", exact=True).uncheck()
    paper = page.pdf(format="A4", print_background=True)
    assert paper.startswith(b"%PDF")
    page.emulate_media(media="print")
    assert _shown(page, "torch") > 0
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    controls = "nav, .theme, .choose, .count, input"
    assert page.locator(controls).evaluate_all(VISIBLE) == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
