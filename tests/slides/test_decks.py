"""Requirements of each deck: its ideas, alternative texts, and notes for the speaker."""

from __future__ import annotations

import re

import pytest

from course.lessons import LESSONS
from tests.slides.conftest import Made
from tools.slides.build import OF_REVEAL
from tools.slides.drawings import SHORTEST

NAMES = [f"lesson{n}" for n in LESSONS]
FEWEST, MOST = 14, 22  # slides that fit into an hour, one idea each
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
                "largest stable learning rate = 2 / λ", "You say f", "finite differences",
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
}  # fmt: skip
# Ideas that are drawn, not written: they must be in the alternative texts.
DRAWN = {
    "lesson1": ["step", "sigmoid", "bedrooms", "volume and frequency"],
    "lesson2": ["± search", "valley", "closed form"],
    "lesson3": ["7 and 18 and 33 is 58", "154", "bright where"],
    "lesson4": ["window of 3 by 3", "linear probe", "first layer", "second layer", "inferior"],
    "lesson5": ["pancakes", "crêpes", "initial weights"],
    "lesson6": ["districts", "shards", "neighbour", "1,024 machines"],
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
