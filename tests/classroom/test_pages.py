"""The pages to hand back and the overview: whole, escaped, and accessible in a real browser."""

from __future__ import annotations

import base64
import re
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from classroom.gradebook import Line
from classroom.pages import file_names, write_pages
from classroom.plots import checked
from classroom.roster import Class, Person
from classroom.scores import Scored
from tests.browser import Open, silent_pages

EVIL = '<img src=x onerror="alert(1)">'
NAMES = ["Zoë Ångström", EVIL, "con", "ben", "Ben", "李小龍", "../../etc/passwd", "x" * 300, "..."]
HINT = f"Is `{EVIL}` a number? A long_name_without_any_space_" + "a" * 80


STOPPED = f"    return A * {EVIL}\n           ^^^^^"  # a line of the student's, with a mark
NOTE = f"Line 12 stops with NameError: {EVIL}\n{STOPPED}"


def picture(width: int, height: int) -> str:
    """A white PNG, in base64."""

    def part(name: bytes, data: bytes) -> bytes:
        checksum = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + checksum

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\xff" * width) * height)
    parts = [part(b"IHDR", header), part(b"IDAT", rows), part(b"IEND", b"")]
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"".join(parts)).decode()


def lines() -> list[Line]:
    """A class with each kind of result, and names and hints that need escaping."""
    plots = checked([(picture(320, 200), "code cell 4")])
    found = []
    for i, name in enumerate(NAMES):
        first = Scored("a", 3, 3, "One house by hand")
        scored = first, Scored("b", 1.5 * (i % 3), 3, EVIL, HINT, STOPPED)
        found.append(Line(name, f"{name}.ipynb", 1, "ok", "", 1.0, scored, plots, (NOTE,)))
    none = (Scored("a", 0, 3, "One house by hand"), Scored("b", 0, 3, EVIL))
    found.append(Line("Cleo", "cleo.py", 1, "failed", f"empty {EVIL}", 0.0, none))
    found.append(Line("Cleo", "cleo2.py", 2, "not graded", "interrupted"))
    found.append(Line("Eve", "eve.docx", None, "failed", "neither a .py nor an .ipynb file"))
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of the class."""
    out: Path = tmp_path_factory.mktemp("graded")
    of = Class({}, absent=(Person(f"Absent {EVIL}"),), strangers=("Eve",))
    write_pages(lines(), of, "numpy", out)
    return out


@pytest.fixture
def opened(browser: Any) -> Iterator[Open]:
    """open(address) → the page; afterwards it must have made no noise."""
    with silent_pages(browser) as open_it:
        yield open_it


def test_every_student_has_a_page_inside_the_folder(folder: Path) -> None:
    pages = list((folder / "students").iterdir())
    assert len(pages) == len({line.student for line in lines()})
    assert len({page.name.casefold() for page in pages}) == len(pages)
    assert all(page.suffix == ".html" and len(page.name.encode()) < 256 for page in pages)
    assert not list(folder.parent.rglob("passwd*"))
    assert not list(folder.rglob(".unfinished-*"))


def test_a_name_keeps_its_file_and_no_two_share_one() -> None:
    names = file_names(NAMES)
    assert names["Zoë Ångström"].startswith("Zoë-Ångström-")
    assert names["李小龍"] == "李小龍.html"
    assert names["con"] != "con.html"
    assert file_names(NAMES[::-1]) == names


def test_a_page_shows_where_the_file_stopped(opened: Open, folder: Path) -> None:
    page = opened((folder / "students" / file_names(NAMES)["ben"]).as_uri())
    assert [text.rstrip() for text in page.locator("pre").all_inner_texts()] == [STOPPED] * 2
    assert page.get_by_text("Line 12 stops with NameError").count() == 1


def test_nothing_untrusted_becomes_markup(folder: Path) -> None:
    for page in folder.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "<img src=x" not in text, page.name
        assert "<script" not in text, page.name
        assert not re.search(r"(?:src|href)=\"(?!data:|students/)", text), page.name


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
def test_axe_finds_nothing_and_nothing_is_cut_off(
    folder: Path, opened: Open, width: int, theme: str
) -> None:
    names = file_names(line.student for line in lines())
    pages = ["index.html", *(f"students/{names[n]}" for n in (EVIL, "Cleo", "Eve", "x" * 300))]
    for name in pages:
        page = opened((folder / name).as_uri(), width, theme)
        found = Axe().run(page, options={"preload": False})
        assert not found.violations_count, f"{name}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name


def test_axe_can_find_something(folder: Path, opened: Open) -> None:
    page = opened((folder / "index.html").as_uri())
    page.add_style_tag(content=".fine { color: #ddd }")
    found = Axe().run(page, options={"preload": False}).response["violations"]
    assert "color-contrast" in {violation["id"] for violation in found}


def test_a_student_sees_points_hints_and_the_own_plots(folder: Path, opened: Open) -> None:
    page = opened((folder / "index.html").as_uri())
    page.get_by_role("link", name="Zoë Ångström").click()
    assert page.locator("h1").inner_text() == "Zoë Ångström"
    assert "3 of 6 points" in page.locator("main").inner_text()
    assert HINT in page.locator("td.hint").nth(1).inner_text()
    assert (
        page.locator("figure img").evaluate(
            "async i => { await i.decode(); return i.naturalWidth }"
        )
        == 320
    )


def test_the_overview_names_who_failed_and_which_hint_was_frequent(
    folder: Path, opened: Open
) -> None:
    page = opened((folder / "index.html").as_uri())
    failed = page.locator("section[aria-labelledby=failed]").inner_text()
    assert "Cleo" in failed
    assert "neither a .py nor an .ipynb file" in failed
    assert f"Absent {EVIL}" in page.locator("section[aria-labelledby=absent]").inner_text()
    rows = page.locator("section[aria-labelledby=exercises] tbody tr")
    counts = [rows.nth(1).locator("td.number").nth(i).inner_text() for i in range(3)]
    points = [1.5 * (i % 3) for i in range(len(NAMES))]
    assert counts == [str(points.count(3)), str(points.count(1.5)), str(points.count(0) + 1)]
    missed = len(NAMES) - points.count(3)
    assert f"{missed} × {HINT}" in rows.nth(1).inner_text()
    missing = page.locator("a").evaluate_all("all => all.map(a => a.href)")
    assert all(address.startswith("file:") for address in missing)


def test_it_prints_dark_on_light_and_needs_one_page(folder: Path, opened: Open) -> None:
    names = file_names(line.student for line in lines())
    page = opened((folder / "students" / names["ben"]).as_uri(), 800, "dark")
    page.emulate_media(media="print", color_scheme="dark")
    ink, paper = page.evaluate(
        "[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]"
    )
    assert (ink, paper) == ("rgb(26, 26, 26)", "rgb(255, 255, 255)")
