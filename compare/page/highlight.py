"""Convert Python source to HTML, line by line, with a few colours.

Long lines wrap in a narrow column, with a hanging indent of their own and four more (inside a
docstring, of their own alone), so that code needs no scroll bar, on a phone or on paper.
"""

from __future__ import annotations

from html import escape

from pygments.lexers import PythonLexer
from pygments.token import Comment, Keyword, Name, Number, Operator, Punctuation, String, _TokenType

# token: class of the style sheet; a token takes the class of its nearest ancestor here
CLASSES: dict[_TokenType, str] = {
    Keyword: "k",
    Operator.Word: "k",
    Name.Builtin.Pseudo: "p",
    Name.Builtin: "b",
    Name.Class: "d",
    Name.Function: "d",
    Name.Decorator: "m",
    String: "s",
    String.Doc: "q",
    Number: "n",
    Comment: "c",
}
_LEXER = PythonLexer(stripnl=False, ensurenl=False)


def lines(source: str) -> list[str]:
    """Each line of the source as one <span class="l">, which knows its indent."""
    finished, current, before = [], "", ""
    within = [False]  # which lines start inside a docstring
    for kind, text in _LEXER.get_tokens(source):
        name = _class_of(kind)
        for i, part in enumerate(text.split("\n")):
            if i:
                finished.append(current)
                within.append(kind in String.Doc)
                current = ""
            if part:
                safe = escape(part, quote=False)
                # A line may break after an opening bracket or before a dot, not within a name or
                # after `self` or `np`.
                if kind in Punctuation and part == "(":
                    safe += "<wbr>"
                elif kind in Operator and part == "." and len(before) > 2 and before != "self":
                    safe = f"<wbr>{safe}"
                before = part
                current += f'<i class="{name}">{safe}</i>' if name and part.strip() else safe
    finished.append(current)
    plain = source.split("\n")
    return [_line(*each) for each in zip(finished, plain, within, strict=True)]


def _line(html: str, text: str, prose: bool) -> str:
    hang = len(text) - len(text.lstrip()) + (0 if prose else 4)
    return f'<span class="l" style="--h:{hang}">{html}\n</span>'


def _class_of(kind: _TokenType) -> str:
    while kind.parent is not None:
        if kind in CLASSES:
            return CLASSES[kind]
        kind = kind.parent
    return ""
