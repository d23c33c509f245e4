"""Print a deck to a PDF with the installed Chromium, one page for each slide."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from adapters.contract import TriptychError, require

# Chromium's shell without windows needs a third of the time for a page.
BROWSERS = (
    "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome",
    "google-chrome-stable",
)  # fmt: skip
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--no-first-run", "--no-pdf-header-footer",
    "--virtual-time-budget=10000",  # until reveal.js has laid the pages out
)  # fmt: skip
LIMIT = 120  # seconds for a deck
PAGE = re.compile(rb"/Type\s*/Page\b")  # Chromium writes them in plain text


def find_browser() -> str:
    """The path of Chromium. Raises TriptychError if it is not installed."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser is None:
        raise TriptychError(
            f"--pdf needs a browser, and none of {', '.join(BROWSERS)} is installed: install "
            "Chromium, or leave --pdf out and print from your own browser (add ?print-pdf to the "
            "address)"
        )
    return browser


def print_deck(browser: str, deck: Path, slides: int) -> Path:
    """Print a deck to a PDF beside it. Raises TriptychError unless it has a page for each slide."""
    paper = deck.with_suffix(".pdf")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        part = Path(profile) / "deck.pdf"
        command = [browser, *FLAGS, f"--user-data-dir={profile}/browser", f"--print-to-pdf={part}",
                   f"{deck.resolve().as_uri()}?print-pdf"]  # fmt: skip
        try:
            done = subprocess.run(command, capture_output=True, timeout=LIMIT, check=False)
        except subprocess.TimeoutExpired:
            raise TriptychError(f"{deck}: {browser} did not print it in {LIMIT} s") from None
        last = (done.stderr.decode(errors="replace").strip().splitlines() or ["nothing"])[-1]
        require(
            part.is_file(),
            f"{deck}: {browser} printed nothing; its last message: {last}",
            TriptychError,
        )
        count = pages(part)
        require(
            count == slides,
            f"{deck}: {slides} slides became {count} pages: a slide is too full",
            TriptychError,
        )
        shutil.copyfile(part, paper)
    return paper


def pages(paper: Path) -> int:
    """The number of pages of a PDF by Chromium."""
    return len(PAGE.findall(paper.read_bytes()))
