"""What a cell has said, made fit for a page: words, tables and pictures, and nothing else.

In a notebook rich draws its tables with box characters, a progress bar is a widget, and a record's
place is a folder that is gone by the time anybody reads of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from nbformat import NotebookNode

from adapters.contract import TriptychError, require

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
WIDGET = "application/vnd.jupyter.widget-view+json"
PROGRESS = "Output()"  # what a progress bar's widget is called in words
IN_NOTEBOOK = {
    "en": "In the notebook, sliders stand here: <code>make lab</code>.",
    "nl": "In het notebook staan hier schuifregelaars: <code>make lab</code>.",
}


@dataclass(frozen=True)
class Words:
    """Printed lines."""

    text: str


@dataclass(frozen=True)
class Markup:
    """A table, as HTML."""

    html: str


@dataclass(frozen=True)
class Picture:
    """A PNG in base64, and what it shows."""

    data: str
    alt: str


Said = Words | Markup | Picture


def said(outputs: list[NotebookNode], where: str, language: str = "en") -> list[Said]:
    """The outputs of a cell; where: the cell, for an error.

    Raises TriptychError for a picture without an alternative text.
    """
    found: list[Said] = []
    for output in outputs:
        for part in _parts(output, where, language):
            if isinstance(part, Words) and found and isinstance(found[-1], Words):
                found[-1] = Words(found[-1].text + part.text)
            elif not isinstance(part, Words) or part.text.strip():
                found.append(part)
    return found


def _parts(output: NotebookNode, where: str, language: str) -> list[Said]:
    if output.output_type == "stream":
        return _printed(output.text)
    require(output.output_type != "error", f"{where}: an error in a kept notebook", TriptychError)
    data = output.data
    if "image/png" in data:
        alt = output.metadata.get("image/png", {}).get("alt", "")
        require(bool(alt.strip()), f"{where}: a figure without alternative text", TriptychError)
        return [Picture("".join(data["image/png"].split()), " ".join(alt.split()))]
    text = data.get("text/plain", "")
    if WIDGET in data:
        return (
            [] if text == PROGRESS else [Markup(f'<p class="absent">{IN_NOTEBOOK[language]}</p>')]
        )
    if output.output_type == "execute_result" and "Path(" in text:
        return []  # where the record is: in a folder that is gone
    return _printed(text if text.endswith("\n") else text + "\n")


def _printed(text: str) -> list[Said]:
    """Printed lines, with rich's tables cut out and made into tables of HTML."""
    parts: list[Said] = []
    lines: list[str] = []
    table: list[str] = []
    for line in text.splitlines():
        plain = COLOUR.sub("", line).rstrip()
        if table or plain.startswith("┏"):
            table.append(plain)
            if plain.startswith("└"):
                title = COLOUR.sub("", lines.pop()) if lines and "\x1b[1m" in lines[-1] else ""
                parts += [_words(lines), Markup(html_table(title.strip(), table))]
                lines, table = [], []
        elif not plain.startswith("complete: "):
            lines.append(line)
    return [*parts, _words(lines + table)]


def _words(lines: list[str]) -> Words:
    return Words("".join(f"{COLOUR.sub('', line)}\n" for line in lines))


def html_table(title: str, drawn: list[str]) -> str:
    """A table that was drawn with box characters; numbers stand on the right."""
    end = next(i for i, line in enumerate(drawn) if line.startswith("┡"))
    heads = [line.strip("┃").split("┃") for line in drawn[1:end]]
    header = [
        " ".join(part.strip() for part in parts).strip() for parts in zip(*heads, strict=True)
    ]
    rows = [line.strip("│").split("│") for line in drawn[end + 1 :] if line.startswith("│")]
    head = "".join(
        f'<th scope="col">{escape(name)}</th>' if name else "<td></td>" for name in header
    )
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell.strip())}</td>" for cell in row) + "</tr>"
        for row in rows
    )
    caption = f"<caption>{escape(title)}</caption>" if title else ""
    return (
        f'<div class="said-table" role="group"><table>{caption}'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
