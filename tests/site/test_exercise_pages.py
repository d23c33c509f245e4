"""The page of a lesson's exercises has the commands that check the file and the notebook."""

from __future__ import annotations

from pathlib import Path

import nbformat

from tools.site import exercise_pages


def test_each_page_has_a_line_for_the_file_and_one_for_the_notebook(tmp_path: Path) -> None:
    exercise_pages.write(tmp_path)
    pages = sorted((tmp_path / "exercises").glob("*.ipynb"))
    assert len(pages) == 6
    for number, page in enumerate(pages, 1):
        text = nbformat.reads(page.read_text(encoding="utf-8"), as_version=4).cells[1].source
        line = f"make check{number} BACKEND=torch"
        assert f"\n{line}\n" in text
        assert f"\n{line} FILE=notebooks/torch/exercises/lesson{number}.ipynb\n" in text
