"""Which strings of a lesson are translated; on generated lessons, too, no other token changes."""

from __future__ import annotations

import ast
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.contract import TriptychError
from course.lessons import LESSONS
from course.translation import literal, messages, source, translated, translated_code
from course.translation.catalogues import read
from course.translation.message import Message
from tests.translation.helpers import MARK, write

# Which strings of a lesson are translated, that nothing else changes, and what is refused.


def texts(lesson: str) -> list[str]:
    return [message.text for message in messages(lesson)]


def blanked(program: str) -> str:
    """A program's structure: everything except its strings, and the line of each statement."""
    tree = ast.parse(program)
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):  # a translation may have another number of pieces
            node.values = [v for v in node.values if isinstance(v, ast.FormattedValue)]
            if not node.values:
                node.__class__ = ast.Constant  # type: ignore[assignment]
        if isinstance(node, ast.Constant) and isinstance(getattr(node, "value", ""), str):
            node.value, node.kind = "", None
    lines = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    return f"{ast.dump(tree)} {lines}"


def test_all_visible_text_of_lesson_1_is_found() -> None:
    """Prose of every kind, and labels, titles, tables, prints and alternative texts."""
    found = texts(source(1))
    for expected in (
        "The magic box",  # a heading
        "(One thing is upside down: a *loss* is how bad it sounds. You want it low.)",
        "f_Θ(input) → output",  # a quotation
        "| the radio | system, **model** |",  # a row of a table
        "A neuron is `sum(x * w) + b` and a threshold. There is nothing else in it.",
        "3 bedrooms",  # in a list for magic_box
        "fires, or not",  # neuron's last argument
        "step: 1 if the sum is above 0",  # label=
        "what it passes on",  # set(ylabel=)
        "exactly right",  # text
        "mistakes in this pass",  # bars
        "sold for",  # a header
        "The line after each of {sum(plane.mistakes)} mistakes",  # an f-string
        "separated after {rounds} passes and {mistakes} mistakes",  # returned
        "after mistake {}:\nw = ({:g}, {:g}), b = {:g}",  # str.format
        "XOR: circles should be +1, triangles −1; a cross marks a wrong answer",  # suptitle
        "DIFFERENT",  # of two, in a print
        "no bound",  # in a row of a table
        "half are off by more than {typical_error(list(w.values())):.1%}",  # in a lambda
        "Mistakes in each pass: {', '.join(map(str, clothes.mistakes))}. "
        "They do not fall steadily.",
    ):
        assert expected in found


def test_names_are_not_translated() -> None:
    """Names of runs, files, data, columns, places and styles, and text in docstrings and code."""
    found = set(texts(source(1))) | set(texts(source(2))) | set(texts(source(5)))
    names = {
        "plane", "clothes", "xor", "magic_box", "hand_typical_error", "fashion10k", "latitude",
        "living_area", "perceptron", "upper left", "upper center", "center", "--", "train", "off",
        "random", "plus_minus", "adam_epsilon", "bedrooms and so on",
        "All knobs in one row: the weights, and the bias at the end.",
        'make lesson1 KNOBS="30 250 -8"',
    }  # fmt: skip
    assert not names & found


def test_the_value_of_a_variable_that_is_only_displayed_is_found() -> None:
    """But not if the variable is also used as a key."""
    lesson_code = 'header = ["way", "knobs"]\nlesson.table("Both", header, rows)\n'
    assert texts(lesson_code) == ["way", "knobs", "Both"]
    assert texts(lesson_code + "where[header[0]]\n") == ["Both"]


def test_an_expression_is_one_piece() -> None:
    """Whatever call it contains; beside one, a literal brace is doubled."""
    assert texts("""print(f"{axes.plot(label='a b')} of it")""") == [
        "{axes.plot(label='a b')} of it"
    ]
    assert texts("""print("{a} and " f"{b}")""") == ["{{a}} and {b}"]


def test_lists_and_paragraphs_are_one_line_each() -> None:
    """A block ends where Markdown ends it; fenced code and rules of tables are no messages."""
    lesson = (
        "# %% [markdown]\n# One\n# two.\n#\n# - a\n#   b\n# - c\n# 1. d\n#    e\n#\n# ```\n# no\n"
        "#\n# no\n# ```\n# ## F\n# g\n# > h\n# > i\n#\n# | j |\n# |---|\n# | k |\n\n# %%\n# no\n"
    )
    assert texts(lesson) == [
        "One two.", "a b", "c", "d e", "F", "g", "h i", "| j |", "| k |",
    ]  # fmt: skip


def test_the_tags_of_a_fold_are_no_messages() -> None:
    """What stands between them is: the line that opens it, and its paragraphs."""
    fold = (
        "# a\n# <details>\n# <summary>\n# b\n# </summary>\n#\n# c\n# d\n#\n# </details>\n#\n# e\n"
    )
    assert texts(f"# %% [markdown]\n{fold}") == ["a", "b", "c d", "e"]


@pytest.mark.parametrize("number", LESSONS)
def test_a_translation_into_itself_is_the_source(number: int, tmp_path: Path) -> None:
    """To the byte."""
    lesson = source(number)
    same = write(tmp_path / "same.po", {text: text for text in texts(lesson)})
    assert translated(lesson, "qq", same) == lesson


