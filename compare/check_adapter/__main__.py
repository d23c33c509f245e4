"""Judge anyone's adapter by the laws: `python -m compare.check_adapter path/to/mine.py:MyModel`.

float64 first, because there every difference is a defect; then float32, in a process of its own.
Exit status 0 if every law holds, 1 if one does not, 2 if there is nothing to judge.
"""

from __future__ import annotations

import sys

import click

from adapters.contract import require
from compare.check_adapter.formatting import paragraph, summary
from compare.check_adapter.loading import named
from compare.check_adapter.messages import Verdict
from compare.check_adapter.process import Adapter, verdicts
from course.cli_errors import run
from course.options import Number, OneOf
from spelling import unknown
from tests.conformance.laws import LAWS

DTYPES = ("float64", "float32")


@click.command(help="Try the laws of an adapter on the class CLASS of FILE, and say which fail.")
@click.argument("adapter", metavar="FILE:CLASS")
@click.option("--dtype", type=OneOf([*DTYPES, "both"]), default="both", show_default=True)
@click.option("--only", multiple=True, metavar="LAW", help="Try this law only; may be repeated.")
@click.option(
    "--limit", type=Number(0, above=True), default=60, show_default=True,
    help="Seconds that a law may take on one architecture.",
)  # fmt: skip
@click.option("--verbose", is_flag=True, help="Every law, and all that the adapter prints.")
def check_adapter(
    adapter: str, dtype: str, only: tuple[str, ...], limit: float, verbose: bool
) -> None:
    """Try, print, and end with the status that says how it went."""
    file, name = named(adapter)
    laws, subject = chosen(only), Adapter(file, name, limit, verbose)
    title = f"{name} of {file.name}: {len(laws)} laws, {limit:g} s for each architecture\n"
    found: list[Verdict] = []
    for precision in DTYPES if dtype == "both" else [dtype]:
        before = {verdict.law for verdict in found if verdict.status != "holds"}
        slow = sum(verdict.status == "too slow" for verdict in found)
        tried: list[Verdict] = []
        for verdict in verdicts(subject, precision, laws, slow):
            show_progress("")
            if not found and not tried:
                click.echo(title)  # only now: it can be judged
            if verdict.failures and (verbose or verdict.law not in before):
                click.echo(paragraph(verdict))
            if verbose:
                click.echo(f"{verdict.law}: {verdict.status}, {verdict.seconds:.1f} s")
            tried.append(verdict)
            show_progress(f"{precision}: {len(tried)} of {len(laws)} laws tried")
        show_progress("")
        again = [v.law for v in tried if v.law in before and v.failures]
        if again and not verbose:
            click.echo(f"✗ as in {DTYPES[0]}: {', '.join(again)}")
        click.echo(f"{summary(tried, precision)}\n")
        found += tried
    sys.exit(any(verdict.status != "holds" for verdict in found))


def show_progress(text: str) -> None:
    """Put a line in place of the last one, where a person is watching."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{text}", nl=False, err=True)


def chosen(only: tuple[str, ...]) -> list[str]:
    """The laws by these names, in the order of the law book; all of them if none is named."""
    for law in only:
        require(law.removeprefix("law_") in LAWS, unknown("law", law, LAWS))
    names = {law.removeprefix("law_") for law in only}
    return [law for law in LAWS if not names or law in names]


if __name__ == "__main__":
    run(check_adapter, "check-adapter")
