"""python -m tools.site: wrong input, and failures that stop the build."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters import BACKENDS
from adapters.contract import TriptychError
from tests.browser import silent_pages
from tests.forked import module
from tools.site import build as builder

ROOT = builder.HERE.parent.parent


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--backends", "numpy trch"], "unknown backend 'trch': did you mean torch?"),
        (["--backends", " "], "it names no backend"),
        (["--epochs", "0"], "'0' is not a whole number from 1 to"),
    ],
)
def test_wrong_input_is_one_line(arguments: list[str], says: str) -> None:
    done = module("tools.site", arguments, ROOT)
    assert done.status == 2
    assert done.err.startswith("error: ")
    assert says in done.err
    assert done.err.count("\n") == 1


def test_a_foreign_folder_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(TriptychError, match="is not empty and not a site"):
        builder.build(builder.Plan(("numpy",), 1, lessons=()), tmp_path, print)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_a_warning_of_sphinx_stops_the_build(tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    (tmp_path / "extra").mkdir()
    (tmp_path / "sources" / "index.md").write_text("# Title\n\n{doc}`nowhere`\n")
    with pytest.raises(TriptychError, match=r"index\.md:3: WARNING: unknown document: 'nowhere'"):
        builder.sphinx(tmp_path / "sources", tmp_path / "extra", tmp_path / "html")


def test_the_site_loads_nothing_from_another_machine(site: Path) -> None:
    """No style sheet, script or picture has an address of its own, used or not."""
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        for tag in ('src="http', 'src="//', 'link rel="stylesheet" href="http', "@import"):
            assert tag not in text, f"{page.name}: {tag}"


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_the_whole_site_on_every_backend(tmp_path: Path, browser: object) -> None:
    out = tmp_path / "site"
    builder.build(builder.Plan(tuple(BACKENDS)), out, print)
    with silent_pages(browser) as opened:
        page = opened((out / "lessons" / "lesson4.html").as_uri())
        labels = page.locator(".sd-tab-set").first.locator("label").all_inner_texts()
        assert labels == list(BACKENDS)
