"""The lessons' pages of the site show the piece that belongs to them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from course.lessons import LESSONS
from course.settings import ROOT
from tests.browser import silent_pages
from tools.playground.build import PAGE, playground
from tools.site.playground_frames import PIECES, frame_after, write

OF_LESSON = {1: {"perceptron"}, 2: {"radio", "slope"}, 3: {"softmax"}, 4: {"network"}}


def test_each_lesson_has_its_pieces() -> None:
    found = {}
    for number, lesson in LESSONS.items():
        text = (ROOT / "lessons" / lesson.file).read_text(encoding="utf-8")
        headings = re.findall(r"(?m)^# (## .*)$", text)
        assert all(headings.count(heading) <= 1 for heading in PIECES)
        found[number] = {PIECES[heading][0] for heading in headings if heading in PIECES}
    assert {number: pieces for number, pieces in found.items() if pieces} == OF_LESSON
    assert {f"{piece}.html" for piece, _ in PIECES.values()} <= {
        file.name for file in (PAGE / "pieces").glob("*.html")
    }


def test_other_text_has_no_frame() -> None:
    assert frame_after("## Training: the opponent first\n\ntext", "..") is None
    frame = frame_after("## Training\n\ntext", "..")
    assert frame
    assert 'src="../playground.html#softmax&amp;embed"' in frame


def test_a_frame_says_how_high_it_is(browser: Any, tmp_path: Path) -> None:
    write(tmp_path)
    assert (tmp_path / "playground.html").read_text(encoding="utf-8") == playground()
    frame = frame_after("## The learning rate\n", ".")
    script = (ROOT / "tools/site/_static/site.js").read_text(encoding="utf-8")
    page = tmp_path / "lesson.html"
    page.write_text(
        f"<!DOCTYPE html><script>DOCUMENTATION_OPTIONS = {{}};</script><script>{script}</script>"
        f"{frame}",
        encoding="utf-8",
    )
    with silent_pages(browser) as opened:
        shown = opened(page.as_uri(), 832)
        shown.wait_for_function("document.querySelector('iframe').style.height")
        height = shown.evaluate("parseFloat(document.querySelector('iframe').style.height)")
        inner = shown.frames[1]
        assert inner.locator("#slope-map").is_visible()
        assert abs(height - inner.evaluate("document.body.scrollHeight")) < 60
        assert height < 1200
