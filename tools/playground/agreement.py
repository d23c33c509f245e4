"""python -m tools.playground.agreement --report docs/reports/agreement.md: how far is the browser?

The page trains random networks, and so does the NumPy adapter, from the same data, weights and
batches. The largest gaps become a line in the report of `python -m compare.matrix`, which leaves it
there.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import click

from compare.agreement_page import insert, marked
from course.cli_errors import run
from course.provenance import made_by
from tools.playground.build import playground
from tools.playground.recipes import (
    COUNT,
    MOST_HIDDEN,
    STEPS,
    TOLERANCE,
    drawn,
    in_browser,
    largest_gaps,
    on_numpy,
)
from tools.slides.printing import find_browser

MARK = "browser"
PART = """\
## The browser

{made_by}

The scripts of `make playground` against the NumPy reference in float64: {count} random networks
of 0 to {hidden} hidden layers, with three losses and three optimizers, {steps} steps each from the
same data, initial weights and batches.

| {head} |
|---|---|---|---|---|---|
| {browser} | float64 | {loss:.1e} | {weight:.1e} | {share:.1%} | {verdict} |"""
HEAD = (
    "backend", "dtype", "largest \\|ΔL\\| / max(L, L₀)", "largest \\|ΔW\\|",
    "share of the budget used", "verdict",
)  # fmt: skip


def measured(page: Any) -> tuple[float, float]:
    """The largest gap of a loss and of a weight, in all networks."""
    found = [
        largest_gaps(on_numpy(recipe), in_browser(page, recipe))
        for recipe in map(drawn, range(COUNT))
    ]
    return max(loss for loss, _ in found), max(weight for _, weight in found)


def part(browser: str, loss: float, weight: float) -> str:
    """The part of the report, as Markdown."""
    share = max(loss, weight) / TOLERANCE
    return PART.format(
        made_by=made_by("python -m tools.playground.agreement --report docs/reports/agreement.md"),
        head=" | ".join(HEAD), count=COUNT, hidden=MOST_HIDDEN, steps=STEPS, browser=browser,
        loss=loss, weight=weight, share=share, verdict="agree" if share <= 1 else "**over**",
    )  # fmt: skip


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path))
def main(report: Path | None) -> None:
    """Measure how far the browser's numbers are from NumPy's, and write a line of the report."""
    from playwright.sync_api import sync_playwright  # the tests' package, only here

    executable = find_browser()
    with tempfile.TemporaryDirectory(prefix="triptych-") as folder, sync_playwright() as started:
        file = Path(folder) / "playground.html"
        file.write_text(playground(), encoding="utf-8")
        browser = started.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(file.as_uri())
        text = part(f"Chromium {browser.version.partition('.')[0]}", *measured(page))
        browser.close()
    click.echo(text)
    if report:
        if not marked(MARK, report):
            with report.open("a", encoding="utf-8") as end:
                end.write(f"\n<!-- {MARK} -->\n<!-- /{MARK} -->\n")
        insert(text, report, MARK)


if __name__ == "__main__":
    run(main, "python -m tools.playground.agreement")
