"""python -m compare --lesson 3 --backends "torch keras": do all backends compute the same?

Exit status 0 if every backend that ran agrees, 1 if one is over a budget or failed, 2 for wrong
input, and 130 for Ctrl-C.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path
from typing import Any, NoReturn

import click

from adapters import BACKENDS, TriptychError
from adapters.contract import require
from compare import junit
from compare.backends import Plan
from compare.cluster import require_dask
from compare.comparison import Comparison
from compare.comparison_run import ComparisonRun, NoiseRuns
from compare.event_loop import StartExecutor, run
from compare.page import write_page
from compare.process_pool import ProcessPool
from compare.run_cache import RunCache
from compare.terminal import console, progress, show
from course.cli_errors import check_folder, check_place
from course.lessons import LESSONS
from course.options import Address, OneOf, SeveralOf, Whole
from course.settings import LARGEST_SEED, MOST_EPOCHS, ROOT

AGREE, OVER = 0, 1  # exit status; wrong input is 2, Ctrl-C 130, as for every command


# Makes our packages importable and each line visible as soon as it is printed, in UTF-8 whatever
# the terminal's locale.
CHILD_ENVIRONMENT = {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"}
DTYPES = ("float32", "float64")


def outputs(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options for machine-readable output."""
    file = click.Path(dir_okay=False, path_type=Path)
    command = click.option("--junit", type=file, help="Also write JUnit XML here.")(command)
    return click.option("--json", "as_json", type=file, help="Also write JSON here.")(command)


@click.command(help="Run a lesson on every backend and judge each against NumPy, stage by stage.",
               context_settings={"help_option_names": ["-h", "--help"]})  # fmt: skip
@click.option("--lesson", "lessons", type=SeveralOf([str(n) for n in LESSONS], "lesson"),
              help='Such as "3 4"; default: all.')  # fmt: skip
@click.option("--backends", type=SeveralOf(BACKENDS, "backend"),
              help='Such as "torch keras"; default: all.')  # fmt: skip
@click.option("--dtype", "dtypes", type=SeveralOf(DTYPES, "dtype"), default="float32",
              show_default=True, help='Or both: "float32 float64".')  # fmt: skip
@click.option("--device", type=OneOf(["auto", "cpu", "gpu"]), default="auto",
              show_default=True)  # fmt: skip
@click.option("--seed", type=Whole(0, LARGEST_SEED), default=0, show_default=True)
@click.option("--seeds", type=Whole(min=1), default=1, show_default=True,
              help="How many; for chaotic runs, they judge the final accuracy.")  # fmt: skip
@click.option("--epochs", type=Whole(1, MOST_EPOCHS))
@click.option("--data", help="As for a lesson.")
@click.option("--out", default="results", show_default=True)
@click.option("--figures/--no-figures", default=False, help="Draw the figures; default: no.")
@click.option("--jobs", type=Whole(min=1), help="Backends at once; default: one per core.")
@click.option("--noise", type=OneOf(["reference", "all", "none"]), default="reference",
              is_flag=False, flag_value="reference", show_default=True,
              help="Measure gaps that do not matter: the reference twice, another seed and another "
              "dtype; all: every backend twice.")  # fmt: skip
@click.option("--no-noise", "noise", flag_value="none", help="The same as --noise none.")
@click.option("--executor", type=OneOf(["local", "dask"]), default="local",
              show_default=True, help="dask: everything at once, one task per seed.")  # fmt: skip
@click.option("--scheduler", type=Address(),
              help="Dask's address, as tcp://10.0.0.1:8786; default: this machine.")  # fmt: skip
@click.option("--resume", type=OneOf(["auto"]),
              help="Reuse runs with the same settings, versions and code.")  # fmt: skip
@outputs
def cli(
    lessons: list[str] | None, backends: list[str] | None, dtypes: list[str], noise: NoiseRuns,
    jobs: int | None, executor: str, scheduler: str | None, resume: str | None,
    junit: Path | None, as_json: Path | None, **options: Any,
) -> int:  # fmt: skip
    """Compare lessons in turn, or all at once on a cluster."""
    signal.signal(signal.SIGTERM, _terminated)
    screen, comparisons = console(), []
    check_output_files(junit, as_json)
    check_folder(Path(options["out"]).expanduser())
    start = _executor(executor, scheduler, jobs)
    chosen = list(product(map(int, lessons or LESSONS), dtypes))
    cache = RunCache(options["out"], options["data"], resume is not None)
    runs = [
        ComparisonRun(Plan(number, dtype=dtype, **options), backends or list(BACKENDS), noise,
                   each_seed=executor == "dask")
        for number, dtype in chosen
    ]  # fmt: skip

    def report(finished: ComparisonRun) -> None:
        if finished.refused:
            raise TriptychError(finished.refused)
        comparison = finished.end()
        show(screen, comparison)
        folder = Path(options["out"]).expanduser().absolute() / f"lesson{comparison.lesson}"
        folder /= comparison.dtype if len(dtypes) > 1 else ""
        folder.mkdir(parents=True, exist_ok=True)
        comparison.write(folder / "comparison.json")
        page = write_page(comparison, folder)
        screen.print(f"{comparison.seconds:.1f} s: {page}", markup=False, soft_wrap=True)
        comparisons.append(comparison)

    for together in [runs] if executor == "dask" else [[one] for one in runs]:
        with progress(screen, _title(together)) as show_progress:
            run(together, start, show_progress, report, cache)
    return finish(comparisons, junit, as_json)


def _executor(name: str, scheduler: str | None, jobs: int | None) -> StartExecutor:
    """What runs the tasks. Raises SettingsError for options that exclude each other."""
    cores = os.cpu_count() or 1
    if name == "local":
        require(not scheduler, f"SCHEDULER={scheduler} needs EXECUTOR=dask")
        return lambda tasks: ProcessPool(tasks, jobs or cores, os.environ | CHILD_ENVIRONMENT)
    require_dask("EXECUTOR=dask")
    from compare.cluster.executor import Cluster

    return lambda tasks: Cluster(tasks, scheduler, jobs or cores)


def _title(runs: Sequence[ComparisonRun]) -> str:
    if len(runs) == 1:
        return f"Lesson {runs[0].plan.lesson}: {LESSONS[runs[0].plan.lesson].title}"
    return f"Lessons {', '.join(dict.fromkeys(str(one.plan.lesson) for one in runs))}"


def check_output_files(*files: Path | None) -> None:
    """Raise SettingsError, before anything runs, for an output file that cannot be written."""
    for file in filter(None, files):
        check_place(file)


def _terminated(number: int, frame: object) -> NoReturn:
    """Exit as Ctrl-C does, through every block that has child processes to end."""
    sys.exit(128 + number)


def finish(comparisons: Sequence[Comparison], xml: Path | None, as_json: Path | None) -> int:
    """Write the JUnit XML and the JSON; returns the exit status."""
    try:
        for file in filter(None, (xml, as_json)):
            file.parent.mkdir(parents=True, exist_ok=True)
        if xml is not None:
            junit.write(comparisons, xml)
        if as_json is not None:
            plain = [comparison.plain() for comparison in comparisons]
            text = json.dumps(plain, indent=1, ensure_ascii=False, allow_nan=False)
            as_json.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise TriptychError(f"cannot write {error.filename!r}: {error.strerror}") from None
    return AGREE if all(comparison.agrees for comparison in comparisons) else OVER
