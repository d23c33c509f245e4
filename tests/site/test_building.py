"""Building the site: its command, pages of exercises, and outputs of cells."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient.exceptions import CellTimeoutError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from rich.console import Console
from rich.table import Table

from adapters import BACKENDS
from adapters.contract import TriptychError
from course.lessons import LESSONS
from tests.browser import silent_pages
from tests.forked import module
from tools.site import build as builder
from tools.site import exercise_pages, lesson_pages, outputs, processes, result_cache, tabs
from tools.site.cell_outputs import Markup, Picture, Text, prepared
from tools.site.comparisons import Compared
from tools.site.processes import Call, in_processes
from tools.site.text_pages import redirect_links

# Pages of exercises, and cell outputs: tables, pictures with alternative texts, no more.

DOT = base64.b64encode(b"\x89PNG").decode()


def drawn() -> str:
    """A table as the lessons print it, with colours as rich writes them."""
    table = Table(title="Two rows", title_justify="left", title_style="bold")
    table.add_column("")
    table.add_column("loss < 1", justify="right")
    table.add_row("first", "0.5")
    table.add_row("second", "0.25")
    screen = Console(file=io.StringIO(), force_terminal=True, width=115)
    screen.print("before")
    screen.print(table)
    screen.print("after")
    assert isinstance(screen.file, io.StringIO)
    return screen.file.getvalue()


def test_a_drawn_table_becomes_a_table() -> None:
    before, table, after = prepared([new_output("stream", text=drawn())], "here")
    assert (before, after) == (Text("before\n"), Text("after\n"))
    assert isinstance(table, Markup)
    assert "<caption>Two rows</caption>" in table.html
    assert '<td></td><th scope="col">loss &lt; 1</th>' in table.html
    assert "<tr><td>second</td><td>0.25</td></tr>" in table.html
    assert not set("┏━┃│└\x1b") & set(table.html)


def test_progress_bars_and_temporary_paths_are_dropped() -> None:
    bar = new_output("display_data", data={
        "application/vnd.jupyter.widget-view+json": {}, "text/plain": "Output()",
    })  # fmt: skip
    place = new_output("display_data", data={"text/plain": "complete: /tmp/x/results/lesson1\n"})
    assert prepared([bar, place], "here") == []


def test_a_note_takes_the_place_of_sliders() -> None:
    sliders = new_output("display_data", data={
        "application/vnd.jupyter.widget-view+json": {}, "text/plain": "interactive(children=…)",
    })  # fmt: skip
    (note,) = prepared([sliders], "here", "nl")
    assert isinstance(note, Markup)
    assert "notebook" in note.html


def picture(alt: str) -> NotebookNode:
    metadata = {"image/png": {"alt": alt}} if alt else {}
    return new_output("display_data", data={"image/png": DOT}, metadata=metadata)


def test_a_picture_without_alternative_text_stops_the_build() -> None:
    assert prepared([picture("Two curves.")], "here") == [Picture(DOT, "Two curves.")]
    with pytest.raises(TriptychError, match=r"lesson 3 on torch, cell 7: .*alternative text"):
        prepared([picture("")], "lesson 3 on torch, cell 7")


def run_of(text: str) -> NotebookNode:
    cell = new_code_cell("lesson = open_lesson(1, backend=BACKEND, epochs=1)")
    cell.outputs = [new_output("stream", text=text)]
    return new_notebook(cells=[new_markdown_cell("# Title"), cell])


def test_a_page_has_the_code_once_and_each_backends_output() -> None:
    page = lesson_pages.page({"numpy": run_of("0.25\n"), "torch": run_of("0.26\n")}, "x", "en")
    _, code, *outs = page.cells
    assert code.source == "lesson = open_lesson(1)"
    assert [(c.metadata.triptych["backend"], c.outputs[0].text) for c in outs] == [
        ("numpy", "0.25\n"), ("torch", "0.26\n"),
    ]  # fmt: skip
    assert not any(c.metadata.triptych["equal"] for c in outs)
    same = lesson_pages.page({"numpy": run_of("1\n"), "torch": run_of("1\n")}, "x", "en")
    assert all(c.metadata.triptych["equal"] for c in same.cells[2:])
    named = {name: run_of(f"backend {name}, device cpu\n") for name in ("numpy", "torch")}
    assert lesson_pages.page(named, "x", "en").cells[2].metadata.triptych["equal"] is None


def test_a_failing_lesson_is_reported_with_its_backend(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(node: NotebookNode, timeout: int) -> NotebookNode:
        raise RuntimeError("Traceback\n\nValueError: too large")

    monkeypatch.setattr(outputs.notebooks, "execute", broken)
    monkeypatch.setenv("TRIPTYCH_CACHE", str(tmp_path))
    with pytest.raises(TriptychError, match="lesson 1 on torch failed: ValueError: too large"):
        outputs.one(outputs.Job(1, "torch"))
    assert not list(tmp_path.rglob("*.ipynb")), "a failed run was cached"


def test_a_failure_in_a_child_process_is_reported() -> None:
    with pytest.raises(TriptychError, match="'none'"):
        in_processes([Call(outputs.planned, (outputs.Job(1, "none"),), lambda node: ())], 1)


def test_no_process_starts_for_no_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where all is cached, importing the notebooks' machinery twice would take seconds."""

    def start(*arguments: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(processes, "ProcessPoolExecutor", start)
    in_processes([], None)


def test_each_call_leads_to_its_own_next_ones() -> None:
    """Halves of two numbers in two processes, down to 0."""
    halves: dict[int, list[int]] = {8: [], 5: []}

    def halve(number: int, of: int) -> Call:
        def then(result: tuple[int, int]) -> list[Call]:
            halves[of].append(result[0])
            return [halve(result[0], of)] if result[0] else []

        return Call(divmod, (number, 2), then)

    in_processes([halve(number, number) for number in halves], 2)
    assert halves == {8: [4, 2, 1, 0], 5: [2, 1, 0]}


@pytest.mark.parametrize("silent", [1, 2])
def test_a_kernel_that_never_answers_gets_a_second_try(
    silent: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tries = []

    def run(node: NotebookNode, timeout: int) -> NotebookNode:
        tries.append(timeout)
        if len(tries) <= silent:
            raise CellTimeoutError("no answer")
        return node

    monkeypatch.setattr(outputs.notebooks, "execute", run)
    monkeypatch.setenv("TRIPTYCH_CACHE", str(tmp_path))
    if silent < outputs.TRIES:
        outputs.one(outputs.Job(1, "torch"))
    else:
        with pytest.raises(TriptychError, match="lesson 1 on torch failed: no answer"):
            outputs.one(outputs.Job(1, "torch"))
    assert len(tries) == outputs.TRIES


def test_equations_in_a_docstring_keep_their_lines() -> None:
    lines = tabs.blocks(["Says why.", "", "v ← μ·v + g", "W ← W − η·v", "", "Raises It."])
    assert lines[2:6] == [".. code-block:: none", "", "    v ← μ·v + g", "    W ← W − η·v"]
    assert lines[-2:] == ["Raises It.", ""]


def test_a_link_is_redirected_to_a_page_or_removed() -> None:
    known = {"lessons/a.py": "lessons/lesson1.ipynb", "docs/guide/b.md": "guide/b.md"}
    text = "[one](../../lessons/a.py), [two](b.md#part), [three](../../kit.py), [four](https://x.y)"
    assert redirect_links(text, "docs/guide/c.md", "guide/c.md", known) == (
        "[one](../lessons/lesson1.ipynb), [two](b.md#part), `three`, [four](https://x.y)"
    )


def test_each_page_has_a_line_for_the_file_and_one_for_the_notebook(tmp_path: Path) -> None:
    exercise_pages.write(tmp_path)
    pages = sorted((tmp_path / "exercises").glob("*.ipynb"))
    assert len(pages) == len(LESSONS)
    for number, page in enumerate(pages, 1):
        text = nbformat.reads(page.read_text(encoding="utf-8"), as_version=4).cells[1].source
        line = f"make check{number} BACKEND=torch"
        assert f"\n{line}\n" in text
        assert f"\n{line} FILE=notebooks/torch/exercises/lesson{number}.ipynb\n" in text


# python -m tools.site: wrong input, and failures that stop the build.

ROOT = builder.HERE.parent.parent


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--backends", "numpy trch"], "unknown backend 'trch': did you mean torch?"),
        (["--backends", " "], "it names no backend"),
        (["--epochs", "0"], "'0' is not a whole number from 1 to"),
    ],
)
def test_wrong_input_is_one_line(arguments: list[str], says: str) -> None:
    done = module("tools.site", arguments, ROOT)
    assert done.status == 2
    assert done.err.startswith("error: ")
    assert says in done.err
    assert done.err.count("\n") == 1


