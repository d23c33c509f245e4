"""Where do two backends first differ, and why? `python -m compare.diverge -a torch -b keras`

Exit status 0 if only rounding separates them, 1 if they differ, 2 for wrong input.
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click
from rich.console import Console

from adapters.contract import require
from compare.diverge import report
from compare.diverge.diagnose import SCREENER, diagnose
from compare.diverge.report import furthest
from compare.diverge.side import Setting, Side
from compare.diverge.starting import trace_together
from compare.terminal import console
from course.cli_errors import check_folder, check_place, run
from course.lessons import TRACEABLE
from course.options import OneOf, Whole
from course.settings import LARGEST_SEED
from injections import INJECTIONS, resolve


@click.command(help="Find the first number in which two backends differ, and the cause.")
@click.option("--lesson", type=OneOf([str(n) for n in TRACEABLE]), default="4",
              show_default=True)  # fmt: skip
@click.option("-a", "--a", "one", default="numpy", show_default=True,
              help="A backend, your adapter as FILE:CLASS, or a trace (.npz).")  # fmt: skip
@click.option("-b", "--b", "other", default="torch", show_default=True, help="The other side.")
@click.option("--inject", "injected", default="",
              help='Known differences to inject into B, by name; "list" shows them.')  # fmt: skip
@click.option("--plant", "plant", default="", hidden=True)  # its name in the first release
@click.option("--dtype", type=OneOf(["float64", "float32"]), default="float64",
              show_default=True)  # fmt: skip
@click.option("--seed", type=Whole(0, LARGEST_SEED), default=0, show_default=True)
@click.option("--data", help="As for a lesson.")
@click.option("--specs", help="A file of your own run specs, to compare instead of a lesson.")
@click.option("--out", default="results", show_default=True)
@click.option("--json", "as_json", type=click.Path(dir_okay=False, path_type=Path),
              help="Also write JSON here.")  # fmt: skip
def diverge(
    lesson: str, one: str, other: str, injected: str, plant: str, dtype: str, seed: int,
    data: str | None, specs: str | None, out: str, as_json: Path | None,
) -> None:  # fmt: skip
    """Trace both sides, find where they first differ, try the known causes, and report."""
    screen = console()
    if plant:
        click.echo("note: --plant is now --inject; the next release removes it", err=True)
        injected = injected or plant
    if injected == "list":
        _list(screen)
        return
    injections = resolve(injected.replace(",", " ").split())
    require(
        one != other or bool(injections),
        f"nothing to compare: both sides are {one}; choose two backends, or use INJECT=",
    )
    setting = Setting(0 if specs else int(lesson), dtype, seed, data, specs)
    folder = Path(out).expanduser().absolute() / "diverge"
    check_folder(folder)
    if as_json is not None:
        check_place(as_json)
    log = Console(stderr=True, highlight=False)
    with (
        Side(one, setting, folder / "traces") as a,
        Side(other, setting, folder / "traces", tuple(injections)) as b,
        Side(SCREENER, setting, folder / "traces") as numpy,
        ThreadPoolExecutor(1) as pool,
    ):
        what = setting.title if specs else f"lesson {lesson}"
        log.print(f"{a.title} and {b.title}: {what}, {dtype}", markup=False)
        screener = next((side for side in (a, b) if side.name == SCREENER), numpy)
        trace_together(a, b, screener)
        ready_to_draw = pool.submit(report.start_drawing)  # while other processes work
        diagnosis = diagnose(a, b, lambda text: log.print(text, markup=False), screener)
        values = [furthest(a, b, divergence) for divergence in diagnosis.divergences]
        report.show(screen, a, b, diagnosis, values)
        if as_json is not None:
            plain = json.dumps(report.plain(a, b, diagnosis, values), indent=1, allow_nan=False)
            as_json.parent.mkdir(parents=True, exist_ok=True)
            as_json.write_text(plain + "\n", encoding="utf-8")
        name = f"{setting.title}-{a.title}-{b.title}-{dtype}-seed{seed}"
        file = folder / f"{'-'.join([name, *injections])}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        ready_to_draw.result()
        report.draw(a, b, diagnosis, file)
        log.print(str(file), markup=False, soft_wrap=True)
    sys.exit(0 if diagnosis.agrees else 1)


def _list(screen: Console) -> None:
    for injection in INJECTIONS.values():
        screen.print(f"[bold]{injection.name}[/]: {injection.cause.format(backend='one backend')}")


if __name__ == "__main__":
    run(diverge, "diverge")
