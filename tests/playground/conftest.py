"""The playground as one file, and a browser that has it open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser import Open, silent_pages
from tools.playground.build import playground


@pytest.fixture(scope="session")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page."""
    path = tmp_path_factory.mktemp("playground") / "playground.html"
    path.write_text(playground(), encoding="utf-8")
    return path


@pytest.fixture
def open_page(browser: Any, file: Path) -> Iterator[Open]:
    """open_page("network&hidden=4", width, theme) → the page from disk, without a network."""
    with silent_pages(browser) as opened:
        yield lambda piece="", *how, **more: opened(f"{file.as_uri()}#{piece}", *how, **more)


@pytest.fixture(scope="module")
def page(browser: Any, file: Path) -> Iterator[Any]:
    """A page that only computes, for all tests of a module."""
    with silent_pages(browser) as opened:
        yield opened(file.as_uri())
