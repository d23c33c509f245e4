"""Mistakes that stop a build: no alternative text, no notes, an unknown name."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.contract import TriptychError
from course import digests
from course.lessons import LESSONS
from course.settings import ROOT
from tests.slides.conftest import Made
from tools.slides import build as building
from tools.slides import drawings, printing
from tools.slides.drawings import drawn, require_alt

GOOD = "# A deck\n\n:::{notes} 1\n**Say:** something\n:::\n"


@pytest.fixture
def sources(tmp_path: Path, made: Made, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the decks' sources, which a test may change; their figures are cached."""
    copy = tmp_path / "sources"
    shutil.copytree(building.SOURCES, copy, ignore=shutil.ignore_patterns("__pycache__"))
    for n in (2, 3, 4, 5):
        (copy / f"lesson{n}.md").write_text(GOOD, encoding="utf-8")
    monkeypatch.setattr(building, "SOURCES", copy)
    return copy


@pytest.mark.parametrize(
    ("mistake", "message"),
    [
        ("## A slide\n\nwithout notes\n", "'A slide' has 0 speaker's notes"),
        ("## A slide\n\n:::{notes} soon\nx\n:::\n", "whole minutes, not 'soon'"),
        ("## A slide\n\n:::{drawn} nothing\n:::\n\n:::{notes} 1\nx\n:::\n", "no figure 'nothing'"),
        ("## A slide\n\n:::{printed-table} T\n:::\n\n:::{notes} 1\nx\n:::\n", "no table 'T'"),
        ("## A slide\n\n{doc}`nowhere`\n\n:::{notes} 1\nx\n:::\n", "nowhere"),
    ],
)
def test_a_mistake_in_a_deck_stops_the_build(
    sources: Path, tmp_path: Path, mistake: str, message: str
) -> None:
    (sources / "lesson1.md").write_text(GOOD + "\n" + mistake, encoding="utf-8")
    with pytest.raises(TriptychError, match=message):
        building.build(tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_decks_without_a_mistake_are_built(sources: Path, tmp_path: Path) -> None:
    (sources / "lesson1.md").write_text(GOOD, encoding="utf-8")
    assert building.build(tmp_path / "out")[0].slides == 1


@pytest.mark.parametrize("alt", ["", "   ", "a figure"])
def test_a_figure_needs_an_alternative_text(alt: str) -> None:
    with pytest.raises(TriptychError, match="lesson1: neuron: the alternative text is"):
        require_alt("lesson1: neuron", alt)


def test_drawing_again_gives_the_same_bytes(made: Made, tmp_path: Path) -> None:
    folder = drawn([1])[1]
    again = tmp_path / "again"
    code = f"from pathlib import Path; from tools.slides.drawings import draw; draw(1, Path({str(again)!r}))"  # noqa: E501
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
    names = sorted(file.name for file in folder.iterdir())
    assert sorted(file.name for file in again.iterdir()) == names
    assert len(names) > 10
    for name in names:
        assert (again / name).read_bytes() == (folder / name).read_bytes(), name


def test_figures_are_drawn_anew_when_a_lesson_changes(monkeypatch: pytest.MonkeyPatch,
                                                      tmp_path: Path) -> None:  # fmt: skip
    before = drawings.digest(1)
    for folder in ("lessons", "tools/slides/figures", "course"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    monkeypatch.setattr(digests, "ROOT", tmp_path)
    first = drawings.digest(1)
    assert first != before
    for of_another in ("lessons/lesson2_gradient_descent.py", "tools/slides/figures/lesson2.py"):
        (tmp_path / of_another).write_text("", encoding="utf-8")
    assert drawings.digest(1) == first
    for needed in (
        "lessons/lesson1_perceptron.py",
        "tools/slides/figures/style.py",
        "course/lesson.py",
    ):
        last = drawings.digest(1)
        (tmp_path / needed).write_text("", encoding="utf-8")
        assert drawings.digest(1) != last, needed


def test_every_figure_is_on_a_slide(made: Made) -> None:
    for number, folder in drawn(list(LESSONS)).items():
        text = (building.SOURCES / f"lesson{number}.md").read_text(encoding="utf-8")
        figures = json.loads((folder / "drawings.json").read_text(encoding="utf-8"))
        assert not [name for name in figures if f":::{{drawn}} {name}\n" not in text]


def test_without_a_browser_there_is_no_pdf_and_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(printing, "BROWSERS", ("no-such-browser",))
    with pytest.raises(TriptychError, match="none of no-such-browser is installed"):
        printing.find_browser()
    done = subprocess.run(
        [sys.executable, "-m", "tools.slides", "--pdf", "--out", str(tmp_path / "out")],
        cwd=ROOT, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("error: --pdf needs a browser")
    assert not (tmp_path / "out").exists()
