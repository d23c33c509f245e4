"""The outputs of a notebook cell, prepared for a page: text, tables and pictures.

In a notebook rich draws tables with box characters, a progress bar is a widget, and the last line
names a temporary folder. Tables become HTML; the others are dropped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from nbformat import NotebookNode

from adapters.contract import TriptychError, require

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
WIDGET = "application/vnd.jupyter.widget-view+json"
PROGRESS = "Output()"  # the text form of a progress bar's widget
IN_NOTEBOOK = {
    "en": "In the notebook, sliders stand here: <code>make lab</code>.",
    "nl": "In het notebook staan hier schuifregelaars: <code>make lab</code>.",
}


@dataclass(frozen=True)
class Text:
    """Printed lines."""

    text: str


@dataclass(frozen=True)
class Markup:
    """A table, as HTML."""

    html: str


@dataclass(frozen=True)
class Picture:
    """A PNG in base64, and its alternative text."""

    data: str
    alt: str


Part = Text | Markup | Picture


def prepared(outputs: list[NotebookNode], where: str, language: str = "en") -> list[Part]:
    """The parts that a page shows of a cell's outputs.

    where: the cell's name for an error message. Raises TriptychError for a picture without an
    alternative text.
    """
    parts: list[Part] = []
    for output in outputs:
        for part in _parts(output, where, language):
            if isinstance(part, Text) and parts and isinstance(parts[-1], Text):
                parts[-1] = Text(parts[-1].text + part.text)
            elif not isinstance(part, Text) or part.text.strip():
                parts.append(part)
    return parts


def _parts(output: NotebookNode, where: str, language: str) -> list[Part]:
    if output.output_type == "stream":
        return _printed(output.text)
    require(
        output.output_type != "error",
        f"{where}: the notebook from the cache contains an error",
        TriptychError,
    )
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
        return []  # the path of the record, in a temporary folder
    return _printed(text if text.endswith("\n") else text + "\n")


def _printed(text: str) -> list[Part]:
    """Printed lines, with rich's tables converted to HTML."""
    parts: list[Part] = []
    lines: list[str] = []
    table: list[str] = []
    for line in text.splitlines():
        plain = COLOUR.sub("", line).rstrip()
        if table or plain.startswith("┏"):
            table.append(plain)
            if plain.startswith("└"):
                title = COLOUR.sub("", lines.pop()) if lines and "\x1b[1m" in lines[-1] else ""
                parts += [_text(lines), Markup(html_table(title.strip(), table))]
                lines, table = [], []
        elif not plain.startswith("complete: "):
            lines.append(line)
    return [*parts, _text(lines + table)]


def _text(lines: list[str]) -> Text:
    return Text("".join(f"{COLOUR.sub('', line)}\n" for line in lines))


def html_table(title: str, drawn: list[str]) -> str:
    """A table drawn with box characters, as HTML with right-aligned numbers."""
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
        f'<div class="output-table" role="group"><table>{caption}'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