@pytest.mark.parametrize("number", LESSONS)
def test_every_message_is_replaced_and_nothing_else(number: int, tmp_path: Path) -> None:
    """The translation has the same messages in the same order, each translated; so has its code."""
    lesson = source(number)
    marked = write(tmp_path / "marked.po", {text: text + MARK for text in texts(lesson)})
    there = translated(lesson, "qq", marked)
    assert texts(there) == [text + MARK for text in texts(lesson)]
    assert there.count("\n# ```\n") == lesson.count("\n# ```\n")
    code_only = translated_code(lesson, "qq", marked)
    assert blanked(code_only) == blanked(lesson)
    assert code_only.count("\n") == lesson.count("\n")
    assert ast.dump(ast.parse(code_only)) == ast.dump(ast.parse(there))


def test_inline_code_stays_on_a_line(tmp_path: Path) -> None:
    lesson = "# %% [markdown]\n# Run `a b c`.\n"
    words = {"Run `a b c`.": "Los " * 23 + "`a b c` dus."}
    assert "\n# `a b c` dus.\n" in translated(lesson, "nl", write(tmp_path / "a.po", words))


def test_a_long_word_does_not_begin_a_list(tmp_path: Path) -> None:
    """Wrapping must not put a dash, a number or a # where Markdown takes it for a new block."""
    long = " ".join(["- 1. # > | ~~~"] * 40)
    lesson = "# %% [markdown]\n# Hello.\n#\n# %%\n"
    there = translated(lesson, "qq", write(tmp_path / "a.po", {"Hello.": "Yes " + long}))
    assert texts(there) == ["Yes " + long]


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


# On generated lessons: translating changes the chosen strings, and no other token.

# Characters in a literal and its translation: braces, quotes, backslashes, breaks, other scripts.
TEXT = st.text(st.sampled_from("ab Zé−‡'\"\\{}\n\t#%\u2028\r"), min_size=1, max_size=30)
# Expressions whose text must not change, with every kind of bracket and quote.
INNER = st.sampled_from(["{n}", "{n:>4}", "{n!r:.8}", "{d['a b']}", "{', '.join(map(str, [n]))}"])
STATEMENTS = [
    "print({0}, n)", "axes.set(title={0}, xlim=(0, 1))", "lesson.show(figure, {1}, alt={0})",
    "label = n if n > 1 else {0}", "axes.plot(x, {1}, label={0} + {0})", "where[{1}] = {0}",
    "print(\n    {0}\n    {0},\n    n,\n)", 'print("} and {"\n      {0})',
]  # fmt: skip


@st.composite
def literals(draw: st.DrawFn) -> str:
    """A plain string or an f-string, in one of the four quotes."""
    parts = draw(st.lists(TEXT | INNER, min_size=1, max_size=4))
    quote = draw(st.sampled_from(['"', '"""']))
    text = ""
    for part in parts:
        if part.startswith("{") and part.endswith("}") and len(part) > 2 and "n" in part:
            text += part
        else:
            body = part.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "\\r")
            body = body if quote == '"""' else body.replace("\n", "\\n")
            text += body.replace("{", "{{").replace("}", "}}")
    return f"f{quote}{text}{quote}"


def as_read(text: str, program: str, message: Message) -> str:
    """A text with its braces as a reader sees them: without expressions it has no f prefix."""
    mixed = literal.read(program[message.start : message.end])[1]
    return text.replace("{{", "{").replace("}}", "}") if mixed else text


def strings_taken_out(program: str) -> tuple[str, list[str]]:
    """The structure of a program without its strings, and its {expressions}, in order."""
    tree = ast.parse(program)
    inner = []
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            inner += sorted(ast.dump(v) for v in node.values if isinstance(v, ast.FormattedValue))
            node.values = []
            node.__class__ = ast.Constant  # type: ignore[assignment]
            node.value, node.kind = "", None  # type: ignore[attr-defined]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value, node.kind = "", None
    return ast.dump(tree), inner


@settings(max_examples=150)
@example(["print(\n    {0}\n    {0},\n    n,\n)"], ['f"a {n} "'], "b ")
@example(["print(\n    {0}\n    {0},\n    n,\n)"], ['f"""a\n\u2028b"""'], "c ")
@given(
    st.lists(st.sampled_from(STATEMENTS), min_size=1, max_size=4),
    st.lists(literals(), min_size=1, max_size=4),
    TEXT,
)
def test_only_the_chosen_strings_change(
    statements: list[str], drawn: list[str], added: str
) -> None:
    lines = [
        line.replace("{0}", drawn[i % len(drawn)]).replace("{1}", '"name"')
        for i, line in enumerate(statements)
    ]
    lesson = "\n".join(["# %%", *lines, ""])
    words = {}
    for message in messages(lesson):
        placeholders = message.keeps(message.text)
        extra = added.replace("{", "{{").replace("}", "}}")
        words[message.text] = " ".join([extra, *placeholders, "w w "])
    with TemporaryDirectory() as folder:
        there = translated_code(lesson, "qq", write(Path(folder) / "a.po", words))
    assert strings_taken_out(there) == strings_taken_out(lesson)
    assert there.count("\n") == lesson.count("\n")
    wanted = [as_read(words[message.text], lesson, message) for message in messages(lesson)]
    assert [as_read(message.text, there, message) for message in messages(there)] == wanted


@settings(max_examples=100)
@given(st.dictionaries(TEXT, TEXT, max_size=5))
def test_the_reader_reads_what_babel_writes(words: dict[str, str]) -> None:
    with TemporaryDirectory() as folder:
        assert read(write(Path(folder) / "a.po", words)) == words
