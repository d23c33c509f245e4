"""The catalogue of differences: `python -m compare.differences [NAME]`, or `make differences`.

It is the command `triptych differences` with one more option: --page writes an HTML page.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from adapters.contract import SettingsError
from compare.differences.page import write
from course.cli_errors import check_place, run
from course.options import OneOf
from triptych.backends import BACKENDS
from triptych.differences import command
from triptych.differences.listing import console
from triptych.differences.reading import read_all
from triptych.differences.selecting import select
from triptych.errors import TriptychError


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("name", default="")
@click.option("--find", default="", help="The entries that fit these words best.")
@click.option("--topic", default="", help="Only the entries of one topic.")
@click.option("--backend", type=OneOf(BACKENDS, "backend"), help="Only entries of this backend.")
@click.option("--run", "verify", is_flag=True, help="Run the code, and verify its values.")
@click.option(
    "--page", type=click.Path(dir_okay=False, path_type=Path), help="Write an HTML page here."
)
def differences(
    name: str, find: str, topic: str, backend: str | None, verify: bool, page: Path | None
) -> None:
    """Framework defaults, where they differ, and code that shows it.

    NAME is an entry, such as adam_epsilon, to show in full, a topic, or words to search for.
    """
    screen = console()
    try:
        entries = select(read_all(), [name] if name else [], find, topic, backend or "")
        if page:
            check_place(page)
            screen.print(f"page: {write(entries, page)}", markup=False, soft_wrap=True)
        elif not verify:
            is_named = name in {entry.name for entry in entries}
            command.show(screen, entries, "make differences NAME=", is_named, bool(find))
        if verify:
            backends = [backend] if backend else list(BACKENDS)
            sys.exit(command.verify(screen, entries, backends))
    except TriptychError as error:
        raise SettingsError(str(error)) from None


if __name__ == "__main__":
    run(differences, "differences")
