"""What does another version of a framework change? `python -m compare.drift --backend keras …`

The lessons run on that version, in an environment of its own, and on the locked version. The two
are compared stage by stage, by the budgets of compare/budgets.py; so are their defaults, and their
values in the catalogue of differences. Exit status 0 if nothing changed beyond its budget, 1 if
something did, 2 if they cannot be compared.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import click

from adapters import BACKENDS
from adapters.contract import SettingsError, TriptychError, require
from compare.drift.comparison import compare
from compare.drift.defaults import changed
from compare.drift.environments import build, check_version
from compare.drift.report import changed_entries, changes, report
from compare.drift.running import EnvironmentResult, RunPlan, run_in_environment
from course.cli_errors import check_folder, run
from course.lessons import LESSONS
from course.options import OneOf, SeveralOf, Whole
from course.settings import LARGEST_SEED, MOST_EPOCHS
from triptych.differences.reading import read_all


@click.command(help="Compare another version of a framework with the locked one.")
@click.option(
    "--backend", type=OneOf(list(BACKENDS), "backend"), required=True, help="The backend."
)
@click.option("--version", "wanted", required=True, help="The version of its framework.")
@click.option(
    "--lessons",
    default=" ".join(map(str, LESSONS)),
    show_default=True,
    type=SeveralOf([str(n) for n in LESSONS], "lesson"),
    help="Which lessons to run.",
)
@click.option(
    "--epochs",
    type=Whole(1, MOST_EPOCHS),
    default=2,
    show_default=True,
    help="Passes over the data; a changed formula shows after few.",
)
@click.option(
    "--dtype",
    type=OneOf(["float64", "float32"]),
    default="float64",
    show_default=True,
    help="In float64 every change comes from a formula or a kernel.",
)
@click.option("--seed", type=Whole(0, LARGEST_SEED), default=0, show_default=True)
@click.option("--out", type=Path, default=Path("results/drift"), show_default=True)
def drift(
    backend: str, wanted: str, lessons: list[str], epochs: int, dtype: str, seed: int,
    out: Path,
) -> None:  # fmt: skip
    """Build, run both, compare, report."""
    package = BACKENDS[backend].packages[0]
    plan = RunPlan(backend, dtype, seed, epochs, tuple(sorted(map(int, lessons))))
    here = locked_version(backend, package)
    out = out.expanduser().absolute()
    check_folder(out)
    check_version(package, wanted)
    folder = out / f"{backend}-{wanted}"
    python, moved = build(backend, package, wanted)
    click.echo(f"running {plan} on both", err=True)
    ours = run_in_environment(
        Path(sys.executable), f"{package} {here}", plan, out / f"{backend}-{here}"
    )
    check_locked(ours)
    theirs = run_in_environment(python, f"{package} {wanted}", plan, folder)
    defaults = {} if theirs.refused else changed(ours.defaults, theirs.defaults)
    comparisons = compare(ours, theirs, plan)
    title = f"{theirs.name} against {ours.name}, which is locked: {plan}"
    entries = theirs.unobserved or changed_entries(read_all(), ours.catalogue, theirs.catalogue)
    text = report(title, theirs.refused, moved, defaults, comparisons, entries)
    what = changes(theirs.refused, defaults, comparisons, entries)
    text += f"\n\n{'; '.join(what) if what else 'nothing changed beyond its budget'}\n"
    click.echo(f"\n{text}")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.txt").write_text(text, encoding="utf-8")
    plain: dict[str, Any] = {
        "backend": backend, "version": wanted, "locked": here, "refused": theirs.refused,
        "companions": moved, "defaults": defaults, "catalogue": entries,
        "changes": what,
    }  # fmt: skip
    (folder / "drift.json").write_text(json.dumps(plain, indent=1) + "\n", encoding="utf-8")
    for comparison in comparisons:
        comparison.write(folder / f"lesson{comparison.lesson}.json")
    sys.exit(bool(what))


def locked_version(backend: str, package: str) -> str:
    """The version of the framework in this environment."""
    try:
        return version(package)
    except PackageNotFoundError:
        raise SettingsError(
            f"{backend} is not installed: run `python kit.py setup {backend}`"
        ) from None


def check_locked(ours: EnvironmentResult) -> None:
    """Raise TriptychError if the locked backend does not run: there is nothing to compare."""
    problem = ours.refused or ours.unobserved
    require(not problem, f"the locked {ours.name} does not run: {problem}", TriptychError)
    for lesson, outcome in ours.lessons.items():
        require(
            outcome.status == "complete",
            f"lesson {lesson} fails on the locked {ours.name}: {outcome.reason}",
            TriptychError,
        )


if __name__ == "__main__":
    run(drift, "drift")
