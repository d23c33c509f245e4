"""A page for each lesson: prose and code once, and below each cell its output on each backend.

The page is a notebook, which myst-nb reads. A code cell is followed by cells without code, one for
each output and backend; `tabs.py` puts them behind tabs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from classroom.notebooks import FOLDED
from course.lessons import LESSONS
from course.translation import languages
from tools.site.cell_outputs import Markup, Part, Picture, Text, prepared
from tools.site.outputs import Job, executed
from tools.site.playground_frames import frame_after
from tools.site.processes import Call
from tools.site.tabs import GROUP

OPENING = re.compile(r"(open_lesson\(\d+), [^)]*\)")  # its settings are this site's own
TRANSLATED = {"nl": "Nederlands"}  # where a catalogue exists


def write(
    sources: Path, backends: Sequence[str], lessons: Sequence[int], epochs: int | None,
    at_once: int | None, report: Callable[[str], object], records: Mapping[int, Path],
    then: Callable[[Job], Iterable[Call]],
) -> None:  # fmt: skip
    """Run the lessons on the backends, and write a page for each lesson and language.

    records: by lesson, the folder for its records; then: what follows a job, see
    `outputs.executed`.
    """
    wanted = [("en", number) for number in LESSONS if number in lessons]
    wanted += [
        (language, number)
        for language in TRANSLATED
        for number in lessons
        if language in languages(number)
    ]
    # The long ones first, so that no core waits for the last one.
    order = sorted(wanted, key=lambda each: -each[1])
    jobs = [Job(number, b, epochs, language) for language, number in order for b in backends]
    notebooks = executed(jobs, at_once, report, records, then)
    for language, number in wanted:
        folder = sources / "lessons" if language == "en" else sources / "lessons" / language
        folder.mkdir(parents=True, exist_ok=True)
        runs = {b: notebooks[Job(number, b, epochs, language)] for b in backends}
        text = nbformat.writes(page(runs, f"lesson {number}", language))
        (folder / f"lesson{number}.ipynb").write_text(text, encoding="utf-8")
    list_lessons(sources / "index.md", wanted)


def list_lessons(index: Path, wanted: list[tuple[str, int]]) -> None:
    """Add the lessons to the front page and the contents, with the translations last."""
    places = [
        f"lessons/lesson{number}" if language == "en" else
        f"{LESSONS[number].title} ({TRANSLATED[language]}) <lessons/{language}/lesson{number}>"
        for language, number in wanted
    ]  # fmt: skip
    cards = [
        f":::{{grid-item-card}} {number} · {LESSONS[number].title}\n"
        f":link: lessons/lesson{number}\n:link-type: doc\n{LESSONS[number].question}\n:::"
        for language, number in wanted
        if language == "en"
    ]
    text = index.read_text(encoding="utf-8")
    text = text.replace("LESSONS\n", "\n".join(places) + "\n")
    index.write_text(text.replace("CARDS\n", "\n".join(cards) + "\n"), encoding="utf-8")


def page(runs: dict[str, NotebookNode], name: str, language: str) -> NotebookNode:
    """One notebook, merged from its runs on several backends.

    Raises TriptychError for a figure without alternative text.
    """
    merged = new_notebook()
    merged.metadata = NotebookNode(next(iter(runs.values())).metadata)
    merged.metadata.pop("widgets", None)  # the state of sliders, which a page does not have
    for i, cell in enumerate(next(iter(runs.values())).cells):
        if "set-up" in cell.metadata.get("tags", []):
            continue
        if "native" in cell.metadata.get("tags", []):
            programs = {backend: run.cells[i].source for backend, run in runs.items()}
            merged.cells.append(new_markdown_cell(in_tabs(programs), id=f"text{i}"))
            continue
        if cell.cell_type == "markdown":
            merged.cells.append(new_markdown_cell(cell.source, id=f"text{i}"))
            if frame := frame_after(cell.source, ".."):
                merged.cells.append(new_markdown_cell(frame, id=f"piece{i}"))
            continue
        code = new_code_cell(OPENING.sub(r"\1)", cell.source), id=f"code{i}")
        code.metadata["tags"] = [tag for tag in cell.metadata.get("tags", []) if tag == FOLDED]
        merged.cells.append(code)
        outputs = {
            backend: prepared(run.cells[i].outputs, f"{name} on {backend}, cell {i}", language)
            for backend, run in runs.items()
        }
        if any(outputs.values()):
            equal = alike(outputs)
            for backend, parts in outputs.items():
                for j, part in enumerate(parts or [Text("(nothing)\n")]):
                    merged.cells.append(_cell(part, backend, equal, f"output{i}-{backend}-{j}"))
    return merged


def in_tabs(programs: dict[str, str]) -> str:
    """Native programs behind a tab for each backend, in step with the tabs of the outputs."""
    items = (
        f":::{{tab-item}} {backend}\n:sync: {backend}\n\n{text}\n:::"
        for backend, text in programs.items()
    )
    return "\n".join([f"::::{{tab-set}}\n:sync-group: {GROUP}\n", *items, "::::"])


def alike(outputs: dict[str, list[Part]]) -> bool | None:
    """Whether all backends gave the same output, to the byte; None if only their names differ."""
    if len({tuple(parts) for parts in outputs.values()}) == 1:
        return True
    unnamed = {
        tuple(
            Text(part.text.replace(f"backend {backend},", "")) if isinstance(part, Text) else part
            for part in parts
        )
        for backend, parts in outputs.items()
    }
    return None if len(unnamed) == 1 else False


def _cell(part: Part, backend: str, equal: bool | None, name: str) -> NotebookNode:
    """A cell with one output of a backend, whose code is hidden."""
    cell = new_code_cell(f"# {backend}", id=name)  # myst-nb drops an empty cell
    cell.metadata["tags"] = ["remove-input"]
    cell.metadata["triptych"] = {"backend": backend, "equal": equal}
    match part:
        case Text(text):
            cell.outputs = [new_output("stream", name="stdout", text=text)]
        case Markup(html):
            cell.outputs = [new_output("display_data", data={"text/html": html})]
        case Picture(data, alt):
            cell.metadata["mystnb"] = {"image": {"alt": alt}}
            cell.outputs = [new_output("display_data", data={"image/png": data})]
    return cell
