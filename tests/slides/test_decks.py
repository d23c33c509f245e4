"""Each deck has its ideas, descriptions and notes, and a mistake in one stops the build."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.contract import TriptychError
from course import digests
from course.lessons import LESSONS
from course.quiz import questions
from course.settings import ROOT
from tests.slides.conftest import Made
from tools.slides import build as building
from tools.slides import drawings, printing
from tools.slides.build import OF_REVEAL
from tools.slides.drawings import SHORTEST, drawn, require_alt

# Requirements of each deck: its ideas, alternative texts, and notes for the speaker.

NAMES = [f"lesson{n}" for n in LESSONS]
FEWEST, MOST = 14, 24  # slides that fit into an hour, one idea each, and two of a quiz
OFTEN = 6  # the most slides between two questions
WORDS = 75  # the most words on a slide, answers included

# The ideas of each lesson, in the words and order of the slides.
IDEAS = {
    "lesson1": ["magic box", "(input) → output", "radio", "parameter", "One neuron", "brain",
                "activation", "By hand", "perceptron", "(R / γ)²", "bag", "182 mistakes",
                "every backend", "XOR"],
    "lesson2": ["radio", "random search", "a bit more, a bit less", "loss evaluations",
                "Two evaluations per knob", "How much does this knob matter?", "gradient",
                "knob −= learning_rate · gradient", "learning rate", "ski slope",
                "largest stable rate = 2 / steepest curvature", "You say f", "finite differences",
                "House prices, two ways"],
    "lesson3": ["One class, one weight vector", "Row by column", "dense layer",
                "output = X · W + bias", "softmax", "P(y = j | x)", "Cross-entropy", "2.30",
                "“coat”", "wrong", "only one answer"],
    "lesson4": ["Stack", "bend", "XOR, by two relus", "Features, made by hand", "backpropagation",
                "see edges", "then shapes", "pull apart", "probe", "Deep against flat", "spread",
                "momentum", "Adam", "Cadieu et al. (2014)", "What that does not say"],
    "lesson5": ["Two cooks", "default", "one backend", "Guess first", "one at a time",
                "to the last bit", "zoo", "first number that differs"],
    "lesson6": ["election", "The same picture, split", "how many", "ring",
                "less than two copies", "one curve", "wrong average", "how far astray", "99 + 1",
                "numbers that divide", "computing", "another recipe", "DistributedDataParallel"],
    "lesson7": ["every pixel", "slid by two pixels", "convolution", "added up", "Pooling",
                "Windows of windows", "100,480", "a twentieth of the", "Slide again",
                "How far does it see?", "LeCun", "In which order", "flattened window by window",
                "zeros", "Whose fault", "everywhere"],
    "lesson8": ["Guess the next letter", "bigram", "tables grow", "embedding", "query", "key",
                "value", "By hand", "√d", "Nobody looks ahead", "The whole network", "heads",
                "added", "spread 1", "Too good to be true", "does not beat the 4-gram",
                "Letters behind", "Size", "What each part is worth", "Where it looks",
                "letter for letter", "carry it over wrongly", "weighted mean"],
}  # fmt: skip
# Ideas that are drawn, not written: they must be in the alternative texts.
DRAWN = {
    "lesson1": ["step", "sigmoid", "bedrooms", "volume and frequency"],
    "lesson2": ["± search", "valley", "closed form"],
    "lesson3": ["7 and 18 and 33 is 58", "154", "bright where"],
    "lesson4": ["window of 3 by 3", "linear probe", "first layer", "second layer", "inferior"],
    "lesson5": ["pancakes", "crêpes", "initial weights"],
    "lesson6": ["districts", "shards", "neighbour", "1,024 machines"],
    "lesson7": [
        "window of 3 by 3",
        "largest of each square",
        "slid by 2",
        "place by place",
        "Sobel's two windows",
        "middles stand on 2 and 4",
    ],
    "lesson8": [
        "asks for a vowel",
        "above the diagonal is 0",
        "with a way around it",
        "Without a mask it falls",
        "the third row",
        "networks",
    ],
}


@pytest.mark.parametrize("name", NAMES)
def test_a_deck_has_the_ideas_of_its_lesson_in_their_order(made: Made, name: str) -> None:
    words = " ".join(" ".join(slide.words.split()) for slide in made.slides(name))
    at = 0
    for idea in IDEAS[name]:
        found = words.lower().find(idea.lower(), at)
        assert found >= 0, f"{idea!r} is missing, or comes too early"
        at = found
    alts = " ".join(alt or "" for slide in made.slides(name) for alt in slide.alts)
    assert not [idea for idea in DRAWN[name] if idea not in alts]


@pytest.mark.parametrize("name", NAMES)
def test_a_deck_is_as_long_as_it_says(made: Made, name: str) -> None:
    (deck,) = (deck for deck in made.decks if deck.name == name)
    assert len(made.slides(name)) == deck.slides
    assert FEWEST <= deck.slides <= MOST
    index = (made.folder / "index.html").read_text(encoding="utf-8")
    assert f"{deck.slides} slides, about {deck.minutes} minutes" in index


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_is_described(made: Made, name: str) -> None:
    alts = [alt for slide in made.slides(name) for alt in slide.alts]
    assert len(alts) >= 7
    assert all(alt and len(alt) >= SHORTEST for alt in alts), alts


@pytest.mark.parametrize("name", NAMES)
def test_every_slide_tells_the_speaker_what_to_say_and_for_how_long(made: Made, name: str) -> None:
    for slide in made.slides(name):
        notes = " ".join(slide.notes.split())
        assert re.match(r"[1-9]\d? min", notes), slide.words
        assert "Say:" in notes
        assert "Where they stumble:" in notes
        assert len(notes) > 100, notes


@pytest.mark.parametrize("name", NAMES)
def test_the_class_is_asked_every_few_slides(made: Made, name: str) -> None:
    text = (made.folder / f"{name}.html").read_text(encoding="utf-8")
    has_question = ['class="question' in part for part in text.split("<section")[1:]]
    longest = max(
        len(run) for run in "".join("x" if one else "." for one in has_question).split("x")
    )
    assert sum(has_question) >= 3
    assert longest <= OFTEN, f"{longest} slides without a question"


@pytest.mark.parametrize("name", NAMES)
def test_a_deck_asks_the_quiz_of_its_lesson(made: Made, name: str) -> None:
    """The question with its three answers, and behind a key why the right one is right."""
    text = html.unescape((made.folder / f"{name}.html").read_text(encoding="utf-8"))
    asked = questions(int(name.removeprefix("lesson")))
    slides = [part for part in text.split("<section")[1:] if 'class="question quiz' in part]
    assert len(slides) == len(asked) == 2
    for slide, question in zip(slides, asked, strict=True):
        box, answer = slide.split("answer fragment")
        letter, right = question.right
        assert "upperalpha" in box
        places = [box.index(words) for words in (question.ask, *(a.text for a in question.answers))]
        assert places == sorted(places)
        assert right.why not in box
        assert f"<strong>{letter}</strong> · {right.why}" in answer


@pytest.mark.parametrize("name", NAMES)
def test_a_slide_has_few_words(made: Made, name: str) -> None:
    for slide in made.slides(name):
        assert len(slide.words.split()) <= WORDS, slide.words


def test_the_folder_has_the_needed_files_and_loads_nothing(made: Made) -> None:
    static = made.folder / "_static"
    files = {str(f.relative_to(static)) for f in static.rglob("*") if f.is_file()}
    assert files == {"slides.css", "slides.js", *(f"revealjs/{name}" for name in OF_REVEAL)}
    for page in [*made.folder.glob("*.html"), static / "slides.css"]:
        text = page.read_text(encoding="utf-8")
        assert not re.findall(r"(?:src|href)=\"(?:https?:)?//|url\(|@import", text), page


# Mistakes that stop a build: no alternative text, no notes, an unknown name.

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
        ("## A slide\n\n:::{quiz} 3\n:::\n\n:::{notes} 1\nx\n:::\n", "no quiz question 3"),
        ("## A slide\n\n:::{printed-table} T\n:::\n\n:::{notes} 1\nx\n:::\n", "no table 'T'"),
        ("## A slide\n\n{doc}`nowhere`\n\n:::{notes} 1\nx\n:::\n", "nowhere"),
    ],
)
def test_a_mistake_in_a_deck_stops_the_build(
    sources: Path, tmp_path: Path, mistake: str, message: str
) -> None:
    (sources / "lesson1.md").write_text(GOOD + "\n" + mistake, encoding="utf-8")
    with pytest.raises(TriptychError, match=message):
        building.build(tmp_path / "out", short=True)
    assert not (tmp_path / "out").exists()


def test_decks_without_a_mistake_are_built(sources: Path, tmp_path: Path) -> None:
    (sources / "lesson1.md").write_text(GOOD, encoding="utf-8")
    assert building.build(tmp_path / "out", short=True)[0].slides == 1


@pytest.mark.slow
def test_decks_of_whole_lessons_are_those_of_short_ones(made: Made, tmp_path: Path) -> None:
    """The same slides and figures; only what the figures show has been trained for longer."""
    assert building.build(tmp_path / "out") == made.decks
    names = {file.name for file in (tmp_path / "out").rglob("*.svg")}
    assert names == {file.name for file in made.folder.rglob("*.svg")}


@pytest.mark.parametrize("alt", ["", "   ", "a figure"])
def test_a_figure_needs_an_alternative_text(alt: str) -> None:
    with pytest.raises(TriptychError, match="lesson1: neuron: the alternative text is"):
        require_alt("lesson1: neuron", alt)


def test_drawing_again_gives_the_same_bytes(made: Made, tmp_path: Path) -> None:
    folder = drawn([1], short=True)[1]
    again = tmp_path / "again"
    code = f"from pathlib import Path; from tools.slides.drawings import draw; draw(1, Path({str(again)!r}), short=True)"  # noqa: E501
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
    for number, folder in drawn(list(LESSONS), short=True).items():
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
