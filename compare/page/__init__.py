"""The side-by-side page of a lesson: one HTML file that needs no network and opens from disk.

The numbers come from the records and the code from `lessons/` and `adapters/`, read when the page
is written. The style sheet and the script are files beside this one and become part of the page.
The pages of `compare/native/` and `compare/differences/` are made by the same `template`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compare.comparison import STAGES, Comparison
from compare.native.programs import PARTS
from compare.page import charts, source_table, weights
from compare.page.backends import APPEARANCES, Panel, facts, read_panels
from compare.page.formatting import prose, shared_notes, short, stage_table, verdict, where_table
from compare.page.lesson import read_cells
from compare.page.native_programs import columns
from compare.page.sources import read_sources
from course.lessons import LESSONS

if TYPE_CHECKING:
    from jinja2 import Template

FILE = "report.html"
HERE = Path(__file__).parent
__all__ = ["FILE", "template", "write_page"]


def write_page(comparison: Comparison, out: Path) -> Path:
    """Write the page of a comparison; returns its file.

    out: the file, or a folder in which to write report.html.
    """
    file = out if out.suffix == ".html" else out / FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(_page(comparison), encoding="utf-8")
    return file


def _page(comparison: Comparison) -> str:
    panels = read_panels(comparison)
    # Without the reference there is no distance to show, and no chart.
    truth = panels[0] if panels and panels[0].backend == comparison.reference else None
    runs = truth.runs if truth else []
    sources = read_sources()
    return template(HERE / "template.html", short=short).render(
        comparison=comparison,
        chapter=LESSONS[comparison.lesson],
        verdict=verdict(comparison),
        stages=STAGES,
        lines=stage_table(comparison),
        notes=shared_notes(comparison),
        where=where_table(comparison),
        panels=[(panel, list(facts(panel))) for panel in panels],
        swatches={panel.backend: _swatch(panel) for panel in panels},
        appearances={panel.backend: panel.appearance for panel in panels} | APPEARANCES,
        programs=columns(comparison.lesson, (panel.backend for panel in panels)),
        parts=("top", *PARTS),
        charts=[charts.draw(panels, run) for run in runs],
        thinned=truth is not None
        and any(len(truth.arrays[f"{run}/losses"]) > charts.STRETCHES for run in runs),
        pictures=[p for p in (weights.draw(panels, run) for run in _kernels(truth)) if p],
        cells=read_cells(comparison.lesson),
        sources=sources,
        code_rows=source_table.rows(sources),
        css=(HERE / "page.css").read_text(encoding="utf-8"),
        js=(HERE / "page.js").read_text(encoding="utf-8"),
    )


def _kernels(truth: Panel | None) -> list[str]:
    """The runs of which the reference has a first kernel."""
    names = truth.arrays if truth else []
    return [name.removesuffix("/param_0") for name in names if name.endswith("/param_0")]


def _swatch(panel: Panel) -> dict[str, Any]:
    """A backend's line in the legend: SVG dashes and the marker's outline."""
    dashes = {"-": "", "--": "7 4", "-.": "8 3 2 3", ":": "2 3"}[panel.appearance.dashes]
    return {"dashes": dashes, "marker": charts.outline(panel.appearance.marker)}


def template(file: Path, **filters: Callable[..., Any]) -> Template:
    """The Jinja template in a file: values are escaped, and a name that is missing is an error.

    It may include head.html and theme.html from here. filters: besides `html`, for text that is
    HTML already, and `prose`, for a sentence.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader([file.parent, HERE]), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    environment.filters |= {"html": Markup, "prose": prose, **filters}
    return environment.get_template(file.name)
