"""python -m tools.playground [--out build/playground.html]: write the page as one file."""

from __future__ import annotations

from pathlib import Path

import click

from course.cli_errors import run
from datasets.atomic_files import write_whole
from tools.playground.build import playground


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path),
              default="build/playground.html", show_default=True)  # fmt: skip
def main(out: Path) -> None:
    """Write the playground, one file that opens from disk and needs no network."""
    page = playground().encode()
    out.parent.mkdir(parents=True, exist_ok=True)
    write_whole(out, page)
    click.echo(f"complete: {out}, {len(page) / 1000:.0f} kB")


if __name__ == "__main__":
    run(main, "python -m tools.playground")
