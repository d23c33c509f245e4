"""An entry that is not well-formed is refused by name."""

from __future__ import annotations

import pytest

from compare.differences.entry import EntryError, chosen, read_all
from tests.differences.conftest import SNIPPET, Plant


def test_the_planted_entry_is_sound(plant: Plant) -> None:
    (entry,) = read_all(plant())
    assert (entry.name, entry.topic, entry.engines) == ("some_entry", "topic", ["numpy", "torch"])
    assert entry.expected("torch") == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({'title = "A title"\n': ""}, "entry.toml lacks title"),
        ({'"A title"': '""'}, "title is ''"),
        ({'"A title"': "3"}, "title is 3"),
        ({'"Say 3."': '""'}, "remedy is ''"),
        ({'kind = "difference"': 'kind = "rumour"'}, "kind is 'rumour'"),
        ({"lessons = []": "lessons = [9]"}, r"lessons is \[9\]"),
        ({"lessons = []": "lessons = 3"}, "lessons is 3"),
        ({'["somewhere"]': "[]"}, "sources must name"),
        ({"lessons = []": "lessons = []\nauthor = 1"}, "entry.toml has author"),
        ({"lessons = []": "lessons = []\ntolerance = 2.0"}, "tolerance and round_off"),
        ({"torch = 2": "torch = 1.0000001"}, "are 1 different values"),
        ({'"difference"': '"agreement"'}, "engines that agree need no matched"),
        ({"torch = 2": ""}, "observed lacks torch"),
        ({"torch = 2": "torch = 2\njax = 2"}, "observed has jax"),
        ({"torch = 2": "torch = { raises = 3 }"}, "observed torch is"),
        ({"torch = 2": "torch = 2020-01-01"}, "observed torch is"),
        ({"torch = 2": "torch = "}, "entry.toml cannot be read"),
    ],
)
def test_wrong_facts(plant: Plant, changes: dict[str, str], words: str) -> None:
    home = plant(changes=changes)
    with pytest.raises(EntryError, match=rf"some_entry: .*{words}"):
        read_all(home)


@pytest.mark.parametrize(
    ("torch", "words"),
    [
        ("", "at least two frameworks"),
        ("def matched():\n    return 3\n", r"torch.py has no default\(\)"),
        ("def default():\n    return 3\n", r"two snippets must have a matched\(\)"),
    ],
)
def test_wrong_snippets(plant: Plant, torch: str, words: str) -> None:
    with pytest.raises(EntryError, match=rf"some_entry: .*{words}"):
        read_all(plant(torch=torch))


def test_a_file_that_is_no_snippet(plant: Plant) -> None:
    home = plant()
    (home / "topic" / "some_entry" / "tensor.py").touch()
    with pytest.raises(EntryError, match=r"tensor\.py is no snippet"):
        read_all(home)


def test_engines_that_agree_have_one_value(plant: Plant) -> None:
    bare = "def default():\n    return 1\n"
    home = plant(changes={'"difference"': '"agreement"'}, numpy=bare, torch=bare)
    with pytest.raises(EntryError, match="are 2 different values"):
        read_all(home)


def test_a_name_is_unique_over_all_topics(plant: Plant) -> None:
    plant()
    home = plant(topic="other_topic")
    with pytest.raises(EntryError, match="some_entry is both in other_topic and topic"):
        read_all(home)


@pytest.mark.parametrize("name", ["Some", "some-entry", "_some"])
def test_a_name_is_snake_case(plant: Plant, name: str) -> None:
    with pytest.raises(EntryError, match="snake_case"):
        read_all(plant(name))


def test_entries_are_found_by_what_they_say(plant: Plant) -> None:
    plant("one_thing", torch=SNIPPET.format(2, 2, 3))
    home = plant("another", topic="other", changes={"It does.": "It is about Momentum."})
    entries = read_all(home)
    assert [e.name for e in chosen(entries)] == ["another", "one_thing"]
    assert [e.name for e in chosen(entries, find="momentum about")] == ["another"]
    assert [e.name for e in chosen(entries, topic="topic")] == ["one_thing"]
    with pytest.raises(EntryError, match="no entry fits"):
        chosen(entries, backend="jax")
    with pytest.raises(EntryError, match="unknown topic 'x': expected one of other, topic"):
        chosen(entries, topic="x")
    with pytest.raises(EntryError, match=r"unknown entry 'one_think': did you mean one_thing\?"):
        chosen(entries, "one_think")
