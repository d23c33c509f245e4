"""Two folders of records: records in both are judged, and the others are reported."""

from __future__ import annotations

import json
import os
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest

from compare.compare_records import compare as between
from course.record import Staging, read_record
from tests.compare.conftest import Records, compare
from tests.forked import module


@pytest.fixture
def old(folder: Records, tmp_path: Path) -> Path:
    """Lesson 3 and lesson 1, in a user's own folders."""
    for lesson in (1, 3):
        source = folder(lesson, "float64")
        shutil.copytree(source, tmp_path / "old" / "monday" / f"lesson{lesson}" / source.name)
    return tmp_path / "old"


@pytest.fixture
def new(old: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(old / "monday", tmp_path / "new"))


def the_record(home: Path, lesson: int) -> Path:
    (file,) = (f for f in home.rglob("card.json") if f"lesson{lesson}" in f.parts)
    return file.parent


def rewrite(home: Path, lesson: int, injected: str = "", **card: object) -> None:
    """Change the card, or add 1e-6 to an array, of a record."""
    folder = the_record(home, lesson)
    arrays, old_card = read_record(folder, probes=True)
    if injected:
        arrays[injected] = arrays[injected] + 1e-6
    staging = Staging(str(folder.parents[1] / "x"), lesson)
    probes = {k: v for k, v in arrays.items() if k.startswith("looks/")}
    rest = {k: v for k, v in arrays.items() if k not in probes}
    staging.write(rest, old_card | card, probes)
    shutil.rmtree(folder)
    staging.folder.rename(folder)
    shutil.rmtree(folder.parents[1] / "x")


def test_the_same_records_agree(old: Path, new: Path) -> None:
    done = compare(str(old), str(new), module="compare.compare_records")
    assert (done.returncode, done.stderr) == (0, "")
    assert the_record(old, 3).name in done.stdout
    one, three = between(old, new)
    assert (one.lesson, three.lesson) == (1, 3)
    assert all(f.gap == 0 for c in (one, three) for o in c.outcomes for f in o.findings)


@pytest.mark.parametrize(
    ("injected", "where"),
    [
        ("softmax/param_0", "trajectory: softmax/param_0"),
        ("looks/softmax/1/gradient_1", "gradient: softmax/probe 1/gradient_1"),
    ],
)
def test_a_changed_array_is_named(old: Path, new: Path, injected: str, where: str) -> None:
    rewrite(new, 3, injected)
    files = (f"--junit={new / 'j.xml'}", f"--json={new / 'j.json'}")
    done = compare(str(old), str(new), *files, module="compare.compare_records")
    assert done.returncode == 1
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("over: ")]
    assert where in line
    suites = ET.parse(new / "j.xml").getroot()
    assert [suite.get("failures") for suite in suites] == ["0", "1"]
    assert [c["lesson"] for c in json.loads((new / "j.json").read_text())] == [1, 3]


def test_versions_that_differ_are_noted(old: Path, new: Path) -> None:
    versions = {
        "numpy": "9.9.9",
        "python": read_record(the_record(old, 3))[1]["versions"]["python"],
    }
    rewrite(new, 3, versions=versions)
    _, three = between(old, new)
    (note,) = three.outcomes[0].notes
    assert note.startswith("numpy ")
    assert note.endswith("→ 9.9.9")
    assert three.agrees


def test_a_record_in_one_folder_only_is_listed_and_not_passed(old: Path, new: Path) -> None:
    shutil.rmtree(the_record(new, 1))
    one, three = between(old, new)
    (outcome,) = one.outcomes
    assert (outcome.status, outcome.agrees) == ("not run", False)
    assert outcome.reason == f"only in {old}, not in {new}"
    assert three.agrees
    done = compare(str(old), str(new), module="compare.compare_records")
    assert done.returncode == 0
    assert "only in" in done.stdout


@pytest.mark.parametrize(
    "change", [{"seed": 5}, {"device": "gpu"}, {"settings": {"epochs": 7}}, {"dtype": "float32"}]
)
def test_other_settings_are_another_run(old: Path, new: Path, change: dict[str, object]) -> None:
    rewrite(new, 3, **change)
    found = [o.status for c in between(old, new) for o in c.outcomes if c.lesson == 3]
    assert found == ["not run", "not run"]


def test_records_without_probes_note_what_was_not_judged(old: Path, new: Path) -> None:
    (the_record(new, 3) / "looks.npz").unlink()
    _, three = between(old, new)
    assert three.agrees
    assert any("single steps are not judged" in note for note in three.outcomes[0].notes)
    assert three.outcomes[0].worst("gradient") is None


@pytest.mark.parametrize("name", ["card.json", "record.npz", "looks.npz"])
def test_a_pipe_is_named_and_the_other_records_are_judged(
    old: Path, new: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A card: as if there were no record. Numbers of a record that is in both: it has failed."""
    file = the_record(new, 3) / name
    file.unlink()
    os.mkfifo(file)
    one, three = between(old, new)
    assert one.agrees
    (outcome,) = three.outcomes
    if name == "card.json":
        assert outcome.status == "not run"
        assert capsys.readouterr().err.startswith(f"skipped: {str(file)!r} is a pipe")
    else:
        assert outcome.status == "failed"
        assert outcome.reason.startswith(f"{str(file)!r} is a pipe")
        assert not three.agrees


def test_unfinished_records_are_left_out(old: Path, new: Path) -> None:
    rewrite(new, 3, status="interrupted")
    statuses = [o.status for c in between(old, new) for o in c.outcomes]
    assert statuses == ["complete", "not run"]


def test_wrong_input_is_one_line(old: Path, new: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "other").mkdir()
    shutil.copytree(new / "lesson1", tmp_path / "other" / "lesson1")
    only_three = tmp_path / "three"
    shutil.copytree(new / "lesson3", only_three)
    broken = Path(shutil.copytree(new, tmp_path / "broken"))
    (the_record(broken, 3) / "record.npz").write_bytes(b"PK no archive")
    twice = Path(shutil.copytree(new, tmp_path / "twice" / "a")).parent
    shutil.copytree(new, twice / "b")
    for one, other, words in (
        (old, tmp_path / "nowhere", "nowhere"),
        (old, tmp_path / "empty", "no complete record"),
        (only_three, tmp_path / "other", "no record is in both"),
        (old, broken, "cannot read the record"),
        (old, twice, "are the same run"),
    ):
        done = module("compare.compare_records", [str(one), str(other)], tmp_path)
        assert done.status == 2, words
        (line,) = done.err.splitlines()
        assert line.startswith("error: ")
        assert words in line


def test_the_helper_changes_one_array_only(old: Path, new: Path) -> None:
    """It leaves everything else as it was."""
    before = read_record(the_record(new, 3), probes=True)[0]
    rewrite(new, 3, "softmax/param_0")
    after = read_record(the_record(new, 3), probes=True)[0]
    differ = [k for k in before if not np.array_equal(before[k], after[k])]
    assert differ == ["softmax/param_0"]
