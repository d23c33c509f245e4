"""Every entry has the values it states on each backend; a malformed one is rejected by name."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from adapters import BACKENDS as OF_THE_KIT
from course.lessons import LESSONS
from tests.differences.conftest import KERAS, Write
from triptych.backends import BACKENDS, installed, process_environment
from triptych.differences.entry import Entry, EntryError
from triptych.differences.judge import judge, not_run
from triptych.differences.reading import HOME, read_all
from triptych.differences.selecting import select


def test_a_sound_entry_is_read(write: Write) -> None:
    (entry,) = read_all(write())
    assert (entry.name, entry.topic, entry.backends) == ("some_entry", "topic", ["numpy", "torch"])
    assert (entry.title, entry.summary) == ("A title", "One gives 1 and the other 2.")
    assert entry.expected("torch") == 2
    assert entry.snippets["torch"].returns == ("default", "matched")
    assert entry.snippets["torch"].text == (
        '"""Two."""\n\ndef default():\n    return 2\n\ndef matched():\n    return 3'
    )


def test_numbers_that_no_literal_has(write: Write) -> None:
    (entry,) = read_all(write(changes={'"numpy": 1': '"numpy": [-inf, nan]'}))
    assert repr(entry.observed["numpy"]) == "[-inf, nan]"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({'matters = "It does."\n': ""}, " lacks matters"),
        ({'"""A title\n\nOne gives 1 and the other 2.\n"""\n': ""}, ": title is ''"),
        ({"One gives 1 and the other 2.\n": ""}, ": summary is ''"),
        ({'"It does."': "3"}, ": matters is 3"),
        ({'"Use 3."': '""'}, ": remedy is ''"),
        ({'kind = "difference"': 'kind = "rumour"'}, ": kind is 'rumour'"),
        ({"lessons = []": "lessons = [0]"}, r": lessons is \[0\]"),
        ({"lessons = []": "lessons = [True]"}, r": lessons is \[True\]"),
        ({"lessons = []": "lessons = 3"}, ": lessons is 3"),
        ({'["somewhere"]': "[]"}, ": sources must name"),
        ({'["somewhere"]': '[""]'}, ": sources must name"),
        ({"lessons = []": "lessons = []\nauthor = 1"}, " has unknown facts: author"),
        ({"lessons = []": "lessons = []\nsnippets = {}"}, " has unknown facts: snippets"),
        ({"lessons = []": "lessons = []\ntolerance = 2.0"}, ": tolerance and round_off"),
        ({"lessons = []": "lessons = []\nround_off = 0"}, ": tolerance and round_off"),
        ({'"torch": 2': '"torch": 1.0000001'}, ": .* has 1 different values"),
        ({'"difference"': '"agreement"'}, r": frameworks that agree need no matched\(\)"),
        ({', "torch": 2': ""}, ": observed lacks torch"),
        ({'"torch": 2': '"torch": 2, "jax": 2'}, ": observed has jax"),
        ({'"torch": 2': '"torch": {"raises": 3}'}, ": observed torch is"),
        ({'"torch": 2': '"torch": None'}, ": observed torch is"),
        ({'{"numpy": 1, "torch": 2}': "[1, 2]"}, r": observed is \[1, 2\]"),
        ({'"torch": 2': '"torch": len("ab")'}, "cannot be read: line 13 is not a literal"),
        ({'"torch": 2': '"torch": '}, r"cannot be read: .*\(some_entry.py, line 13\)"),
        ({"def torch()": "def tensor()"}, "cannot be read: line 28 is neither a fact nor one of"),
        ({"def torch()": "import torch\n\n\ndef torch()"}, "line 28 is neither a fact nor one of"),
    ],
)
def test_wrong_facts(write: Write, changes: dict[str, str], message: str) -> None:
    with pytest.raises(EntryError, match=f"topic/some_entry.*{message}"):
        read_all(write(changes=changes))


TORCH = '''    """Two."""

    def default():
        return 2

    def matched():
        return 3

    return default, matched
'''


@pytest.mark.parametrize(
    ("torch", "message"),
    [
        ("    pass\n", r"torch\(\) must end with `return default` or `return default, matched`"),
        ("    return default\n", r"torch\(\) must end with"),  # and there is none
        (TORCH.replace("default, matched", "matched"), r"torch\(\) must end with"),
        (TORCH.replace("default, matched", "default, matched, matched"), r"torch\(\) must end"),
        (TORCH.replace("default, matched", "default"), r"two frameworks must have a matched\(\)"),
    ],
)
def test_wrong_functions(write: Write, torch: str, message: str) -> None:
    with pytest.raises(EntryError, match=f"topic/some_entry: .*{message}"):
        read_all(write(changes={TORCH: torch}))


def test_one_framework_is_not_enough(write: Write) -> None:
    changes = {"def torch():\n" + TORCH: "", ', "torch": 2': ""}
    with pytest.raises(EntryError, match="at least two frameworks"):
        read_all(write(changes=changes))


def test_an_entry_that_is_not_text(tmp_path: Path) -> None:
    file = tmp_path / "topic" / "some_entry.py"
    file.parent.mkdir()
    file.write_bytes(b"\xff\x00")
    with pytest.raises(EntryError, match="topic/some_entry cannot be read"):
        read_all(tmp_path)


def test_frameworks_that_agree_have_one_value(write: Write) -> None:
    changes = {'"difference"': '"agreement"', "return default, matched": "return default"}
    with pytest.raises(EntryError, match="has 2 different values"):
        read_all(write(changes=changes))


def test_a_name_is_unique_over_all_topics(write: Write) -> None:
    write()
    home = write(topic="other_topic")
    with pytest.raises(EntryError, match="some_entry is both in other_topic and topic"):
        read_all(home)


@pytest.mark.parametrize("name", ["Some", "some-entry", "_some"])
def test_a_name_is_snake_case(write: Write, name: str) -> None:
    with pytest.raises(EntryError, match="snake_case"):
        read_all(write(name))


def test_entries_are_selected_by_name_topic_words_and_backend(write: Write) -> None:
    write("one_thing")
    home = write("another", topic="other", changes={"It does.": "It is about Momentum."})
    entries = read_all(home)

    def names(*args: object, **conditions: str) -> list[str]:
        return [entry.name for entry in select(entries, *args, **conditions)]  # type: ignore[arg-type]

    assert names() == ["another", "one_thing"]
    assert names(["one_thing"]) == names(["topic/one_thing"]) == names(["thing"]) == ["one_thing"]
    assert names(["topic"]) == ["one_thing"]
    assert names(["topic", "another"]) == ["one_thing", "another"]
    assert names(find="momentum about") == ["another"]
    assert names(topic="topic") == ["one_thing"]
    assert names(backend="torch") == ["another", "one_thing"]
    assert names(["one_think"]) == ["one_thing"]  # the nearest, for a typing mistake
    with pytest.raises(EntryError, match="no entry matches"):
        names(backend="jax")
    with pytest.raises(EntryError, match="no entry has anything like"):
        names(["zzz"])
    with pytest.raises(EntryError, match="unknown topic 'x': expected one of other, topic"):
        names(topic="x")


ENTRIES = read_all()  # each is checked as it is read: see test_reading.py


@pytest.mark.sampled(16)
@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_every_backend_gives_the_values_of_an_entry(
    entry: Entry, observed: dict[str, dict[str, Any]]
) -> None:
    ran = [backend for backend in entry.backends if entry.name in observed.get(backend, {})]
    assert ran == [backend for backend in installed(entry.backends) if backend in observed]
    findings = judge([entry], observed)
    assert not findings, "\n".join(map(str, findings))
    if lacking := not_run([entry], observed):
        pytest.skip(f"not installed: {', '.join(lacking)}; the other snippets are right")


@pytest.mark.sampled(1)
@pytest.mark.parametrize("further_keras", KERAS)
def test_a_further_keras_was_observed(
    further_keras: str, observed: dict[str, dict[str, Any]]
) -> None:
    """Then the values of every entry above are its values, too."""
    assert not installed([further_keras]) or observed[further_keras]


def test_every_other_installed_backend_was_observed(observed: dict[str, dict[str, Any]]) -> None:
    assert [name for name in observed if name not in KERAS] == installed(
        [name for name in BACKENDS if name not in KERAS]
    )


def test_every_file_is_an_entry() -> None:
    files = {file for file in HOME.rglob("*.py") if file.parent != HOME}
    assert files == {entry.file for entry in ENTRIES}


@pytest.mark.parametrize("readme", ["README.md", "triptych/README.md"])
def test_the_readmes_count_the_entries(readme: str) -> None:
    text = (HOME.parents[1] / readme).read_text(encoding="utf-8")
    assert f"{len(ENTRIES)} defaults" in text


def test_lessons_are_lessons_of_the_course() -> None:
    assert {lesson for entry in ENTRIES for lesson in entry.lessons} <= LESSONS.keys()


def test_the_backends_are_those_of_the_lessons() -> None:
    assert list(BACKENDS) == list(OF_THE_KIT)
    for name, backend in BACKENDS.items():
        assert backend.packages == OF_THE_KIT[name].packages
        # Other variables that an adapter sets are not what a user of Keras gets.
        assert backend.environment.items() <= OF_THE_KIT[name].environment.items()


def test_no_setting_of_the_user_reaches_an_observed_process(tmp_path: Path) -> None:
    theirs = {"KERAS_BACKEND": "jax", "JAX_ENABLE_X64": "1", "TF_ENABLE_ONEDNN_OPTS": "0",
              "OMP_NUM_THREADS": "7", "PYTENSOR_FLAGS": "floatX=float16"}  # fmt: skip
    clean = process_environment("keras", tmp_path, os.environ)
    assert process_environment("keras", tmp_path, os.environ | theirs) == clean
