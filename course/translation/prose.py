"""The messages of markdown cells: headings, paragraphs, list items, table rows, quotations."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from functools import partial

from course.translation.message import INLINE_CODE, Message, inline_code

WIDTH = 100
CELL = "# %%"
FENCE = re.compile(r" *(```|~~~)")
# The mark at the beginning of a block; further lines are indented by its width.
OPENING = re.compile(r" *(?:#{1,6} |> ?|[-*+] |\d+[.)] )")
QUOTED = re.compile(r" *> ?")
RULE = re.compile(r"[\s|:-]*")  # a table's line of dashes, or nothing at all
TAG = re.compile(r" *</?(?:details|summary)>")  # of a fold; each stands on a line of its own


def prose(source: str) -> Iterator[Message]:
    """The messages of all markdown cells of a py:percent text, in order."""
    block: list[tuple[int, str]] = []  # (place, text) of the lines of a message, without their "# "
    place, inside, fenced = 0, False, False
    for line in [*source.split("\n"), CELL]:
        start, place = place, place + len(line) + 1
        text = line[2:]
        if line.startswith(CELL) or not line.startswith("#"):
            yield from _message(block)
            block, fenced = [], False
            inside = line.startswith(f"{CELL} [markdown]") or (inside and line[:4] != CELL)
            continue
        if not inside:
            continue
        if FENCE.match(text) or fenced:
            fenced ^= bool(FENCE.match(text))
            yield from _message(block)
            block = []
        elif RULE.fullmatch(text) or TAG.fullmatch(text):
            yield from _message(block)
            block = []
        elif block and _goes_on(block[0][1], text):
            block.append((start, text))
        else:
            yield from _message(block)
            block = [(start, text)]
    yield from _message(block)


def _goes_on(first: str, text: str) -> bool:
    """Whether a line continues the block that begins with `first`."""
    if QUOTED.match(first) and QUOTED.match(text):
        return True
    return not _begins(text) and not first.startswith(("#", "|"))


def _begins(text: str) -> bool:
    """Whether a new block begins with this line, even directly after another one."""
    return bool(OPENING.match(text)) or text.startswith("|")


def _message(block: list[tuple[int, str]]) -> Iterator[Message]:
    if not block:
        return
    start, first = block[0]
    last, end = block[-1]
    opening = OPENING.match(first)
    mark = opening.group() if opening else first[: len(first) - len(first.lstrip())]
    others = (QUOTED.sub("", line, count=1) for _, line in block[1:])
    text = " ".join(" ".join([first[len(mark) :], *others]).split())
    kind = {"#": "heading", ">": "quotation", "|": "table row"}.get(first.lstrip()[:1], "text")
    unwrapped = kind in ("heading", "table row")
    yield Message(
        text, start, last + len("# ") + len(end), kind, inline_code,
        partial(_written, mark, unwrapped),
    )  # fmt: skip


def _written(mark: str, unwrapped: bool, text: str) -> str:
    """The message as comment lines of at most WIDTH columns."""
    text = " ".join(text.split())
    if unwrapped:
        return f"# {mark}{text}"
    below = "> " if mark.lstrip().startswith(">") else " " * len(mark)
    room = WIDTH - len("# ") - len(mark)
    text = INLINE_CODE.sub(lambda code: code.group().replace(" ", "\0"), text)  # no break inside
    words = textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False)
    lines = words[:1]
    for line in words[1:]:
        if _begins(line) or FENCE.match(line) or RULE.fullmatch(line):
            lines[-1] += " " + line  # at the start of a line it would be markup
        else:
            lines.append(line)
    block = "\n".join(f"# {below if i else mark}{line}" for i, line in enumerate(lines))
    return block.replace("\0", " ")
