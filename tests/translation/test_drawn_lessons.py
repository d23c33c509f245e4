"""On generated lessons: translating changes the chosen strings, and no other token."""

from __future__ import annotations

import ast
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import example, given, settings
from hypothesis import strategies as st

from course.translation import literal, messages, translated_code
from course.translation.catalogues import read
from course.translation.message import Message
from tests.translation.helpers import write

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
