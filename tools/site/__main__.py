"""python -m tools.site [--backends "numpy torch"] [--epochs N] [--fresh]."""

from __future__ import annotations

import time
from pathlib import Path

import click

from adapters import BACKENDS
from course.cli_errors import check_folder, run
from course.options import SeveralOf, Whole
from course.settings import MOST_EPOCHS
from tools.site import result_cache
from tools.site.build import Plan, build


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--backends", type=SeveralOf(BACKENDS, "backend"), default=" ".join(BACKENDS),
              help='Such as "torch keras"; default: all.')  # fmt: skip
@click.option("--epochs", type=Whole(1, MOST_EPOCHS),
              help="Fewer are faster: for a quick look.")  # fmt: skip
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default="build/site",
              show_default=True)  # fmt: skip
@click.option("--fresh", is_flag=True, help="Run everything again: forget what is cached.")
@click.option("--jobs", type=Whole(min=1), help="Lessons at once; default: the cores.")
def main(
    backends: list[str], epochs: int | None, out: Path, fresh: bool, jobs: int | None
) -> None:  # fmt: skip
    """Run every lesson on every backend, and build the site of the course.

    What has not changed since an earlier build is taken from the cache.
    """
    check_folder(out)
    if fresh:
        result_cache.clear()
    begun = time.perf_counter()
    pages = build(Plan(tuple(backends), epochs, jobs), out, click.echo)
    size = sum(file.stat().st_size for file in out.rglob("*") if file.is_file()) / 1e6
    seconds = time.perf_counter() - begun
    click.echo(f"complete: {out / 'index.html'}, {pages} pages, {size:.0f} MB, {seconds:.0f} s")


if __name__ == "__main__":
    run(main, "python -m tools.site")
