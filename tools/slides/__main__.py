"""python -m tools.slides [--pdf] [--out build/slides]: a deck of slides for each lesson."""

from __future__ import annotations

from pathlib import Path

import click

from course.cli_errors import check_folder, run
from tools.slides.build import build
from tools.slides.printing import find_browser, pages, print_deck


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--out", type=click.Path(path_type=Path), default="build/slides", show_default=True)
@click.option("--pdf", is_flag=True, help="print each deck too, one page per slide, by Chromium")
def main(out: Path, pdf: bool) -> None:
    """Build the decks of slides, one for each lesson, to be opened in any browser."""
    check_folder(out)
    browser = find_browser() if pdf else None  # a missing browser is reported before the work
    decks = build(out, printed=pdf)
    for deck in decks:
        click.echo(f"{deck.name}: {deck.slides} slides, {deck.minutes} minutes")
        if browser:
            paper = print_deck(browser, out / f"{deck.name}.html", deck.slides)
            click.echo(f"  {paper}: {pages(paper)} pages")
    click.echo(f"complete: {out / 'index.html'}")


if __name__ == "__main__":
    run(main, "python -m tools.slides")
