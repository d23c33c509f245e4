"""The catalogue of differences: `python -m compare.differences [NAME]`, or `make differences`.

Without a name it lists the entries; with one it shows all that there is to say. --run observes the
engines that are installed: exit status 0 if every one does what its entry says, 1 if one does not.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.console import Console

from adapters import ENGINES
from adapters.contract import BackendNotInstalled, require
from compare.differences.entry import Entry, chosen, read_all
from compare.differences.judge import judge
from compare.differences.listing import full, table
from compare.differences.running import installed, observe_all
from compare.show import console, progress
from course.command import check_place, run
from course.options import OneOf


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("name", default="")
@click.option("--find", default="", help="Only entries that speak of these words.")
@click.option("--topic", default="", help="Only the entries of one topic.")
@click.option(
    "--backend", type=OneOf(list(ENGINES), "backend"), help="Only entries of this engine."
)
@click.option("--run", "observe", is_flag=True, help="Run the snippets, and judge what they give.")
@click.option(
    "--page", type=click.Path(dir_okay=False, path_type=Path), help="Write a page of them here."
)
def differences(
    name: str, find: str, topic: str, backend: str | None, observe: bool, page: Path | None
) -> None:
    """What frameworks do when you say nothing: every difference we know, with code that shows it.

    NAME is an entry, such as adam_epsilon, to be shown in full.
    """
    screen = console()
    entries = chosen(read_all(), name, find, topic, backend or "")
    if page:
        check_place(page)
        from compare.differences.page import write

        screen.print(f"page: {write(entries, page)}", markup=False, soft_wrap=True)
    elif name:
        full(screen, entries[0])
    elif not observe:
        table(screen, entries)
    if observe:
        sys.exit(run_and_judge(screen, entries, [backend] if backend else list(ENGINES)))


def run_and_judge(screen: Console, entries: list[Entry], engines: list[str]) -> bool:
    """Run the snippets of the engines that are installed; whether one is not as written."""
    spoken_of = [e for e in engines if any(e in entry.engines for entry in entries)]
    here = installed(spoken_of)
    require(bool(here), f"{', '.join(spoken_of)}: not installed here", BackendNotInstalled)
    what = entries[0].name if len(entries) == 1 else f"{len(entries)} entries"
    with progress(screen, f"{what} on {', '.join(here)}") as watch:
        observed = observe_all(here, [entry.name for entry in entries], watch=watch)
    findings = judge(entries, observed)
    for finding in findings:
        screen.print(f"changed: {finding}", style="bold red", markup=False, soft_wrap=True)
    absent = [engine for engine in spoken_of if engine not in here]
    if absent:
        screen.print(f"not installed, not run: {', '.join(absent)}", markup=False)
    if not findings:
        screen.print(f"{what}: every engine that ran does as written", markup=False)
    return bool(findings)


if __name__ == "__main__":
    run(differences, "differences")
