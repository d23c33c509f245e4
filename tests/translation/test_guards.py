"""A translation that would break the lesson is refused in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.contract import TriptychError
from course.translation import translated
from tests.translation.marked import write

LESSON = """# %% [markdown]
# Run `make lesson1` now.

# %%
print(f"{loss:.2f} after {steps} steps")
print("{} of {:g}".format(1, 2))
print("a {brace} that is only a brace")
"""
F = "{loss:.2f} after {steps} steps"


@pytest.mark.parametrize(
    ("text", "translation", "message"),
    [
        (F, "{loss:.2f} na stappen", "without {steps}"),
        (F, "{loss:.2f} na {steps} van {steps} stappen", "with a new {steps}"),
        (F, "{loss:.3f} na {steps} stappen", "without {loss:.2f}"),
        (F, "{loss:.2f} na {stappen} stappen", "without {steps}"),
        (F, "{loss:.2f} na {steps stappen", "with a { too many"),
        (F, "{loss:.2f} na steps} {steps} stappen", "with a } too many"),
        ("{} of {:g}", "{:g} van {}", "in another order"),
        ("Run `make lesson1` now.", "Doe nu `make les1`.", "without `make lesson1`"),
    ],
)
def test_expressions_and_code_must_stay(
    text: str, translation: str, message: str, tmp_path: Path
) -> None:
    file = write(tmp_path / "lesson9.po", {text: translation})
    with pytest.raises(TriptychError) as refused:
        translated(LESSON, "nl", file)
    assert message in str(refused.value)
    assert str(file) in str(refused.value)
    assert repr(text) in str(refused.value)


@pytest.mark.parametrize(
    ("text", "translation", "written"),
    [
        (F, "na {steps} stappen {loss:.2f}", 'f"na {steps} stappen {loss:.2f}"'),
        (F, '"{steps}" {{0}} {loss:.2f}', r'f"\"{steps}\" {{0}} {loss:.2f}"'),
        ("a {brace} that is only a brace", "een {haak", '"een {haak"'),
        ("{} of {:g}", "{} van {:g}", '"{} van {:g}"'),
    ],
)
def test_expressions_may_move(text: str, translation: str, written: str, tmp_path: Path) -> None:
    """Expressions in any order, quotes, and braces that are only braces."""
    there = translated(LESSON, "nl", write(tmp_path / "lesson9.po", {text: translation}))
    assert written in there


def test_english_needs_no_catalogue(tmp_path: Path) -> None:
    assert translated(LESSON, "en", tmp_path / "nowhere.po") == LESSON
