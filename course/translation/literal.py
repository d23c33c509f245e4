"""Converting a string literal to a translator's text, and back.

Adjacent pieces of a literal make one text. If one of them is an f-string, the text contains every
{expression} as in the source, and doubles all other braces.
"""

from __future__ import annotations

import ast
import re

PIECE = re.compile(
    r"""(?P<prefix>[rRbBfFuU]*)(?P<quote>"{3}|'{3}|"|')(?P<body>(?:\\.|(?!(?P=quote)).)*)(?P=quote)""",
    re.DOTALL,
)


def split(template: str) -> list[str]:
    """Split a template into text, {expression}, text, {expression} …, text, in turn.

    Raises ValueError for an unmatched brace.
    """
    parts, at = [""], 0
    while at < len(template):
        two = template[at : at + 2]
        if two in ("{{", "}}"):
            parts[-1] += two
            at += 2
        elif two[0] == "{":
            end = _closing(template, at)
            parts += [template[at:end], ""]
            at = end
        elif two[0] == "}":
            raise ValueError(f"with a }} too many in {template!r}")
        else:
            parts[-1] += two[0]
            at += 1
    return parts


def expressions(template: str) -> list[str]:
    """The {expressions} of a text, in order."""
    return split(template)[1::2]


def read(source: str) -> tuple[str, bool, str]:
    """The text of a literal, whether it may contain {expressions}, and its quotation mark."""
    pieces = list(PIECE.finditer(source))
    mixed = any("f" in piece["prefix"].lower() for piece in pieces)
    text = ""
    for piece in pieces:
        prefix, quote = piece["prefix"].lower(), piece["quote"]
        if "f" in prefix:
            raw = prefix.replace("f", "")
            for i, part in enumerate(split(piece["body"])):
                text += part if i % 2 else ast.literal_eval(f"{raw}{quote}{part}{quote}")
        else:
            value = ast.literal_eval(piece.group())
            text += value.replace("{", "{{").replace("}", "}}") if mixed else value
    return text, mixed, pieces[0]["quote"][0]


def write(source: str, text: str) -> str:
    """A literal with this text, on as many lines as the source's literal."""
    _, mixed, quote = read(source)
    words, lines = _words(text, mixed, quote), source.count("\n") + 1
    between = PIECE.sub("", source)
    if "\n" in between and "\\" not in between:  # within brackets, where a line may end
        # Only blanks: the line may be the text's own, and begin with another kind of space.
        indent = source.split("\n")[1]
        indent = indent[: len(indent) - len(indent.lstrip(" \t"))]
        rows = _distribute(words, lines)
        return f"\n{indent}".join(_piece("".join(row), mixed, quote) for row in rows)
    piece = _piece("".join(words), mixed, quote)
    return piece[:-1] + "\\\n" * (lines - 1) + quote


def _words(text: str, mixed: bool, quote: str) -> list[str]:
    """The words of a text, escaped, each with the space behind it; an {expression} is not split."""
    words = [""]
    for i, part in enumerate(split(text) if mixed else [text]):
        if i % 2:
            words[-1] += part
            continue
        head, *others = part.split(" ")
        words[-1] += _escaped(head, quote)
        for other in others:
            words[-1] += " "
            words.append(_escaped(other, quote))
    return [word for word in words if word]


def _escaped(text: str, quote: str) -> str:
    text = text.replace("\\", "\\\\").replace(quote, f"\\{quote}")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _piece(text: str, mixed: bool, quote: str) -> str:
    """One piece of a literal, an f-string only if it has {expressions}."""
    if mixed and not expressions(text):
        mixed, text = False, text.replace("{{", "{").replace("}}", "}")
    return f"{'f' if mixed else ''}{quote}{text}{quote}"


def _distribute(words: list[str], lines: int) -> list[list[str]]:
    """The words on so many lines of similar length."""
    rows: list[list[str]] = [[] for _ in range(lines)]
    length, so_far = sum(map(len, words)), 0
    for word in words:
        rows[so_far * lines // max(length, 1)].append(word)
        so_far += len(word)
    return rows


def _closing(template: str, at: int) -> int:
    """The end of the expression whose { is at this index."""
    depth, quoted = 0, ""
    for i, letter in enumerate(template[at:], at):
        if quoted:
            quoted = "" if letter == quoted else quoted
        elif letter in "'\"":
            quoted = letter
        elif letter in "{[(":
            depth += 1
        elif letter in "}])":
            depth -= 1
            if depth == 0:
                return i + 1
    raise ValueError(f"with a {{ too many in {template!r}")
