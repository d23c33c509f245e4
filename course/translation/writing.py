"""Writing catalogues with Babel, which is only needed by those who translate.

The same lessons give the same bytes: no dates, no line numbers, no version of a tool.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from course.translation.catalogues import LARGEST
from course.translation.message import Message
from datasets.files import content

WIDTH = 100
# What Babel's header says beyond these changes from day to day.
HEADER = ("Project-Id-Version", "Language", "Plural-Forms", "MIME-Version", "Content-T")


def write_template(file: Path, messages: Mapping[str, Message]) -> None:
    """Write a .pot with these messages, in their order."""
    template = Catalog(header_comment="", charset="utf-8")
    for text, message in messages.items():
        template.add(text, auto_comments=[_hint(message)])
    _write(template, file)


def merge(template: Path, file: Path) -> None:
    """Bring a .po up to date with its template; what resembles an older message is marked fuzzy."""
    new = read_po(BytesIO(content(template, LARGEST)))
    catalogue = read_po(BytesIO(content(file, LARGEST)), locale=file.parent.name)
    catalogue.update(new)
    catalogue.header_comment = ""
    _write(catalogue, file)


def _hint(message: Message) -> str:
    """What a translator should know of a message."""
    kept = message.keeps(message.text)
    return f"{message.kind}; keep {'  '.join(kept)}" if kept else message.kind


def _write(catalogue: Catalog, file: Path) -> None:
    catalogue.fuzzy, catalogue.project, catalogue.version = False, "triptych", "lessons"
    for message in catalogue:  # Babel takes "24% of" for a format of Python's
        message.flags -= {"python-format", "python-brace-format"}
    buffer = BytesIO()
    write_po(buffer, catalogue, width=WIDTH)
    lines = buffer.getvalue().decode().strip().splitlines()
    start, end = lines.index('msgid ""'), lines.index("")
    header = [line for line in lines[start + 2 : end] if line[1:].startswith(HEADER)]
    text = "\n".join(['msgid ""', 'msgstr ""', *header, *lines[end:]])
    file.write_text(text.rstrip() + "\n", encoding="utf-8")
