"""Check an adapter against the laws: `python -m compare.check_adapter path/to/mine.py:MyModel`.

float64 runs first, because every difference there is a defect; then float32, in a process of its
own. Exit status 0 if every law holds for the layers that the adapter has, 1 if one does not, 2 if
the adapter cannot be checked.
"""

from __future__ import annotations

import sys

import click

from adapters.contract import require
from adapters.laws.registry import LAWS
from compare.check_adapter.formatting import left_out, paragraph, summary
from compare.check_adapter.loading import named
from compare.check_adapter.process import Adapter, Verdict, verdicts
from course.cli_errors import run
from course.options import Number, OneOf
from spelling import unknown

DTYPES = ("float64", "float32")


@click.command(help="Check the class CLASS of FILE against the laws of an adapter.")
@click.argument("adapter", metavar="FILE:CLASS")
@click.option("--dtype", type=OneOf([*DTYPES, "both"]), default="both", show_default=True)
@click.option("--only", multiple=True, metavar="LAW", help="Check only this law; repeatable.")
@click.option(
    "--limit", type=Number(0, above=True), default=60, show_default=True,
    help="Seconds allowed for a law on one architecture.",
)  # fmt: skip
@click.option("--verbose", is_flag=True, help="Show every law, and what the adapter prints.")
def check_adapter(
    adapter: str, dtype: str, only: tuple[str, ...], limit: float, verbose: bool
) -> None:
    """Check every law, print the results, and exit with their status."""
    file, name = named(adapter)
    laws, subject = chosen(only), Adapter(file, name, limit, verbose)
    title = f"{name} of {file.name}: {len(laws)} laws, {limit:g} s for each architecture\n"
    results: list[Verdict] = []
    for precision in DTYPES if dtype == "both" else [dtype]:
        failed_before = {verdict.law for verdict in results if not verdict.is_fine}
        slow = sum(verdict.status == "too slow" for verdict in results)
        checked: list[Verdict] = []
        for verdict in verdicts(subject, precision, laws, slow):
            show_progress("")
            if not results and not checked:
                click.echo(title)  # only now is it known that the adapter can be checked
            if verdict.failures and (verbose or verdict.law not in failed_before):
                click.echo(paragraph(verdict))
            if verbose:
                click.echo(f"{verdict.law}: {verdict.status}, {verdict.seconds:.1f} s")
            checked.append(verdict)
            show_progress(f"{precision}: {len(checked)} of {len(laws)} laws checked")
        show_progress("")
        again = [v.law for v in checked if v.law in failed_before and v.failures]
        if again and not verbose:
            click.echo(f"✗ as in {DTYPES[0]}: {', '.join(again)}")
        click.echo("\n".join([summary(checked, precision), *left_out(checked), ""]))
        results += checked
    sys.exit(any(not verdict.is_fine for verdict in results))


def show_progress(text: str) -> None:
    """Replace the last line on a terminal; print nothing elsewhere."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{text}", nl=False, err=True)


def chosen(only: tuple[str, ...]) -> list[str]:
    """The laws with these names, in their usual order; all laws if none is named."""
    for law in only:
        require(law.removeprefix("law_") in LAWS, unknown("law", law, LAWS))
    names = {law.removeprefix("law_") for law in only}
    return [law for law in LAWS if not names or law in names]


if __name__ == "__main__":
    run(check_adapter, "check-adapter")
