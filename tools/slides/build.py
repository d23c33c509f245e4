"""Build the decks into a folder that any browser can show without a network."""

from __future__ import annotations

import io
import re
import shutil
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path

from adapters.contract import TriptychError, require
from course.lessons import LESSONS
from course.settings import ROOT
from tools.slides.drawings import drawn

SETTINGS = Path(__file__).resolve().parent
SOURCES = ROOT / "docs" / "slides"
# The files of sphinx-revealjs that the decks use: no themes, since they load fonts, and no plugins
# except the speaker's view.
OF_REVEAL = ("dist/reset.css", "dist/reveal.css", "dist/reveal.js", "plugin/notes/notes.js",
             "LICENSE")  # fmt: skip
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Deck:
    """A built deck, with its number of slides and the minutes of its speaker's notes."""

    name: str
    title: str
    question: str
    slides: int
    minutes: int


def build(out: Path, printed: bool = False, short: bool = False) -> list[Deck]:
    """Build all decks and their index into a folder. printed: the index links a PDF of each.

    short: with the figures of lessons of a few epochs, for tests.
    Raises TriptychError if a figure has no alternative text, a slide has no speaker's notes, or
    Sphinx gives a warning.
    """
    from sphinx.application import Sphinx
    from sphinx.errors import SphinxError
    from sphinx.util.docutils import docutils_namespace, patch_docutils

    for number in LESSONS:
        needed = [f"docs/slides/lesson{number}.md", f"tools/slides/figures/lesson{number}.py"]
        missing = [name for name in needed if not (ROOT / name).is_file()]
        require(
            not missing,
            f"lesson {number} has no deck of slides: write {' and '.join(missing)}",
            TriptychError,
        )
    folders = drawn(list(LESSONS), short)
    messages = io.StringIO()
    with tempfile.TemporaryDirectory() as temporary:
        made = Path(temporary) / "html"
        try:
            with patch_docutils(str(SETTINGS)), docutils_namespace(), warnings.catch_warnings():
                # sphinx-revealjs 3.2 uses a few names that Sphinx 11 will remove.
                warnings.filterwarnings("ignore", message=r"'sphinx_revealjs\.")
                app = Sphinx(
                    SOURCES, SETTINGS, made, Path(temporary) / "doctrees", "revealjs",
                    confoverrides={"slides_drawn": {f"lesson{n}": f for n, f in folders.items()},
                                   "slides_printed": printed},
                    status=None, warning=messages, freshenv=True,
                )  # fmt: skip
                app.build(force_all=True)
        except SphinxError as error:
            raise TriptychError(f"the slides: {error}") from error
        lines = COLOUR.sub("", messages.getvalue()).splitlines()
        require(not lines, f"the slides: {' '.join(lines[:2])}", TriptychError)
        decks = [Deck(name, *found) for name, found in sorted(app.env.slides_decks.items())]  # type: ignore[attr-defined]
        publish(made, out)
    return decks


def publish(made: Path, out: Path) -> None:
    """Copy the files that a deck needs, without the others of Sphinx and reveal.js."""
    out.mkdir(parents=True, exist_ok=True)
    for page in made.glob("*.html"):
        shutil.copyfile(page, out / page.name)
    if (made / "figures").is_dir():
        shutil.copytree(made / "figures", out / "figures", dirs_exist_ok=True)
    static = out / "_static"
    for name in (*(f"revealjs/{name}" for name in OF_REVEAL), "slides.css", "slides.js"):
        (static / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(made / "_static" / name, static / name)
