"""Run the catalogue of differences on the oldest versions that triptych's extras allow.

`python -m compare.drift.versions --report docs/reports/differences_on_versions.md` builds an
environment for each line of OLDEST under .drift, runs the catalogue of its backends there and here,
and writes a table of the differences.
"""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from compare.drift.environments import HOME, LIST_PACKAGES, PROGRAM, call, last_line
from compare.drift.report import Changed, Observed, changed_entries, names_of
from compare.drift.requirements import normal
from course.cli_errors import run
from course.provenance import made_by
from triptych.backends import BACKENDS
from triptych.differences.processes import observe_all
from triptych.differences.reading import read_all
from triptych.errors import TriptychError, require

# The packages of each environment, and the backends to run there; pip chooses the rest. These are
# the lower bounds of the extras in pyproject.toml. For PyTorch that is the locked version: the
# package index has no older CPU-only build.
OLDEST = {
    ("numpy==1.26.4", "pytensor==2.25.5"): ("numpy", "pytensor"),
    ("jax==0.4.30", "keras==3.4.1"): ("jax", "keras-jax"),
    ("tensorflow==2.16.2", "keras==3.4.1"): ("tensorflow", "keras"),
    ("torch==2.13.0", "keras==3.4.1"): ("keras-torch",),
}
OURS = "docs/reports/differences_on_versions.md"
PAGE = """\
# The catalogue of differences on two versions of each framework

{made_by}

Every entry of [the catalogue](../../triptych/differences) on the locked versions, and on the
oldest that the extras of the package allow, with Python {python} on {system}. A value differs if
it is further away than the entry's own tolerance. Older versions of PyTorch were not tried.

| backend | locked | oldest | entries | the same there |
|---|---|---|--:|--:|
{rows}

## What differs

An error on the oldest version comes from code that was written for the locked one.

{changes}
"""


@dataclass(frozen=True)
class Row:
    """One backend's values in two environments."""

    backend: str
    locked: str  # versions, such as "keras 3.15.1, jax 0.10.2"
    oldest: str
    entries: int
    changed: Changed

    def __str__(self) -> str:
        same = self.entries - len(names_of(self.changed))
        return f"| {self.backend} | {self.locked} | {self.oldest} | {self.entries} | {same} |"

    @property
    def changes(self) -> list[str]:
        """A line for every value that differs."""
        return [
            f"- {self.backend}, `{name}`: {old} → {new}"
            for name, (old, new) in self.changed.items()
        ]


def build(requirements: tuple[str, ...]) -> Path:
    """The Python of an environment with these packages, which is built if it does not exist."""
    folder = HOME / "-".join(requirements).replace("==", "-")
    python, complete = folder / PROGRAM, folder / "complete"
    if not complete.exists():
        click.echo(f"building {' and '.join(requirements)}", err=True)
        for command in (
            [sys.executable, "-I", "-m", "venv", "--clear", str(folder)],
            [str(python), "-I", "-m", "pip", "install", "--no-input", *requirements],
        ):
            done = call(command)
            require(done.returncode == 0, f"{' '.join(requirements)}: {last_line(done)}")
        complete.touch()
    return python


def versions(python: Path, backend: str) -> str:
    """The versions of a backend's packages in an environment."""
    listed = json.loads(call([str(python), "-c", LIST_PACKAGES]).stdout)
    installed: Mapping[str, str] = {normal(name): version for name, version in listed.items()}
    return ", ".join(f"{package} {installed[package]}" for package in BACKENDS[backend].packages)


def both_ran(locked: Observed, oldest: Observed) -> int:
    """How many entries ran on both versions; what needs Optax or Flax does where that is."""
    return sum(
        "missing" not in run and "missing" not in oldest.get(name, {})
        for name, run in locked.items()
    )


def compared(requirements: tuple[str, ...], backends: tuple[str, ...]) -> list[Row]:
    """The rows of one environment."""
    python, here = build(requirements), Path(sys.executable)
    locked, oldest = observe_all(backends), observe_all(backends, python=python)
    entries = read_all()
    return [
        Row(
            backend, versions(here, backend), versions(python, backend),
            both_ran(locked[backend], oldest[backend]),
            changed_entries(entries, locked[backend], oldest[backend]),
        )
        for backend in backends
    ]  # fmt: skip


@click.command(help="Run the catalogue of differences on the oldest versions that are supported.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), required=True)
def main(report: Path) -> None:
    """Build the environments, run the catalogue, compare, and write the report."""
    rows = [row for packages, backends in OLDEST.items() for row in compared(packages, backends)]
    rows.sort(key=lambda row: list(BACKENDS).index(row.backend))
    page = PAGE.format(
        made_by=made_by(f"python -m compare.drift.versions --report {OURS}"),
        python=platform.python_version(), system=platform.system(),
        rows="\n".join(map(str, rows)),
        changes="\n".join(change for row in rows for change in row.changes),
    )  # fmt: skip
    report.parent.mkdir(parents=True, exist_ok=True)
    report.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    try:
        run(main, "compare.drift.versions")
    except TriptychError as error:
        sys.exit(f"error: {error}")
