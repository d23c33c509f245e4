"""All decks, built once for the whole session."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tools.slides.build import Deck, build


@dataclass
class Slide:
    """The content of a slide: its words, the alternative texts of its figures, its notes."""

    words: str = ""
    notes: str = ""
    alts: tuple[str | None, ...] = ()


class Reader(HTMLParser):
    """Reads the slides of a deck."""

    def __init__(self) -> None:
        super().__init__()
        self.slides: list[Slide] = []
        self.in_notes = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "section":
            self.slides.append(Slide())
        elif tag == "aside":
            self.in_notes = True
        elif tag == "img":
            self.slides[-1].alts += (dict(attrs).get("alt"),)

    def handle_endtag(self, tag: str) -> None:
        if tag == "aside":
            self.in_notes = False

    def handle_data(self, data: str) -> None:
        if self.in_notes:
            self.slides[-1].notes += data
        elif self.slides:
            self.slides[-1].words += data


@dataclass(frozen=True)
class Made:
    """The folder of the decks, and a summary of each."""

    folder: Path
    decks: list[Deck]

    def slides(self, name: str) -> list[Slide]:
        """The slides of a deck, parsed from its HTML."""
        reader = Reader()
        reader.feed((self.folder / f"{name}.html").read_text(encoding="utf-8"))
        return reader.slides


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """All decks, of short lessons; figures come from the cache, if nothing has changed for them."""
    folder = tmp_path_factory.mktemp("slides")
    return Made(folder, build(folder, short=True))
