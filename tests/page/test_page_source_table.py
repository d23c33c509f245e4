"""The source view: all of the source, each name in one row and in the right order."""

from __future__ import annotations

import ast
import re
from html import unescape
from pathlib import Path

import pytest

from adapters.contract import Model
from compare.page import highlight, source_table
from compare.page.lesson import paragraphs, read_cells
from compare.page.sources import WHAT_TO_KNOW, Source, cut, entry, read_source, read_sources
from course.lessons import LESSONS
from course.settings import ROOT

SOURCES = read_sources()
ADAPTER = '''"""What to know."""

import os

LIMIT = 3
ACTIVATIONS = {"relu": max, "tanh": min}


def relu(x):
    """A helper."""
    return LIMIT


OPTIMIZERS = {}
# The comment of an unused constant.
LATE = 1


class Mine(Model):
    """A model."""

    @property
    def update(self):
        return "ours"

    def loss(self):
        return self._loss() + self._own()

    def _loss(self):
        return self._own()

    def _own(self):
        return 1

    def _only(self):
        return self._own()

    def forward(self):
        return self._only()


made = os.fspath("x")


MODEL = Mine


def last():
    return os
'''


def text_of(html: str) -> str:
    """The visible text of some HTML."""
    return unescape(re.sub(r"<[^>]+>", "", html))


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_every_line_of_an_adapter_is_in_one_chunk(source: Source) -> None:
    for file in source.files:
        lines = [
            number
            for chunks in source.chunks.values()
            for chunk in chunks
            if chunk.file == file
            for number in range(chunk.first, chunk.last + 1)
        ]
        assert sorted(lines) == list(range(1, len(file.read_text("utf-8").splitlines()) + 1))


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_the_view_shows_the_file_word_for_word(source: Source) -> None:
    shown = "\n".join(
        text_of(piece.html)
        for _, rows in source_table.rows(SOURCES)
        for row in rows
        if source.name in row.cells
        for piece in row.cells[source.name].pieces
    )
    words = re.sub(r"\s+", " ", shown)
    docstring = ast.get_docstring(ast.parse(source.files[0].read_text("utf-8"))) or ""
    for file in source.files:
        for line in file.read_text("utf-8").splitlines():
            if line.strip(' "') and line.strip(' "') not in docstring:
                assert re.sub(r"\s+", " ", line.strip()) in words


def test_every_method_of_the_contract_has_a_row_with_every_adapter_in_it() -> None:
    """But for what the contract gives by itself, and few adapters do better."""
    contract = dict(source_table.rows(SOURCES))["The contract, method by method"]
    tree = ast.parse((ROOT / "adapters" / "contract.py").read_text("utf-8"))
    model = next(n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == "Model")
    methods = [node.name for node in model.body if isinstance(node, ast.FunctionDef)]
    assert [row.heading.split("(")[0] for row in contract] == ["the class", *methods]
    for row in contract:
        every = {source.name for source in SOURCES}
        required = row.heading.split("(")[0] in {"the class", *Model.__abstractmethods__}
        assert set(row.cells) == every if required else set(row.cells) < every


def test_the_tables_come_first_and_in_order() -> None:
    (_, tables), *_, (_, helpers) = source_table.rows(SOURCES)
    headings = [row.heading for row in tables]
    wanted = [WHAT_TO_KNOW, "DEFAULTS", "configure_device", "ACTIVATIONS", "LAYERS", "LOSSES",
              "OPTIMIZERS"]  # fmt: skip
    assert [name for name in headings if name in wanted] == wanted
    assert headings.index("softmax") < headings.index("LOSSES") < headings.index("adam")
    assert "imports" in [row.heading for row in helpers]


def test_each_layer_has_a_row_with_every_adapter_that_has_it() -> None:
    """Also where it is a line of the table, and neither a function nor a class."""
    rows = dict(source_table.rows(SOURCES))["The layers"]
    assert [row.heading for row in rows] == list(source_table.LAYERS)
    with_table = {source.name for source in SOURCES if "LAYERS" in source.chunks}
    assert "numpy" in with_table
    for row in rows:
        assert set(row.cells) == with_table
        assert row.thought
    shown = {row.heading: row.cells["numpy"] for row in rows}
    assert [piece.place.split(":")[0] for piece in shown["Attention"].pieces[:2]] == [
        "numpy_layers.py"
    ] * 2
    assert "def attention_backward" in text_of(shown["Attention"].pieces[1].html)
    assert shown["Flatten"].excerpt