def test_a_foreign_folder_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(TriptychError, match="is not empty and not a site"):
        builder.build(builder.Plan(("numpy",), 1, lessons=()), tmp_path, print)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


@pytest.mark.parametrize(("epochs", "recorded"), [(1, [2]), (None, [])])
def test_a_quick_look_records_what_it_will_compare(
    epochs: int | None, recorded: list[int], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Only lessons whose comparison is not in the cache, and never those with measured noise."""
    asked: list[object] = []

    def write(*arguments: Any) -> None:
        asked.extend(arguments[-2])
        raise InterruptedError

    monkeypatch.setenv("TRIPTYCH_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(builder.lesson_pages, "write", write)
    plan = builder.Plan(("numpy",), epochs, lessons=(1, 2), compared=(1, 2))
    result_cache.store(Compared(plan.backends, plan.compared, epochs, None).entry(1), b"page")
    with pytest.raises(InterruptedError):
        builder.build(plan, tmp_path / "site", print)
    assert asked == recorded


def test_a_warning_of_sphinx_stops_the_build(tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    (tmp_path / "extra").mkdir()
    (tmp_path / "sources" / "index.md").write_text("# Title\n\n{doc}`nowhere`\n")
    with pytest.raises(TriptychError, match=r"index\.md:3: WARNING: unknown document: 'nowhere'"):
        builder.sphinx(tmp_path / "sources", tmp_path / "extra", tmp_path / "html")


def test_the_site_loads_nothing_from_another_machine(site: Path) -> None:
    """No style sheet, script or picture has an address of its own, used or not."""
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        for tag in ('src="http', 'src="//', 'link rel="stylesheet" href="http', "@import"):
            assert tag not in text, f"{page.name}: {tag}"


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_the_whole_site_on_every_backend(tmp_path: Path, browser: object) -> None:
    out = tmp_path / "site"
    builder.build(builder.Plan(tuple(BACKENDS)), out, print)
    with silent_pages(browser) as opened:
        page = opened((out / "lessons" / "lesson4.html").as_uri())
        labels = page.locator(".sd-tab-set").first.locator("label").all_inner_texts()
        assert labels == list(BACKENDS)
