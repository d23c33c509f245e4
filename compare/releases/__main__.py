"""The rows of the ledger: `python -m compare.releases --backend keras --since 2024-01`.

Every minor release since then is measured in an environment of its own, which is removed again. A
row that exists is not made again, so that a stopped run continues. Exit status 0 if no new row has
a number that left its budget, 1 if one has, 2 if something prevents a measurement.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import click

from adapters import BACKENDS
from adapters.contract import SettingsError, TriptychError, require
from compare.cluster import require_dask
from compare.drift.environments import HOME
from compare.releases.making import make, missing, news
from compare.releases.releases import MONTH, Release, minors_since, named
from compare.releases.size import announcement
from course.cli_errors import check_folder, check_place, run
from course.lock import Lock, Taken
from course.options import Address, OneOf, Whole
from triptych.differences.reading import read_all as read_entries
from triptych.errors import TriptychError as PackageError
from triptych.ledger.rows import Row, folder

FRAMEWORKS = [name for name in BACKENDS if "-" not in name]  # without Keras on other backends
EARLIEST = "2024-01"
POLL_INTERVAL = 1.0  # seconds between two looks at the lock
MakeRows = Callable[[str, Sequence[Release], Path], list[Row]]


def _month(context: click.Context, parameter: click.Parameter, value: str) -> str:
    if not MONTH.fullmatch(value):
        raise click.BadParameter(f"{value!r} is not a month: expected one such as {EARLIEST}")
    return value


@click.command(help="Measure releases of a framework, one row of the ledger each.")
@click.option(
    "--backend", type=OneOf(list(BACKENDS), "backend"), help="One backend; by default, all."
)
@click.option(
    "--since", default=EARLIEST, show_default=True, callback=_month,
    help="Every minor release since this month, with its newest patch.",
)  # fmt: skip
@click.option("--versions", default="", help='These releases instead: "3.1.1 3.2.1".')
@click.option(
    "--jobs", type=Whole(1, 64), default=min(3, os.cpu_count() or 1), show_default=True,
    help="Processes of one release at a time.",
)  # fmt: skip
@click.option("--fresh", is_flag=True, help="Make rows that exist again.")
@click.option("--wait", is_flag=True, help="Wait until another process has made its rows here.")
@click.option(
    "--scheduler", type=Address(),
    help="Spread the releases over the workers of this scheduler of Dask, as tcp://10.0.0.1:8786.",
)  # fmt: skip
@click.option("--out", type=Path, help="The folder of the rows; by default, the ledger's.")
@click.option(
    "--page", type=click.Path(dir_okay=False, path_type=Path),
    help="Write the ledger's page here, and measure nothing.",
)  # fmt: skip
def ledger(
    backend: str | None, since: str, versions: str, jobs: int, fresh: bool, wait: bool,
    scheduler: str | None, out: Path | None, page: Path | None,
) -> None:  # fmt: skip
    """Choose the releases, measure those without a row, report what they changed."""
    home = (out or folder()).expanduser().absolute()
    check_folder(home)
    try:
        if page:
            from compare.releases.page import write

            check_place(page)
            click.echo(f"page: {write(home, page)}")
            return
        wanted = left_to_make(releases(backend, since, versions), home, fresh)
        if scheduler:
            changes = make_all(wanted, home, on_workers(scheduler))
        else:
            HOME.mkdir(exist_ok=True)
            for name, found in wanted.items():
                if found:
                    say(announcement(name, found, HOME))
            with alone(wait):
                changes = make_all(wanted, home, partial(make, jobs=jobs, say=say))
        sys.exit(bool(changes))
    except Taken as other:
        raise SettingsError(f"{other} makes rows here: wait until it has ended") from None
    except PackageError as error:
        raise TriptychError(str(error)) from None


def releases(backend: str | None, since: str, versions: str) -> dict[str, list[Release]]:
    """The releases of each backend."""
    names = versions.replace(",", " ").split()
    if names:
        require(
            backend is not None, "versions are of one backend: add BACKEND=keras", SettingsError
        )
        assert backend is not None
        return {backend: named(BACKENDS[backend].packages[0], names)}
    return {
        each: minors_since(BACKENDS[each].packages[0], since)
        for each in ([backend] if backend else FRAMEWORKS)
    }


def say(text: str) -> None:
    """Print a line about the progress."""
    click.echo(text, err=True)


def left_to_make(
    wanted: dict[str, list[Release]], home: Path, fresh: bool
) -> dict[str, list[Release]]:
    """The releases of each backend that have no row yet."""
    left = {each: missing(each, found, home, fresh, say) for each, found in wanted.items()}
    for backend, found in left.items():
        count = len(wanted[backend]) - len(found)
        if count:
            say(f"{count} row{'s' if count > 1 else ''} of {backend} are there already")
    return left


@contextmanager
def alone(wait: bool) -> Iterator[None]:
    """Hold the lock of this checkout's environments. Raises Taken, or waits for it."""
    while True:
        try:
            lock = Lock(HOME / "ledger.lock")
            break
        except Taken:
            if not wait:
                raise
            time.sleep(POLL_INTERVAL)
    try:
        yield
    finally:
        lock.release()


def on_workers(scheduler: str) -> MakeRows:
    """What makes rows on a cluster. Raises SettingsError where Dask is not installed."""
    require_dask("SCHEDULER=")
    from compare.releases import workers

    return partial(workers.make, scheduler=scheduler, say=say)


def make_all(wanted: dict[str, list[Release]], home: Path, make_rows: MakeRows) -> int:
    """Make the rows of all backends; how many changes they brought."""
    entries = {entry.name: entry for entry in read_entries()}
    total = 0
    for backend, found in wanted.items():
        made = make_rows(backend, found, home)
        for change in news(backend, made, home) if made else []:
            click.echo(f"{change.sentence(entries)}. Cause: {change.cause}")
            total += change.state in ("changed", "broken")
    return total


if __name__ == "__main__":
    run(ledger, "ledger")