def test_a_change_of_the_source_is_a_change_of_the_view(tmp_path: Path) -> None:
    file = tmp_path / "mine_adapter.py"
    file.write_text(ADAPTER, encoding="utf-8")
    before = source_table.rows([read_source("mine", ["mine"], (file,))])
    file.write_text(ADAPTER.replace('return "ours"', 'return "theirs"'), encoding="utf-8")
    after = source_table.rows([read_source("mine", ["mine"], (file,))])

    def rendered(view: list[tuple[str, list[source_table.Row]]]) -> str:
        (row,) = [row for _, rows in view for row in rows if row.heading == "update"]
        return text_of(row.cells["mine"].pieces[0].html)

    assert 'return "ours"' in rendered(before)
    assert 'return "theirs"' in rendered(after)


def test_an_adapter_is_cut_where_a_reader_would_cut_it(tmp_path: Path) -> None:
    file = tmp_path / "mine_adapter.py"
    file.write_text(ADAPTER, encoding="utf-8")
    chunks = {chunk.key: chunk.text for chunk in cut(file)}
    assert list(chunks) == [
        WHAT_TO_KNOW, "imports", "ACTIVATIONS", "relu", "OPTIMIZERS", "class", ".update", ".loss",
        "._loss", "._own", "._only", ".forward", "made", "MODEL", "last",
    ]  # fmt: skip
    assert chunks["ACTIVATIONS"].startswith("LIMIT = 3")  # a constant goes with what needs it
    assert chunks["OPTIMIZERS"].endswith("LATE = 1")
    assert "an unused constant" in chunks["OPTIMIZERS"]
    assert chunks[".update"].startswith("@property\ndef update")
    source = read_source("mine", ["mine"], (file,))
    assert entry(source, "tanh") == ("mine_adapter.py:6, in ACTIVATIONS", '"tanh": min')
    assert entry(source, "nothing") is None


def test_a_helper_stands_with_the_code_it_helps(tmp_path: Path) -> None:
    file = tmp_path / "mine_adapter.py"
    file.write_text(ADAPTER, encoding="utf-8")
    rows = read_source("mine", ["mine"], (file,)).chunks
    together = {key: [chunk.key for chunk in chunks] for key, chunks in rows.items()}
    assert together[".loss"] == [".loss", "._loss"]  # by its name
    assert together[".forward"] == [".forward", "._only"]  # nothing else calls it
    assert together["own"] == ["._own"]  # three call it: a row of its own


def test_a_part_stands_with_its_only_user(tmp_path: Path) -> None:
    file, parts = tmp_path / "mine_adapter.py", tmp_path / "mine_parts.py"
    file.write_text(ADAPTER.replace("return LIMIT", "return Once(Often)")
                    .replace("return os", "return Often"), encoding="utf-8")  # fmt: skip
    parts.write_text("class Once:\n    pass\n\n\nclass Often:\n    pass\n", encoding="utf-8")
    chunks = read_source("mine", ["mine"], (file, parts)).chunks
    assert [chunk.place for chunk in chunks["relu"]] == ["mine_adapter.py:9", "mine_parts.py:1"]
    assert [chunk.place for chunk in chunks["Often"]] == ["mine_parts.py:5"]


@pytest.mark.parametrize("file", sorted((ROOT / "adapters").glob("*.py")), ids=lambda f: f.name)
def test_highlighting_changes_no_character(file: Path) -> None:
    source = file.read_text("utf-8")
    assert text_of("".join(highlight.lines(source))) == source + "\n"


def test_highlighting_distinguishes_keywords_from_names() -> None:
    (line,) = highlight.lines("def f(x): return 'a<b'  # why")
    assert '<i class="k">def</i>' in line
    assert '<i class="d">f</i>' in line
    assert '<i class="s">a&lt;b</i>' in line
    assert '<i class="c"># why</i>' in line


@pytest.mark.parametrize("number", LESSONS)
def test_the_lesson_shows_all_its_code_and_prose(number: int) -> None:
    text = (ROOT / "lessons" / LESSONS[number].file).read_text("utf-8")
    cells = read_cells(number)
    shown = "\n".join(text_of(cell.code) for cell in cells)
    for line in text.splitlines():
        if not line.startswith("#") and line.strip():
            assert line in shown
    assert len(cells) == text.count("\n# %%") + text.startswith("# %%")
    assert cells[0].title.startswith(f"Lesson {number}")


def test_a_fold_for_the_curious_is_a_fold_here_too() -> None:
    fold = "a *b*\n\n<details>\n<summary>\nFor `c`\n</summary>\n\nd < e\n\n</details>"
    assert paragraphs(fold) == (
        "<p>a <em>b</em></p><details> <summary> For <code>c</code> </summary><p>d &lt; e</p>"
        "</details>"
    )
