"""The catalogue as one HTML file that needs no network: `python -m compare.differences.page`.

It uses the style sheet of the comparison page and a few rules of its own. The page contains
everything; the script only hides the entries that the filters exclude.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import click
from markupsafe import Markup, escape

from compare.page import HERE as SIDE_BY_SIDE
from compare.page import template
from compare.page.highlight import lines
from course.cli_errors import run
from triptych.differences import search, words
from triptych.differences.entry import FRAMEWORKS, TITLES, Entry
from triptych.differences.reading import read_all

HERE = Path(__file__).parent


def write(entries: Sequence[Entry], file: Path) -> Path:
    """Write the page of these entries; returns the file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(page(entries), encoding="utf-8")
    return file


def page(entries: Sequence[Entry]) -> str:
    """The page's HTML."""
    used = [f for f in FRAMEWORKS if any(f in entry.snippets for entry in entries)]
    return template(HERE / "page.html", link=link).render(
        topics=[(topic, list(group)) for topic, group in groupby(entries, key=lambda e: e.topic)],
        differ=sum(entry.kind == "difference" for entry in entries),
        count=len(entries),
        frameworks={framework: TITLES[framework] for framework in used},
        code=code,
        search=json.dumps(search_data(entries), ensure_ascii=False).replace("</", "<\\/"),
        css=(SIDE_BY_SIDE / "page.css").read_text("utf-8") + (HERE / "page.css").read_text("utf-8"),
        js=(HERE / "page.js").read_text(encoding="utf-8"),
    )


def code(entry: Entry, framework: str) -> list[str]:
    """A snippet, highlighted line by line."""
    return lines(entry.snippets[framework].text)


def search_data(entries: Sequence[Entry]) -> dict[str, Any]:
    """What page.js needs to answer as `search.py` does: each word with the entries that have it."""
    names = [entry.name for entry in entries]
    numbers = {name: i for i, name in enumerate(names)}
    return {
        "names": names, "synonyms": words.CANONICAL, "empty": sorted(words.EMPTY),
        "phrases": {" ".join(pair): word for pair, word in words.PHRASES.items()},
        "share": search.SHARE, "most": search.MOST, "like": search.LIKE,
        "index": {
            word: [x for name, adds in found.items() for x in (numbers[name], adds)]
            for word, found in search.index_of(tuple(entries)).items()
        },
    }  # fmt: skip


def link(source: str) -> str:
    """A source as HTML, with its address as a link."""
    address, _, rest = source.partition(" ")
    if not address.startswith("https://"):
        return escape(source)
    return Markup('<a href="{}">{}</a> {}').format(address, address, rest)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), default="results/differences.html",
    show_default=True, help="The file to write.",
)  # fmt: skip
def cli(out: Path) -> None:
    """Write the whole catalogue as a page."""
    click.echo(f"page: {write(read_all(), out)}")


if __name__ == "__main__":
    run(cli, "compare.differences.page")
