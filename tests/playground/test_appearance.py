"""How the page looks: on a wall, a notebook and a phone, light and dark, and to a screen reader."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser import Open

PIECES = ("radio", "perceptron", "slope", "softmax", "network")
WALL, NOTEBOOK, PHONE = 1920, 1280, 390
SMALLEST = {WALL: 18, NOTEBOOK: 15, PHONE: 15}  # px of any text
VIEWS = [(p, w, t) for p in PIECES for w in (WALL, NOTEBOOK, PHONE) for t in ("light", "dark")]
SIZES = """all => all.filter(e => e.getClientRects().length && e.innerText?.trim())
    .map(e => parseFloat(getComputedStyle(e).fontSize))"""
LETTERS = """() => { window.letters = []; const own = CanvasRenderingContext2D.prototype.fillText;
    CanvasRenderingContext2D.prototype.fillText = function (...all) {
        letters.push(parseFloat(this.font.match(/[\\d.]+px/)[0])); own.apply(this, all); }; }"""
CUT_OFF = """() => { window.cut = []; const own = CanvasRenderingContext2D.prototype.fillText;
    CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
        const width = this.measureText(text).width, ratio = devicePixelRatio;
        const left = { left: x, start: x, center: x - width / 2, right: x - width }[this.textAlign];
        if (left < -1 || left + width > this.canvas.width / ratio + 1) cut.push(text);
        own.call(this, text, x, y); }; }"""


def redrawn(page: Any) -> None:
    page.evaluate("dispatchEvent(new Event('resize'))")


@pytest.mark.sampled(4)
@pytest.mark.parametrize(("piece", "width", "theme"), VIEWS)
def test_axe_finds_nothing(open_page: Open, piece: str, width: int, theme: str) -> None:
    results = Axe().run(open_page(piece, width, theme))
    assert not results.violations_count, results.generate_report()


def test_axe_can_find_something(open_page: Open) -> None:
    page = open_page("radio", theme="dark")
    page.add_style_tag(content=".story { color: #444 !important }")
    page.locator("label[for=radio-volume]").evaluate("label => label.remove()")
    rules = {violation["id"] for violation in Axe().run(page).response["violations"]}
    assert {"color-contrast", "label"} <= rules


@pytest.mark.parametrize("width", [WALL, NOTEBOOK, PHONE])
def test_nothing_scrolls_sideways_and_all_is_readable(open_page: Open, width: int) -> None:
    page = open_page("radio", width)
    page.evaluate(LETTERS)
    for piece in PIECES:
        page.goto(f"{page.url.partition('#')[0]}#{piece}")
        redrawn(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, piece
        sizes = page.locator("body *").evaluate_all(SIZES)
        assert min(sizes) >= SMALLEST[width], piece
    letters = page.evaluate("letters")
    assert letters
    assert min(letters) >= 18


@pytest.mark.parametrize("width", [WALL, PHONE])
def test_no_word_of_a_drawing_is_cut_off(open_page: Open, width: int) -> None:
    page = open_page("radio", width)
    page.evaluate(CUT_OFF)
    for piece in (*PIECES, "network&hidden=8,8,8&data=arms&epochs=200"):
        page.goto(f"{page.url.partition('#')[0]}#{piece}")
        redrawn(page)
    assert page.evaluate("cut") == []


def test_a_drawing_follows_the_theme(open_page: Open) -> None:
    page = open_page("network")
    plane = page.locator("#network-plane")
    light = plane.evaluate("canvas => canvas.toDataURL()")
    page.get_by_label("dark").check()
    assert plane.evaluate("canvas => canvas.toDataURL()") != light
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 22, 26)"


def test_by_keyboard_alone(open_page: Open) -> None:
    page = open_page("network")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "network-plane"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineWidth") == "3px"
    page.keyboard.press("Delete")
    page.keyboard.press("1")
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id"))
    controls = "main button:not(:disabled), main select"
    wanted = page.locator(controls).evaluate_all(
        "all => all.filter(e => e.getClientRects().length).map(e => e.id)"
    )
    assert reached >= {*wanted}


@pytest.mark.parametrize("piece", PIECES)
def test_embedded_only_the_piece_is_shown(open_page: Open, piece: str) -> None:
    page = open_page(f"{piece}&embed", 700)
    assert not page.locator("header").is_visible()
    assert not page.locator("h2:visible").count()
    assert page.locator(f"#piece-{piece} canvas").first.is_visible()
    assert not page.locator("#export").is_visible()
