"""The page is one file, always the same one, of modules that do not import in a circle."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.contract import TriptychError
from course.settings import ROOT
from tools.playground.build import PAGE, bundled, in_order, playground

MOST_LINES = 300  # of a source, as of every file
MOST_BYTES = 250_000  # of the page: it travels by mail and on a stick
MAIN = 'import { a } from "./a.js";\n\na();\n'


def write(folder: Path, **modules: str) -> Path:
    for name, text in modules.items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")
    return folder


def test_the_same_sources_give_the_same_bytes() -> None:
    page = playground()
    assert page == playground()
    assert len(page.encode()) < MOST_BYTES


def test_the_page_asks_for_no_other_file() -> None:
    page = playground()
    addresses = re.findall(r'(?:src|href)="([^"]*)"', page)
    assert {address[:5] for address in addresses if not address.startswith("#")} == {"data:"}
    assert "http:" not in page
    assert "https:" not in page
    assert not re.search(r"\b(?:fetch|XMLHttpRequest|WebSocket|import)\s*\(", page)


def test_every_source_is_in_the_page_and_short() -> None:
    modules = {file.relative_to(PAGE).as_posix() for file in PAGE.rglob("*.js")}
    assert modules == {*in_order(PAGE)}
    for file in PAGE.rglob("*.*"):
        assert len(file.read_text(encoding="utf-8").splitlines()) < MOST_LINES, file


def test_a_module_comes_after_those_that_it_imports(tmp_path: Path) -> None:
    a = 'import { b as other } from "./b.js";\nexport const a = () => other;\n'
    write(tmp_path, main=MAIN, a=a, b="export function* b() {}\n")
    assert in_order(tmp_path) == ["b.js", "a.js", "main.js"]
    assert "const { b: other } = $b;" in bundled(tmp_path)


def test_a_circle_is_refused(tmp_path: Path) -> None:
    a = 'import { b } from "./b.js";\nexport const a = 1;\n'
    write(tmp_path, main=MAIN, a=a, b='import { a } from "./a.js";\nexport const b = 1;\n')
    with pytest.raises(TriptychError, match=r"circle: main\.js → a\.js → b\.js → a\.js"):
        in_order(tmp_path)


@pytest.mark.parametrize(
    "line", ['import a from "./a.js";', 'export * from "./a.js";', "export default 1;"]
)
def test_an_unknown_form_is_refused(tmp_path: Path, line: str) -> None:
    write(tmp_path, main=line + "\n", a="export const a = 1;\n")
    with pytest.raises(TriptychError, match="unknown form"):
        bundled(tmp_path)


def test_the_command_writes_the_page(tmp_path: Path) -> None:
    out = tmp_path / "new" / "playground.html"
    done = subprocess.run(
        [sys.executable, "-m", "tools.playground", f"--out={out}"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert out.read_text(encoding="utf-8") == playground()
    assert str(out) in done.stdout
