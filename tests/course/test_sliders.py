"""A slider shows at first what the text says: its first value is one of its steps."""

from __future__ import annotations

import ast

import pytest
from ipywidgets import FloatSlider, IntSlider

from course.lessons import LESSONS
from course.settings import ROOT
from course.sliders import FINEST, are_whole, scale


def assert_shown(low: float, high: float, value: float) -> None:
    """The slider keeps its value, offers it as a step, and reaches both ends."""
    slider = FloatSlider(**scale(low, high, value))
    assert slider.value == value
    assert slider.min <= min(low, value)
    assert slider.max >= max(high, value)
    for end in (slider.min, slider.max):
        steps = (value - end) / slider.step
        assert steps == pytest.approx(round(steps), abs=1e-6), "a browser would move the slider"
    assert (high - low) / slider.step >= FINEST * 0.999


@pytest.mark.parametrize(
    ("low", "high", "value"),
    [
        (-100, 100, 50.0), (0, 500, 200.0), (-30, 30, -10.0),  # lesson 1's, as its text has them
        (-0.6, 2, -0.3), (0, 1.2, 0.1),
        (-100, 100, 33.3), (0, 500, 900.0), (-30, 30, -45.5),  # KNOBS= of a user
    ],
)  # fmt: skip
def test_the_first_value_is_one_of_the_steps(low: float, high: float, value: float) -> None:
    assert_shown(low, high, value)


@pytest.mark.parametrize(("low", "high", "value"), [(0, 31, 16), (0, 15, 8), (1, 4, 6)])
def test_a_place_of_a_line_moves_by_whole_numbers(low: int, high: int, value: int) -> None:
    """Lesson 8's slider showed the place 8.3, and the picture of place 8."""
    slider = IntSlider(**scale(low, high, value))
    assert (slider.min, slider.value, slider.step) == (low, value, 1)
    assert slider.max == max(high, value)
    assert are_whole(low, high, value)
    assert not are_whole(low, float(high), value)


def test_lesson_1_begins_at_the_values_of_its_text() -> None:
    text = (ROOT / "lessons" / LESSONS[1].file).read_text(encoding="utf-8")
    assert "50 (a bedroom is worth 50,000 dollars), 200 (a" in text
    assert "and −10 (every kilometre" in text
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    (knobs,) = [call for call in calls if ast.unparse(call.func) == "lesson.knobs"]
    first = [float(ast.literal_eval(value)) for value in knobs.args]  # in an array
    assert first == [50, 200, -10]
    (sliders,) = [call for call in calls if ast.unparse(call.func) == "sliders"]
    names = []
    for i, knob in enumerate(sliders.keywords):
        assert isinstance(knob.value, ast.Tuple)
        low, high, value = knob.value.elts
        assert ast.unparse(value) == f"w[{i}]"
        ends = ast.literal_eval(low), ast.literal_eval(high)
        assert_shown(*ends, first[i])
        chosen = scale(*ends, first[i])
        assert (chosen["min"], chosen["max"]) == ends, "a step that does not fit between them"
        names.append(knob.arg)
    assert names == ["bedrooms", "area", "distance"]
