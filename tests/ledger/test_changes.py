"""What a release changed: the state of every line, and a dated sentence with both values."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.ledger.conftest import Make, lesson, stage
from triptych.differences.reading import read_all as read_entries
from triptych.ledger.causes import Cause, read_causes
from triptych.ledger.changes import History, history, summary
from triptych.ledger.rows import LedgerError

ENTRIES = {entry.name: entry for entry in read_entries()}
FORWARD = ("stage", "lesson 3 float64 forward")
ADAM = ("entry", "adam_epsilon")


def adam(default: Any, **more: Any) -> dict[str, Any]:
    return {"adam_epsilon": {"code": "c", "default": default, "matched": 2.0} | more}


def forward(bits: str, share: float) -> dict[str, Any]:
    return {"3": {"float64": lesson(forward=stage(bits, share), update=stage("bb"))}}


def sentences(found: History) -> list[str]:
    return [change.sentence(ENTRIES) for change in found.changes]


def test_equal_rows_have_no_change(make: Make) -> None:
    found = history([make("1.0"), make("1.1")], ENTRIES)
    assert found.changes == []
    assert {tuple(states) for states in found.states.values()} == {("first", "same")}


@pytest.mark.parametrize(
    ("shares", "state"),
    [((0.1, 0.9), "within"), ((0.1, 1.1), "changed"), ((3.0, 0.1), "changed"),
     ((3.0, 3.1), "within"), ((3.0, 7.0), "changed"), ((1.0, 0.0), "within")],
)  # fmt: skip
def test_other_bits_are_judged_by_the_budget(
    shares: tuple[float, float], state: str, make: Make
) -> None:
    rows = [make(v, lessons=forward(v, s)) for v, s in zip(("1.0", "1.1"), shares, strict=True)]
    found = history(rows, ENTRIES)
    assert found.states[FORWARD] == ["first", state]
    (change,) = found.changes
    assert change.state == state


def test_a_stage_that_leaves_its_budget_is_a_dated_sentence(make: Make) -> None:
    rows = [make("1.0"), make("1.1", lessons=forward("zz", 12.5))]
    (text,) = sentences(history(rows, ENTRIES))
    assert text == (
        "2024-05-02, keras 1.1 (before: 1.0): lesson 3 in float64 (forward): 12 of its budget, "
        "before 0.1 of its budget"
    )


def test_a_companion_that_changed_too_is_named(make: Make) -> None:
    rows = [make("1.0"), make("1.1", defaults={"adam.epsilon": 1e-8},
                              companions={"numpy": "2.5.0", "six": "1.0"})]  # fmt: skip
    (text,) = sentences(history(rows, ENTRIES))
    assert "keras 1.1 (before: 1.0) with numpy 2.5.0 for 2.4.6: the default" in text


def test_a_changed_value_is_a_sentence_with_both(make: Make) -> None:
    rows = [make("1.0"), make("1.1", catalogue=adam(3.0), defaults={"adam.epsilon": 1e-8})]
    found = history(rows, ENTRIES)
    entry, default = sentences(found)
    assert entry.startswith("2024-05-02, keras 1.1 (before: 1.0): Adam's epsilon")
    assert entry.endswith("(adam_epsilon): 3, before 1")
    assert default.endswith("the default adam.epsilon: 1e-08, before 1e-07")
    assert found.states[ADAM] == ["first", "changed"]


def test_a_rounding_of_a_value_is_no_change(make: Make) -> None:
    found = history([make("1.0"), make("1.1", catalogue=adam(1.0 + 1e-9))], ENTRIES)
    assert found.states[ADAM] == ["first", "within"]
    assert found.changes == []


def test_an_argument_that_comes_or_goes_is_a_change(make: Make) -> None:
    rows = [make("1.0"), make("1.1", defaults={"adam.new": True})]
    assert [text.partition("): ")[2] for text in sentences(history(rows, ENTRIES))] == [
        "the default adam.new: True, before (not there)",
        "the default adam.epsilon: (not there), before 1e-07",
    ]
    assert [str(change.cause) for change in history(rows, ENTRIES).changes] == [
        "the release has added this argument",
        "the release has removed this argument",
    ]


def test_a_missing_api_is_named_once_and_so_is_its_arrival(make: Make) -> None:
    gone = adam({"raises": "AttributeError"}, reasons={"default": "AttributeError: no keras.Adam"})
    rows = [make("1.0", catalogue=gone), make("1.1", catalogue=gone), make("1.2")]
    found = history(rows, ENTRIES)
    assert found.states[ADAM] == ["broken", "broken", "works"]
    (text,) = sentences(found)
    assert "before, it did not run (AttributeError: no keras.Adam)" in text
    (lost,) = sentences(history([make("1.0"), make("1.1", catalogue=gone)], ENTRIES))
    assert lost.endswith("does not run (AttributeError: no keras.Adam)")


def test_what_ran_before_a_gap_is_compared_across_it(make: Make) -> None:
    gone = adam({"raises": "AttributeError"}, reasons={"default": "AttributeError: no"})
    rows = [make("1.0"), make("1.1", catalogue=gone), make("1.2", catalogue=adam(5.0))]
    assert history(rows, ENTRIES).states[ADAM] == ["first", "broken", "changed"]
    rows[2] = make("1.2")
    assert history(rows, ENTRIES).states[ADAM] == ["first", "broken", "works"]


def test_a_release_that_cannot_run_is_a_sentence(make: Make) -> None:
    failed = {"status": "failed", "reason": "ImportError: no", "stages": {}}
    refused = make("1.1", refused="ImportError: no", unobserved="ImportError: no", defaults={},
                   lessons={"3": {"float64": failed}}, catalogue={})  # fmt: skip
    found = history([make("1.0"), refused, make("1.2")], ENTRIES)
    assert found.states[FORWARD] == ["first", "broken", "works"]
    assert found.states[ADAM] == ["first", "broken", "works"]
    assert found.states["default", "adam.epsilon"] == ["first", "broken", "works"]
    broken = [text for text in sentences(found) if "keras 1.1" in text]
    assert len(broken) == 3, "stages, entries and defaults: one sentence each"
    assert all("ImportError: no" in text for text in broken)


def test_an_entry_that_was_rewritten_starts_anew(make: Make) -> None:
    found = history([make("1.0"), make("1.1", catalogue=adam(9.0, code="d"))], ENTRIES)
    assert found.states[ADAM] == ["first", "first"]
    assert found.changes == []


def test_an_entry_that_was_not_run_is_absent(make: Make) -> None:
    lacking = {"adam_epsilon": {"code": "c", "missing": ["optax"]}}
    found = history([make("1.0"), make("1.1", catalogue=lacking)], ENTRIES)
    assert found.states[ADAM] == ["first", "absent"]
    assert found.changes == []


CAUSES = """
[[cause]]
backend = "keras"
version = "1.1"
what = ["adam_epsilon *"]
cause = "Adam's epsilon was doubled."
link = "https://example.org/notes"
verified = "optimizers/adam.py, line 7"
"""


def test_a_cause_comes_from_the_file_or_is_unknown(make: Make, tmp_path: Path) -> None:
    (tmp_path / "causes.toml").write_text(CAUSES, encoding="utf-8")
    rows = [make("1.0"), make("1.1", catalogue=adam(3.0), defaults={"adam.epsilon": 1.0})]
    entry, default = history(rows, ENTRIES, read_causes(tmp_path)).changes
    assert str(entry.cause) == (
        "Adam's epsilon was doubled (verified: optimizers/adam.py, line 7); "
        "https://example.org/notes"
    )
    assert str(default.cause) == "unknown"
    other = history([replace(row, backend="jax") for row in rows], ENTRIES, read_causes(tmp_path))
    assert other.changes[0].cause.cause.startswith("unknown; `triptych differences adam_epsilon`")


def test_what_happened_by_two_causes_is_two_changes(make: Make) -> None:
    other = lesson(forward=stage("a"), update=stage("b"))
    rows = [make("1.0"), make("1.1", lessons={"3": {"float64": other}})]
    (both,) = history(rows, ENTRIES).changes
    assert [one.key for one in both.keys] == ["lesson 3 float64 forward", "lesson 3 float64 update"]
    causes = [Cause("another sum", "", "", "keras", "1.1", ("lesson 3 float64 forward",))]
    found = history(rows, ENTRIES, causes).changes
    assert [str(one.cause) for one in found] == ["another sum", "unknown"]
    assert [[one.key for one in change.keys] for change in found] == [
        ["lesson 3 float64 forward"],
        ["lesson 3 float64 update"],
    ]


def test_a_stage_names_the_entries_that_changed_with_it(make: Make) -> None:
    lessons = {str(ENTRIES["adam_epsilon"].lessons[0]): forward("zz", 9.0)["3"]}
    before = {key: forward("aa", 0.1)["3"] for key in lessons}
    rows = [make("1.0", lessons=before), make("1.1", lessons=lessons, catalogue=adam(3.0))]
    stages = [one for one in history(rows, ENTRIES).changes if one.kind == "stage"]
    assert [str(one.cause) for one in stages] == ["perhaps adam_epsilon, which changed with it"]


@pytest.mark.parametrize(
    "text", ["[[cause]]\nbackend = 1", "[[cause]]\ncause = 'x'", "cause = [1]", "[[cause", "x=1\n" +
             CAUSES.replace("link", "lnk")],
)  # fmt: skip
def test_a_wrong_file_of_causes_is_one_line(text: str, tmp_path: Path) -> None:
    (tmp_path / "causes.toml").write_text(text, encoding="utf-8")
    with pytest.raises(LedgerError, match=r"causes\.toml"):
        read_causes(tmp_path)


def test_causes_fit_their_release_only() -> None:
    cause = Cause("x", backend="keras", version="1.1", what=("lesson * forward",))
    assert cause.fits("keras", "1.1", "lesson 3 float32 forward")
    assert not cause.fits("keras", "1.2", "lesson 3 float32 forward")
    assert not cause.fits("keras", "1.1", "lesson 3 float32 loss")


def test_stages_are_summed_up_by_lesson_and_dtype() -> None:
    keys = [f"lesson {n} float32 {stage}" for n in (3, 4) for stage in ("forward", "loss")]
    assert summary([*keys, "lesson 7 float64 update"]) == (
        "lessons 3 4 in float32 (forward, loss); lesson 7 in float64 (update)"
    )
